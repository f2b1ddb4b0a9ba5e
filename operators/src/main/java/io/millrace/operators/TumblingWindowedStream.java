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

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.window.TumblingWindow;
import io.millrace.operators.window.TumblingWindowOperator;
import io.millrace.operators.window.triggered.TimeWindowAssigner;
import io.millrace.operators.window.triggered.WindowAssigner;

/**
 * A keyed stream cut into tumbling windows.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 */
public final class TumblingWindowedStream<K, V> extends WindowedStream<K, V, TumblingWindowedStream<K, V>>
{
    private final TumblingEventTimeWindows windows;

    TumblingWindowedStream(final KeyedStream<K, V> input, final TumblingEventTimeWindows windows)
    {
        super(input);
        this.windows = windows;
    }

    /**
     * Adds the records of each key and window up, and makes a result of the sum when the window closes.
     *
     * @param accumulatorType of what is kept for a key and window, of fixed length
     * @param outputType      of the results
     * @param accumulate      adds a record to an accumulator, all zeros at first
     * @param result          makes the result of a window
     * @param <B>             read-only view of the accumulator
     * @param <A>             flyweight that writes the accumulator
     * @param <R>             read-only view of the results
     * @param <W>             flyweight that writes the results
     * @return the stream of the results; the timestamp of each is the last of its window
     */
    public <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> aggregate(
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AccumulateFunction<? super V, ? super A> accumulate,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        KeyedStream.checkFixedLength("aggregate", accumulatorType);
        final TumblingWindow window = new TumblingWindow(
            units("size", windows.size()), units("offset", windows.offset()), lateness());
        return then(Operators.factory(TumblingWindowOperator.class, input().input().type(), accumulatorType, outputType,
            input().encoder(), input().keyView(), accumulate, result, window, lateTag()), outputType);
    }

    @Override
    WindowAssigner assigner()
    {
        final long size = units("size", windows.size());
        return new TimeWindowAssigner(size, size, units("offset", windows.offset()));
    }

    @Override
    <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> combine(
        final String name,
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        return aggregate(accumulatorType, outputType, aggregate, result);
    }

    @Override
    TumblingWindowedStream<K, V> self()
    {
        return this;
    }
}
