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
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.join.ArrivalTimeJoinOperator;
import io.millrace.operators.join.AsOfJoinOperator;
import io.millrace.operators.process.KeyedCoProcessFunction;
import io.millrace.operators.process.KeyedCoProcessOperator;
import io.millrace.operators.process.ProbedFunctions;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Two streams grouped by the same kind of key, that one operator takes side by side. Records come in the order of what
 * caused them in the sources, whatever the timing.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the first stream's records
 * @param <U> read-only view of the second stream's records
 */
public final class ConnectedStreams<K, V, U>
{
    private final KeyedStream<K, V> first;
    private final KeyedStream<K, U> second;

    ConnectedStreams(final KeyedStream<K, V> first, final KeyedStream<K, U> second)
    {
        if (first.input().pipeline() != second.input().pipeline())
        {
            throw new IllegalArgumentException("a stream of " + first.input().pipeline() + " is connected with one of " +
                second.input().pipeline() + ": both must be of one pipeline");
        }
        if (first.keyView().type() != second.keyView().type())
        {
            throw new IllegalArgumentException("streams with keys by " + first.keyView().type().getSimpleName() +
                " and by " + second.keyView().type().getSimpleName() + " are connected: use the same keyBy for both");
        }
        this.first = first;
        this.second = second;
    }

    /**
     * Runs a function with state and timers by key.
     *
     * @param type      of the results
     * @param functions make one function for each parallel instance
     * @param <R>       read-only view of the results
     * @param <W>       flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> type, final Supplier<? extends KeyedCoProcessFunction<K, V, U, W>> functions)
    {
        final ProbedFunctions<KeyedCoProcessFunction<K, V, U, W>> probed = new ProbedFunctions<>(functions);
        final SingleOutputStream<R> results = then("process", Operators.factory(KeyedCoProcessOperator.class,
            first.input().type(), second.input().type(), type, first.encoder(), second.encoder(), first.keyView(), probed), type);
        if (probed.probe().usesProcessingTime())
        {
            results.node().withProcessingTime();
        }
        return results;
    }

    /**
     * Joins records whose times are near to each other: {@code left time + lower <= right time <= left time + upper}.
     *
     * @param lower least right time minus left time, included, may be negative
     * @param upper greatest right time minus left time, included, may be negative
     * @return both, to be told what to make of a pair
     */
    public IntervalJoinedStreams<K, V, U> intervalJoin(final Duration lower, final Duration upper)
    {
        return new IntervalJoinedStreams<>(this, lower, upper);
    }

    /**
     * Brings records together whose windows are the same.
     *
     * @param windows how time is cut
     * @return both, to be told what to make of a window
     */
    public WindowedConnectedStreams<K, V, U> window(final TumblingEventTimeWindows windows)
    {
        return new WindowedConnectedStreams<>(this, windows.size(), windows.size(), windows.offset(), false);
    }

    /**
     * Brings records together that have windows in common, once for each of these.
     *
     * @param windows how time is cut; they may overlap, or leave gaps
     * @return both, to be told what to make of a window
     */
    public WindowedConnectedStreams<K, V, U> window(final SlidingEventTimeWindows windows)
    {
        return new WindowedConnectedStreams<>(this, windows.size(), windows.slide(), windows.offset(), false);
    }

    /**
     * Brings records together that come in in the same window.
     *
     * @param windows how processing time is cut
     * @return both, to be told what to make of a window
     */
    public WindowedConnectedStreams<K, V, U> window(final TumblingProcessingTimeWindows windows)
    {
        return new WindowedConnectedStreams<>(this, windows.size(), windows.size(), windows.offset(), true);
    }

    /**
     * Brings records together that come in in windows which they have in common, once for each of these.
     *
     * @param windows how processing time is cut; they may overlap, or leave gaps
     * @return both, to be told what to make of a window
     */
    public WindowedConnectedStreams<K, V, U> window(final SlidingProcessingTimeWindows windows)
    {
        return new WindowedConnectedStreams<>(this, windows.size(), windows.slide(), windows.offset(), true);
    }

    /**
     * Brings records together that are of one session: it goes on as long as records of either stream follow each other
     * within the gap.
     *
     * @param windows with the gap that ends a session
     * @return both, to be told what to make of a session
     */
    public WindowedConnectedStreams<K, V, U> window(final EventTimeSessionWindows windows)
    {
        return WindowedConnectedStreams.ofSessions(this, windows.gap(), false);
    }

