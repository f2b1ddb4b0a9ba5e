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
package io.millrace.core.testing;

import io.millrace.core.checkpoint.OrderJournal;
import io.millrace.core.checkpoint.OrderRecording;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.OrderLogHandler;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An order log that outlives the job, but not the process, and lags behind: what was not kept when a life ends is lost. */
public final class InMemoryOrder
{
    /** When the log says that it has kept what it has not. */
    public enum Lie
    {
        /** It is honest. */
        NEVER,
        /** Always: output is shown too early. */
        ALWAYS,
        /** About everything up to a barrier: checkpoints are complete too early. */
        AT_BARRIERS
    }

    private final List<Entry> kept = new ArrayList<>();
    private final Random lag;
    private final Lie lie;

    /**
     * An empty log.
     *
     * @param lag decides how much each flush keeps; null to keep everything at once
     * @param lie of the log
     */
    public InMemoryOrder(final Random lag, final Lie lie)
    {
        this.lag = lag;
        this.lie = lie;
    }

    /**
     * Opens it for a life of the job.
     *
     * @return the journal
     */
    public OrderJournal open()
    {
        return new Journal();
    }

    /**
     * What was kept, for another job.
     *
     * @return the recording
     */
    public OrderRecording recording()
    {
        return handler -> replay(0, handler);
    }

    /**
     * Number of entries.
     *
     * @return those that were kept
     */
    public synchronized int size()
    {
        return kept.size();
    }

    private synchronized void replay(final long firstBatch, final OrderLogHandler handler)
    {
        for (long batch = firstBatch; batch < kept.size(); batch++)
        {
            final Entry entry = kept.get((int)batch);
            handler.onEntry(batch, entry.kind, entry.source, entry.count, entry.value, entry.clock);
        }
    }

    private synchronized void keep(final List<Entry> entries)
    {
        kept.addAll(entries);
        entries.clear();
    }

    private final class Journal implements OrderJournal
    {
        private final List<Entry> pending = new ArrayList<>();
        private long next = size();
        private long barrier = -1;

        @Override
        public long nextBatch()
        {
            return next;
        }

        @Override
        public void replay(final long firstBatch, final OrderLogHandler handler)
        {
            keep(pending);
            InMemoryOrder.this.replay(firstBatch, handler);
        }

        @Override
        public void onEntry(
            final long batch, final byte kind, final int source, final int count, final long value, final long clock)
        {
            if (batch != next)
            {
                throw new IllegalStateException("batch=" + batch + " where batch=" + next + " is next");
            }
            pending.add(new Entry(kind, source, count, value, clock));
            barrier = kind == OrderLog.KIND_BARRIER ? batch : barrier;
            next++;
        }

        @Override
        public long flush()
        {
            final int length = lag == null ? pending.size() : lag.nextInt(5) > 0 ? 0 : lag.nextInt(pending.size() + 1);
            keep(pending.subList(0, length));
            final long durable = size() - 1L;
            return switch (lie)
            {
                case NEVER -> durable;
                case ALWAYS -> next - 1;
                case AT_BARRIERS -> Math.max(durable, barrier);
            };
        }

        @Override
        public void trim(final long batch)
        {
        }

        @Override
        public void close()
        {
        }
    }

    private record Entry(byte kind, int source, int count, long value, long clock)
    {
    }
}
