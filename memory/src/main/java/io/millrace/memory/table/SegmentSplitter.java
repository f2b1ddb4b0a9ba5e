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

import static io.millrace.memory.table.SegmentDescriptor.BORN;
import static io.millrace.memory.table.SegmentDescriptor.COUNT_OFFSET;
import static io.millrace.memory.table.SegmentDescriptor.IN_EACH_BYTE;
import static io.millrace.memory.table.SegmentDescriptor.OCCUPIED;
import static io.millrace.memory.table.SegmentDescriptor.SLOTS_OFFSET;
import static io.millrace.memory.table.SegmentPool.SEGMENT_CLASS;
import static io.millrace.memory.table.SegmentPool.SEGMENT_LENGTH;

/**
 * Takes a segment apart that has become too full, and spreads its entries over a larger one, or over as many of full
 * size as it takes.
 * <pre>
 *   segment  --extract, in order--&gt;  scratch, hashes, states  --plan: nothing changes yet, memory is reserved--&gt;
 *            --save what is unsaved, zero--&gt;  --distribute: ranges of the scratch, each one sorted--&gt;  segments
 * </pre>
 * One for all tables of a store. When the memory limit is reached, the table is as it was before.
 */
final class SegmentSplitter
{
    private final SegmentPool pool;
    private final SnapshotLedger ledger;
    private final long firstHash;
    private final long stretch;
    private final long scratch;
    private final long[] spreads = new long[SEGMENT_LENGTH / Long.BYTES];
    private final byte[] states = new byte[SEGMENT_LENGTH / Long.BYTES];
    private SegmentDirectory directory;
    private int minDepth;
    private int homeSlots;
    private int totalSlots;
    private long reusable;

    /**
     * @param scratch a block of segment size
     */
    SegmentSplitter(
        final SegmentPool pool,
        final SnapshotLedger ledger,
        final long firstHash,
        final long stretch,
        final long scratch)
    {
        this.pool = pool;
        this.ledger = ledger;
        this.firstHash = firstHash;
        this.stretch = stretch;
        this.scratch = scratch;
    }