    /**
     * Brings records together that come in in one session: it goes on as long as records of either stream come in within
     * the gap.
     *
     * @param windows with the gap that ends a session
     * @return both, to be told what to make of a session
     */
    public WindowedConnectedStreams<K, V, U> window(final ProcessingTimeSessionWindows windows)
    {
        return WindowedConnectedStreams.ofSessions(this, windows.windows().gap(), true);
    }

    /**
     * Joins each record of the first stream with the version of its key, from the second stream, that was in force at the
     * record's time: the latest whose time is at or before it. The result comes when the watermark has passed that time, in
     * the order of the records' time. Records of the first stream at or behind the watermark are dropped and counted; a
     * late version is in force from the watermark on.
     *
     * @param type     of the results
     * @param function that makes them; the version is null where there was none yet
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results; the timestamp of each is that of its record
     */
    public <R, W extends Flyweight> SingleOutputStream<R> asOfJoin(
        final RecordType<R, W> type, final JoinFunction<? super V, ? super U, ? super W> function)
    {
        return asOf(type, function, null);
    }

    /**
     * {@link #asOfJoin(RecordType, JoinFunction)}, which sends late records of the first stream to a side output.
     *
     * @param type     of the results
     * @param function that makes them; the version is null where there was none yet
     * @param late     of the side output
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> asOfJoin(
        final RecordType<R, W> type,
        final JoinFunction<? super V, ? super U, ? super W> function,
        final OutputTag<V, ?> late)
    {
        return asOf(type, function, Objects.requireNonNull(late, "late"));
    }

    private <R, W extends Flyweight> SingleOutputStream<R> asOf(
        final RecordType<R, W> type,
        final JoinFunction<? super V, ? super U, ? super W> function,
        final OutputTag<V, ?> late)
    {
        checkFixedLength("as-of join");
        return then("as-of join", Operators.factory(AsOfJoinOperator.class, first.input().type(), second.input().type(),
            type, first.encoder(), second.encoder(), function, name(late),
            Math.max(1, first.input().pipeline().timeUnit().convert(1, TimeUnit.SECONDS))), type, late, null);
    }

    /** What a join is made of: an operator with event time, and side outputs for late records of both streams, or null. */
    <R> SingleOutputStream<R> then(
        final String name,
        final OperatorFactory<Operator> factory,
        final RecordType<R, ?> type,
        final OutputTag<V, ?> firstLate,
        final OutputTag<U, ?> secondLate)
    {
        final SingleOutputStream<R> results = then(name, factory, type);
        results.node().withEventTime();
        return sideOutputs(results, firstLate, secondLate);
    }

    /** The same, of an operator with event time that runs by processing time. */
    <R> SingleOutputStream<R> thenByArrival(
        final String name,
        final OperatorFactory<Operator> factory,
        final RecordType<R, ?> type,
        final OutputTag<V, ?> firstLate,
        final OutputTag<U, ?> secondLate)
    {
        final SingleOutputStream<R> results = then(name, Operators.factory(
            ArrivalTimeJoinOperator.class, first.input().type(), second.input().type(), factory), type);
        results.node().withProcessingTime();
        return sideOutputs(results, firstLate, secondLate);
    }

    private <R> SingleOutputStream<R> sideOutputs(
        final SingleOutputStream<R> results, final OutputTag<V, ?> firstLate, final OutputTag<U, ?> secondLate)
    {
        if (firstLate != null)
        {
            results.sideOutput(firstLate);
        }
        if (secondLate != null)
        {
            results.sideOutput(secondLate);
        }
        return results;
    }

    /** Name of a side output; empty when there is none. */
    static String name(final OutputTag<?, ?> tag)
    {
        return tag == null ? "" : tag.name();
    }

    long units(final String what, final Duration duration)
    {
        return WindowedStream.units(first.input().pipeline(), what, duration);
    }

    void checkFixedLength(final String name)
    {
        KeyedStream.checkFixedLength(name, first.input().type());
        KeyedStream.checkFixedLength(name, second.input().type());
    }

    DataStream<V> first()
    {
        return first.input();
    }

    DataStream<U> second()
    {
        return second.input();
    }

    KeyedStream<K, V> firstKeyed()
    {
        return first;
    }

    KeyedStream<K, U> secondKeyed()
    {
        return second;
    }

    <R> SingleOutputStream<R> then(
        final String name, final OperatorFactory<Operator> factory, final RecordType<R, ?> type)
    {
        final PlanNode node = first.attach(name, factory, type).withState();
        second.input().feed(node, 1, Exchange.HASH, second.encoder());
        return new SingleOutputStream<>(first.input().pipeline(), node, type);
    }
}
