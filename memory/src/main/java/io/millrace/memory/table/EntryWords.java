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
package io.millrace.memory.table;

import io.millrace.memory.Memory;

/** Entries and keys as runs of 8-byte words, so short that a call of the bulk copy costs more than the words. */
final class EntryWords
{
    private EntryWords()
    {
    }

    static void copy(final long source, final long destination, final int length)
    {
        for (int offset = 0; offset < length; offset += Long.BYTES)
        {
            Memory.putLong(destination + offset, Memory.getLong(source + offset));
        }
    }

    static void zero(final long address, final int length)
    {
        for (int offset = 0; offset < length; offset += Long.BYTES)
        {
            Memory.putLong(address + offset, 0);
        }
    }

    static boolean equal(final long left, final long right, final int length)
    {
        return equal(left, right, 0, length);
    }

    static boolean equal(final long left, final long right, final int from, final int length)
    {
        for (int offset = from; offset < length; offset += Long.BYTES)
        {
            if (Memory.getLong(left + offset) != Memory.getLong(right + offset))
            {
                return false;
            }
        }
        return true;
    }
}
