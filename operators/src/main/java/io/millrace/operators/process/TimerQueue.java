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
 * Timers in the order of time, then of registration: in buckets, but for those that are before one that was taken
 * already, or that the buckets have in another order, which are in a heap. It is derived from the table of timers, and
 * holds some that were deleted there.
 */
final class TimerQueue implements AutoCloseable
{
    private final TimerBuckets buckets;
    private final TimerHeap heap;

    TimerQueue(final MemoryAccount account, final int keyLength)
    {
        buckets = new TimerBuckets(account, keyLength);
        heap = new TimerHeap(account, keyLength);
    }

    /** Says whether an entry is to be kept. */
    interface Filter
    {
        boolean keeps(long entry);
    }

    long size()
    {
        return buckets.size() + heap.size();
    }

    /** Whether there is a timer at or before a time. */
    boolean isDue(final long now)
    {
        return heap.size() > 0 && TimerEntry.timestamp(heap.first()) <= now ||
            buckets.size() > 0 && buckets.earliest() <= now;
    }

    /** Address of the earliest entry, until the next change; {@link #isDue} has said that there is one. */
    long first()
    {
        if (heapIsFirst())
        {
            return heap.first();
        }
        final long first = buckets.first();
        if (buckets.inOrder())
        {
            return first;
        }
        while (buckets.hasCurrent())
        {
            final long entry = buckets.first();
            heap.add(TimerEntry.timestamp(entry), TimerEntry.sequence(entry), entry + TimerEntry.KEY_OFFSET);
            buckets.removeFirst();
        }
        return heap.first();
    }

    /** Address of the key of an entry that comes soon, or 0. */
    long keyAhead()
    {
        return heap.size() > 0 ? 0 : buckets.keyAhead();
    }

    void add(final long timestamp, final long sequence, final long key)
    {
        if (buckets.takes(timestamp))
        {
            buckets.add(timestamp, sequence, key);
        }
        else
        {
            heap.add(timestamp, sequence, key);
        }
    }

    /** Removes the entry that {@link #first} gave. */
    void removeFirst()
    {
        if (heapIsFirst())
        {
            heap.removeFirst();
        }
        else
        {
            buckets.removeFirst();
        }
    }

    /**
     * Entries of the heap are before all others, since it takes only what is before the last time that the buckets gave, or
     * all that they had of that time.
     */
    private boolean heapIsFirst()
    {
        return heap.size() > 0;
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
        buckets.retain(filter);
    }

    @Override
    public void close()
    {
        buckets.close();
        heap.close();
    }
}
