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

import static io.millrace.memory.table.SegmentDescriptor.LISTED_OFFSET;
import static io.millrace.memory.table.SegmentDescriptor.nextOffset;

/**
 * The segments of one table, found by the leading bits of a hash (extendible hashing: Fagin, Nievergelt, Pippenger,
 * Strong, TODS'79).
 * <pre>
 *   cells: 2^depth, found by the top bits of the hash
 *   +--------------------------+
 *   | segment address | depth  | --&gt; segment; one whose depth is less than the directory's has several cells
 *   +--------------------------+
 *   | ...                      | --&gt; the same one, or another
 *   +--------------------------+
 *   next cells: 2^(depth + 1), filled ahead by some each time that a segment splits, so that no step is long
 * </pre>
 * It begins with one small segment, which doubles up to full size; then segments split. One that is widened begins with
 * several of full size. A directory outlives its table's {@code clear()}: it is handed over whole, is swept, and its
 * segments go back to the pool.
 */
final class SegmentDirectory
{
    static final long SEGMENT_MASK = -Memory.CACHE_LINE_LENGTH;
    static final int DEPTH_MASK = 63;
    /** As deep as cells fit into the largest block. */
    static final int MAX_DEPTH = SegmentPool.MAX_CLASS - 1 + SegmentPool.BLOCK_SHIFT - 3;

    /** What a directory may begin with: a MiB, so that to begin takes no longer than 0.1 ms. */
    private static final int MAX_FIRST_SEGMENTS = 64;

    private static final int CELLS_PER_SPLIT = 64;
    private static final int SMALLEST_BLOCK_DEPTH = SegmentPool.BLOCK_SHIFT - 3;
    private static final int AHEAD_DEPTH = 11;

    private final SegmentPool pool;
    private final long[] listHeads = new long[2];
    private final long[] touched = new long[2];
    private final SegmentDirectory[] previous = new SegmentDirectory[2];
    private final SegmentDirectory[] next = new SegmentDirectory[2];
    private final boolean[] listed = new boolean[2];

    private long cells;
    private int depth;
    private long nextCells;
    private long nextFilled;
    private int sizeClass;
    private int totalSlots;
    private int homeSlots;
    private int stateId;
    private int keyLength;
    private int entryLength;
    private long namespace;
    private long size;
    private long createdEpoch;
    private boolean known;
    private boolean detached;
    private boolean full;
    private long position;
    private SegmentDirectory nextRetired;

    SegmentDirectory(final SegmentPool pool)
    {
        this.pool = pool;
    }

    void open(final int stateId, final long namespace, final int keyLength, final int entryLength, final long epoch)
    {
        this.stateId = stateId;
        this.namespace = namespace;
        this.keyLength = keyLength;
        this.entryLength = entryLength;
        createdEpoch = epoch;
        known = false;
        detached = false;
        full = false;
        position = 0;
        size = 0;
        touched[0] = 0;
        touched[1] = 0;
        int smallest = 0;
        while (SegmentDescriptor.totalSlots(smallest, entryLength) < SegmentDescriptor.MIN_SLOTS)
        {
            smallest++;
        }
        final long segment = pool.take(smallest);
        try
        {
            cells = pool.take(0);
        }
        catch (final IllegalStateException limitReached)
        {
            pool.give(segment, smallest);
            throw limitReached;
        }
        depth = 1;
        shape(smallest);
        startSegment(segment, 0, 0);
        publish(0, 0, segment);
    }

    /**
     * @return how many segments of full size it begins with when it is {@link #widen widened} for a number of entries
     */
    int firstSegments(final long entries)
    {
        int segments = 1;
        while (segments < MAX_FIRST_SEGMENTS && entries / segments >= leastThreshold(SegmentPool.SEGMENT_CLASS))
        {
            segments <<= 1;
        }
        return segments;
    }

    /** Of a directory that was just opened: makes it as large as it gets when it holds a number of entries. */
    void widen(final long entries)
    {
        int newClass = sizeClass;
        while (newClass < SegmentPool.SEGMENT_CLASS && entries >= leastThreshold(newClass))
        {
            newClass++;
        }
        final int segments = newClass == SegmentPool.SEGMENT_CLASS ? firstSegments(entries) : 1;
        if (newClass != sizeClass || segments > 1)
        {
            final int newDepth = Integer.numberOfTrailingZeros(segments);
            pool.give(cell(0) & SEGMENT_MASK, sizeClass);
            shape(newClass);
            ensureDepth(newDepth);
            for (long index = 0; index < segments; index++)
            {
                final long prefix = newDepth == 0 ? 0 : index << Long.SIZE - newDepth;
                final long segment = pool.take(newClass);
                startSegment(segment, prefix, newDepth);
                publish(prefix, newDepth, segment);
            }
        }
    }

