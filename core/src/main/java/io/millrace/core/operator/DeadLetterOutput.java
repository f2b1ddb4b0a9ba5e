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
package io.millrace.core.operator;

import io.millrace.memory.record.RecordType;

/** Where an operator's or source's failed records go. Only the task's thread may call it. */
public interface DeadLetterOutput
{
    /**
     * Puts a record.
     *
     * @param slot     address of the record's slot: its header and bytes are read before this returns
     * @param type     of the record
     * @param attempts how often the function was called with it
     * @param cause    what was thrown
     * @return what the output said: false to stop as soon as possible
     */
    boolean put(long slot, RecordType<?, ?> type, int attempts, Throwable cause);

    /**
     * Puts a result that a function failed to make of what an operator keeps: of a window, a pair, a match.
     *
     * @param slot     address of the slot that caused it: its header is read before this returns
     * @param firing   what was being made of what, as text: window, key
     * @param attempts how often the function was called
     * @param cause    what was thrown
     * @return what the output said: false to stop as soon as possible
     */
    boolean put(long slot, String firing, int attempts, Throwable cause);

    /**
     * Puts what a source could not read as a record.
     *
     * @param position its cause would be
     * @param bytes    array to read from
     * @param offset   of the first byte
     * @param length   in bytes
     * @param attempts how often it was tried
     * @param cause    what was thrown
     * @return what the output said: false to stop as soon as possible
     */
    boolean put(long position, byte[] bytes, int offset, int length, int attempts, Throwable cause);
}
