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
package io.millrace.operators;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.window.SliceCombiner;
import io.millrace.operators.window.SliceMerge;
import io.millrace.operators.window.SlidingWindow;

/**
 * Combines all slices of a window anew, for every key and window. Keeps nothing.
 *
 * @param <V> read-only view of the records
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 */
public final class RecombiningSliceCombiner<V, B, A extends Flyweight> implements SliceCombiner, KeyedCursor
{
    private final AggregateFunction<? super V, ? super B, ? super A> aggregate;
    private final RecordType<B, A> type;
    private final SlidingWindow window;
    private final A target;
    private final A source;
    private WindowTables slices;
    private SliceMerge merge;
    private Region region;
    private String name;
    private long value;

    /**
     * A combiner.
     *
     * @param aggregate merges accumulators
     * @param type      of the accumulators, of fixed length
     * @param window    size and slide
     */
    public RecombiningSliceCombiner(
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final RecordType<B, A> type,
        final SlidingWindow window)
    {
        this.aggregate = aggregate;
        this.type = type;
        this.window = window;
        this.target = type.newFlyweight();
        this.source = type.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context, final WindowTables windowSlices, final int keyLength)
    {
        name = context.name();
        slices = windowSlices;
        merge = new SliceMerge(keyLength);
        region = Region.allocate(context.account(), name + " combined", type.blockLength());
    }

    @Override
    public void moveTo(final long windowStart)
    {
        merge.begin();
        final long end = windowStart + window.size();
        for (long slice = slices.firstSlice(windowStart); slice < end; slice = slices.firstSlice(slice + 1))
        {
            merge.add(slices.find(slice).cursor());
        }
    }

    @Override
    public KeyedCursor cursor()
    {
        return this;
    }

    @Override
    public boolean next()
    {
        if (!merge.next())
        {
            return false;
        }
        value = 0;
        for (int way = 0; way < merge.ways(); way++)
        {
            final long other = merge.value(way);
            if (other != 0 && value == 0)
            {
                value = region.address();
                Memory.copyWords(other, value, type.blockLength());
            }
            else if (other != 0)
            {
                merge(value, other);
            }
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
    public int proceed(final int most)
    {
        return most;
    }

    @Override
    public void forgetBefore(final long start)
    {
        // Nothing is kept.
    }

    @Override
    public void late(final long slice, final boolean created, final long hash, final long key, final long record)
    {
        // It is in the slice, and so in what is combined of it.
    }

    @Override
    public void merge(final long to, final long from)
    {
        if (DebugMode.ENABLED)
        {
            final A checkedTarget = type.newFlyweight();
            final A checkedSource = type.newFlyweight();
            checkedTarget.wrapUnchecked(to);
            checkedSource.wrapUnchecked(from);
            aggregate.merge(checkedTarget, type.view(checkedSource));
            checkedTarget.release(name);
            checkedSource.release(name);
        }
        else
        {
            target.wrapUnchecked(to);
            source.wrapUnchecked(from);
            aggregate.merge(target, type.view(source));
        }
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        // Nothing is kept.
    }

    @Override
    public void restore(final BlobReader blob)
    {
        // Nothing is kept.
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
