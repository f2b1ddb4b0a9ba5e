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
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.join.IntervalBounds;
import io.millrace.operators.join.IntervalJoinOperator;

import java.time.Duration;

/**
 * Two streams whose records are joined where the keys are the same and the times near to each other:
 * {@code left time + lower <= right time <= left time + upper} (SEMANTICS JOIN-2).
 *
 * @param <K> view of the key
 * @param <V> read-only view of the first stream's records, the left ones
 * @param <U> read-only view of the second stream's records, the right ones
 */
public final class IntervalJoinedStreams<K, V, U>
{
    private final ConnectedStreams<K, V, U> streams;
    private final Duration lower;
    private final Duration upper;
    private boolean lowerExcluded;
    private boolean upperExcluded;
    private OutputTag<V, ?> leftTag;
    private OutputTag<U, ?> rightTag;

    IntervalJoinedStreams(final ConnectedStreams<K, V, U> streams, final Duration lower, final Duration upper)
    {
        if (lower.compareTo(upper) > 0)
        {
            throw new IllegalArgumentException("lower=" + lower + " of an interval join is above upper=" + upper +
                ": exchange them");
        }
        this.streams = streams;
        this.lower = lower;
        this.upper = upper;
    }

    /**
     * Joins no record with one that is exactly at the lower bound.
     *
     * @return this
     */
    public IntervalJoinedStreams<K, V, U> lowerBoundExclusive()
    {
        lowerExcluded = true;
        return this;
    }

    /**
     * Joins no record with one that is exactly at the upper bound.
     *
     * @return this
     */
    public IntervalJoinedStreams<K, V, U> upperBoundExclusive()
    {
        upperExcluded = true;
        return this;
    }

    /**
     * Sends records of the first stream that are late, at or behind the watermark, to a side output, instead of dropping
     * and counting them.
     *
     * @param tag of the side output
     * @return this
     */
    public IntervalJoinedStreams<K, V, U> sideOutputLeftLateData(final OutputTag<V, ?> tag)
    {
        leftTag = tag;
        return this;
    }

    /**
     * Sends records of the second stream that are late to a side output.
     *
     * @param tag of the side output
     * @return this
     */
    public IntervalJoinedStreams<K, V, U> sideOutputRightLateData(final OutputTag<U, ?> tag)
    {
        rightTag = tag;
        return this;
    }

    /**
     * Makes a result of each pair, when its second record arrives. Where one record has several partners, they come in
     * the order of their time, then of their arrival.
     *
     * @param type     of the results
     * @param function that makes them
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results; the timestamp of each is the later of its pair
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> type, final JoinFunction<? super V, ? super U, ? super W> function)
    {
        streams.checkFixedLength("interval join");
        final IntervalBounds bounds = new IntervalBounds(
            streams.units("lower", lower) + (lowerExcluded ? 1 : 0),
            streams.units("upper", upper) - (upperExcluded ? 1 : 0));
        final OperatorFactory<Operator> factory = Operators.factory(IntervalJoinOperator.class, streams.first().type(),
            streams.second().type(), type, streams.firstKeyed().encoder(), streams.secondKeyed().encoder(), function,
            bounds, ConnectedStreams.name(leftTag), ConnectedStreams.name(rightTag));
        return streams.then("interval join", factory, type, leftTag, rightTag);
    }
}
