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
package io.millrace.operators.window;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times at which keys are to be looked at: a hierarchical timing wheel (Varghese and Lauck, SOSP'87) of 11 levels of 64
 * buckets, which together reach over all times. To add an entry takes O(1), to take it no more than 11 moves, and to
 * find the next time does not depend on how many entries there are.
 * <pre>
 *   level 0:  |0|1|2|...|63|    times that differ from now in their lowest 6 bits only, a bucket each
 *   level 1:  |0|1|2|...|63|    times that differ in the 6 bits above, 64 of them to a bucket
 *   ...
 *   bucket:   chunk --> chunk --> ...     chunk: | next 8 | count 8 | time 8, key | time 8, key | ...
 * </pre>
 * When time enters a bucket of a higher level, its entries move down. Entries that are no longer of use are not removed:
 * who takes one looks whether it still holds. The order of the entries of one time means nothing. Memory grows with the
 * number of entries, and is used again. It is no part of a snapshot, as it follows from the sessions.
 */
public final class SessionDeadlines implements AutoCloseable
{
    /** No time. */
    public static final long NONE = Long.MAX_VALUE;
    /** No time yet: more is to be moved down first. */
    public static final long BUSY = Long.MIN_VALUE;

    private static final int BITS = 6;
    private static final int BUCKETS = 1 << BITS;
    private static final int LEVELS = (Long.SIZE + BITS - 1) / BITS;
    private static final int CHUNK_LENGTH = 1024;
    private static final int PAGE_LENGTH = 64 * CHUNK_LENGTH;
    private static final int NEXT_OFFSET = 0;
    private static final int COUNT_OFFSET = 8;
    private static final int ENTRIES_OFFSET = 16;
    private static final int KEY_OFFSET = 8;
    /** Entries that are moved down in one go at most, but for those that fill a chunk. */
    private static final int MOVED_ENTRIES = 4096;

    private final MemoryAccount account;
    private final String owner;
    private final int keyLength;
    private final int entryLength;
    private final int chunkEntries;
    private final List<Region> pages = new ArrayList<>();
    private final long[] heads = new long[LEVELS * BUCKETS];
    /** A bit for each bucket of a level that has entries. */
    private final long[] occupied = new long[LEVELS];
    private long freeChunks;
    /** Times are kept as unsigned numbers here. */
    private long now;

    /** The chunk that is moved down next, of the bucket that time has entered; 0 when all were moved. */
    private long moving;

    /** What is being taken: a chunk, and how many of its entries are left. */
    private long taken;
    private int left;

    /**
     * No entries yet, and the time before all others.
     *
     * @param keyLength bytes of a key, a multiple of 8
     * @param account   that the bytes are counted in
     * @param owner     for messages
     */
    public SessionDeadlines(final int keyLength, final MemoryAccount account, final String owner)
    {
        this.account = account;
        this.owner = owner;
        this.keyLength = keyLength;
        this.entryLength = KEY_OFFSET + keyLength;
        this.chunkEntries = (CHUNK_LENGTH - ENTRIES_OFFSET) / entryLength;
    }

    /**
     * Adds an entry.
     *
     * @param time later than all that {@link #next} was called with or returned
     * @param key  address of its bytes
     */
    public void add(final long time, final long key)
    {
        put(unsigned(time), key);
    }

    private void put(final long time, final long key)
    {
        final int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros((time ^ now) | 1)) / BITS;
        final int bucket = (int)(time >>> level * BITS) & BUCKETS - 1;
        final int index = level * BUCKETS + bucket;
        long chunk = heads[index];
        if (chunk == 0 || Memory.getLong(chunk + COUNT_OFFSET) == chunkEntries)
        {
            chunk = newChunk(chunk);
            heads[index] = chunk;
            occupied[level] |= 1L << bucket;
        }
        final long count = Memory.getLong(chunk + COUNT_OFFSET);
        final long entry = chunk + ENTRIES_OFFSET + count * entryLength;
        Memory.putLong(entry, time);
        Memory.copyWords(key, entry + KEY_OFFSET, keyLength);
        Memory.putLong(chunk + COUNT_OFFSET, count + 1);
    }

    /**
     * The earliest time that has entries. {@link #take()} gives these.
     *
     * @param limit not before that of the last call
     * @return the time, or {@link #NONE} when it is after the limit; then the limit is the time from now on; {@link #BUSY}
     *         to be called again with the same limit, before anything else
     */
    public long next(final long limit)
    {
        if (moving != 0 && !moveDown())
        {
            return BUSY;
        }
        final long last = unsigned(limit);
        int level = 0;
        while (level < LEVELS)
        {
            if (occupied[level] == 0)
            {
                level++;
                continue;
            }
            final int bucket = Long.numberOfTrailingZeros(occupied[level]);
            final long start = start(level, bucket);
            if (Long.compareUnsigned(start, last) > 0)
            {
                break;
            }
            now = start;
            if (level == 0)
            {
                return unsigned(start);
            }
            moving = detach(level, bucket);
            if (!moveDown())
            {
                return BUSY;
            }
            level = 0;
        }
        now = last;
        return NONE;
    }

    /**
     * A time that is not after the earliest one that has entries, but after the last limit.
     *
     * @return the time, or {@link #NONE} when there are no entries
     */
    public long earliest()
    {
        for (int level = 0; level < LEVELS; level++)
        {
            if (occupied[level] != 0)
            {
                return unsigned(start(level, Long.numberOfTrailingZeros(occupied[level])));
            }
        }
        return NONE;
    }

    private long start(final int level, final int bucket)
    {
        final int shift = (level + 1) * BITS;
        final long above = shift < Long.SIZE ? now & -1L << shift : 0;
        return above | (long)bucket << level * BITS;
    }

    private boolean moveDown()
    {
        for (int moved = 0; moving != 0 && moved < MOVED_ENTRIES; moved += chunkEntries)
        {
            final long chunk = moving;
            final long count = Memory.getLong(chunk + COUNT_OFFSET);
            long entry = chunk + ENTRIES_OFFSET;
            for (long i = 0; i < count; i++)
            {
                put(Memory.getLong(entry), entry + KEY_OFFSET);
                entry += entryLength;
            }
            moving = free(chunk);
        }
        return moving == 0;
    }

    /**
     * Takes an entry of the time that {@link #next} returned, until there is none left. Meanwhile later ones may be
     * added.
     *
     * @return address of the key's bytes, valid until the next call; 0 when there is none left
     */
    public long take()
    {
        if (left == 0)
        {
            taken = taken == 0 ? detach(0, (int)now & BUCKETS - 1) : free(taken);
            if (taken == 0)
            {
                return 0;
            }
            left = (int)Memory.getLong(taken + COUNT_OFFSET);
        }
        left--;
        return taken + ENTRIES_OFFSET + (long)left * entryLength + KEY_OFFSET;
    }

    private long detach(final int level, final int bucket)
    {
        final int index = level * BUCKETS + bucket;
        final long chunk = heads[index];
        heads[index] = 0;
        occupied[level] &= ~(1L << bucket);
        return chunk;
    }

    /** Frees a chunk, and gives the one behind it. */
    private long free(final long chunk)
    {
        final long next = Memory.getLong(chunk + NEXT_OFFSET);
        Memory.putLong(chunk + NEXT_OFFSET, freeChunks);
        freeChunks = chunk;
        return next;
    }

    private long newChunk(final long next)
    {
        if (freeChunks == 0)
        {
            addPage();
        }
        final long chunk = freeChunks;
        freeChunks = Memory.getLong(chunk + NEXT_OFFSET);
        Memory.putLong(chunk + NEXT_OFFSET, next);
        Memory.putLong(chunk + COUNT_OFFSET, 0);
        return chunk;
    }

    private void addPage()
    {
        final Region page = Region.allocate(account, owner + " deadlines", PAGE_LENGTH);
        pages.add(page);
        for (long chunk = page.address() + PAGE_LENGTH; chunk != page.address();)
        {
            chunk -= CHUNK_LENGTH;
            free(chunk);
        }
    }

    /** Forgets every entry; the time stays. */
    public void clear()
    {
        for (int level = 0; level < LEVELS; level++)
        {
            while (occupied[level] != 0)
            {
                long chunk = detach(level, Long.numberOfTrailingZeros(occupied[level]));
                while (chunk != 0)
                {
                    chunk = free(chunk);
                }
            }
        }
    }

    private static long unsigned(final long time)
    {
        return time ^ Long.MIN_VALUE;
    }

    @Override
    public void close()
    {
        pages.forEach(Region::close);
        pages.clear();
        freeChunks = 0;
        Arrays.fill(heads, 0);
        Arrays.fill(occupied, 0);
    }
}