    private int leastThreshold(final int sizeClass)
    {
        return SegmentDescriptor.leastThreshold(
            SegmentDescriptor.homeSlots(SegmentDescriptor.totalSlots(sizeClass, entryLength)));
    }

    /** Replaces the only segment by one of another size, which the caller fills. The old one goes back to the pool. */
    void resize(final long segment, final int newClass)
    {
        final long old = cell(0) & SEGMENT_MASK;
        listHeads[0] = 0;
        listHeads[1] = 0;
        pool.give(old, sizeClass);
        shape(newClass);
        publish(0, 0, segment);
    }

    void startSegment(final long segment, final long prefix, final int depth)
    {
        Memory.putInt(segment + SegmentDescriptor.COUNT_OFFSET, 0);
        Memory.putInt(
            segment + SegmentDescriptor.THRESHOLD_OFFSET, SegmentDescriptor.threshold(homeSlots, prefix, depth));
    }

    /** The cell of a hash, for whoever keeps cells and shift at hand. */
    static long cell(final long cells, final int shift, final long spread)
    {
        return Memory.getLong(cells + (spread >>> shift << 3));
    }

    long cell(final long spread)
    {
        return cell(cells, shift(), spread);
    }

    /**
     * @param position a hash
     * @return the first hash behind the segment that holds it, 0 behind the last segment
     */
    long positionBehind(final long position)
    {
        final int depth = (int)cell(position) & DEPTH_MASK;
        if (depth == 0)
        {
            return 0;
        }
        final long span = 1L << 64 - depth;
        return (position & -span) + span;
    }

    /** Makes room for cells of segments of a depth. */
    void ensureDepth(final int depth)
    {
        if (depth > MAX_DEPTH)
        {
            throw new IllegalStateException("stateId=" + stateId + " namespace=" + namespace + " size=" + size +
                " has more keys with the same first " + MAX_DEPTH + " bits of the hash than a segment holds: slots=" +
                totalSlots + ": spread the state over more tasks, or look for keys that were chosen to collide");
        }
        while (this.depth < depth)
        {
            deepen();
        }
        if (depth == this.depth && depth >= AHEAD_DEPTH && depth < MAX_DEPTH && nextCells == 0)
        {
            takeNextCells();
        }
    }

    /** Points every cell of a range at its segment. */
    void publish(final long prefix, final int depth, final long segment)
    {
        final long first = prefix >>> shift();
        final long end = first + (1L << this.depth - depth);
        fill(cells, first, end, segment | depth);
        if (nextCells != 0)
        {
            fill(nextCells, first << 1, end << 1, segment | depth);
            fillAhead(CELLS_PER_SPLIT);
        }
    }

    /**
     * Gives segments back to the pool, and at last the directory's own blocks.
     *
     * @param maxSegments to give back now
     * @return whether all are gone
     */
    boolean free(final int maxSegments)
    {
        for (int i = 0; i < maxSegments; i++)
        {
            final long segment = cell(position) & SEGMENT_MASK;
            position = positionBehind(position);
            pool.give(segment, sizeClass);
            if (position == 0)
            {
                freeCells();
                return true;
            }
        }
        return false;
    }

    void list(final long segment, final int parity)
    {
        final int flags = Memory.getInt(segment + LISTED_OFFSET);
        if ((flags & 1 << parity) == 0)
        {
            Memory.putInt(segment + LISTED_OFFSET, flags | 1 << parity);
            Memory.putLong(segment + nextOffset(parity), listHeads[parity]);
            listHeads[parity] = segment;
        }
    }

    long firstListed(final int parity)
    {
        return listHeads[parity];
    }

    void unlistFirst(final int parity)
    {
        final long segment = listHeads[parity];
        listHeads[parity] = Memory.getLong(segment + nextOffset(parity));
        Memory.putLong(segment + nextOffset(parity), 0);
        Memory.putInt(segment + LISTED_OFFSET, Memory.getInt(segment + LISTED_OFFSET) & ~(1 << parity));
    }

    /** Forgets a list of segments that are about to be freed. */
    void abandonList(final int parity)
    {
        listHeads[parity] = 0;
    }

    /** Links the directory before the head of a list; returns the new head. */
    SegmentDirectory linkBefore(final SegmentDirectory head, final int parity)
    {
        listed[parity] = true;
        previous[parity] = null;
        next[parity] = head;
        if (head != null)
        {
            head.previous[parity] = this;
        }
        return this;
    }

