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
 * algorithms for the shortest path problem", JACM 37, 1990), with digits of 6 bits. An entry lies in the bucket of the
 * highest digit in which its time differs from the last time taken, and of this digit's value; when the lowest bucket is
 * due, its entries are dealt to the buckets of lower digits, which are empty then. So an entry is moved once for a delay
 * of 64 to 4,095 units, twice up to 262,143, each time to the end of a list, and is never compared with others. Lists
 * keep the order in which entries were added, and entries of one time are always in one bucket: they are taken in the
 * order in which they were added. Where that is not the order of registration, after a restart, {@link #inOrder()} says so
 * when their time comes.
 *
 * <pre>
 *   bucket:  | level: place of the digit, from 0 for the lowest | digit |     times with their sign bit turned
 *            chunk -> chunk -> chunk          chunk:  | address of the next 8 | entry | entry | ...
 * </pre>
 */
public final class TimerBuckets implements AutoCloseable
{
    private static final int DIGIT_BITS = 6;
    private static final int DIGITS = 1 << DIGIT_BITS;
    private static final int LEVELS = (Long.SIZE + DIGIT_BITS - 1) / DIGIT_BITS;
    private static final int BUCKETS = LEVELS * DIGITS;
    private static final int CHUNK_ENTRIES = 64;
    private static final int SLAB_CHUNKS = 64;
    private static final int HEADER_LENGTH = Long.BYTES;
    private static final int AHEAD = 6;

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
    /** The last time taken, its sign bit turned. */
    private long last;
    private long size;
    /** Bit l: level l has entries. */
    private int levels;
    /** Bit d of level l: its bucket d has entries. */
    private final long[] occupied = new long[LEVELS];
    /** Bit d: entries of bucket d of level 0, all of one time, do not lie in the order of their sequences. */
    private long disordered;
    /** The sequence of the last entry of each bucket of level 0. */
    private final long[] lastSequences = new long[DIGITS];
    /** The bucket of the last time taken. */
    private int current;
    /** The bucket that is being dealt to those below; less than 0 when none is. */
    private int dealing = -1;

    /**
     * No entries.
     *
     * @param account   that the bytes are counted in
     * @param keyLength bytes of a key
     */
    public TimerBuckets(final MemoryAccount account, final int keyLength)
    {
        this.account = account;
        this.keyLength = keyLength;
        this.entryLength = TimerEntry.KEY_OFFSET + keyLength;
        this.chunkLength = HEADER_LENGTH + CHUNK_ENTRIES * entryLength;
    }

    /**
     * Number of entries.
     *
     * @return 0 or more
     */
    public long size()
    {
        return size;
    }

    /**
     * The earliest time; there must be an entry.
     *
     * @return event time
     */
    public long earliest()
    {
        return earliest[lowestBucket()];
    }

    /** Whether a timer can be added here: it is not before the last one taken. */
    boolean takes(final long timestamp)
    {
        return Long.compareUnsigned(timestamp ^ Long.MIN_VALUE, last) >= 0;
    }

    /**
     * Adds an entry, whose time is not before the last one taken.
     *
     * @param timestamp event time
     * @param sequence  number among those of its time
     * @param key       address of the key's bytes
     */
    public void add(final long timestamp, final long sequence, final long key)
    {
        TimerEntry.write(append(bucket(timestamp), timestamp, sequence), timestamp, sequence, key, keyLength);
        size++;
    }

    /** Room for one more entry in a bucket. */
    private long append(final int bucket, final long timestamp, final long sequence)
    {
        if (bucket < DIGITS)
        {
            noteOrder(bucket, sequence);
        }
        int index = tailIndexes[bucket];
        if (sizes[bucket] == 0)
        {
            earliest[bucket] = timestamp;
            levels |= 1 << (bucket >>> DIGIT_BITS);
            occupied[bucket >>> DIGIT_BITS] |= 1L << bucket;
            headChunks[bucket] = newChunk();
            headIndexes[bucket] = 0;
            tailChunks[bucket] = headChunks[bucket];
            index = 0;
        }
        else
        {
            if (timestamp < earliest[bucket])
            {
                earliest[bucket] = timestamp;
            }
            if (index == CHUNK_ENTRIES)
            {
                final long chunk = newChunk();
                Memory.putLong(tailChunks[bucket], chunk);
                tailChunks[bucket] = chunk;
                index = 0;
            }
        }
        sizes[bucket]++;
        tailIndexes[bucket] = index + 1;
        return tailChunks[bucket] + HEADER_LENGTH + (long)index * entryLength;
    }

    private void noteOrder(final int bucket, final long sequence)
    {
        if (sizes[bucket] == 0)
        {
            disordered &= ~(1L << bucket);
        }
        else if (sequence < lastSequences[bucket])
        {
            disordered |= 1L << bucket;
        }
        lastSequences[bucket] = sequence;
    }

    private int bucket(final long timestamp)
    {
        final long time = timestamp ^ Long.MIN_VALUE;
        final int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(time ^ last | 1)) / DIGIT_BITS;
        return level << DIGIT_BITS | (int)(time >>> level * DIGIT_BITS) & DIGITS - 1;
    }

    private int lowestBucket()
    {
        final int level = Integer.numberOfTrailingZeros(levels);
        return level << DIGIT_BITS | Long.numberOfTrailingZeros(occupied[level]);
    }

    /** Deals at most so many entries to lower buckets; false to be called again before the first entry is asked for. */
    boolean bringToHand(final long most)
    {
        if (dealing < 0)
        {
            dealing = lowestBucket();
            if (dealing >= DIGITS)
            {
                last = earliest[dealing] ^ Long.MIN_VALUE;
            }
        }
        if (dealing >= DIGITS)
        {
            deal(dealing, most);
            if (sizes[dealing] > 0)
            {
                return false;
            }
        }
        dealing = -1;
        return true;
    }

    /**
     * The entry that is taken next; there must be one.
     *
     * @return its address, see {@link TimerEntry}, until the next change
     */
    public long first()
    {
        if ((levels & 1) == 0 || dealing >= 0)
        {
            bringToHand(Long.MAX_VALUE);
        }
        final int bucket = lowestBucket();
        last = earliest[bucket] ^ Long.MIN_VALUE;
        current = bucket;
        return head(bucket);
    }

    /** Whether {@link #first()} is the first to be registered of its time. */
    boolean inOrder()
    {
        return (disordered >>> current & 1) == 0;
    }

    /**
     * Whether there are entries of the last time taken.
     *
     * @return true when {@link #first()} gives one of them
     */
    public boolean hasCurrent()
    {
        return sizes[current] > 0;
    }

    /** Address of the key of an entry that comes some places after the next one, or 0. */
    long keyAhead()
    {
        final int index = headIndexes[current] + AHEAD;
        final long chunk = headChunks[current];
        return chunk == 0 || index >= (chunk == tailChunks[current] ? tailIndexes[current] : CHUNK_ENTRIES) ? 0 :
            chunk + HEADER_LENGTH + (long)index * entryLength + TimerEntry.KEY_OFFSET;
    }

    private long head(final int bucket)
    {
        return headChunks[bucket] + HEADER_LENGTH + (long)headIndexes[bucket] * entryLength;
    }

    /** Deals entries of a bucket to those below; the bucket's earliest time is the last one taken. */
    private void deal(final int bucket, final long most)
    {
        for (long left = Math.min(most, sizes[bucket]); left > 0; left--)
        {
            final long entry = head(bucket);
            final long timestamp = TimerEntry.timestamp(entry);
            Memory.copyWords(entry, append(bucket(timestamp), timestamp, TimerEntry.sequence(entry)), entryLength);
            skip(bucket);
        }
    }

    /** Removes the entry that {@link #first()} gave. */
    public void removeFirst()
    {
        skip(current);
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
            noteEmpty(bucket);
        }
        else if (headIndexes[bucket] == CHUNK_ENTRIES)
        {
            final long chunk = headChunks[bucket];
            headChunks[bucket] = Memory.getLong(chunk);
            headIndexes[bucket] = 0;
            free(chunk);
        }
    }

    private void noteEmpty(final int bucket)
    {
        final int level = bucket >>> DIGIT_BITS;
        occupied[level] &= ~(1L << bucket);
        if (occupied[level] == 0)
        {
            levels &= ~(1 << level);
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
                    Memory.copyWords(
                        entry, append(bucket, TimerEntry.timestamp(entry), TimerEntry.sequence(entry)), entryLength);
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
