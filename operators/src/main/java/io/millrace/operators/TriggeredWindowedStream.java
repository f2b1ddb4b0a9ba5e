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
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.ReduceFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.trigger.Evictor;
import io.millrace.operators.trigger.ProcessWindowFunction;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.window.triggered.AccumulatedContents;
import io.millrace.operators.window.triggered.AggregateResult;
import io.millrace.operators.window.triggered.BufferedContents;
import io.millrace.operators.window.triggered.GlobalWindowAssigner;
import io.millrace.operators.window.triggered.ProcessResult;
import io.millrace.operators.window.triggered.TriggeredWindow;
import io.millrace.operators.window.triggered.TriggeredWindowOperator;
import io.millrace.operators.window.triggered.WindowAssigner;

import java.util.function.Supplier;

/**
 * A keyed stream cut into windows, with a trigger of its own.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 */
public final class TriggeredWindowedStream<K, V> extends WindowedStream<K, V, TriggeredWindowedStream<K, V>>
{
    private final WindowAssigner assigner;
    private Trigger<? super V> trigger;
    private Evictor<V> evictor;

    TriggeredWindowedStream(
        final KeyedStream<K, V> input, final WindowAssigner assigner, final Trigger<? super V> trigger)
    {
        super(input);
        this.assigner = assigner;
        this.trigger = trigger;
    }

    @Override
    public TriggeredWindowedStream<K, V> trigger(final Trigger<? super V> newTrigger)
    {
        if (assigner.merges() && !newTrigger.canMerge())
        {
            throw new UnsupportedOperationException("trigger=" + newTrigger + " cannot merge, and windows=(" + assigner +
                ") do: have its canMerge() return true and its onMerge() make one state of several, or take another trigger");
        }
        trigger = newTrigger.in(this::units);
        return this;
    }

    @Override
    public TriggeredWindowedStream<K, V> evictor(final Evictor<V> newEvictor)
    {
        KeyedStream.checkFixedLength("an evictor", input().input().type());
        evictor = newEvictor.in(this::units);
        return this;
    }

    @Override
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> outputType, final Supplier<? extends ProcessWindowFunction<K, V, W>> functions)
    {
        KeyedStream.checkFixedLength("process", input().input().type());
        return then(outputType, buffered(part(ProcessResult.class, functions)));
    }

    /**
     * Adds the records of each key and window up, and makes a result of the sum whenever the trigger says so. Without an
     * evictor, no record is kept.
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
        return accumulated("aggregate", accumulatorType, outputType, accumulate, result, false);
    }

    /**
     * Combines all records of a key and window into one, the first being where it starts.
     *
     * @param type     of the records, which must be of fixed length
     * @param function that combines
     * @param <W>      flyweight that writes them
     * @return the stream of the reduced records; the timestamp of each is the last of its window
     */
    public <W extends Flyweight> SingleOutputStream<V> reduce(
        final RecordType<V, W> type, final ReduceFunction<? super V, ? super W> function)
    {
        final AccumulateFunction<V, W> accumulate = function::reduce;
        final WindowFunction<K, V, W> result = (key, window, reduced, out) -> type.copy(reduced, out);
        return accumulated("reduce", type, type, accumulate, result, true);
    }

    private <B, R> SingleOutputStream<R> accumulated(
        final String name,
        final RecordType<B, ?> accumulatorType,
        final RecordType<R, ?> outputType,
        final AccumulateFunction<? super V, ?> accumulate,
        final WindowFunction<? super K, ? super B, ?> result,
        final boolean startWithFirst)
    {
        KeyedStream.checkFixedLength(name, accumulatorType);
        return then(outputType, evictor != null || assigner.merges() ?
            buffered(part(AggregateResult.class, accumulatorType, accumulate, result, startWithFirst)) :
            part(AccumulatedContents.class, accumulatorType, accumulate, result, startWithFirst));
    }

    private OperatorFactory<?> buffered(final OperatorFactory<?> result)
    {
        return part(
            BufferedContents.class, input().input().type(), evictor == null ? BufferedContents.NO_EVICTOR : evictor, result);
    }

    private static OperatorFactory<Object> part(final Class<?> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    private <R> SingleOutputStream<R> then(final RecordType<R, ?> outputType, final OperatorFactory<?> contents)
    {
        final TriggeredWindow<V> windows = new TriggeredWindow<>(assigner, trigger, lateness(), lateTag());
        return then(Operators.factory(TriggeredWindowOperator.class, input().input().type(), outputType,
            input().encoder(), input().keyView(), windows, contents), outputType);
    }

    @Override
    boolean usesEventTime()
    {
        final boolean everything = assigner instanceof GlobalWindowAssigner;
        return !assigner.usesProcessingTime() && !(everything && trigger.usesProcessingTime());
    }

    @Override
    boolean usesProcessingTime()
    {
        return assigner.usesProcessingTime() || trigger.usesProcessingTime();
    }

    @Override
    WindowAssigner assigner()
    {
        return assigner;
    }

    @Override
    TriggeredWindowedStream<K, V> triggered()
    {
        return this;
    }

    @Override
    <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> combine(
        final String name,
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        return accumulated(name, accumulatorType, outputType, aggregate, result, false);
    }

    @Override
    TriggeredWindowedStream<K, V> self()
    {
        return this;
    }
}
