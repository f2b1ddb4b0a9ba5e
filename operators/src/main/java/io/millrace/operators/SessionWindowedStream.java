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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.ReduceFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.ProcessingTimeTrigger;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.window.ArrivalTimeOperator;
import io.millrace.operators.window.SessionWindow;
import io.millrace.operators.window.SessionWindowOperator;
import io.millrace.operators.window.triggered.SessionAssigner;
import io.millrace.operators.window.triggered.WindowAssigner;

import java.time.Duration;

/**
 * A keyed stream cut into sessions. A late record is taken if it belongs to a session that is still kept, however far
 * that reaches back, and fires it anew. With a trigger, an evictor or a process function all elements of a session are kept,
 * whose order is not defined once sessions have merged (SEMANTICS WIN-11); without, an accumulator is.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 */
public final class SessionWindowedStream<K, V> extends WindowedStream<K, V, SessionWindowedStream<K, V>>
{
    private final EventTimeSessionWindows windows;
    private final boolean processingTime;

    SessionWindowedStream(
        final KeyedStream<K, V> input, final EventTimeSessionWindows windows, final boolean processingTime)
    {
        super(input);
        this.windows = windows;
        this.processingTime = processingTime;
        if (processingTime)
        {
            checkArrivalGap(windows.gap(), units("gap", windows.gap()));
        }
    }

    /** The gap of sessions of processing time. */
    static void checkArrivalGap(final Duration gap, final long units)
    {
        if (units < 2)
        {
            throw new IllegalArgumentException("gap=" + gap +
                " of sessions of processing time is over when the record comes: 2 units of the pipeline's time at least");
        }
    }

    /**
     * Adds the records of each session up, and makes a result of the sum when the session closes. Sessions that a record
     * joins are merged.
     *
     * @param accumulatorType of what is kept for a session, of fixed length
     * @param outputType      of the results
     * @param aggregate       adds a record to an accumulator, all zeros at first, and accumulators to each other
     * @param result          makes the result of a session
     * @param <B>             read-only view of the accumulator
     * @param <A>             flyweight that writes the accumulator
     * @param <R>             read-only view of the results
     * @param <W>             flyweight that writes the results
     * @return the stream of the results; the timestamp of each is the last of its session
     */
    public <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> aggregate(
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        return windowed("aggregate", accumulatorType, outputType, aggregate, result, false);
    }

    /**
     * Combines the records of each session into one, the first that comes being where it starts, and emits that when the
     * session closes. Sessions that a record joins are merged with the same function, so its result must not depend on
     * the order of what it combines.
     *
     * @param type     of the records, which must be of fixed length
     * @param function that combines
     * @param <W>      flyweight that writes them
     * @return the stream of the reduced records; the timestamp of each is the last of its session
     */
    public <W extends Flyweight> SingleOutputStream<V> reduce(
        final RecordType<V, W> type, final ReduceFunction<? super V, ? super W> function)
    {
        final WindowFunction<K, V, W> result = (key, window, reduced, out) -> type.copy(reduced, out);
        return windowed("reduce", type, type, new Reduction<V, W>(function), result, true);
    }

    private <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> windowed(
        final String name,
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final WindowFunction<? super K, ? super B, ? super W> result,
        final boolean startWithFirst)
    {
        KeyedStream.checkFixedLength(name, accumulatorType);
        final SessionWindow window = new SessionWindow(units("gap", windows.gap()), processingTime ? 0 : lateness());
        final OperatorFactory<Operator> sessions = Operators.factory(SessionWindowOperator.class, input().input().type(),
            accumulatorType, outputType, input().encoder(), input().keyView(), aggregate, result, window, startWithFirst,
            lateTag());
        return then(processingTime ?
            Operators.factory(ArrivalTimeOperator.class, input().input().type(), sessions) : sessions, outputType);
    }

    @Override
    boolean usesEventTime()
    {
        return !processingTime;
    }

    @Override
    boolean usesProcessingTime()
    {
        return processingTime;
    }

    @Override
    <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> combine(
        final String name,
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        return windowed(name, accumulatorType, outputType, aggregate, result, false);
    }

    @Override
    boolean divides()
    {
        return true;
    }

    @Override
    WindowAssigner assigner()
    {
        return new SessionAssigner(units("gap", windows.gap()), processingTime);
    }

    @Override
    Trigger<Object> trigger()
    {
        return processingTime ? ProcessingTimeTrigger.create() : EventTimeTrigger.create();
    }

    @Override
    SessionWindowedStream<K, V> self()
    {
        return this;
    }
}
