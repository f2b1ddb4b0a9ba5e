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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.FilterFunction;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.join.EnrichOperator;

import java.util.Objects;

/**
 * A stream beside a table that each instance of the next operator keeps all of: the latest record of each key that another
 * stream has brought. Latest is in the order in which the records come, which is that of what caused them in the sources;
 * their event times do not matter. Records that come before their key's first record of the table find nothing.
 *
 * @param <V> read-only view of the stream's records
 * @param <U> read-only view of the table's records
 */
public final class EnrichedStream<V, U>
{
    private final DataStream<V> stream;
    private final DataStream<U> table;
    private final OperatorFactory<KeyEncoder> streamKeys;
    private final OperatorFactory<KeyEncoder> tableKeys;
    private final FilterFunction<? super U> removal;

    EnrichedStream(
        final DataStream<V> stream,
        final DataStream<U> table,
        final OperatorFactory<KeyEncoder> streamKeys,
        final OperatorFactory<KeyEncoder> tableKeys,
        final FilterFunction<? super U> removal)
    {
        stream.checkPipeline("enrichment of a stream", table);
        KeyedStream.checkFixedLength("enrichment", table.type());
        this.stream = stream;
        this.table = table;
        this.streamKeys = streamKeys;
        this.tableKeys = tableKeys;
        this.removal = removal;
    }

    /**
     * Says which records of the table end their key's entry. By default none does.
     *
     * @param function that decides
     * @return this stream, with such a table
     */
    public EnrichedStream<V, U> removeWhen(final FilterFunction<? super U> function)
    {
        return new EnrichedStream<>(stream, table, streamKeys, tableKeys, Objects.requireNonNull(function, "function"));
    }

    /**
     * Joins each record with the latest record of its key. Records without one are dropped, and counted in {@code
     * recordsWithoutMatch}.
     *
     * @param type     of the results
     * @param function that makes them; none of its arguments is null
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results; the timestamp of each is that of its record
     */
    public <R, W extends Flyweight> SingleOutputStream<R> join(
        final RecordType<R, W> type, final JoinFunction<? super V, ? super U, ? super W> function)
    {
        return then(type, function, false);
    }

    /**
     * Joins each record with the latest record of its key, or with null where there is none.
     *
     * @param type     of the results
     * @param function that makes them; the record of the table may be null
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the results; the timestamp of each is that of its record
     */
    public <R, W extends Flyweight> SingleOutputStream<R> leftJoin(
        final RecordType<R, W> type, final JoinFunction<? super V, ? super U, ? super W> function)
    {
        return then(type, function, true);
    }

    private <R, W extends Flyweight> SingleOutputStream<R> then(
        final RecordType<R, W> type, final JoinFunction<? super V, ? super U, ? super W> function, final boolean outer)
    {
        return stream.thenWith(table.broadcast(), "enrich", Operators.factory(EnrichOperator.class, stream.type(),
            table.type(), type, streamKeys, tableKeys, removal, function, outer), type);
    }
}
