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

import static io.millrace.memory.table.SegmentDescriptor.BITS_GROUP_SHIFT;
import static io.millrace.memory.table.SegmentDescriptor.BITS_OFFSET;
import static io.millrace.memory.table.SegmentDescriptor.BORN;
import static io.millrace.memory.table.SegmentDescriptor.OCCUPIED;

/**
 * The bitmaps of a segment. {@code bitmap} is the offset of a word in its group, as in {@link SegmentDescriptor}.
 */
final class SegmentBits
{
    private SegmentBits()
    {
    }

    static long wordAddress(final long segment, final long slot, final int bitmap)
    {
        return segment + BITS_OFFSET + (slot >>> 6 << BITS_GROUP_SHIFT) + bitmap;
    }

    static boolean isSet(final long segment, final long slot, final int bitmap)
    {
        return (Memory.getLong(wordAddress(segment, slot, bitmap)) >>> slot & 1) != 0;
    }

    static void set(final long segment, final long slot, final int bitmap)
    {
        final long address = wordAddress(segment, slot, bitmap);
        Memory.putLong(address, Memory.getLong(address) | 1L << slot);
    }

    static void clear(final long segment, final long slot, final int bitmap)
    {
        final long address = wordAddress(segment, slot, bitmap);
        Memory.putLong(address, Memory.getLong(address) & ~(1L << slot));
    }

    /** Copies all bits of one slot to another. */
    static void carry(final long segment, final long from, final long to)
    {
        for (int bitmap = OCCUPIED; bitmap <= BORN; bitmap += Long.BYTES)
        {
            final long bit = Memory.getLong(wordAddress(segment, from, bitmap)) >>> from & 1;
            final long address = wordAddress(segment, to, bitmap);
            Memory.putLong(address, Memory.getLong(address) & ~(1L << to) | bit << to);
        }
    }

    static void clearAll(final long segment, final long slot)
    {
        for (int bitmap = OCCUPIED; bitmap <= BORN; bitmap += Long.BYTES)
        {
            clear(segment, slot, bitmap);
        }
    }
}
