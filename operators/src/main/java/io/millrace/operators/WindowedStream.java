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
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.function.WindowRankFunction;
import io.millrace.operators.quantile.Histogram;
import io.millrace.operators.quantile.Quantiles;
import io.millrace.operators.ranking.RankOperator;
import io.millrace.operators.ranking.Ranking;
import io.millrace.operators.ranking.TopAggregate;
import io.millrace.operators.ranking.TopRecords;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.Evictor;
import io.millrace.operators.trigger.ProcessWindowFunction;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.window.triggered.WindowAssigner;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A keyed stream cut into windows.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 * @param <S> the stream's own class
 */
public abstract class WindowedStream<K, V, S extends WindowedStream<K, V, S>>
{
    private final KeyedStream<K, V> input;
    private Duration lateness = Duration.ZERO;
    private OutputTag<V, ?> lateTag;

    WindowedStream(final KeyedStream<K, V> input)
    {
        this.input = input;
    }

    /**
     * Keeps windows for some time after the watermark has passed their end; a late record fires its window anew.
     *
     * @param time 0 or more
     * @return this
     */
    public final S allowedLateness(final Duration time)
    {
        if (time.isNegative())
        {
            throw new IllegalArgumentException("allowedLateness=" + time + " must be 0 or more");
        }
        lateness = time;
        return self();
    }

    /**
     * Sends records that are too late to a side output, instead of dropping and counting them.
     *
     * @param tag of the side output
     * @return this
     */
    public final S sideOutputLateData(final OutputTag<V, ?> tag)
    {
        lateTag = tag;
        return self();
    }

    /**
     * Fires windows when a trigger says so, instead of when the watermark reaches their end.
     *
     * @param trigger that says when
     * @return the stream with that trigger
     * @throws UnsupportedOperationException where windows merge, and the trigger cannot
     */
    public TriggeredWindowedStream<K, V> trigger(final Trigger<? super V> trigger)
    {
        return triggered().trigger(trigger);
    }

    /**
     * Keeps all records of a window, and removes some when it fires.
     *
     * @param evictor that says which
     * @return the stream with that evictor
     */
    public TriggeredWindowedStream<K, V> evictor(final Evictor<V> evictor)
    {
        return triggered().evictor(evictor);
    }

    /**
     * Keeps all records of a window, and runs a function over them when it fires. An aggregate needs less memory.
     *
     * @param outputType of the results
     * @param functions  make one function for each parallel instance
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes the results
     * @return the stream of the results; the timestamp of each is the last of its window
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> outputType, final Supplier<? extends ProcessWindowFunction<K, V, W>> functions)
    {
        return triggered().process(outputType, functions);
    }

    /**
     * Counts a value of each record, and makes a result of the quantiles of each key and window when it closes.
     *
     * @param quantiles  what is counted
     * @param outputType of the results
     * @param result     reads the quantiles
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes the results
     * @return the stream of the results; the timestamp of each is the last of its window
     */
    public <R, W extends Flyweight> SingleOutputStream<R> quantiles(
        final Quantiles<? super V> quantiles,
        final RecordType<R, W> outputType,
        final WindowFunction<? super K, ? super Histogram, ? super W> result)
    {
        return combine("quantiles", quantiles.type(), outputType, quantiles.aggregate(), result);
    }

    /**
     * Makes a result of each of the first records of each key and window, in the order of a ranking, when it closes. Records
     * that rank alike are in the order of their arrival; in sliding windows and sessions in that of their event time, then
     * of their arrival.
     *
     * @param size       how many there are at most, from 1; as accumulator they have at most
     *                   {@link AggregateFunction#MAX_ACCUMULATOR_LENGTH} bytes, 16 of them for each beside the record
     * @param ranking    of the records, which must be of fixed length
     * @param outputType of the results
     * @param function   makes the result of a record and its rank
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes the results
     * @return the stream of the results; the timestamp of each is the last of its window
     */
    public <R, W extends Flyweight> SingleOutputStream<R> topN(
        final int size,
        final Ranking<V> ranking,
        final RecordType<R, W> outputType,
        final WindowRankFunction<? super V, ? super W> function)
    {
        final RecordType<V, ?> type = input.input().type();
        KeyedStream.checkFixedLength("topN", type);
        final RecordType<TopRecords<V>, TopRecords<V>> topType = TopRecords.type(size, type, ranking, divides());
        final WindowFunction<K, TopRecords<V>, TopRecords<V>> copy =
            (key, window, top, out) -> out.set(top, window.start(), window.end());
        final SingleOutputStream<?> tops = combine("topN", topType, topType, new TopAggregate<V>(), copy);
        final SingleOutputStream<R> ranks =
            tops.then("rank", Operators.factory(RankOperator.class, topType, outputType, function), outputType);
        return new SingleOutputStream<>(tops.pipeline(), tops.node(), ranks.node(), outputType);
    }

    /** Makes a result of what each window came to. */
    abstract <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> combine(
        String name,
        RecordType<B, A> accumulatorType,
        RecordType<R, W> outputType,
        AggregateFunction<? super V, ? super B, ? super A> aggregate,
        WindowFunction<? super K, ? super B, ? super W> result);

    /** Whether the records of a window may be divided among several accumulators. */
    boolean divides()
    {
        return false;
    }

    TriggeredWindowedStream<K, V> triggered()
    {
        final TriggeredWindowedStream<K, V> triggered =
            new TriggeredWindowedStream<>(input, assigner(), trigger()).allowedLateness(lateness);
        return lateTag == null ? triggered : triggered.sideOutputLateData(lateTag);
    }

    /** The windows of a record, for triggers. */
    abstract WindowAssigner assigner();

    /** What fires the windows that are given none of their own. */
    Trigger<Object> trigger()
    {
        return EventTimeTrigger.create();
    }

    /** Whether records belong to windows by their event time. */
    boolean usesEventTime()
    {
        return true;
    }

    /** Whether windows or their trigger use the engine's clock. */
    boolean usesProcessingTime()
    {
        return false;
    }

    abstract S self();

    final KeyedStream<K, V> input()
    {
        return input;
    }

    /** How late a record may be, in the pipeline's time unit. */
    final long lateness()
    {
        return units("allowedLateness", lateness);
    }

    /** Name of the side output for records that are too late; empty to drop and count them. */
    final String lateTag()
    {
        return lateTag == null ? "" : lateTag.name();
    }

    final <R> SingleOutputStream<R> then(final OperatorFactory<Operator> factory, final RecordType<R, ?> outputType)
    {
        final PlanNode node = input.attach("window", factory, outputType).withState();
        if (usesEventTime())
        {
            node.withEventTime();
        }
        if (usesProcessingTime())
        {
            node.withProcessingTime();
        }
        if (lateTag != null)
        {
            node.sideOutput(lateTag.name(), lateTag.type());
        }
        return new SingleOutputStream<>(input.input().pipeline(), node, outputType);
    }

    final long units(final String what, final Duration duration)
    {
        return units(input.input().pipeline(), what, duration);
    }

    static long units(final Pipeline pipeline, final String what, final Duration duration)
    {
        final TimeUnit unit = pipeline.timeUnit();
        final long units = unit.convert(duration);
        if (!Duration.of(units, unit.toChronoUnit()).equals(duration))
        {
            throw new IllegalArgumentException(what + "=" + duration + " is no whole number of " + unit +
                ": choose another, or a finer unit in Pipeline.create(name, unit)");
        }
        return units;
    }
}
