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
 * There is not enough free space. Nothing was damaged, and what was refused can be asked again when there is room. It is no
 * fault of a record: who does not ask again fails.
 */
public class StorageFullException extends RuntimeException implements FatalFailure
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message with the path, the need, what is there, and the remedy
     * @param cause   or null
     */
    public StorageFullException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
