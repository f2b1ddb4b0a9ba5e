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
package io.millrace.laboratory;

/** A promise that was not kept. */
final class Violation extends AssertionError
{
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Which promise. */
    enum Kind
    {
        LOST, DUPLICATE, ORDER, SUM, ABORTED_READ, CHECKPOINT_IDS, CHECKPOINT_LOST, NO_PROGRESS
    }

    Violation(final Kind kind, final String message)
    {
        super(kind + ": " + message);
        this.kind = kind;
    }

    Kind kind()
    {
        return kind;
    }
}
