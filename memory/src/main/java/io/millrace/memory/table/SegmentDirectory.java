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
 *   root: 1 or 128 descriptors (top bits of the hash)      cells: 2^k of a descriptor (the next k bits)
 *   +----------------+------------+                        +--------------------------+
 *   | address of     | 63 - k     | ---------------------&gt; | segment address | depth  | --&gt; segment
 *   | its cells      |            |                        +--------------------------+
 *   +----------------+------------+                        | ...                      | --&gt; the same one, or another
 * </pre>
 * It begins with one descriptor and one small segment, which doubles up to full size; then segments split, and when
 * one descriptor would need 128 cells, there are 128 descriptors from then on, so that no doubling of cells takes
 * long. A segment whose depth is less than that of its cells has several cells.
 * <p>
 * A directory outlives its table's {@code clear()}: it is handed over whole, is swept, and its segments go back to
 * the pool.
 */
final class SegmentDirectory
{
    static final long SEGMENT_MASK = -1L << SegmentPool.BLOCK_SHIFT;
    static final int DEPTH_MASK = 63;
    /** Cells of a descriptor fit into the largest block. */
    static final int MAX_DEPTH = 24;

    private static final int ROOT_BITS = 7;
    private static final int DESCRIPTOR_SHIFT = 4;
    private static final int SHIFT_OFFSET = 8;
    private static final int ANCHOR_CLASS = 0;
    private static final int ANCHOR_CELLS_OFFSET = 512;
    private static final int ANCHOR_DEPTH = ROOT_BITS - 1;
    private static final int ROOT_CLASS = 2;
    private static final int ROOT_CELLS_OFFSET = 2048;
    private static final int ROOT_INLINE_DEPTH = 1;
    private static final int BLOCK_DEPTH = 7;

    private final SegmentPool pool;
    private final long[] listHeads = new long[2];
    private final long[] touched = new long[2];
    private final SegmentDirectory[] previous = new SegmentDirectory[2];
    private final SegmentDirectory[] next = new SegmentDirectory[2];
    private final boolean[] listed = new boolean[2];

