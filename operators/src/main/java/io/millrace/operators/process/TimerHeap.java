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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.util.Arrays;

/**
 * Entries of timers in any order: a binary heap in off-heap memory, which grows by a chunk at a time, so that no entry is
 * moved for it. The children of entry i are 2 i + 1 and 2 i + 2.
 */
final class TimerHeap implements AutoCloseable
{
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

    private final MemoryAccount account;
    private final int keyLength;
    private final int entryLength;
    private Region[] chunks = new Region[4];
    private int chunkCount;
    private long size;

    TimerHeap(final MemoryAccount account, final int keyLength)
    {
        this.account = account;
        this.keyLength = keyLength;
        this.entryLength = TimerEntry.KEY_OFFSET + keyLength;
    }

    long size()
    {
        return size;
    }

    /** Address of the earliest entry; there must be one. */
    long first()
    {
        return entry(0);
    }

    /** Address of an entry, in no order of meaning to others. */
    long entry(final long index)
    {
        return chunks[(int)(index >>> CHUNK_SHIFT)].address() + (index & CHUNK_MASK) * entryLength;
    }

    void add(final long timestamp, final long sequence, final long key)
    {
        final long last = size;
        if (last >>> CHUNK_SHIFT == chunkCount)
        {
            grow();
        }
        size = last + 1;
        long hole = last;
        while (hole > 0)
        {
            final long parent = hole - 1 >>> 1;
            final long entry = entry(parent);
            if (!TimerEntry.isBefore(timestamp, sequence, entry))
            {
                break;
            }
            Memory.copyWords(entry, entry(hole), entryLength);
            hole = parent;
        }
        TimerEntry.write(entry(hole), timestamp, sequence, key, keyLength);
    }

    void removeFirst()
    {
        size--;
        if (size > 0)
        {
            sink(0, entry(size));
        }
    }

    /** Drops all entries but those at the beginning, which the caller has moved there, and puts them in order. */
    void keep(final long count)
    {
        size = count;
        for (long i = (count >>> 1) - 1; i >= 0; i--)
        {
            sinkAgain(i);
        }
    }

    /** Moves an entry to another place, without regard to the order. */
    void move(final long from, final long to)
    {
        if (from != to)
        {
            Memory.copyWords(entry(from), entry(to), entryLength);
        }
    }

    private void sinkAgain(final long index)
    {
        // The room behind the last entry holds the one that moves.
        if (size >>> CHUNK_SHIFT == chunkCount)
        {
            grow();
        }
        Memory.copyWords(entry(index), entry(size), entryLength);
        sink(index, entry(size));
    }

    private void sink(final long from, final long moved)
    {
        final long timestamp = TimerEntry.timestamp(moved);
        final long sequence = TimerEntry.sequence(moved);
        long hole = from;
        long child = 2 * hole + 1;
        while (child < size)
        {
            long entry = entry(child);
            if (child + 1 < size)
            {
                final long other = entry(child + 1);
                if (TimerEntry.isBefore(TimerEntry.timestamp(other), TimerEntry.sequence(other), entry))
                {
                    child++;
                    entry = other;
                }
            }
            if (TimerEntry.isBefore(timestamp, sequence, entry))
            {
                break;
            }
            Memory.copyWords(entry, entry(hole), entryLength);
            hole = child;
            child = 2 * hole + 1;
        }
        final long place = entry(hole);
        if (place != moved)
        {
            Memory.copyWords(moved, place, entryLength);
        }
    }

    private void grow()
    {
        if (chunkCount == chunks.length)
        {
            chunks = Arrays.copyOf(chunks, chunkCount * 2);
        }
        chunks[chunkCount] = Region.allocate(account, "timers", (long)entryLength << CHUNK_SHIFT);
        chunkCount++;
    }

    @Override
    public void close()
    {
        for (int i = 0; i < chunkCount; i++)
        {
            chunks[i].close();
        }
        chunkCount = 0;
        size = 0;
    }
}
