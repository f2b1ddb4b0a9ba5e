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
import io.millrace.operators.function.CoGroupFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.function.WindowJoinFunction;
import io.millrace.operators.join.CoGroupOperator;
import io.millrace.operators.join.JoinKind;
import io.millrace.operators.join.JoinWindow;
import io.millrace.operators.join.SessionGroups;
import io.millrace.operators.join.SessionJoinOperator;
import io.millrace.operators.join.SessionPairs;
import io.millrace.operators.join.WindowJoinOperator;
import io.millrace.operators.window.SessionWindow;

import java.time.Duration;

/**
 * Two streams whose records are brought together where the keys and the windows are the same (SEMANTICS JOIN-1). Results
 * have the last timestamp of their window; windows fire by their end, the keys of each in a fixed order. Windows are
 * tumbling, sliding or sessions. A session is one of both streams: records of either make it go on, and a record that two
 * sessions of its key touch makes them one, with the records of the earlier one first.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the first stream's records, the left ones
 * @param <U> read-only view of the second stream's records, the right ones
 */
public final class WindowedConnectedStreams<K, V, U>
{
    private final ConnectedStreams<K, V, U> streams;
    private final Duration size;
    private final Duration slide;
    private final Duration offset;
    private final boolean processingTime;
    private final boolean sessions;
    private Duration lateness = Duration.ZERO;
    private OutputTag<V, ?> leftTag;
    private OutputTag<U, ?> rightTag;

    WindowedConnectedStreams(
        final ConnectedStreams<K, V, U> streams,
        final Duration size,
        final Duration slide,
        final Duration offset,
        final boolean processingTime)
    {
        this(streams, size, slide, offset, processingTime, false);
    }

    private WindowedConnectedStreams(
        final ConnectedStreams<K, V, U> streams,
        final Duration size,
        final Duration slide,
        final Duration offset,
        final boolean processingTime,
        final boolean sessions)
    {
        this.streams = streams;
        this.size = size;
        this.slide = slide;
        this.offset = offset;
        this.processingTime = processingTime;
        this.sessions = sessions;
    }

    /** Sessions: their gap is the size. */
    static <K, V, U> WindowedConnectedStreams<K, V, U> ofSessions(
        final ConnectedStreams<K, V, U> streams, final Duration gap, final boolean processingTime)
    {
        if (processingTime)
        {
            SessionWindowedStream.checkArrivalGap(gap, streams.units("gap", gap));
        }
        return new WindowedConnectedStreams<>(streams, gap, gap, Duration.ZERO, processingTime, true);
    }

    /**
     * Keeps windows for some time after the watermark has passed their end; a late record fires its window anew for its
     * key, with all that the window holds. No record is late by processing time.
     *
     * @param time 0 or more
     * @return this
     */
    public WindowedConnectedStreams<K, V, U> allowedLateness(final Duration time)
    {
        if (time.isNegative())
        {
            throw new IllegalArgumentException("allowedLateness=" + time + " must be 0 or more");
        }
        lateness = time;
        return this;
    }

    /**
     * Sends records of the first stream that are too late to a side output, instead of dropping and counting them.
     *
     * @param tag of the side output
     * @return this
     */
    public WindowedConnectedStreams<K, V, U> sideOutputLeftLateData(final OutputTag<V, ?> tag)
    {
        leftTag = tag;
        return this;
    }

    /**
     * Sends records of the second stream that are too late to a side output, instead of dropping and counting them.
     *
     * @param tag of the side output
     * @return this
     */
    public WindowedConnectedStreams<K, V, U> sideOutputRightLateData(final OutputTag<U, ?> tag)
    {
        rightTag = tag;
        return this;
    }

