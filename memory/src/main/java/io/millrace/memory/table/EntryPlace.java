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
