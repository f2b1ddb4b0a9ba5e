/*
 * Copyright 2026 The Millrace authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.millrace.checkpoint.files;

import io.millrace.memory.FatalFailure;

/**
 * Storage did not do what it was asked: an fsync or a write failed, and what is on the disk is unknown. It must fail
 * the job: a second attempt could succeed on pages that the first one has dropped. After a restart the last complete
 * checkpoint holds.
 */
public class StorageFailedException extends RuntimeException implements FatalFailure
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message with the path, what was being done, and the remedy
     * @param cause   or null
     */
    public StorageFailedException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
