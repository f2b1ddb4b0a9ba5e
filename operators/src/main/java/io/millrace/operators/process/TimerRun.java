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
import io.millrace.memory.Region;

import java.util.Arrays;

/**
 * Entries of timers that came in order: first in, first out, in chunks of off-heap memory that are used again. Functions
 * that wait for a fixed time register nearly all of their timers in order.
 */
final class TimerRun implements AutoCloseable
{
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

    private final MemoryAccount account;
    private final int keyLength;
    private final int entryLength;
    /** Chunk number n of the run, at n modulo the length, which is a power of two. */
    private Region[] chunks = new Region[4];
    private Region[] spares = new Region[4];
    private int spareCount;
    private long head;
    private long tail;

    TimerRun(final MemoryAccount account, final int keyLength)
    {
        this.account = account;
        this.keyLength = keyLength;
        this.entryLength = TimerEntry.KEY_OFFSET + keyLength;
    }

    boolean isEmpty()
    {
        return head == tail;
    }

    long size()
    {
        return tail - head;
    }

    /** Address of the earliest entry; there must be one. */
    long first()
    {
        return entry(head);
    }

    /** Whether a timer may follow the last one. */
    boolean follows(final long timestamp, final long sequence)
    {
        return head == tail || !TimerEntry.isBefore(timestamp, sequence, entry(tail - 1));
    }

    void add(final long timestamp, final long sequence, final long key)
    {
        if ((tail & CHUNK_MASK) == 0 || head == tail && chunk(tail >>> CHUNK_SHIFT) == null)
        {
            open(tail >>> CHUNK_SHIFT);
        }
        TimerEntry.write(entry(tail), timestamp, sequence, key, keyLength);
        tail++;
    }

    void removeFirst()
    {
        head++;
        if ((head & CHUNK_MASK) == 0)
        {
            retire((head >>> CHUNK_SHIFT) - 1);
        }
    }

    private long entry(final long index)
    {
        return chunk(index >>> CHUNK_SHIFT).address() + (index & CHUNK_MASK) * entryLength;
    }

    private Region chunk(final long number)
    {
        return chunks[(int)number & chunks.length - 1];
    }

    private void open(final long number)
    {
        final long first = head >>> CHUNK_SHIFT;
        if (number - first == chunks.length)
        {
            final Region[] more = new Region[chunks.length * 2];
            for (long i = first; i < number; i++)
            {
                more[(int)i & more.length - 1] = chunk(i);
            }
            chunks = more;
        }
        chunks[(int)number & chunks.length - 1] = spareCount > 0 ? spares[--spareCount] :
            Region.allocate(account, "timers", (long)entryLength << CHUNK_SHIFT);
    }

    private void retire(final long number)
    {
        if (spareCount == spares.length)
        {
            spares = Arrays.copyOf(spares, spareCount * 2);
        }
        spares[spareCount++] = chunk(number);
        chunks[(int)number & chunks.length - 1] = null;
    }

    @Override
    public void close()
    {
        for (int i = 0; i < chunks.length; i++)
        {
            if (chunks[i] != null)
            {
                chunks[i].close();
                chunks[i] = null;
            }
        }
        while (spareCount > 0)
        {
            spares[--spareCount].close();
        }
        tail = head;
    }
}