    /** Takes the directory out of a list; returns the head. */
    SegmentDirectory unlink(final SegmentDirectory head, final int parity)
    {
        final SegmentDirectory before = previous[parity];
        final SegmentDirectory behind = next[parity];
        if (before != null)
        {
            before.next[parity] = behind;
        }
        if (behind != null)
        {
            behind.previous[parity] = before;
        }
        listed[parity] = false;
        previous[parity] = null;
        next[parity] = null;
        return head == this ? behind : head;
    }

    boolean isListed(final int parity)
    {
        return listed[parity];
    }

    long touched(final int parity)
    {
        return touched[parity];
    }

    void touched(final int parity, final long count)
    {
        touched[parity] = count;
    }

    long cells()
    {
        return cells;
    }

    /** By how much a hash is shifted to get the index of its cell. */
    int shift()
    {
        return 64 - depth;
    }

    int sizeClass()
    {
        return sizeClass;
    }

    int totalSlots()
    {
        return totalSlots;
    }

    int homeSlots()
    {
        return homeSlots;
    }

    int stateId()
    {
        return stateId;
    }

    long namespace()
    {
        return namespace;
    }

    int keyLength()
    {
        return keyLength;
    }

    int entryLength()
    {
        return entryLength;
    }

    long entryAddress(final long segment, final long slot)
    {
        return SegmentDescriptor.entryAddress(segment, slot, entryLength);
    }

    long stateAddress(final long segment, final long slot)
    {
        return SegmentDescriptor.stateAddress(segment, slot, entryLength);
    }

    long size()
    {
        return size;
    }

    void size(final long size)
    {
        this.size = size;
    }

    /** Epoch in which it was opened: what no earlier delta can hold needs no tombstone. */
    long createdEpoch()
    {
        return createdEpoch;
    }

    /** Whether deltas of earlier epochs may name its namespace. */
    boolean isKnown()
    {
        return known;
    }

    void known(final boolean known)
    {
        this.known = known;
    }

    /** Makes it as old as what was restored into it. */
    void restored()
    {
        createdEpoch = 0;
        known = true;
    }

    boolean isDetached()
    {
        return detached;
    }

    void detach()
    {
        detached = true;
    }

    /** Whether the sweep goes over all of its segments, not only over those that are listed. */
    boolean isFull()
    {
        return full;
    }

    void full(final boolean full)
    {
        this.full = full;
        position = 0;
    }

    /** Where a walk over all segments has got to. */
    long position()
    {
        return position;
    }

    void position(final long position)
    {
        this.position = position;
    }

    SegmentDirectory nextRetired()
    {
        return nextRetired;
    }

    void nextRetired(final SegmentDirectory directory)
    {
        nextRetired = directory;
    }

    private void shape(final int newClass)
    {
        sizeClass = newClass;
        totalSlots = SegmentDescriptor.totalSlots(newClass, entryLength);
        homeSlots = SegmentDescriptor.homeSlots(totalSlots);
    }

    private void deepen()
    {
        if (cellsClass(depth + 1) == cellsClass(depth))
        {
            for (long index = (1L << depth) - 1; index >= 0; index--)
            {
                fill(cells, index << 1, index + 1 << 1, Memory.getLong(cells + (index << 3)));
            }
        }
        else
        {
            if (nextCells == 0)
            {
                takeNextCells();
            }
            fillAhead(1L << depth);
            pool.give(cells, cellsClass(depth));
            cells = nextCells;
            nextCells = 0;
        }
        depth++;
    }

    private void takeNextCells()
    {
        nextCells = pool.take(cellsClass(depth + 1));
        nextFilled = 0;
    }

    private void fillAhead(final long count)
    {
        final long end = Math.min(1L << depth, nextFilled + count);
        for (long index = nextFilled; index < end; index++)
        {
            fill(nextCells, index << 1, index + 1 << 1, Memory.getLong(cells + (index << 3)));
        }
        nextFilled = end;
    }

    private void freeCells()
    {
        pool.give(cells, cellsClass(depth));
        cells = 0;
        if (nextCells != 0)
        {
            pool.give(nextCells, cellsClass(depth + 1));
            nextCells = 0;
        }
    }

    private static void fill(final long cells, final long first, final long end, final long cell)
    {
        for (long index = first; index < end; index++)
        {
            Memory.putLong(cells + (index << 3), cell);
        }
    }

    /** Size class of a block of cells. A segment is a line too short for a power of two. */
    private static int cellsClass(final int depth)
    {
        final int sizeClass = Math.max(0, depth - SMALLEST_BLOCK_DEPTH);
        return sizeClass < SegmentPool.SEGMENT_CLASS ? sizeClass : sizeClass + 1;
    }
}
