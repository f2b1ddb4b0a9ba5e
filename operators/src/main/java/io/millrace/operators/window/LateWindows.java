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

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;

/**
 * Combines, for one key, sliding windows that a late record is in, of their slices. All of them have the record's slice,
 * so each is what goes from its start up to that slice (left) and what goes on behind it up to its end (right). Lefts
 * grow from window to window, the latest first, and rights are made ahead: two merges a window and one a slice.
 * <pre>
 *            | slice |
 *        [left       | right    )     latest
 *     [left          | right )
 *  [left             | right)         earliest
 * </pre>
 * Merges are in the order of time. Used by one thread.
 */
public final class LateWindows implements AutoCloseable
{
    private final SlidingWindow window;
    private final WindowTables slices;
    private final SliceCombiner combiner;
    private final int length;
    private final Region region;
    /** Addresses of what windows have on the right, from the earliest window on; 0 where that is nothing. */
    private final long[] rights;
    private final long alone;
    private final long combined;
    private final long firstRight;

    private long hash;
    private long key;
    private long earliest;
    private long left;
    private long spareLeft;
    private long reached;

    /**
     * Room for the windows of one slice.
     *
     * @param window   size and slide
     * @param slices   accumulators by slice and key
     * @param combiner merges accumulators
     * @param length   of an accumulator
     * @param context  of the operator
     */
    public LateWindows(
        final SlidingWindow window,
        final WindowTables slices,
        final SliceCombiner combiner,
        final int length,
        final OperatorContext context)
    {
        this.window = window;
        this.slices = slices;
        this.combiner = combiner;
        this.length = length;
        // Without lateness no window is kept that was fired.
        final long overlap = window.lateness() == 0 ? 0 : window.overlap();
        if (overlap > Integer.MAX_VALUE / 2)
        {
            throw new IllegalArgumentException("size=" + window.size() + " slide=" + window.slide() +
                " of sliding windows: overlap=" + overlap + " windows for each record: choose a longer slide");
        }
        rights = new long[(int)overlap];
        region = Region.allocate(context.account(), context.name() + " late windows", (4 + overlap) * length);
        alone = region.address();
        combined = alone + length;
        left = combined + length;
        spareLeft = left + length;
        firstRight = spareLeft + length;
    }

    /**
     * Where the accumulator of a record alone can be made.
     *
     * @return its address, with the bytes of the last one
     */
    public long alone()
    {
        return alone;
    }

    /**
     * The same, all zeros.
     *
     * @return its address
     */
    public long newAlone()
    {
        Memory.zero(alone, length);
        return alone;
    }

    /**
     * Adds the accumulator of a record alone to one that there is.
     *
     * @param value   address of that
     * @param created whether it is new
     */
    public void addAlone(final long value, final boolean created)
    {
        if (created)
        {
            Memory.copyWords(alone, value, length);
        }
        else
        {
            combiner.merge(value, alone);
        }
    }

    /**
     * Begins with a key and a slice that has it.
     *
     * @param keyHash       of the key
     * @param keyAddress    of its bytes, which stay while windows are combined
     * @param slice         start of the slice
     * @param earliestStart of the earliest window to combine
     * @param latestStart   of the latest one
     */
    public void begin(
        final long keyHash, final long keyAddress, final long slice, final long earliestStart, final long latestStart)
    {
        hash = keyHash;
        key = keyAddress;
        earliest = earliestStart;
        combineRights(window.sliceEnd(slice), latestStart);
        Memory.copyWords(slices.find(slice).find(hash, key), left, length);
        reached = slice;
    }

    private void combineRights(final long sliceEnd, final long latest)
    {
        long from = sliceEnd;
        long right = 0;
        int index = 0;
        for (long windowStart = earliest; windowStart <= latest; windowStart += window.slide())
        {
            final long to = windowStart + window.size();
            long longer = right;
            for (long slice = slices.firstSlice(from); slice < to; slice = slices.firstSlice(slice + 1))
            {
                final long value = slices.find(slice).find(hash, key);
                if (value != 0 && longer == right)
                {
                    longer = firstRight + (long)index * length;
                    append(right, value, longer);
                }
                else if (value != 0)
                {
                    combiner.merge(longer, value);
                }
            }
            right = longer;
            rights[index++] = right;
            from = to;
        }
    }

    /**
     * Combines a window. The one that is combined next must be earlier.
     *
     * @param windowStart of the window, not before the earliest nor behind the latest
     * @return address of the accumulator, valid until the next call
     */
    public long combine(final long windowStart)
    {
        while (reached > windowStart)
        {
            reached = window.sliceStart(reached - 1);
            final KeyedTable slice = slices.find(reached);
            final long value = slice == null ? 0 : slice.find(hash, key);
            if (value != 0)
            {
                append(value, left, spareLeft);
                final long longer = spareLeft;
                spareLeft = left;
                left = longer;
            }
        }
        append(left, rights[(int)((windowStart - earliest) / window.slide())], combined);
        return combined;
    }

    /** Merges two accumulators, either of which may be 0 for none, to a third. */
    private void append(final long first, final long second, final long target)
    {
        Memory.copyWords(first != 0 ? first : second, target, length);
        if (first != 0 && second != 0)
        {
            combiner.merge(target, second);
        }
    }

    @Override
    public void close()
    {
        region.close();
    }
}
