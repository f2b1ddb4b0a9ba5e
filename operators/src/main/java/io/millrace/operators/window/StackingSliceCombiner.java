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
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.StatePlacement;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.AggregateFunction;

import java.util.Arrays;

/**
 * Combines windows of aggregates that cannot be deducted: slices lie in two stacks (Tangwongsan, Hirzel and Schneider,
 * Low-Latency Sliding-Window Aggregation in Worst-Case Constant Time, DEBS 2017, section 3). The front one has, for each
 * of its slices, what that slice and all behind it in the front came to; the back one what all its slices came to. A
 * window is an entry of each. When the last slice has left the front, the window's slices become the new front.
 * <pre>
 *   slices                 |  1  |  2  |  3  |  4  |  5  |
 *   front, a table each    [1 + 2 + 3]                        window of 1 to 3
 *                                [2 + 3]
 *                                      [3]
 *   back, one table                          [4]              window of 2 to 4:  [2 + 3] + [4]
 *                                            [4 + 5]          window of 3 to 5:  [3] + [4 + 5]
 * </pre>
 * A slice is merged twice for each key, whatever the size of the windows; once in as many windows as a window has
 * slices, all of that is done at once.
 *
 * @param <V> read-only view of the records
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 */
public final class StackingSliceCombiner<V, B, A extends Flyweight> implements SliceCombiner, KeyedCursor
{
    private static final long NOTHING = Long.MIN_VALUE;

    private final AggregateFunction<? super V, ? super B, ? super A> aggregate;
    private final RecordType<B, A> type;
    private final SlidingWindow window;
    private final int length;
    private final A target;
    private final A source;
    private WindowTables slices;
    private WindowTables fronts;
    private KeyedTable back;
    private SliceMerge merge;
    private Region region;
    private String name;
    private int keyLength;
    /** Starts of the slices that are still to be stacked. */
    private long[] starts = new long[16];
    private int count;
    /** Whether the front is being made, not the back grown. */
    private boolean starting;
    /** Slices from here on are still to go to the back. */
    private long backTo = NOTHING;
    /** What is being added, to what, and what is to be added next; null when there is none. */
    private KeyedCursor entries;
    private KeyedTable grown;
    private KeyedTable behind;
    /** Slices that start from here on are in the front, from there on in the back, up to the end. */
    private long from = NOTHING;
    private long backFrom = NOTHING;
    private long to = NOTHING;
    private long value;

    /**
     * A combiner.
     *
     * @param aggregate merges accumulators
     * @param type      of the accumulators, of fixed length
     * @param window    size and slide
     */
    public StackingSliceCombiner(
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final RecordType<B, A> type,
        final SlidingWindow window)
    {
        this.aggregate = aggregate;
        this.type = type;
        this.window = window;
        this.length = type.blockLength();
        this.target = type.newFlyweight();
        this.source = type.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context, final WindowTables windowSlices, final int newKeyLength)
    {
        name = context.name();
        slices = windowSlices;
        keyLength = newKeyLength;
        context.state().describe("fronts", StateForm.placed(StatePlacement.DERIVED));
        context.state().describe("back", StateForm.placed(StatePlacement.DERIVED));
        fronts = context.state().windowTables("fronts", keyLength, length);
        back = context.state().keyedTable("back", keyLength, length);
        merge = new SliceMerge(keyLength);
        region = Region.allocate(context.account(), name + " combined", length);
    }

    @Override
    public void moveTo(final long windowStart)
    {
        forgetBefore(windowStart);
        final long end = windowStart + window.size();
        starting = windowStart >= backFrom;
        if (starting)
        {
            startFront(end);
        }
        backTo = to;
        to = end;
    }

