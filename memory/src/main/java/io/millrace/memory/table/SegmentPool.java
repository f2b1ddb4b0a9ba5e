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
package io.millrace.memory.table;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Zeroed blocks of off-heap memory for the tables of one task, cut from slabs that are kept until the pool is closed.
 * <pre>
 *   I/O thread: prepare() --&gt; ready slabs of 1 to 32 MiB, zeroed ahead --+
 *                                                                        +--&gt; slab --&gt; block of 1 KiB, 2 KiB, ...
 *   task: allocates a slab of 1 MiB itself when none is ready -----------+                 ^             |
 *                                                                               free lists +-- zeroed &lt;--+
 * </pre>
 * Everything but {@link #prepare()} is for the task's thread. Block lengths are powers of two, {@code 1 KiB <<
 * sizeClass}, but for a table's segment of full size, class {@link #SEGMENT_CLASS}: it is one cache line shorter, so
 * that what lies at the same place in all segments does not compete for the same cache sets. Smaller blocks are cut
 * from a segment and stay in their class. Blocks start on a cache line.
 */
public class SegmentPool implements AutoCloseable
{
    static final int BLOCK_SHIFT = 10;
    static final int SEGMENT_CLASS = 4;
    static final int SEGMENT_LENGTH = (1 << BLOCK_SHIFT + SEGMENT_CLASS) - Memory.CACHE_LINE_LENGTH;
    static final int MAX_CLASS = 15;

    private static final long MIN_SLAB_LENGTH = 1 << 20;
    private static final long MAX_SLAB_LENGTH = 32 << 20;
    private static final long MAX_AHEAD = 8 * MAX_SLAB_LENGTH;
    private static final long HUGE_PAGE = 2 << 20;
    private static final long PAGE = 4 << 10;

    private final MemoryAccount account;
    private final String owner;
    private final long[] free = new long[MAX_CLASS + 1];
    private final List<Region> slabs = new ArrayList<>();
    private final OneToOneConcurrentArrayQueue<Region> ready = new OneToOneConcurrentArrayQueue<>(64);
    private long next;
    private long end;
    private int freeSegments;
    private long usedBytes;
    /** Written by the task. */
    private volatile long slabBytes;
    /** Written by the task. */
    private volatile long takenAheadBytes;
    /** Written by the thread that prepares. */
    private volatile long aheadBytes;

    /**
     * A pool that holds nothing yet.
     *
     * @param account that the bytes are counted in
     * @param owner   for messages
     */
    public SegmentPool(final MemoryAccount account, final String owner)
    {
        this.account = account;
        this.owner = owner;
    }

    /**
     * Allocates and zeroes one slab ahead if the task may soon want one. Called by one thread other than the task's,
     * or by the task's own where there is none. What is kept ahead grows with what is used: half as much again, at
     * most 256 MiB.
     *
     * @return whether it did; call it again then
     */
    public boolean prepare()
    {
        final long held = slabBytes;
        final long ahead = aheadBytes - takenAheadBytes;
        if (ahead >= Math.min(MAX_AHEAD, Math.max(MIN_SLAB_LENGTH, held / 2)))
        {
            return false;
        }
        final long length = Math.max(MIN_SLAB_LENGTH, Math.min(MAX_SLAB_LENGTH, Long.highestOneBit(held / 4)));
        final Region slab;
        try
        {
            slab = Region.allocate(account, owner, length, length >= HUGE_PAGE ? HUGE_PAGE : PAGE);
        }
        catch (final IllegalStateException limitReached)
        {
            return false;       // not needed yet: when it is, the task meets the limit itself and says so
        }
        if (!ready.offer(slab))
        {
            slab.close();
            return false;
        }
        final long allocated = aheadBytes;
        aheadBytes = allocated + length;
        return true;
    }

    /**
     * @return bytes of all slabs, those ahead included
     */
    public long heldBytes()
    {
        return slabBytes + aheadBytes - takenAheadBytes;
    }

    /**
     * @return bytes of the blocks that tables hold now
     */
    public long usedBytes()
    {
        return usedBytes;
    }