    private long root;
    private int rootBits;
    private int sizeClass;
    private int totalSlots;
    private int homeSlots;
    private int slotsOffset;
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
            root = pool.take(ANCHOR_CLASS);
        }
        catch (final IllegalStateException ex)
        {
            pool.give(segment, smallest);
            throw ex;
        }
        rootBits = 0;
        describe(0, root + ANCHOR_CELLS_OFFSET, 0);
        shape(smallest);
        startSegment(segment, 0, 0);
        publish(0, 0, segment);
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
        Memory.putLong(segment + SegmentDescriptor.PREFIX_OFFSET, prefix);
        Memory.putInt(segment + SegmentDescriptor.DEPTH_OFFSET, depth);
        Memory.putInt(segment + SegmentDescriptor.COUNT_OFFSET, 0);
        Memory.putInt(
            segment + SegmentDescriptor.THRESHOLD_OFFSET, SegmentDescriptor.threshold(homeSlots, prefix, depth));
    }

    /** The cell of a hash, for whoever keeps root and rootBits at hand. */
    static long cell(final long root, final int rootBits, final long spread)
    {
        final long descriptor = root + (spread >>> 1 >>> 63 - rootBits << DESCRIPTOR_SHIFT);
        final long index = spread << rootBits >>> 1 >>> (int)Memory.getLong(descriptor + SHIFT_OFFSET);
        return Memory.getLong(Memory.getLong(descriptor) + (index << 3));
    }

    long cell(final long spread)
    {
        return cell(root, rootBits, spread);
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

    /** Makes room for segments of a depth at a prefix. */
    void ensureDepth(final long prefix, final int depth)
    {
        if (depth > MAX_DEPTH)
        {
            throw new IllegalStateException("stateId=" + stateId + " namespace=" + namespace + " size=" + size +
                " has more keys with the same first " + MAX_DEPTH + " bits of the hash than a segment holds: slots=" +
                totalSlots + ": spread the state over more tasks, or look for keys that were chosen to collide");
        }
        if (rootBits == 0 && depth > ANCHOR_DEPTH)
        {
            promote();
        }
        final int group = (int)(prefix >>> 1 >>> 63 - rootBits);
        while (groupDepth(group) < depth - rootBits)
        {
            deepen(group);
        }
    }

    /** Points every cell of a range at its segment. */
    void publish(final long prefix, final int depth, final long segment)
    {
        final int firstGroup = (int)(prefix >>> 1 >>> 63 - rootBits);
        final int groups = depth >= rootBits ? 1 : 1 << rootBits - depth;
        for (int group = firstGroup; group < firstGroup + groups; group++)
        {
            final int groupDepth = groupDepth(group);
            final int deeper = Math.max(0, depth - rootBits);
            final long firstCell = deeper == 0 ? 0 : prefix << rootBits >>> 1 >>> 63 - groupDepth;
            final long cells = cells(group);
            for (long index = firstCell; index < firstCell + (1L << groupDepth - deeper); index++)
            {
                Memory.putLong(cells + (index << 3), segment | depth);
            }
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

    long root()
    {
        return root;
    }

    int rootBits()
    {
        return rootBits;
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

    int slotsOffset()
    {
        return slotsOffset;
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
        return segment + slotsOffset + slot * entryLength;
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
        slotsOffset = SegmentDescriptor.slotsOffset(totalSlots);
    }

    private void describe(final int group, final long cells, final int depth)
    {
        final long descriptor = root + ((long)group << DESCRIPTOR_SHIFT);
        Memory.putLong(descriptor, cells);
        Memory.putLong(descriptor + SHIFT_OFFSET, 63 - depth);
    }

    private long cells(final int group)
    {
        return Memory.getLong(root + ((long)group << DESCRIPTOR_SHIFT));
    }

    private int groupDepth(final int group)
    {
        return 63 - (int)Memory.getLong(root + ((long)group << DESCRIPTOR_SHIFT) + SHIFT_OFFSET);
    }

    private void promote()
    {
        final long anchor = root;
        final long promoted = pool.take(ROOT_CLASS);
        for (int group = 0; group < 1 << ROOT_BITS; group++)
        {
            final long cells = promoted + ROOT_CELLS_OFFSET + ((long)group << ROOT_INLINE_DEPTH + 3);
            Memory.putLong(cells, cell(anchor, 0, (long)group << 64 - ROOT_BITS));
            root = promoted;
            describe(group, cells, 0);
        }
        rootBits = ROOT_BITS;
        pool.give(anchor, ANCHOR_CLASS);
    }

    private void deepen(final int group)
    {
        final int depth = groupDepth(group);
        final long cells = cells(group);
        final int oldClass = cellsClass(depth);
        final int newClass = cellsClass(depth + 1);
        final long target = newClass == oldClass ? cells : pool.take(newClass);
        for (long index = (1L << depth) - 1; index >= 0; index--)
        {
            final long cell = Memory.getLong(cells + (index << 3));
            Memory.putLong(target + (index << 4), cell);
            Memory.putLong(target + (index << 4) + 8, cell);
        }
        describe(group, target, depth + 1);
        if (newClass != oldClass && oldClass >= 0)
        {
            pool.give(cells, oldClass);
        }
    }

    /** Size class of the block that holds the cells of a group, below 0 where they are inline. */
    private int cellsClass(final int groupDepth)
    {
        final int inline = rootBits == 0 ? ANCHOR_DEPTH : ROOT_INLINE_DEPTH;
        return groupDepth <= inline ? -1 : Math.max(0, groupDepth - BLOCK_DEPTH);
    }

    private void freeCells()
    {
        for (int group = 0; group < 1 << rootBits; group++)
        {
            final int cellsClass = cellsClass(groupDepth(group));
            if (cellsClass >= 0)
            {
                pool.give(cells(group), cellsClass);
            }
        }
        pool.give(root, rootBits == 0 ? ANCHOR_CLASS : ROOT_CLASS);
        root = 0;
    }
}
