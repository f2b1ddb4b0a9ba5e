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
package io.millrace.extensions.jdbc;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.memory.record.RecordType;

import java.util.Objects;
import java.util.function.Supplier;

import javax.sql.DataSource;

/**
 * See {@link JdbcSink#upsert}. Immutable: each setting gives a new sink.
 *
 * @param <V> read-only view of the records
 */
public final class UpsertSink<V> implements StreamSink<V>
{
    private final Supplier<? extends DataSource> databases;
    private final String sql;
    private final StatementBinder<? super V> binder;
    private final int batchSize;

    UpsertSink(
        final Supplier<? extends DataSource> databases,
        final String sql,
        final StatementBinder<? super V> binder,
        final int batchSize)
    {
        this.databases = Objects.requireNonNull(databases, "databases");
        this.sql = Objects.requireNonNull(sql, "sql");
        this.binder = Objects.requireNonNull(binder, "binder");
        this.batchSize = batchSize;
    }

    /**
     * How many records are sent and committed at once, by default {@value JdbcSink#DEFAULT_BATCH_SIZE}; fewer when there are no
     * more for now, and at a checkpoint.
     *
     * @param records 1 or more
     * @return a sink that does
     */
    public UpsertSink<V> batchSize(final int records)
    {
        if (records < 1)
        {
            throw new IllegalArgumentException("batchSize=" + records + " must be 1 or more");
        }
        return new UpsertSink<>(databases, sql, binder, records);
    }

    @Override
    public OperatorFactory<Operator> factory(final RecordType<? extends V, ?> type)
    {
        return OperatorFactory.of(UpsertOperator.class, type, databases, sql, binder, batchSize);
    }
}
