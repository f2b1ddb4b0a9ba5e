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

/**
 * Where an entry may lie, as one number: its address, which is a multiple of 8, plus the place of its slot among the
 * eight whose states are in one word. In {@link SegmentDescriptor}'s layout these add up to
 * <pre>
 *   segment + ENTRIES_OFFSET + slot * (entryLength + 1)
 * </pre>
 * so the next slot's place is one stride further.
 */
final class EntryPlace
{
    private static final long IN_WORD = SegmentDescriptor.SLOTS_PER_WORD - 1;

    private EntryPlace()
    {
    }

    static long stride(final int entryLength)
    {
        return entryLength + 1L;
    }

    static long of(final long segment, final long slot, final long stride)
    {
        return segment + SegmentDescriptor.ENTRIES_OFFSET + slot * stride;
    }

    /**
     * The first of three places whose entry begins with a word, or the third. Most entries are within two slots of
     * their home, but in which of them is unpredictable, so this is computed without a branch.
     *
     * @param home   the first place
     * @param stride to the next
     * @param word   that the entry begins with
     * @return the place
     */
    static long near(final long home, final long stride, final long word)
    {
        final long first = Memory.getLong(entry(home)) ^ word;
        final long second = Memory.getLong(entry(home + stride)) ^ word;
        final long pastFirst = (first | -first) >> 63;
        final long pastSecond = (second | -second) >> 63;
        return home + (stride & pastFirst) + (stride & pastFirst & pastSecond);
    }

    /**
     * @return address of the entry
     */
    static long entry(final long place)
    {
        return place & ~IN_WORD;
    }

    /**
     * @return address of the entry's state
     */
    static long state(final long place, final int entryLength)
    {
        final long inWord = place & IN_WORD;
        return entry(place) - inWord * (entryLength - 1L) - Long.BYTES;
    }
}
