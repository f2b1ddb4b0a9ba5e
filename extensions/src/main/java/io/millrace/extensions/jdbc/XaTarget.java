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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.sink.RecordMetadata;
import io.millrace.operators.sink.transaction.TransactionName;
import io.millrace.operators.sink.transaction.TransactionScope;
import io.millrace.operators.sink.transaction.TransactionalTarget;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.function.Supplier;

import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * Writes to a database that takes part in distributed transactions; tested on PostgreSQL. One connection writes, another one
 * commits what was prepared before, since PostgreSQL commits on an idle connection only. So the driver must let a connection
 * begin a transaction while one that it prepared waits for another connection to commit it: H2 does not.
 * <p>
 * A prepared transaction is in the database until it is committed or rolled back, holds its locks, and outlives this process
 * and the database's: a job that is given up for good leaves its last ones, named {@code 1296649292_...} in PostgreSQL's
 * {@code pg_prepared_xacts}, to be rolled back by hand. A job that starts again rolls back what its snapshot does not know.
 *
 * @param <V> read-only view of the records
 */
public final class XaTarget<V> implements TransactionalTarget<XaTransaction, V>
{
    private static final String POSTGRESQL = "PostgreSQL";

    private final RecordType<? extends V, ?> type;
    private final Supplier<? extends XADataSource> databases;
    private final String sql;
    private final StatementBinder<? super V> binder;
    private final int batchSize;
    private TransactionScope scope;
    private XAConnection writingConnection;
    private XAConnection finishingConnection;
    private XAResource writing;
    private XAResource finishing;
    private PreparedStatement statement;
    private int batched;

    XaTarget(
        final RecordType<? extends V, ?> type,
        final Supplier<? extends XADataSource> databases,
        final String sql,
        final StatementBinder<? super V> binder,
        final int batchSize)
    {
        this.type = type;
        this.databases = Objects.requireNonNull(databases, "databases");
        this.sql = Objects.requireNonNull(sql, "sql");
        this.binder = Objects.requireNonNull(binder, "binder");
        this.batchSize = batchSize;
    }

    @Override
    public void open(final TransactionScope transactions)
    {
        scope = transactions;
        try
        {
            final XADataSource database = databases.get();
            finishingConnection = database.getXAConnection();
            finishing = finishingConnection.getXAResource();
            writingConnection = database.getXAConnection();
            writing = writingConnection.getXAResource();
            final Connection connection = writingConnection.getConnection();
            requirePreparedTransactions(connection);
            statement = connection.prepareStatement(sql);
        }
        catch (final SQLException failure)
        {
            throw failed("cannot prepare sql=" + sql, failure);
        }
    }

    /** PostgreSQL allows none unless it is told to. */
    private void requirePreparedTransactions(final Connection connection) throws SQLException
    {
        if (!POSTGRESQL.equals(connection.getMetaData().getDatabaseProductName()))
        {
            return;
        }
        try (Statement query = connection.createStatement(); ResultSet result = query.executeQuery("SHOW max_prepared_transactions"))
        {
            result.next();
            final int most = result.getInt(1);
            if (scope.checkpointing() && most < 2 * scope.instances())
            {
                throw new IllegalStateException("sink " + scope.operator() + " with instances=" + scope.instances() +
                    " needs max_prepared_transactions=" + 2 * scope.instances() + " or more, the database has " + most +
                    ": raise it in postgresql.conf and restart the database, or use JdbcSink.upsert");
            }
        }
    }

    @Override
    public XaTransaction begin(final TransactionName name)
    {
        final XaTransaction transaction = XaTransaction.of(name);
        try
        {
            writing.start(transaction, XAResource.TMNOFLAGS);
        }
        catch (final XAException failure)
        {
            throw failed("cannot begin", transaction, failure);
        }
        batched = 0;
        return transaction;
    }

