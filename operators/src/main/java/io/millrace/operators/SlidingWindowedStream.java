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

import io.millrace.core.operator.OperatorFactory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.InvertibleAggregateFunction;
import io.millrace.operators.function.ReduceFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.window.DeductingSliceCombiner;
import io.millrace.operators.window.SliceCombiner;
import io.millrace.operators.window.SlidingWindow;
import io.millrace.operators.window.SlidingWindowOperator;
import io.millrace.operators.window.StackingSliceCombiner;
import io.millrace.operators.window.triggered.TimeWindowAssigner;
import io.millrace.operators.window.triggered.WindowAssigner;

/**
 * A keyed stream cut into sliding windows. Each record is added once, whatever the number of its windows, to what its
 * key's records came to between two starts or ends of windows; windows are combined of that.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 */
public final class SlidingWindowedStream<K, V> extends WindowedStream<K, V, SlidingWindowedStream<K, V>>
{
    private final SlidingEventTimeWindows windows;

    SlidingWindowedStream(final KeyedStream<K, V> input, final SlidingEventTimeWindows windows)
    {
        super(input);
        this.windows = windows;
    }

    /**
     * Adds the records of each key and window up, and makes a result of the sum when the window closes. One that is an
     * {@link io.millrace.operators.function.InvertibleAggregateFunction} costs least where windows overlap much.
     *
     * @param accumulatorType of what is kept for a key, of fixed length
     * @param outputType      of the results
     * @param aggregate       adds a record to an accumulator, all zeros at first, and accumulators to each other
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
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        return combine("aggregate", accumulatorType, outputType, aggregate, false, result);
    }

    /**
     * Combines the records of each key and window into one, the first being where it starts, and emits that when the
     * window closes. What the parts of a window came to is combined in the same way, so the result must not depend on
     * how the records were grouped, nor on their order.
     *
     * @param type     of the records, which must be of fixed length
     * @param function that combines
     * @param <W>      flyweight that writes them
     * @return the stream of the reduced records; the timestamp of each is the last of its window
     */
    public <W extends Flyweight> SingleOutputStream<V> reduce(
        final RecordType<V, W> type, final ReduceFunction<? super V, ? super W> function)
    {
        final WindowFunction<K, V, W> result = (key, window, reduced, out) -> type.copy(reduced, out);
        return combine("reduce", type, type, new Reduction<V, W>(function), true, result);
    }

    private <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> combine(
        final String name,
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final boolean startWithFirst,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        KeyedStream.checkFixedLength(name, accumulatorType);
        final SlidingWindow window = new SlidingWindow(units("size", windows.size()), units("slide", windows.slide()),
            units("offset", windows.offset()), lateness());
        return then(Operators.factory(SlidingWindowOperator.class, input().input().type(), accumulatorType, outputType,
            input().encoder(), input().keyView(), aggregate, startWithFirst, combiner(aggregate, accumulatorType, window),
            result, window, lateTag()), outputType);
    }

    /** What makes windows of slices: the best that the function allows. */
    static OperatorFactory<SliceCombiner> combiner(
        final AggregateFunction<?, ?, ?> aggregate, final RecordType<?, ?> type, final SlidingWindow window)
    {
        return OperatorFactory.of(aggregate instanceof InvertibleAggregateFunction ?
            DeductingSliceCombiner.class : StackingSliceCombiner.class, aggregate, type, window);
    }

    @Override
    WindowAssigner assigner()
    {
        return new TimeWindowAssigner(
            units("size", windows.size()), units("slide", windows.slide()), units("offset", windows.offset()));
    }

    @Override
    <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> combine(
        final String name,
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        return combine(name, accumulatorType, outputType, aggregate, false, result);
    }

    @Override
    boolean divides()
    {
        return true;
    }

    @Override
    SlidingWindowedStream<K, V> self()
    {
        return this;
    }
}
