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
package io.millrace.operators.source;

import io.millrace.memory.record.OffHeapRecord;
import io.millrace.memory.record.Utf8;

/** A line of a file that could not be read as a record. */
@OffHeapRecord
public interface DeadLetter
{
    /** The most bytes of a line that are kept. */
    int MAX_TEXT = 512;
    /** The most bytes of a reason that are kept. */
    int MAX_REASON = 256;

    /**
     * Which line it is.
     *
     * @return from 1
     */
    long lineNumber();

    /**
     * Which field could not be read.
     *
     * @return from 0, or -1 when it is the whole line
     */
    int field();

    /**
     * The line.
     *
     * @return its text, or the beginning of a long one
     */
    @Utf8(MAX_TEXT)
    CharSequence text();

    /**
     * Why it could not be read.
     *
     * @return for people
     */
    @Utf8(MAX_REASON)
    CharSequence reason();
}
