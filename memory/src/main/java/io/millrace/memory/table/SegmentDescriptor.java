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
 * Layout of a segment: a sorted array with gaps. An entry's home is proportional to its place in the segment's range
 * of hashes; it lies there or, when that is taken, in the first free slot behind it, and the entries of a cluster are
 * in order of hash and key bytes. So all entries are in canonical order, whatever was inserted, removed or split in
 * between.
 * <pre>
 *     0  count of entries, int         4  threshold: the count at which it splits, int
 *     8  listed: bit p says that it is in the list of parity p, int
 *    16  next segment in the list of parity 0, long
 *    24  next segment in the list of parity 1, long
 *    32  epoch up to which its entries were listed for a full snapshot, long
 *    40  reserved
 *    64  +------------------+------------+------------+-----+------------+
 *        | 8 states, 1 byte | key, value | key, value | ... | key, value |   slots 0 to 7, entryLength each
 *        +------------------+------------+------------+-----+------------+
 *        | ...                                                           |   slots 8 to 15, and so on
 *        |  - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -  |   homeSlots
 *        | ...                          tail: only displaced entries     |
 *        | ...                          last slot: free, ends a search   |   totalSlots, a multiple of 8
 *        +---------------------------------------------------------------+   1, 2, 4, 8 KiB, or 16 KiB less 64
 *
 *    state:  0 0 0 0 | born | odd | even | occupied
 * </pre>
 * The state bit of parity {@code epoch & 1} says that the entry was touched in the current epoch; the one of the
 * other parity, that its image at the last barrier is not saved yet. A born entry is one that was created in the
 * epoch that it was touched in. A free slot has key, value and state zero.
 */
final class SegmentDescriptor
{
    static final int COUNT_OFFSET = 0;
    static final int THRESHOLD_OFFSET = 4;
    static final int LISTED_OFFSET = 8;
    static final int NEXT_OFFSET = 16;
    static final int FULL_EPOCH_OFFSET = 32;
    static final int SLOTS_OFFSET = 64;
    static final int ENTRIES_OFFSET = SLOTS_OFFSET + 8;

    static final int OCCUPIED = 1;
    static final int TOUCHED = 2;
    static final int BORN = 8;
    /** A state in each of the 8 bytes of a word. */
    static final long IN_EACH_BYTE = 0x0101010101010101L;
    /** Slots whose states are in one word. */
    static final int SLOTS_PER_WORD = Long.BYTES;

    /** Slots that a segment must at least have. */
    static final int MIN_SLOTS = 8;

    private static final int MIN_TAIL = 3;
    private static final int MAX_TAIL = 48;
    private static final int TAIL_SHIFT = 4;
    private static final long LEAST_LOAD_PERCENT = 70;
    private static final long LOAD_JITTER_PERCENT = 10;
    private static final long JITTER = 0x9E3779B97F4A7C15L;

    private SegmentDescriptor()
    {
    }

    /**
     * @param parity 0 or 1
     * @return the state bit of that parity
     */
    static int touched(final int parity)
    {
        return TOUCHED << parity;
    }

    static int nextOffset(final int parity)
    {
        return NEXT_OFFSET + (parity << 3);
    }

    static int totalSlots(final int sizeClass, final int entryLength)
    {
        final int wordLength = SLOTS_PER_WORD * (entryLength + 1);
        return (int)(SegmentPool.length(sizeClass) - SLOTS_OFFSET) / wordLength * SLOTS_PER_WORD;
    }

    /**
     * @return address of the key of a slot, which the value follows
     */
    static long entryAddress(final long segment, final long slot, final int entryLength)
    {
        return segment + ENTRIES_OFFSET + slot * entryLength + (slot & -SLOTS_PER_WORD);
    }

    /**
     * @return address of the state of a slot, a byte; of a slot that is a multiple of 8: of a word of 8 states
     */
    static long stateAddress(final long segment, final long slot, final int entryLength)
    {
        return segment + SLOTS_OFFSET + (slot & -SLOTS_PER_WORD) * (entryLength + 1) + (slot & SLOTS_PER_WORD - 1);
    }

    static int homeSlots(final int totalSlots)
    {
        return totalSlots - 1 - Math.max(MIN_TAIL, Math.min(MAX_TAIL, totalSlots >> TAIL_SHIFT));
    }

    /**
     * Segments of uniform hashes fill alike: their thresholds differ, so that they do not all split at the same time.
     */
    static int threshold(final int homeSlots, final long prefix, final int depth)
    {
        final long jitter = (prefix ^ depth) * JITTER >>> 32;
        return (int)(homeSlots * (LEAST_LOAD_PERCENT + (jitter * LOAD_JITTER_PERCENT >>> 32)) / 100);
    }

    /**
     * @return the lowest threshold that a segment can have
     */
    static int leastThreshold(final int homeSlots)
    {
        return (int)(homeSlots * LEAST_LOAD_PERCENT / 100);
    }

    /**
     * @param spread hash, spread over the range of the store
     * @param depth  bits of the segment's prefix
     * @param slots  home slots of the segment
     * @return the slot where the entry would like to be
     */
    static long home(final long spread, final int depth, final long slots)
    {
        return (spread << depth >>> 32) * slots >>> 32;
    }
}
