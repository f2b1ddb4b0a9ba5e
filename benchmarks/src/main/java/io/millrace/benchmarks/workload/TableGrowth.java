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
package io.millrace.benchmarks.workload;

import io.millrace.memory.Memory;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.SegmentedTable;
import org.HdrHistogram.Histogram;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Every single insertion into the engine's table while it grows from nothing, in turn with a loop that does nothing.
 * <pre>
 *   block   4,096 insertions, each timed | 4,096 times nothing, each as long as an insertion of the block takes on average | next
 * </pre>
 * Both have as many samples and as much time, so the machine's own stalls hit both alike. Each round inserts the same keys in
 * the same order: what the table does at a key, it does there in every round, while stalls come elsewhere. So the least of
 * all rounds at a block is the table's own. With snapshots, their sweep goes on between the blocks, and insertions meet
 * entries that are not saved yet.
 */
public final class TableGrowth
{
    /** An operation longer than this is counted, beside the percentiles. */
    public static final long BAR_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final int BLOCK = 4_096;
    private static final long HIGHEST = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    /** What takes longer adds no more than this to the average, so that a stall does not come again as time for stalls. */
    private static final long MOST_FOR_AVERAGE = 10_000;

    private final int keys;
    private final long barrierEvery;
    private final Times insertions;
    private final Times nothing;
    private long usedBytes;
    private long barriers;

    /** What was measured with one of the two loops, in nanoseconds. */
    public static final class Times
    {
        private final Histogram histogram = new Histogram(HIGHEST, DIGITS);
        private final long[] leastOfBlock;
        private long overBar;

        private Times(final int blocks)
        {
            leastOfBlock = new long[blocks];
            Arrays.fill(leastOfBlock, Long.MAX_VALUE);
        }

        private void add(final long nanos)
        {
            histogram.recordValue(Math.min(HIGHEST, nanos));
            overBar += nanos > BAR_NANOS ? 1 : 0;
        }

        private void endOfBlock(final int block, final long longest)
        {
            leastOfBlock[block] = Math.min(leastOfBlock[block], longest);
        }

        /**
         * How long each took.
         *
         * @return of all rounds
         */
        public Histogram histogram()
        {
            return histogram;
        }

        /**
         * Operations above {@link #BAR_NANOS}.
         *
         * @return of all rounds
         */
        public long overBar()
        {
            return overBar;
        }

        /**
         * The longest that comes back at the same place in every round.
         *
         * @return the largest, of all blocks, of the least, of all rounds, of the block's longest
         */
        public long inEveryRound()
        {
            return Arrays.stream(leastOfBlock).max().orElse(0);
        }

        /**
         * Where that is.
         *
         * @return number of keys before the block
         */
        public long atKey()
        {
            int worst = 0;
            for (int block = 1; block < leastOfBlock.length; block++)
            {
                worst = leastOfBlock[block] > leastOfBlock[worst] ? block : worst;
            }
            return (long)worst * BLOCK;
        }
    }

    /**
     * Nothing measured yet.
     *
     * @param keys         to grow to
     * @param barrierEvery insertions from a snapshot to the next, 0 for none
     */
    public TableGrowth(final int keys, final long barrierEvery)
    {
        this.keys = keys;
        this.barrierEvery = barrierEvery;
        final int blocks = (keys + BLOCK - 1) / BLOCK;
        insertions = new Times(blocks);
        nothing = new Times(blocks);
    }

    /**
     * Grows a new table.
     *
     * @param record false for a warm-up
     */
    public void round(final boolean record)
    {
        final Times ofInsertions = record ? insertions : new Times(insertions.leastOfBlock.length);
        final Times ofNothing = record ? nothing : new Times(nothing.leastOfBlock.length);
        try (TableMemory memory = new TableMemory(barrierEvery))
        {
            final SegmentedTable table = memory.table();
            for (int first = 0; first < keys; first += BLOCK)
            {
                final int count = Math.min(BLOCK, keys - first);
                final long average = insert(table, first, count, ofInsertions);
                doNothing(first, count, average, ofNothing);
                memory.betweenBatches(count);
            }
            if (table.size() != keys)
            {
                throw new IllegalStateException("size=" + table.size() + " of a table with keys=" + keys);
            }
            usedBytes = memory.usedBytes();
            barriers = memory.barriers();
        }
    }

    /** Returns the average. */
    private static long insert(final SegmentedTable table, final int first, final int count, final Times times)
    {
        long longest = 0;
        long sum = 0;
        long before = System.nanoTime();
        for (int key = first; key < first + count; key++)
        {
            final long value = table.upsertLong(KeyHash.hash(key), key);
            Memory.putLong(value, key);
            final long now = System.nanoTime();
            final long nanos = now - before;
            times.add(nanos);
            longest = Math.max(longest, nanos);
            sum += Math.min(MOST_FOR_AVERAGE, nanos);
            // What it takes to count is not the next one's.
            before = System.nanoTime();
        }
        times.endOfBlock(first / BLOCK, longest);
        return sum / count;
    }

    private static void doNothing(final int first, final int count, final long each, final Times times)
    {
        long longest = 0;
        long before = System.nanoTime();
        for (int i = 0; i < count; i++)
        {
            long now = System.nanoTime();
            while (now - before < each)
            {
                now = System.nanoTime();
            }
            final long nanos = now - before;
            times.add(nanos);
            longest = Math.max(longest, nanos);
            before = System.nanoTime();
        }
        times.endOfBlock(first / BLOCK, longest);
    }

    /**
     * Of the insertions.
     *
     * @return what was measured so far
     */
    public Times insertions()
    {
        return insertions;
    }

    /**
     * Of the loop that does nothing.
     *
     * @return what was measured so far
     */
    public Times nothing()
    {
        return nothing;
    }

    /**
     * Snapshots of a round.
     *
     * @return how many were begun in the latest one
     */
    public long barriers()
    {
        return barriers;
    }

    /**
     * Memory of the table at its full size.
     *
     * @return in bytes
     */
    public long usedBytes()
    {
        return usedBytes;
    }
}
