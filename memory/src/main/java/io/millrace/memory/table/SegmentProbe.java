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

/** Looks for a key in one segment, from the key's home on. */
final class SegmentProbe
{
    static final long ABSENT = -1;

    private SegmentProbe()
    {
    }

    /**
     * The slot of a key of 8 bytes.
     *
     * @return the slot, or {@link #ABSENT}
     */
    static long locateLong(final long segment, final long home, final int entryLength, final long key)
    {
        long slot = home + steps(segment, home, entryLength, key);
        while (true)
        {
            final long stored = Memory.getLong(SegmentDescriptor.entryAddress(segment, slot, entryLength));
            if (stored == key && key != 0)
            {
                return slot;
            }
            if (stored == 0)
            {
                if (isFree(segment, slot, entryLength))
                {
                    return ABSENT;
                }
                if (key == 0)
                {
                    return slot;
                }
            }
            slot++;
        }
    }

    /**
     * The slot of a key.
     *
     * @return the slot, or {@link #ABSENT}
     */
    static long locate(
        final long segment, final long home, final int entryLength, final long keyAddress, final int keyLength)
    {
        final long firstWord = Memory.getLong(keyAddress);
        long slot = home + steps(segment, home, entryLength, firstWord);
        while (true)
        {
            final long address = SegmentDescriptor.entryAddress(segment, slot, entryLength);
            final long stored = Memory.getLong(address);
            if (stored == 0 && isFree(segment, slot, entryLength))
            {
                return ABSENT;
            }
            if (stored == firstWord && EntryWords.equal(address, keyAddress, Long.BYTES, keyLength))
            {
                return slot;
            }
            slot++;
        }
    }

    /**
     * How many slots to skip: those of the first two that differ. Most entries are within two slots of their home,
     * but in which of them is unpredictable, so this is computed without a branch.
     */
    static long steps(final long segment, final long home, final int entryLength, final long word)
    {
        final long firstDifference =
            Memory.getLong(SegmentDescriptor.entryAddress(segment, home, entryLength)) ^ word;
        final long secondDifference =
            Memory.getLong(SegmentDescriptor.entryAddress(segment, home + 1, entryLength)) ^ word;
        final long first = (firstDifference | -firstDifference) >>> 63;
        final long second = (secondDifference | -secondDifference) >>> 63;
        return first + (first & second);
    }

    private static boolean isFree(final long segment, final long slot, final int entryLength)
    {
        return Memory.getByte(SegmentDescriptor.stateAddress(segment, slot, entryLength)) == 0;
    }
}
