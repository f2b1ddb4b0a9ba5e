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
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.InvertibleAggregateFunction;

/**
 * Combines windows by adding the slices that enter and deducting those that leave: two steps for each slice and key,
 * whatever the size of the windows. A key goes when none of its slices is left.
 * <pre>
 *   slices        | leave |        stay        | enter |
 *   before        [ from                   to )
 *   after                  [ from                   to )
 *
 *   running table    key --> | slices that have the key 8 | accumulator |
 * </pre>
 *
 * @param <V> read-only view of the records
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 */
public final class DeductingSliceCombiner<V, B, A extends Flyweight> implements SliceCombiner, KeyedCursor
{
    private static final int COUNT_LENGTH = Long.BYTES;

    private final InvertibleAggregateFunction<? super V, ? super B, ? super A> aggregate;
    private final RecordType<B, A> type;
    private final SlidingWindow window;
    private final A target;
    private final A source;
    private WindowTables slices;
    private KeyedTable running;
    private KeyedCursor cursor;
    private String name;
    private int keyLength;
    /** The running table stands for the slices that start from here on, and before there, once all is done. */
    private long from = Long.MIN_VALUE;
    private long to = Long.MIN_VALUE;
    /** Slices from here on up to {@link #from} are still to leave, slices from there on up to {@link #to} to enter. */
    private long leaveFrom = Long.MIN_VALUE;
    private long enterFrom = Long.MIN_VALUE;
    /** The slice whose entries are leaving or entering; null when none is. */
    private KeyedCursor entries;
    private boolean leaving;

    /**
     * A combiner.
     *
     * @param aggregate merges and deducts accumulators
     * @param type      of the accumulators, of fixed length
     * @param window    size and slide
     */
    public DeductingSliceCombiner(
        final InvertibleAggregateFunction<? super V, ? super B, ? super A> aggregate,
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
    public void open(final OperatorContext context, final WindowTables windowSlices, final int newKeyLength)
    {
        name = context.name();
        slices = windowSlices;
        keyLength = newKeyLength;
        context.state().describe("running", StateForm.placed(StatePlacement.DERIVED));
        running = context.state().keyedTable("running", keyLength, COUNT_LENGTH + type.blockLength());
    }

    @Override
    public void moveTo(final long windowStart)
    {
        forgetBefore(windowStart);
        enterFrom = Math.max(from, to);
        to = windowStart + window.size();
    }

    @Override
    public int proceed(final int most)
    {
        int left = most;
        while (left > 0)
        {
            if (entries == null && !nextSlice())
            {
                return left;
            }
            if (!entries.next())
            {
                entries = null;
            }
            else if (leaving)
            {
                leave(entries);
                left--;
            }
            else
            {
                enter(entries);
                left--;
            }
        }
        return 0;
    }

    /** Opens the next slice that leaves, or else enters. */
    private boolean nextSlice()
    {
        long slice = slices.firstSlice(leaveFrom);
        leaving = slice < from;
        if (leaving)
        {
            leaveFrom = slice + 1;
        }
        else
        {
            leaveFrom = from;
            slice = slices.firstSlice(enterFrom);
            if (slice >= to)
            {
                enterFrom = to;
                return false;
            }
            enterFrom = slice + 1;
        }
        entries = slices.find(slice).cursor();
        return true;
    }

    private void enter(final KeyedCursor entry)
    {
        final long key = entry.key();
        add(KeyHash.hash(key, keyLength), key, entry.value(), 1);
    }

    private void add(final long hash, final long key, final long value, final int newSlices)
    {
        final long entry = running.upsert(hash, key);
        if (running.created())
        {
            Memory.copyWords(value, entry + COUNT_LENGTH, type.blockLength());
        }
        else
        {
            merge(entry + COUNT_LENGTH, value);
        }
        Memory.putLong(entry, Memory.getLong(entry) + newSlices);
        running.written();
    }

    @Override
    public void forgetBefore(final long start)
    {
        if (start >= to)
        {
            clear();
            leaveFrom = start;
        }
        from = Math.max(from, start);
    }

    private void clear()
    {
        if (running.size() != 0)
        {
            running.clear();
        }
    }

    private void leave(final KeyedCursor slice)
    {
        final long key = slice.key();
        final long hash = KeyHash.hash(key, keyLength);
        final long entry = running.upsert(hash, key);
        final long left = Memory.getLong(entry) - 1;
        if (left < 0)
        {
            throw new IllegalStateException("a slice leaves windows that it never entered: slices=[" + from + ", " +
                to + ") of operator " + name + ": a bug of the operator, report it");
        }
        if (left == 0)
        {
            running.remove(hash, key);
            return;
        }
        deduct(entry + COUNT_LENGTH, slice.value());
        Memory.putLong(entry, left);
        running.written();
    }

    @Override
    public void late(final long slice, final boolean created, final long hash, final long key, final long record)
    {
        if (slice >= from && slice < to)
        {
            add(hash, key, record, created ? 1 : 0);
        }
    }

    @Override
    public KeyedCursor cursor()
    {
        cursor = running.cursor();
        return this;
    }

    @Override
    public boolean next()
    {
        return cursor.next();
    }

    @Override
    public long key()
    {
        return cursor.key();
    }

    @Override
    public long value()
    {
        return cursor.value() + COUNT_LENGTH;
    }

    @Override
    public void merge(final long grown, final long other)
    {
        if (DebugMode.ENABLED)
        {
            final A checkedTarget = checked(grown);
            final A checkedSource = checked(other);
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

    private void deduct(final long shrunk, final long other)
    {
        if (DebugMode.ENABLED)
        {
            final A checkedTarget = checked(shrunk);
            final A checkedSource = checked(other);
            aggregate.deduct(checkedTarget, type.view(checkedSource));
            checkedTarget.release(name);
            checkedSource.release(name);
        }
        else
        {
            target.wrapUnchecked(shrunk);
            source.wrapUnchecked(other);
            aggregate.deduct(target, type.view(source));
        }
    }

    private A checked(final long address)
    {
        final A flyweight = type.newFlyweight();
        flyweight.wrapUnchecked(address);
        return flyweight;
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(from).putLong(to);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        from = blob.getLong();
        to = blob.getLong();
        leaveFrom = from;
        enterFrom = to;
    }

    @Override
    public void close()
    {
        // What is kept is the backend's.
    }
}
