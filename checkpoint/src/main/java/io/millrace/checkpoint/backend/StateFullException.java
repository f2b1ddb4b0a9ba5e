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
package io.millrace.checkpoint.backend;

import io.millrace.memory.FatalFailure;

/** A state has as many entries as it was given room for. No fault of the record at hand: it fails the job. */
final class StateFullException extends IllegalStateException implements FatalFailure
{
    private static final long serialVersionUID = 1L;

    StateFullException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