    @Override
    public void invoke(final XaTransaction transaction, final V record, final RecordMetadata metadata)
    {
        try
        {
            binder.bind(statement, record);
            statement.addBatch();
            batched++;
            if (batched >= batchSize)
            {
                execute();
            }
        }
        catch (final SQLException failure)
        {
            throw failed("cannot execute sql=" + sql + " for a record of " + type.name(), failure);
        }
    }

    private void execute() throws SQLException
    {
        if (batched > 0)
        {
            statement.executeBatch();
            batched = 0;
        }
    }

    @Override
    public void preCommit(final XaTransaction transaction)
    {
        try
        {
            execute();
        }
        catch (final SQLException failure)
        {
            throw failed("cannot execute sql=" + sql, failure);
        }
        try
        {
            writing.end(transaction, XAResource.TMSUCCESS);
            if (writing.prepare(transaction) == XAResource.XA_RDONLY)
            {
                transaction.becomeEmpty();
            }
        }
        catch (final XAException failure)
        {
            throw failed("cannot prepare", transaction, failure);
        }
    }

    @Override
    public void commit(final XaTransaction transaction)
    {
        commit(transaction, false);
    }

    /** It was prepared before the snapshot was made: when it is gone, an earlier life has committed it. */
    @Override
    public void recoverAndCommit(final XaTransaction transaction)
    {
        commit(transaction, true);
    }

    private void commit(final XaTransaction transaction, final boolean mayBeGone)
    {
        try
        {
            if (!transaction.isEmpty())
            {
                finishing.commit(transaction, false);
            }
        }
        catch (final XAException failure)
        {
            if (!mayBeGone || failure.errorCode != XAException.XAER_NOTA)
            {
                throw failed("cannot commit", transaction, failure);
            }
        }
    }

    @Override
    public void abort(final XaTransaction transaction)
    {
        try
        {
            writing.end(transaction, XAResource.TMFAIL);
            writing.rollback(transaction);
        }
        catch (final XAException failure)
        {
            // It was ended, and perhaps prepared, before.
            rollback(transaction);
        }
    }

    @Override
    public void recoverAndAbort(final XaTransaction transaction)
    {
        rollback(transaction);
    }

    /** Rolls back what was prepared; what was not went with its connection. */
    private void rollback(final Xid transaction)
    {
        try
        {
            finishing.rollback(transaction);
        }
        catch (final XAException failure)
        {
            if (failure.errorCode != XAException.XAER_NOTA)
            {
                throw failed("cannot roll back", transaction, failure);
            }
        }
    }

    @Override
    public void fence(final TransactionName first)
    {
        try
        {
            for (final Xid xid : finishing.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
            {
                if (XaTransaction.isOf(first.scope(), xid))
                {
                    rollback(xid);
                }
            }
        }
        catch (final XAException failure)
        {
            throw new IllegalStateException("sink " + scope.operator() + " cannot list what earlier lives of the job have " +
                "prepared: error=" + failure.errorCode + " " + failure.getMessage(), failure);
        }
    }

    @Override
    public void write(final XaTransaction transaction, final BlobWriter writer)
    {
        transaction.write(writer);
    }

    @Override
    public XaTransaction read(final BlobReader reader)
    {
        return XaTransaction.read(reader);
    }

    private IllegalStateException failed(final String what, final SQLException failure)
    {
        return new IllegalStateException(
            "sink " + scope.operator() + " " + what + ": " + JdbcFailures.describe(failure), failure);
    }

    private IllegalStateException failed(final String what, final Xid transaction, final XAException failure)
    {
        return new IllegalStateException("sink " + scope.operator() + " " + what + " " + transaction + ": error=" +
            failure.errorCode + " " + failure.getMessage() +
            (failure.getCause() == null ? "" : ", " + failure.getCause().getMessage()), failure);
    }

    @Override
    public void close()
    {
        try
        {
            close(writingConnection);
        }
        finally
        {
            close(finishingConnection);
        }
    }

    private void close(final XAConnection connection)
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
