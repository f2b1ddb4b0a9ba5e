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
package io.millrace.operators.window.triggered;

import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.OperatorContext;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.WindowFunction;

/**
 * Keeps an accumulator of each window, and no element.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the elements
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 * @param <W> flyweight that writes the results
 */
public final class AccumulatedContents<K, V, B, A extends Flyweight, W> implements WindowContents<K, V, W>
{
    private final RecordType<B, A> type;
    private final AccumulateFunction<? super V, ? super A> accumulate;
    private final WindowFunction<? super K, ? super B, ? super W> result;
    private final boolean startWithFirst;
    private A accumulator;
    private String name;
    private WindowCallbacks callbacks;
    /** Null without an error policy, as the copy is. */
    private FiringGuard guard;
    private Region copy;

    /**
     * Contents of no windows yet.
     *
     * @param type           of the accumulator, of fixed length
     * @param accumulate     adds an element to an accumulator
     * @param result         makes the result of a window
     * @param startWithFirst true when the first element of a window is its accumulator, not added to zeros
     */
    public AccumulatedContents(
        final RecordType<B, A> type,
        final AccumulateFunction<? super V, ? super A> accumulate,
        final WindowFunction<? super K, ? super B, ? super W> result,
        final Boolean startWithFirst)
    {
        this.type = type;
        this.accumulate = accumulate;
        this.result = result;
        this.startWithFirst = startWithFirst;
        this.accumulator = type.newFlyweight();
    }

    @Override
    public int entryLength()
    {
        return type.blockLength();
    }

    @Override
    public void open(final OperatorContext context, final WindowCallbacks windowCallbacks)
    {
        name = context.name();
        callbacks = windowCallbacks;
        guard = context.firingGuard();
        copy = guard == null ? null : Region.allocate(context.account(), name + " accumulator", type.blockLength());
    }

    @Override
    public void add(final V element, final long slot)
    {
        final long count = callbacks.count();
        callbacks.indexes(0, count + 1);
        final long contents = callbacks.writableContents();
        if (guard != null)
        {
            addGuarded(element, slot, contents, count);
        }
        else
        {
            add(element, slot, contents, count);
        }
    }

    /** Puts everything back before a failure goes on. */
    private void addGuarded(final V element, final long slot, final long contents, final long count)
    {
        Memory.copyWords(contents, copy.address(), type.blockLength());
        boolean added = false;
        try
        {
            add(element, slot, contents, count);
            added = true;
        }
        finally
        {
            if (!added)
            {
                Memory.copyWords(copy.address(), contents, type.blockLength());
                callbacks.indexes(0, count);
                callbacks.unfired(callbacks.unfired() - 1);
            }
        }
    }

    private void add(final V element, final long slot, final long contents, final long count)
    {
        if (startWithFirst && count == 0)
        {
            Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, contents, type.blockLength());
        }
        else
        {
            accumulate.add(at(contents), element);
            release();
        }
    }

    @Override
    public boolean fire(final K key, final long slot, final Collector<W> out)
    {
        if (guard == null)
        {
            apply(key, out);
            return true;
        }
        guard.begin();
        do
        {
            try
            {
                apply(key, out);
                return true;
            }
            catch (final Throwable thrown)
            {
                if (!guard.takes(thrown, slot, "result of window " + callbacks.window() + " key=" + key +
                    " accumulator=" + accumulator))
                {
                    throw thrown;
                }
                release();
            }
        }
        while (guard.again());
        return guard.goOn();
    }

    private void apply(final K key, final Collector<W> out)
    {
        final B sum = type.view(at(callbacks.contents()));
        result.apply(key, callbacks.window(), sum, out.next());
        release();
        out.emit();
    }

    private A at(final long address)
    {
        if (DebugMode.ENABLED)
        {
            accumulator = type.newFlyweight();
        }
        accumulator.wrapUnchecked(address);
        return accumulator;
    }

    private void release()
    {
        if (DebugMode.ENABLED)
        {
            accumulator.release(name);
        }
    }

    @Override
    public void purge()
    {
        if (callbacks.count() != 0)
        {
            callbacks.indexes(0, 0);
            Memory.zero(callbacks.writableContents(), type.blockLength());
        }
    }

    @Override
    public void clear(final K key)
    {
        // The accumulator goes with the window's entry.
    }

    @Override
    public void close()
    {
        if (copy != null)
        {
            copy.close();
        }
    }
}
