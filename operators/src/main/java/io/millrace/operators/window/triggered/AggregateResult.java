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

import io.millrace.core.operator.OperatorContext;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.trigger.WindowElements;

/**
 * What the elements of a window add up to, each time it fires.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the elements
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 * @param <W> flyweight that writes the results
 */
public final class AggregateResult<K, V, B, A extends Flyweight, W> implements WindowResult<K, V, W>
{
    private final RecordType<B, A> type;
    private final AccumulateFunction<? super V, ? super A> accumulate;
    private final WindowFunction<? super K, ? super B, ? super W> result;
    private final boolean startWithFirst;
    private A accumulator;
    private Region region;
    private String name;
    private WindowCallbacks callbacks;

    /**
     * Results of an aggregate.
     *
     * @param type           of the accumulator, of fixed length
     * @param accumulate     adds an element to an accumulator
     * @param result         makes the result of a window
     * @param startWithFirst true when the first element is the accumulator, not added to zeros
     */
    public AggregateResult(
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
    public void open(final OperatorContext context, final WindowCallbacks windowCallbacks)
    {
        name = context.name();
        callbacks = windowCallbacks;
        region = Region.allocate(context.account(), name + " accumulator", type.blockLength());
    }

    @Override
    public void make(final K key, final WindowElements<V> elements, final Collector<W> out)
    {
        Memory.zero(region.address(), type.blockLength());
        long index = 0;
        if (startWithFirst)
        {
            Memory.copyWords(((Flyweight)elements.get(0)).address(), region.address(), type.blockLength());
            index = 1;
        }
        if (DebugMode.ENABLED)
        {
            accumulator = type.newFlyweight();
        }
        accumulator.wrapUnchecked(region.address());
        final long count = elements.count();
        for (; index < count; index++)
        {
            accumulate.add(accumulator, elements.get(index));
        }
        result.apply(key, callbacks.window(), type.view(accumulator), out.next());
        if (DebugMode.ENABLED)
        {
            accumulator.release(name);
        }
        out.emit();
    }

    @Override
    public void clear(final K key)
    {
        // Keeps nothing of a window.
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
