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
package io.millrace.core.ordering;

import java.util.Arrays;

/**
 * The entries of an earlier run, for a replay: each source takes its own, and those for every source, in order.
 * <p>
 * Filled by one thread, entry after entry, before any source replays; afterwards it is read only and a {@link Cursor}
 * belongs to its source.
 */
public final class ReplayLog implements OrderLogHandler
{
    private long firstBatch;
    private int size;
    private byte[] kinds = new byte[64];
    private int[] sources = new int[64];
    private int[] counts = new int[64];
    private long[] values = new long[64];
    private long[] clocks = new long[64];
    private boolean recordByRecord;

    /**
     * Has sources take the records of an entry one at a time. Before there are cursors.
     *
     * @param each true for one record at a time
     */
    public void recordByRecord(final boolean each)
    {
        recordByRecord = each;
    }

    @Override
    public void onEntry(
        final long batch, final byte kind, final int source, final int count, final long value, final long clock)
    {
        if (size == 0)
        {
            firstBatch = batch;
        }
        if (batch != nextBatch())
        {
            throw new IllegalStateException("batch=" + batch + " of the order log follows batch=" + (nextBatch() - 1) +
                ": cut the log at its first bad frame");
        }
        if (size == kinds.length)
        {
            grow();
        }
        kinds[size] = kind;
        sources[size] = source;
        counts[size] = count;
        values[size] = value;
        clocks[size] = clock;
        size++;
    }

    /**
     * @return number of entries
     */
    public int size()
    {
        return size;
    }

    /**
     * @return the batch after the last entry: where live claims go on
     */
    public long nextBatch()
    {
        return firstBatch + size;
    }

    /**
     * @param source id
     * @return a cursor on the source's first entry
     */
    public Cursor cursor(final int source)
    {
        return new Cursor(source, OrderLog.EVERY_SOURCE);
    }

    /**
     * @param merge id of a merge by arrival
     * @return a cursor on its first run
     */
    public Cursor runs(final int merge)
    {
        return new Cursor(merge, merge);
    }

    private void grow()
    {
        final int length = kinds.length * 2;
        kinds = Arrays.copyOf(kinds, length);
        sources = Arrays.copyOf(sources, length);
        counts = Arrays.copyOf(counts, length);
        values = Arrays.copyOf(values, length);
        clocks = Arrays.copyOf(clocks, length);
    }

    /** The entries that concern one source, one after the other. For the source's thread. */
    public final class Cursor
    {
        private final int source;
        /** Another one whose entries are taken. */
        private final int other;
        private int index;
        /** Records of the entry that were taken, when they are taken one at a time. */
        private int taken;

        private Cursor(final int source, final int other)
        {
            this.source = source;
            this.other = other;
            this.index = -1;
            advance();
        }

        /**
         * @return false behind the last entry: the source goes on live
         */
        public boolean hasEntry()
        {
            return index < size;
        }

        /** Moves to the next entry of this source or of every source. */
        void advance()
        {
            if (recordByRecord && index >= 0 && taken + 1 < counts[index])
            {
                taken++;
                return;
            }
            taken = 0;
            do
            {
                index++;
            }
            while (index < size && sources[index] != source && sources[index] != other);
        }

        /**
         * @return cause of the entry's first record, or of its control slot
         */
        public long cause()
        {
            return IngressClock.cause(firstBatch + index, taken);
        }

        /**
         * @return a constant of {@link OrderLog}
         */
        public byte kind()
        {
            return kinds[index];
        }

        /**
         * @return number of records
         */
        public int count()
        {
            return recordByRecord ? Math.min(1, counts[index]) : counts[index];
        }

        /**
         * @return checkpoint id of a barrier, channel of a run, else 0
         */
        public long value()
        {
            return values[index];
        }

        /**
         * @return the engine's clock from this entry on
         */
        public long clock()
        {
            return clocks[index];
        }
    }
}
