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
package io.millrace.checkpoint.store;

/**
 * This checkpoint could not be written, mostly for want of space. Nothing that was stored before is touched, its files
 * were deleted, and the job may go on; whether the next checkpoint must be full, {@link SnapshotStore#fullRequired()}
 * tells.
 */
public class CheckpointDeclinedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * A refusal, by a store.
     *
     * @param message with values and the remedy
     * @param cause   or null
     */
    public CheckpointDeclinedException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