    /**
     * Frees every slab. Called after the last table was let go of and the last {@link #prepare()} returned.
     */
    @Override
    public void close()
    {
        slabs.forEach(Region::close);
        slabs.clear();
        ready.drain(Region::close);
        Arrays.fill(free, 0);
        next = 0;
        end = 0;
        freeSegments = 0;
        usedBytes = 0;
        slabBytes = 0;
        takenAheadBytes = aheadBytes;
    }

    /**
     * Makes sure that the next blocks of segment size need no allocation.
     *
     * @param segments how many
     * @throws IllegalStateException when the memory limit is reached; nothing has changed then
     */
    void reserve(final int segments)
    {
        while (freeSegments() < segments)
        {
            addSlab(SEGMENT_LENGTH);
        }
    }

    /**
     * @return how many blocks of segment size can be taken without allocation
     */
    long freeSegments()
    {
        return freeSegments + (end - next) / SEGMENT_LENGTH;
    }

    /**
     * @param sizeClass of the block
     * @return address of a zeroed block
     */
    long take(final int sizeClass)
    {
        final long head = free[sizeClass];
        final long block;
        if (head != 0)
        {
            free[sizeClass] = Memory.getLong(head);
            Memory.putLong(head, 0);
            freeSegments -= sizeClass == SEGMENT_CLASS ? 1 : 0;
            block = head;
        }
        else
        {
            block = sizeClass < SEGMENT_CLASS ? carve(sizeClass) : cut(sizeClass);
        }
        usedBytes += length(sizeClass);
        return block;
    }

    /**
     * Takes a block back and zeroes it.
     *
     * @param block     that nothing refers to any more
     * @param sizeClass as it was taken
     */
    void give(final long block, final int sizeClass)
    {
        zero(block, length(sizeClass));
        link(block, sizeClass);
        usedBytes -= length(sizeClass);
    }

    /** A step of its own, so that a test can leave it out. */
    void zero(final long block, final long length)
    {
        Memory.fill(block, length, (byte)0);
    }

    static long length(final int sizeClass)
    {
        return sizeClass == SEGMENT_CLASS ? SEGMENT_LENGTH : 1L << BLOCK_SHIFT + sizeClass;
    }

    private long carve(final int sizeClass)
    {
        final long segment = free[SEGMENT_CLASS];
        final long whole;
        if (segment != 0)
        {
            free[SEGMENT_CLASS] = Memory.getLong(segment);
            Memory.putLong(segment, 0);
            freeSegments--;
            whole = segment;
        }
        else
        {
            whole = cut(SEGMENT_CLASS);
        }
        final long length = length(sizeClass);
        for (long block = whole + length; block + length <= whole + SEGMENT_LENGTH; block += length)
        {
            link(block, sizeClass);
        }
        return whole;
    }

    private long cut(final int sizeClass)
    {
        final long length = length(sizeClass);
        while (end - next < length)
        {
            addSlab(length);
        }
        final long block = next;
        next = block + length;
        return block;
    }

    private void addSlab(final long length)
    {
        final Region ahead = ready.peek();
        final Region slab;
        if (ahead != null && ahead.length() >= length)
        {
            slab = ready.poll();
            final long taken = takenAheadBytes;
            takenAheadBytes = taken + slab.length();
        }
        else
        {
            slab = Region.allocate(account, owner, Math.max(MIN_SLAB_LENGTH, length), PAGE);
        }
        slabs.add(slab);
        for (long block = next; block + SEGMENT_LENGTH <= end; block += SEGMENT_LENGTH)
        {
            link(block, SEGMENT_CLASS);
        }
        next = slab.address();
        end = next + slab.length();
        final long held = slabBytes;
        slabBytes = held + slab.length();
    }

    private void link(final long block, final int sizeClass)
    {
        Memory.putLong(block, free[sizeClass]);
        free[sizeClass] = block;
        freeSegments += sizeClass == SEGMENT_CLASS ? 1 : 0;
    }
}
