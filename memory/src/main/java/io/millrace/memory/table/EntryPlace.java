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
 * Where an entry was found in the first pass over a mini-batch, as one number, good while the table's generation is
 * the same.
 * <pre>
 *   | generation, 12 bits | address of the segment / 64, 41 bits | slot, 11 bits |
 * </pre>
 */
final class EntryPlace
{
    /** From one generation to the next. */
    static final long GENERATION = 1L << 52;

    private static final int SLOT_BITS = 11;
    private static final int SEGMENT_SHIFT = 5;

    private EntryPlace()
    {
    }

    static long of(final long segment, final long slot)
    {
        return (segment << SEGMENT_SHIFT) + slot;
    }

    /**
     * @param place less the table's generation
     * @return whether it is of that generation
     */
    static boolean isCurrent(final long place)
    {
        return Long.compareUnsigned(place, GENERATION) < 0;
    }

    static long segment(final long place)
    {
        return place >>> SLOT_BITS << SLOT_BITS - SEGMENT_SHIFT;
    }

    static long slot(final long place)
    {
        return place & (1 << SLOT_BITS) - 1;
    }
}
