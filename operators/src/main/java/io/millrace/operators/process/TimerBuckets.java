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
 * Entries of timers that are not before the last one taken: a radix heap (Ahuja, Mehlhorn, Orlin and Tarjan, "Faster
 * algorithms for the shortest path problem", JACM 37, 1990). An entry lies in the bucket of the highest bit in which its
 * time differs from the last time taken; when the lowest bucket is due, its entries are dealt to the buckets below, which
 * are empty then. So an entry is moved a few times, each time to the end of a list, and never compared with others. Lists
 * keep the order in which entries were added, and entries of one time are always in one bucket: they are taken in the
 * order in which they were added. Where that is not the order of registration, after a restart, {@link #inOrder()} says so
 * when their time comes.
 *
 * <pre>
 *   bucket:  chunk -> chunk -> chunk          chunk:  | address of the next 8 | entry | entry | ...
 * </pre>
 */
final class TimerBuckets implements AutoCloseable
{
    private static final int BUCKETS = Long.SIZE + 1;
    private static final int CHUNK_ENTRIES = 128;
    private static final int SLAB_CHUNKS = 64;
    private static final int HEADER_LENGTH = Long.BYTES;

    private final MemoryAccount account;
    private final int keyLength;
    private final int entryLength;
    private final int chunkLength;
    private final long[] headChunks = new long[BUCKETS];
    private final int[] headIndexes = new int[BUCKETS];
    private final long[] tailChunks = new long[BUCKETS];
    private final int[] tailIndexes = new int[BUCKETS];
    private final long[] sizes = new long[BUCKETS];
    private final long[] earliest = new long[BUCKETS];
    private Region[] slabs = new Region[4];
    private int slabCount;
    private long freeChunk;
    private long last = Long.MIN_VALUE;
    private long size;
    /** No bucket below this one has entries. */
    private int lowest = BUCKETS;
    /** Whether the entries of the last time taken lie in the order of their sequences. */
    private boolean inOrder = true;

    TimerBuckets(final MemoryAccount account, final int keyLength)
    {
        this.account = account;
        this.keyLength = keyLength;
        this.entryLength = TimerEntry.KEY_OFFSET + keyLength;
        this.chunkLength = HEADER_LENGTH + CHUNK_ENTRIES * entryLength;
    }

    long size()
    {
        return size;
    }

    /** The earliest time; there must be an entry. */
    long earliest()
    {
        return earliest[lowestBucket()];
    }

    /** Whether a timer can be added here: it is not before the last one taken. */
    boolean takes(final long timestamp)
    {
        return timestamp >= last;
    }

    void add(final long timestamp, final long sequence, final long key)
    {
        TimerEntry.write(append(timestamp), timestamp, sequence, key, keyLength);
        size++;
    }

    /** Room for one more entry in the bucket of a time. */
    private long append(final long timestamp)
    {
        final int bucket = bucket(timestamp);
        if (sizes[bucket] == 0)
        {
            earliest[bucket] = timestamp;
            lowest = Math.min(lowest, bucket);
        }
        else if (timestamp < earliest[bucket])
        {
            earliest[bucket] = timestamp;
        }
        sizes[bucket]++;
        int index = tailIndexes[bucket];
        if (tailChunks[bucket] == 0)
        {
            headChunks[bucket] = newChunk();
            headIndexes[bucket] = 0;
            tailChunks[bucket] = headChunks[bucket];
            index = 0;
        }
        else if (index == CHUNK_ENTRIES)
        {
            final long chunk = newChunk();
            Memory.putLong(tailChunks[bucket], chunk);
            tailChunks[bucket] = chunk;
            index = 0;
        }
        tailIndexes[bucket] = index + 1;
        return tailChunks[bucket] + HEADER_LENGTH + (long)index * entryLength;
    }

    private int bucket(final long timestamp)
    {
        return Long.SIZE - Long.numberOfLeadingZeros(timestamp ^ last);
    }

    private int lowestBucket()
    {
        while (sizes[lowest] == 0)
        {
            lowest++;
        }
        return lowest;
    }

    /** Address of the entry that is taken next, until the next change; there must be one. */
    long first()
    {
        final int bucket = lowestBucket();
        if (bucket > 0)
        {
            deal(bucket);
        }
        return head(0);
    }

    /** Whether {@link #first()} is the first to be registered of its time. */
    boolean inOrder()
    {
        return inOrder;
    }

    /** Whether there are entries of the last time taken. */
    boolean hasCurrent()
    {
        return sizes[0] > 0;
    }

    private long head(final int bucket)
    {
        return headChunks[bucket] + HEADER_LENGTH + (long)headIndexes[bucket] * entryLength;
    }

    /** Makes the earliest time of a bucket the last one taken, and deals the bucket's entries to those below. */
    private void deal(final int bucket)
    {
        last = earliest[bucket];
        long sequence = Long.MIN_VALUE;
        inOrder = true;
        for (long left = sizes[bucket]; left > 0; left--)
        {
            final long entry = head(bucket);
            if (TimerEntry.timestamp(entry) == last)
            {
                inOrder &= TimerEntry.sequence(entry) > sequence;
                sequence = TimerEntry.sequence(entry);
            }
            Memory.copyWords(entry, append(TimerEntry.timestamp(entry)), entryLength);
            skip(bucket);
        }
        lowest = 0;
    }

    /** Removes the entry that {@link #first()} gave. */
    void removeFirst()
    {
        skip(0);
        size--;
    }

    private void skip(final int bucket)
    {
        sizes[bucket]--;
        headIndexes[bucket]++;
        if (sizes[bucket] == 0)
        {
            free(headChunks[bucket]);
            headChunks[bucket] = 0;
            tailChunks[bucket] = 0;
        }
        else if (headIndexes[bucket] == CHUNK_ENTRIES)
        {
            final long chunk = headChunks[bucket];
            headChunks[bucket] = Memory.getLong(chunk);
            headIndexes[bucket] = 0;
            free(chunk);
        }
    }

    /** Drops the entries that a filter does not keep. */
    void retain(final TimerQueue.Filter filter)
    {
        for (int bucket = 0; bucket < BUCKETS; bucket++)
        {
            earliest[bucket] = Long.MAX_VALUE;
            for (long left = sizes[bucket]; left > 0; left--)
            {
                final long entry = head(bucket);
                if (filter.keeps(entry))
                {
                    Memory.copyWords(entry, append(TimerEntry.timestamp(entry)), entryLength);
                }
                else
                {
                    size--;
                }
                skip(bucket);
            }
        }
    }

    private long newChunk()
    {
        if (freeChunk == 0)
        {
            addSlab();
        }
        final long chunk = freeChunk;
        freeChunk = Memory.getLong(chunk);
        return chunk;
    }

    private void free(final long chunk)
    {
        Memory.putLong(chunk, freeChunk);
        freeChunk = chunk;
    }

    private void addSlab()
    {
        if (slabCount == slabs.length)
        {
            slabs = Arrays.copyOf(slabs, slabCount * 2);
        }
        final Region slab = Region.allocate(account, "timers", (long)chunkLength * SLAB_CHUNKS);
        slabs[slabCount++] = slab;
        for (int i = SLAB_CHUNKS - 1; i >= 0; i--)
        {
            free(slab.address() + (long)i * chunkLength);
        }
    }

    @Override
    public void close()
    {
        while (slabCount > 0)
        {
            slabs[--slabCount].close();
        }
    }
}
