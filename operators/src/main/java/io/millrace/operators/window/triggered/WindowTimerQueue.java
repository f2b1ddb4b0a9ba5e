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
package io.millrace.operators.window.triggered;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyOrder;

import java.util.Arrays;

/**
 * Timers of windows in the order of time, then the canonical order of keys (hash, bytes), then the windows' starts: a
 * binary heap in off-heap memory, which grows by a chunk at a time, so that no timer is moved for it. It is derived from
 * the table of timers, and holds some that were deleted there.
 *
 * <pre>
 *   entry:  | timestamp 8 | rank 8 | sequence 8 | key | start 8 |      children of entry i: 2 i + 1 and 2 i + 2
 *   rank:   hash of the key, its sign bit the other way: hashes are unsigned
 * </pre>
 */
final class WindowTimerQueue implements AutoCloseable
{
    private static final int RANK_OFFSET = Long.BYTES;
    private static final int SEQUENCE_OFFSET = 2 * Long.BYTES;
    static final int KEY_OFFSET = 3 * Long.BYTES;
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

    private final MemoryAccount account;
    /** Of a key with the window's start behind it. */
    private final int windowKeyLength;
    private final int entryLength;
    private Region[] chunks = new Region[4];
    private int chunkCount;
    private long size;

    WindowTimerQueue(final MemoryAccount account, final int windowKeyLength)
    {
        this.account = account;
        this.windowKeyLength = windowKeyLength;
        this.entryLength = KEY_OFFSET + windowKeyLength;
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

    static long timestamp(final long entry)
    {
        return Memory.getLong(entry);
    }

    static long sequence(final long entry)
    {
        return Memory.getLong(entry + SEQUENCE_OFFSET);
    }

    /** Address of an entry, in no order of meaning to others. */
    long entry(final long index)
    {
        return chunks[(int)(index >>> CHUNK_SHIFT)].address() + (index & CHUNK_MASK) * entryLength;
    }

    void add(final long timestamp, final long rank, final long sequence, final long key)
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
            if (!isBefore(timestamp, rank, key, entry))
            {
                break;
            }
            Memory.copyWords(entry, entry(hole), entryLength);
            hole = parent;
        }
        final long entry = entry(hole);
        Memory.putLong(entry, timestamp);
        Memory.putLong(entry + RANK_OFFSET, rank);
        Memory.putLong(entry + SEQUENCE_OFFSET, sequence);
        Memory.copyWords(key, entry + KEY_OFFSET, windowKeyLength);
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
        final long timestamp = timestamp(moved);
        final long rank = rank(moved);
        long hole = from;
        long child = 2 * hole + 1;
        while (child < size)
        {
            long entry = entry(child);
            if (child + 1 < size)
            {
                final long other = entry(child + 1);
                if (isBefore(timestamp(other), rank(other), other + KEY_OFFSET, entry))
                {
                    child++;
                    entry = other;
                }
            }
            if (isBefore(timestamp, rank, moved + KEY_OFFSET, entry))
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

    private static long rank(final long entry)
    {
        return Memory.getLong(entry + RANK_OFFSET);
    }

    private boolean isBefore(final long timestamp, final long rank, final long key, final long entry)
    {
        final long otherTime = timestamp(entry);
        if (timestamp != otherTime)
        {
            return timestamp < otherTime;
        }
        final long otherRank = rank(entry);
        return rank < otherRank || rank == otherRank && isKeyBefore(key, entry + KEY_OFFSET);
    }

    private boolean isKeyBefore(final long key, final long other)
    {
        final int startOffset = windowKeyLength - Long.BYTES;
        final int order = KeyOrder.compareBytes(key, other, startOffset);
        return order != 0 ? order < 0 : Memory.getLong(key + startOffset) < Memory.getLong(other + startOffset);
    }

    private void grow()
    {
        if (chunkCount == chunks.length)
        {
            chunks = Arrays.copyOf(chunks, chunkCount * 2);
        }
        chunks[chunkCount] = Region.allocate(account, "window timers", (long)entryLength << CHUNK_SHIFT);
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
