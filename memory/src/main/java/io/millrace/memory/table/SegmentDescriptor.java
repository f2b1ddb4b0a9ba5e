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
 *     8  prefix: the first hash (spread) of its range, long
 *    16  listed: bit p says that it is in the list of parity p, int
 *    20  depth: bits of the prefix, int
 *    24  next segment in the list of parity 0, long
 *    32  next segment in the list of parity 1, long
 *    40  epoch up to which its entries were listed for a full snapshot, long
 *    48  reserved
 *    64  +----------+----------------+----------------+------+
 *        | occupied | touched even   | touched odd    | born |  32 bytes: bits of slots 0 to 63
 *        +----------+----------------+----------------+------+
 *        | ...                                               |  slots 64 to 127, and so on
 *        +---------------------------------------------------+  slotsOffset, a multiple of 64
 *        | key, value | key, value | ...  homes              |  entryLength each
 *        |  - - - - - - - - - - - - - - - - - - - - - - - -  |  homeSlots
 *        | key, value | ...  tail: only displaced entries    |
 *        | always free: ends every search                    |  totalSlots - 1
 *        +---------------------------------------------------+  1, 2, 4, 8 or 16 KiB
 * </pre>
 * A bit of parity {@code epoch & 1} says that the entry was touched in the current epoch; of the other parity, that
 * its image at the last barrier is not saved yet. A born entry is one that was created in the epoch whose touched bit
 * it has. A free slot has key and value zero and no bit.
 */
final class SegmentDescriptor
{
    static final int COUNT_OFFSET = 0;
    static final int THRESHOLD_OFFSET = 4;
    static final int PREFIX_OFFSET = 8;
    static final int LISTED_OFFSET = 16;
    static final int DEPTH_OFFSET = 20;
    static final int NEXT_OFFSET = 24;
    static final int FULL_EPOCH_OFFSET = 40;
    static final int BITS_OFFSET = 64;

    /** Shift from the number of a 64-bit word to the offset of its group of four words. */
    static final int BITS_GROUP_SHIFT = 5;
    static final int OCCUPIED = 0;
    static final int TOUCHED = 8;
    static final int BORN = 24;

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
     * @return offset of the touched words of a parity in their group
     */
    static int touched(final int parity)
    {
        return TOUCHED + (parity << 3);
    }

    static int nextOffset(final int parity)
    {
        return NEXT_OFFSET + (parity << 3);
    }

    static int totalSlots(final int sizeClass, final int entryLength)
    {
        final long length = SegmentPool.length(sizeClass);
        long slots = (length - BITS_OFFSET) / entryLength;
        while (slotsOffset((int)slots) + slots * entryLength > length)
        {
            slots--;
        }
        return (int)slots;
    }

    static int slotsOffset(final int totalSlots)
    {
        return BITS_OFFSET + (bitGroups(totalSlots) << BITS_GROUP_SHIFT) + 63 & -64;
    }

    static int bitGroups(final int totalSlots)
    {
        return totalSlots + 63 >> 6;
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
