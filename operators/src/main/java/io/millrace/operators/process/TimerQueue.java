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
package io.millrace.operators.process;

import io.millrace.memory.MemoryAccount;

/**
 * Timers in the order of time, then of registration: those that came in order in a run, the others in a heap. It is
 * derived from the table of timers, and holds some that were deleted there.
 */
final class TimerQueue implements AutoCloseable
{
    private final TimerRun run;
    private final TimerHeap heap;

    TimerQueue(final MemoryAccount account, final int keyLength)
    {
        run = new TimerRun(account, keyLength);
        heap = new TimerHeap(account, keyLength);
    }

    /** Says whether an entry is to be kept. */
    interface Filter
    {
        boolean keeps(long entry);
    }

    long size()
    {
        return run.size() + heap.size();
    }

    boolean isEmpty()
    {
        return run.isEmpty() && heap.size() == 0;
    }

    /** Address of the earliest entry; there must be one. */
    long first()
    {
        return runIsFirst() ? run.first() : heap.first();
    }

    void add(final long timestamp, final long sequence, final long key)
    {
        if (run.follows(timestamp, sequence))
        {
            run.add(timestamp, sequence, key);
        }
        else
        {
            heap.add(timestamp, sequence, key);
        }
    }

    void removeFirst()
    {
        if (runIsFirst())
        {
            run.removeFirst();
        }
        else
        {
            heap.removeFirst();
        }
    }

    private boolean runIsFirst()
    {
        if (run.isEmpty() || heap.size() == 0)
        {
            return !run.isEmpty();
        }
        final long first = run.first();
        return TimerEntry.isBefore(TimerEntry.timestamp(first), TimerEntry.sequence(first), heap.first());
    }

    /** Drops the entries that a filter does not keep. */
    void retain(final Filter filter)
    {
        long kept = 0;
        for (long i = 0; i < heap.size(); i++)
        {
            if (filter.keeps(heap.entry(i)))
            {
                heap.move(i, kept);
                kept++;
            }
        }
        heap.keep(kept);
        for (long left = run.size(); left > 0; left--)
        {
            final long entry = run.first();
            if (filter.keeps(entry))
            {
                run.add(TimerEntry.timestamp(entry), TimerEntry.sequence(entry), entry + TimerEntry.KEY_OFFSET);
            }
            run.removeFirst();
        }
    }

    @Override
    public void close()
    {
        run.close();
        heap.close();
    }
}
