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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The entries of an earlier run, for a replay: each source takes its own, and those for every source, in order.
 * <pre>
 *   in memory   onEntry, onEntry, ...  --&gt; runs &lt;-- cursor, cursor
 *   streaming   log &lt;-- reader &lt;-- cursor with the runs of one piece, its own only;  log &lt;-- reader &lt;-- cursor ...
 * </pre>
 * One in memory is filled by one thread, entry after entry, before any source replays; a {@link Cursor} belongs to its source.
 * A streaming one is as long as it may be: each cursor reads the log by itself, and holds what concerns it of one piece.
 */
public final class ReplayLog implements OrderLogHandler, AutoCloseable
{
    private final OrderRuns runs = new OrderRuns();
    /** Null when everything is in memory. */
    private final Supplier<OrderLogReader> readers;
    private final List<OrderLogReader> opened = new ArrayList<>();
    private long firstBatch;
    private long size;
    private boolean recordByRecord;

    /** One in memory, to be filled. */
    public ReplayLog()
    {
        readers = null;
    }

    private ReplayLog(final Supplier<OrderLogReader> readers)
    {
        this.readers = readers;
    }

    /**
     * One that is read as it is replayed. It is gone through once, to see where it ends and that no entry is missing.
     *
     * @param readers makes readers, each from the first entry on; what they hand out must not change
     * @return the log, closed by the caller when no source replays any more
     */
    public static ReplayLog streaming(final Supplier<OrderLogReader> readers)
    {
        final ReplayLog log = new ReplayLog(readers);
        try (OrderLogReader reader = readers.get())
        {
            reader.readAll((batch, kind, source, count, value, clock) -> log.count(batch));
        }
        return log;
    }

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
        if (readers != null)
        {
            throw new IllegalStateException("batch=" + batch + " is given to an order log that is read as it is replayed");
        }
        count(batch);
        runs.onEntry(batch, kind, source, count, value, clock);
    }

    private void count(final long batch)
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
        size++;
    }

    /**
     * @return number of entries
     */
    public long size()
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

    private OrderLogReader open()
    {
        if (readers == null)
        {
            return null;
        }
        final OrderLogReader reader = readers.get();
        opened.add(reader);
        return reader;
    }

    /** Closes the readers of all cursors, once no source replays any more. */
    @Override
    public void close()
    {
        opened.forEach(OrderLogReader::close);
        opened.clear();
    }

    /** The entries that concern one source, one after the other. For the source's thread. */
    public final class Cursor
    {
        private final int source;
        /** Another one whose entries are taken. */
        private final int other;
        private final OrderLogReader reader;
        private final OrderRuns there;
        private int run = -1;
        /** Entries of the run before the one that the cursor is on. */
        private long index;
        /** Records of the entry that were taken, when they are taken one at a time. */
        private int taken;

        private Cursor(final int source, final int other)
        {
            this.source = source;
            this.other = other;
            this.reader = open();
            this.there = reader == null ? runs : new OrderRuns();
            advance();
        }

        /**
         * @return false behind the last entry: the source goes on live
         */
        public boolean hasEntry()
        {
            return run < there.size();
        }

        /** Moves to the next entry of this source or of every source. */
        void advance()
        {
            if (recordByRecord && run >= 0 && taken + 1 < there.count(run))
            {
                taken++;
                return;
            }
            taken = 0;
            if (run >= 0 && index + 1 < there.length(run))
            {
                index++;
                return;
            }
            index = 0;
            run++;
            while (run < there.size() && !isMine(there.source(run)))
            {
                run++;
            }
            if (run >= there.size() && reader != null)
            {
                readOn();
            }
        }

        private boolean isMine(final int entrySource)
        {
            return entrySource == source || entrySource == other;
        }

        /** Reads on to the next piece that has something for this cursor, and to its first entry there. */
        private void readOn()
        {
            there.clear();
            run = 0;
            boolean more = true;
            while (more && there.size() == 0)
            {
                more = reader.read(this::take);
            }
        }

        private void take(
            final long batch, final byte kind, final int entrySource, final int count, final long value, final long clock)
        {
            if (isMine(entrySource))
            {
                there.onEntry(batch, kind, entrySource, count, value, clock);
            }
        }

        /** Runs that are in memory for this cursor. */
        int held()
        {
            return there.size();
        }

        /**
         * @return cause of the entry's first record, or of its control slot
         */
        public long cause()
        {
            return IngressClock.cause(there.batch(run) + index, taken);
        }

        /**
         * @return a constant of {@link OrderLog}
         */
        public byte kind()
        {
            return there.kind(run);
        }

        /**
         * @return number of records
         */
        public int count()
        {
            return recordByRecord ? Math.min(1, there.count(run)) : there.count(run);
        }

        /**
         * @return checkpoint id of a barrier, channel of a run, else 0
         */
        public long value()
        {
            return there.value(run);
        }

        /**
         * @return the engine's clock from this entry on
         */
        public long clock()
        {
            return there.clock(run);
        }
    }
}
