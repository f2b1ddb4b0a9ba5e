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

import java.util.function.Supplier;

import javax.sql.DataSource;
import javax.sql.XADataSource;

import io.millrace.operators.sink.transaction.TwoPhaseCommitSink;

/**
 * Sinks that write to a database. Calls of a database wait for it, on the thread of the sink's task: give the sink a task of
 * its own with {@code startNewChain()}.
 * <pre>
 *   orders.sink(JdbcSink.exactlyOnce(() -&gt; xaDataSource, "INSERT INTO orders VALUES (?, ?)", binder)).startNewChain();
 *   totals.sink(JdbcSink.upsert(() -&gt; dataSource,
 *       "INSERT INTO totals VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET total = excluded.total", binder)).startNewChain();
 * </pre>
 *
 * @see XaTarget what the first leaves in the database, and what it needs
 */
public final class JdbcSink
{
    /** Statements that are sent at once. */
    public static final int DEFAULT_BATCH_SIZE = 1000;

    private JdbcSink()
    {
    }

    /**
     * Every record is one execution of a statement, exactly once: executed in a distributed (XA) transaction that is prepared
     * at each checkpoint, and committed when the checkpoint is complete. For PostgreSQL, set
     * {@code max_prepared_transactions} to at least twice the number of instances, and more when checkpoints may be declined.
     *
     * @param databases gives the database; called by each instance in each life of the job
     * @param sql       a statement with parameters
     * @param binder    sets them
     * @param <V>       read-only view of the records
     * @return the sink, for settings of pending transactions and timeouts
     */
    public static <V> TwoPhaseCommitSink<XaTransaction, V> exactlyOnce(
        final Supplier<? extends XADataSource> databases, final String sql, final StatementBinder<? super V> binder)
    {
        return TwoPhaseCommitSink.of(type -> new XaTarget<V>(type, databases, sql, binder, DEFAULT_BATCH_SIZE));
    }

    /**
     * Every record is one execution of a statement, at least once: after a restart the records since the last checkpoint are
     * executed again. With a statement that says what a row is, and not how it changes, the table is the same as if each had
     * been executed once, from the first checkpoint after the restart on. What is shown is not delayed until a checkpoint.
     *
     * @param databases gives the database; called by each instance in each life of the job
     * @param sql       a statement with parameters that may be executed twice: an upsert, a merge, a delete
     * @param binder    sets them
     * @param <V>       read-only view of the records
     * @return the sink
     */
    public static <V> UpsertSink<V> upsert(
        final Supplier<? extends DataSource> databases, final String sql, final StatementBinder<? super V> binder)
    {
        return new UpsertSink<>(databases, sql, binder, DEFAULT_BATCH_SIZE);
    }
}
