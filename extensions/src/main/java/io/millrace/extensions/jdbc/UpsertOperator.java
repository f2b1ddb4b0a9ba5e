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

import io.millrace.core.operator.OperatorContext;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.transform.RecordOperator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Supplier;

import javax.sql.DataSource;

/**
 * Executes a statement for each record, many in one local transaction. What is not committed when the job fails comes again
 * after the restart.
 *
 * @param <V> read-only view of the records
 */
public final class UpsertOperator<V> extends RecordOperator<V>
{
    private final Supplier<? extends DataSource> databases;
    private final String sql;
    private final StatementBinder<? super V> binder;
    private final int batchSize;
    private Connection connection;
    private PreparedStatement statement;
    private int batched;

    /**
     * A sink.
     *
     * @param type      of the records
     * @param databases gives the database
     * @param sql       of the statement
     * @param binder    sets its parameters
     * @param batchSize records that are committed at once
     */
    public UpsertOperator(
        final RecordType<V, ?> type,
        final Supplier<? extends DataSource> databases,
        final String sql,
        final StatementBinder<? super V> binder,
        final Integer batchSize)
    {
        super(type);
        this.databases = databases;
        this.sql = sql;
        this.binder = binder;
        this.batchSize = batchSize;
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        try
        {
            connection = databases.get().getConnection();
            connection.setAutoCommit(false);
            statement = connection.prepareStatement(sql);
        }
        catch (final SQLException failure)
        {
            throw failed("cannot prepare sql=" + sql, failure);
        }
    }

    @Override
    public boolean process(final long slot)
    {
        try
        {
            binder.bind(statement, view(slot));
            statement.addBatch();
        }
        catch (final SQLException failure)
        {
            throw failed("cannot bind a record to sql=" + sql, failure);
        }
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        batched++;
        if (batched >= batchSize)
        {
            flush();
        }
        return true;
    }

    private void flush()
    {
        if (batched == 0)
        {
            return;
        }
        try
        {
            statement.executeBatch();
            connection.commit();
        }
        catch (final SQLException failure)
        {
            throw failed("cannot execute records=" + batched + " of sql=" + sql +
                ": they come again when the job is started again", failure);
        }
        batched = 0;
    }

    private IllegalStateException failed(final String what, final SQLException failure)
    {
        return new IllegalStateException("sink " + name() + " " + what + ": " + JdbcFailures.describe(failure), failure);
    }

    @Override
    public void idle()
    {
        flush();
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        flush();
    }

    @Override
    public boolean finish(final long slot)
    {
        flush();
        return true;
    }

    @Override
    public void close()
    {
        if (connection != null)
        {
            try
            {
                connection.close();
            }
            catch (final SQLException failure)
            {
                throw failed("cannot close its connection", failure);
            }
        }
    }
}