    /**
     * Makes a result of each pair of records, left record by left record, in the order of arrival.
     *
     * @param type     of the results
     * @param function that makes them
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> join(
        final RecordType<R, W> type,
        final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function)
    {
        return join(JoinKind.INNER, type, function);
    }

    /**
     * Makes a result of each pair, and of each record of the first stream where the window has none of the second.
     *
     * @param type     of the results
     * @param function that makes them; the right record may be null
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> leftOuterJoin(
        final RecordType<R, W> type,
        final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function)
    {
        return join(JoinKind.LEFT_OUTER, type, function);
    }

    /**
     * Makes a result of each pair, and of each record of the second stream where the window has none of the first.
     *
     * @param type     of the results
     * @param function that makes them; the left record may be null
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> rightOuterJoin(
        final RecordType<R, W> type,
        final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function)
    {
        return join(JoinKind.RIGHT_OUTER, type, function);
    }

    /**
     * Makes a result of each pair, and of each record where the window has none of the other stream.
     *
     * @param type     of the results
     * @param function that makes them; one of the records may be null
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> fullOuterJoin(
        final RecordType<R, W> type,
        final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function)
    {
        return join(JoinKind.FULL_OUTER, type, function);
    }

    private <R, W extends Flyweight> SingleOutputStream<R> join(
        final JoinKind kind,
        final RecordType<R, W> type,
        final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function)
    {
        streams.checkFixedLength("window join");
        if (sessions)
        {
            return ofSessions("session join", type, OperatorFactory.of(SessionPairs.class, streams.first().type(),
                streams.second().type(), type, streams.firstKeyed().keyView(), function, kind));
        }
        final OperatorFactory<Operator> factory = Operators.factory(WindowJoinOperator.class, streams.first().type(),
            streams.second().type(), type, streams.firstKeyed().encoder(), streams.secondKeyed().encoder(),
            streams.firstKeyed().keyView(), function, kind, window(), ConnectedStreams.name(leftTag),
            ConnectedStreams.name(rightTag));
        return then("window join", factory, type);
    }

    /**
     * Makes any number of results of all records of a key and window, also where one of the streams has none.
     *
     * @param type     of the results
     * @param function that makes them
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> coGroup(
        final RecordType<R, W> type, final CoGroupFunction<? super K, V, U, W> function)
    {
        streams.checkFixedLength("coGroup");
        if (sessions)
        {
            return ofSessions("session coGroup", type, OperatorFactory.of(SessionGroups.class, streams.first().type(),
                streams.second().type(), type, streams.firstKeyed().keyView(), function));
        }
        final OperatorFactory<Operator> factory = Operators.factory(CoGroupOperator.class, streams.first().type(),
            streams.second().type(), type, streams.firstKeyed().encoder(), streams.secondKeyed().encoder(),
            streams.firstKeyed().keyView(), function, window(), ConnectedStreams.name(leftTag),
            ConnectedStreams.name(rightTag));
        return then("coGroup", factory, type);
    }

    private <R> SingleOutputStream<R> ofSessions(
        final String name, final RecordType<R, ?> type, final OperatorFactory<?> results)
    {
        return then(name, Operators.factory(SessionJoinOperator.class, streams.first().type(), streams.second().type(),
            streams.firstKeyed().encoder(), streams.secondKeyed().encoder(), results, sessionWindow(),
            ConnectedStreams.name(leftTag), ConnectedStreams.name(rightTag)), type);
    }

    private SessionWindow sessionWindow()
    {
        return new SessionWindow(
            streams.units("gap", size), processingTime ? 0 : streams.units("allowedLateness", lateness));
    }

    private <R> SingleOutputStream<R> then(
        final String name, final OperatorFactory<Operator> factory, final RecordType<R, ?> type)
    {
        return processingTime ? streams.thenByArrival(name, factory, type, leftTag, rightTag) :
            streams.then(name, factory, type, leftTag, rightTag);
    }

    private JoinWindow window()
    {
        return new JoinWindow(streams.units("size", size), streams.units("slide", slide),
            streams.units("offset", offset), processingTime ? JoinWindow.NEVER : streams.units("allowedLateness", lateness));
    }
}