    /**
     * Makes room in the segment where a hash belongs.
     *
     * @param directory that holds it
     * @param spread    the hash, spread over the range of the store
     */
    void grow(final SegmentDirectory directory, final long spread)
    {
        this.directory = directory;
        final long cell = directory.cell(spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final int depth = (int)cell & SegmentDirectory.DEPTH_MASK;
        final int count = extract(segment);
        if (directory.sizeClass() == SEGMENT_CLASS)
        {
            split(segment, spread & prefixMask(depth), depth, count);
        }
        else
        {
            enlarge(segment, count);
        }
    }

    private void split(final long segment, final long prefix, final int depth, final int count)
    {
        shape(SEGMENT_CLASS);
        minDepth = depth + 1;
        ledger.reserve(plan(0, count, prefix, depth) - 1);
        ledger.saveAll(directory, segment);
        pool.zero(segment + SLOTS_OFFSET, SEGMENT_LENGTH - SLOTS_OFFSET);
        reusable = segment;
        distribute(0, count, prefix, depth);
    }

    private void enlarge(final long segment, final int count)
    {
        int sizeClass = directory.sizeClass();
        do
        {
            sizeClass++;
            shape(sizeClass);
        }
        while (sizeClass < SEGMENT_CLASS && !fits(0, count, 0, 0));
        minDepth = 0;
        ledger.reserve(plan(0, count, 0, 0));
        final long larger = pool.take(sizeClass);
        try
        {
            ledger.saveAll(directory, segment);
        }
        catch (final IllegalStateException limitReached)
        {
            pool.give(larger, sizeClass);
            throw limitReached;
        }
        directory.resize(larger, sizeClass);
        reusable = larger;
        distribute(0, count, 0, 0);
    }

    /** Copies the entries of a segment, in order, to the scratch. */
    private int extract(final long segment)
    {
        final int entryLength = directory.entryLength();
        final int keyLength = directory.keyLength();
        final int kept = OCCUPIED | BORN | ledger.touchedState();
        final int words = SegmentDescriptor.stateWords(directory.totalSlots());
        long destination = scratch;
        int count = 0;
        for (int index = 0; index < words; index++)
        {
            final long word = Memory.getLong(directory.stateAddress(segment, (long)index << 3));
            for (long bits = word & IN_EACH_BYTE * OCCUPIED; bits != 0; bits &= bits - 1)
            {
                final int bit = Long.numberOfTrailingZeros(bits);
                final long entry = directory.entryAddress(segment, ((long)index << 3) + (bit >> 3));
                EntryWords.copy(entry, destination, entryLength);
                spreads[count] = (KeyHash.hash(entry, keyLength) - firstHash) * stretch;
                states[count] = (byte)(word >>> bit & kept);
                destination += entryLength;
                count++;
            }
        }
        return count;
    }

    /** How many segments a range of the scratch takes. Deepens the directory for them, which changes nothing else. */
    private int plan(final int from, final int to, final long prefix, final int depth)
    {
        if (depth >= minDepth && fits(from, to, prefix, depth))
        {
            directory.ensureDepth(prefix, depth);
            return 1;
        }
        if (depth > SegmentDirectory.MAX_DEPTH)
        {
            directory.ensureDepth(prefix, depth);
        }
        final int middle = middle(from, to, depth);
        return plan(from, middle, prefix, depth + 1) + plan(middle, to, prefix | bit(depth), depth + 1);
    }

    private void distribute(final int from, final int to, final long prefix, final int depth)
    {
        if (depth >= minDepth && fits(from, to, prefix, depth))
        {
            final long segment = reusable == 0 ? pool.take(SEGMENT_CLASS) : reusable;
            reusable = 0;
            directory.startSegment(segment, prefix, depth);
            place(from, to, segment, depth);
            directory.publish(prefix, depth, segment);
            ledger.inherit(directory, segment);
        }
        else
        {
            final int middle = middle(from, to, depth);
            distribute(from, middle, prefix, depth + 1);
            distribute(middle, to, prefix | bit(depth), depth + 1);
        }
    }

    /** Whether a range of the scratch has a place in one segment, and one more entry, too. */
    private boolean fits(final int from, final int to, final long prefix, final int depth)
    {
        if (to - from >= SegmentDescriptor.threshold(homeSlots, prefix, depth))
        {
            return false;
        }
        long next = 0;
        for (int i = from; i < to; i++)
        {
            next = Math.max(next, SegmentDescriptor.home(spreads[i], depth, homeSlots)) + 1;
        }
        return next < totalSlots - 1;
    }

    private void place(final int from, final int to, final long segment, final int depth)
    {
        final int entryLength = directory.entryLength();
        long next = 0;
        for (int i = from; i < to; i++)
        {
            final long slot = Math.max(next, SegmentDescriptor.home(spreads[i], depth, homeSlots));
            EntryWords.copy(scratch + (long)i * entryLength, directory.entryAddress(segment, slot), entryLength);
            Memory.putByte(directory.stateAddress(segment, slot), states[i]);
            next = slot + 1;
        }
        Memory.putInt(segment + COUNT_OFFSET, to - from);
    }

    private int middle(final int from, final int to, final int depth)
    {
        int low = from;
        int high = to;
        while (low < high)
        {
            final int probe = low + high >>> 1;
            if ((spreads[probe] & bit(depth)) == 0)
            {
                low = probe + 1;
            }
            else
            {
                high = probe;
            }
        }
        return low;
    }

    private void shape(final int sizeClass)
    {
        totalSlots = SegmentDescriptor.totalSlots(sizeClass, directory.entryLength());
        homeSlots = SegmentDescriptor.homeSlots(totalSlots);
    }

    private static long bit(final int depth)
    {
        return Long.MIN_VALUE >>> depth;
    }

    private static long prefixMask(final int depth)
    {
        return depth == 0 ? 0 : -1L << 64 - depth;
    }
}