    /** Empties both stacks, and notes the slices up to an end, to be stacked from the last one on. */
    private void startFront(final long end)
    {
        // What the front still has are slices of this window, which are made anew.
        for (long slice = fronts.firstSlice(from); slice < end; slice = fronts.firstSlice(slice + 1))
        {
            fronts.find(slice).clear();
        }
        if (back.size() != 0)
        {
            back.clear();
        }
        count = 0;
        for (long slice = slices.firstSlice(from); slice < end; slice = slices.firstSlice(slice + 1))
        {
            if (count == starts.length)
            {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = slice;
        }
        behind = null;
        grown = null;
        backFrom = end;
    }

    @Override
    public int proceed(final int most)
    {
        int left = most;
        while (left > 0)
        {
            if (entries == null && !(starting ? nextOfFront() : nextOfBack()))
            {
                return left;
            }
            if (entries.next())
            {
                final long key = entries.key();
                add(grown, KeyHash.hash(key, keyLength), key, entries.value());
                left--;
            }
            else
            {
                entries = null;
            }
        }
        return 0;
    }

    /** To the front goes a slice, then what is behind it; then the slice before. */
    private boolean nextOfFront()
    {
        if (grown != null && behind != null)
        {
            entries = behind.cursor();
            behind = null;
            return true;
        }
        behind = grown;
        if (count == 0)
        {
            grown = null;
            behind = null;
            return false;
        }
        count--;
        grown = fronts.table(starts[count]);
        entries = slices.find(starts[count]).cursor();
        return true;
    }

    private boolean nextOfBack()
    {
        final long slice = slices.firstSlice(backTo);
        if (slice >= to)
        {
            backTo = to;
            return false;
        }
        backTo = slice + 1;
        grown = back;
        entries = slices.find(slice).cursor();
        return true;
    }

    private void add(final KeyedTable table, final long hash, final long key, final long other)
    {
        final long entry = table.upsert(hash, key);
        if (table.created())
        {
            Memory.copyWords(other, entry, length);
        }
        else
        {
            merge(entry, other);
        }
        table.written();
    }

    @Override
    public void forgetBefore(final long start)
    {
        for (long slice = fronts.firstSlice(NOTHING); slice < start; slice = fronts.firstSlice(NOTHING))
        {
            fronts.drop(slice);
        }
        from = Math.max(from, start);
    }

    @Override
    public void late(final long slice, final boolean created, final long hash, final long key, final long record)
    {
        if (slice < from || slice >= to || backFrom <= from)
        {
            return;
        }
        if (slice >= backFrom)
        {
            add(back, hash, key, record);
        }
        else if (fronts.find(slice) == null)
        {
            // A slice that the front has not: the next window makes a new one.
            backFrom = from;
        }
        else
        {
            for (long front = fronts.firstSlice(from); front <= slice; front = fronts.firstSlice(front + 1))
            {
                add(fronts.table(front), hash, key, record);
            }
        }
    }

    @Override
    public KeyedCursor cursor()
    {
        merge.begin();
        final long front = fronts.firstSlice(from);
        if (front != Long.MAX_VALUE)
        {
            merge.add(fronts.find(front).cursor());
        }
        merge.add(back.cursor());
        return this;
    }

    @Override
    public boolean next()
    {
        if (!merge.next())
        {
            return false;
        }
        final long first = merge.value(0);
        final long second = merge.ways() == 1 ? 0 : merge.value(1);
        if (first != 0 && second != 0)
        {
            value = region.address();
            Memory.copyWords(first, value, length);
            merge(value, second);
        }
        else
        {
            value = first != 0 ? first : second;
        }
        return true;
    }

    @Override
    public long key()
    {
        return merge.key();
    }

    @Override
    public long value()
    {
        return value;
    }

    @Override
    public void merge(final long grown, final long other)
    {
        if (DebugMode.ENABLED)
        {
            final A checkedTarget = type.newFlyweight();
            final A checkedSource = type.newFlyweight();
            checkedTarget.wrapUnchecked(grown);
            checkedSource.wrapUnchecked(other);
            aggregate.merge(checkedTarget, type.view(checkedSource));
            checkedTarget.release(name);
            checkedSource.release(name);
        }
        else
        {
            target.wrapUnchecked(grown);
            source.wrapUnchecked(other);
            aggregate.merge(target, type.view(source));
        }
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(from).putLong(backFrom).putLong(to);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        from = blob.getLong();
        backFrom = blob.getLong();
        to = blob.getLong();
        backTo = to;
    }

    @Override
    public void close()
    {
        if (region != null)
        {
            region.close();
        }
    }
}
