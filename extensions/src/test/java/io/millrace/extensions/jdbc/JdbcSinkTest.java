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

import io.millrace.checkpoint.files.ForkedJvm;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.operators.sink.transaction.TransactionName;
import io.millrace.operators.sink.transaction.TransactionScope;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The sinks on a real PostgreSQL, and on H2. */
class JdbcSinkTest
{
    private static final int ORDERS = 1_000;
    private static final String UPSERT =
        "INSERT INTO orders (id, amount) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET amount = excluded.amount";

    private static EmbeddedPostgres postgres;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startPostgres() throws IOException
    {
        postgres = EmbeddedPostgres.builder().setServerConfig("max_prepared_transactions", "20").start();
    }

    @AfterAll
    static void stopPostgres() throws IOException
    {
        postgres.close();
    }

    @BeforeEach
    void createTable() throws SQLException
    {
        rollBackWhatIsPrepared();
        execute(postgres.getPostgresDatabase(), "DROP TABLE IF EXISTS orders",
            "CREATE TABLE orders (id BIGINT, amount BIGINT)");
    }

    /** A job that failed for good leaves what it had prepared, with its locks. */
    private static void rollBackWhatIsPrepared() throws SQLException
    {
        final List<String> prepared = new ArrayList<>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
            Statement statement = connection.createStatement();
            ResultSet result = statement.executeQuery("SELECT gid FROM pg_prepared_xacts"))
        {
            while (result.next())
            {
                prepared.add("ROLLBACK PREPARED '" + result.getString(1) + "'");
            }
        }
        execute(postgres.getPostgresDatabase(), prepared.toArray(String[]::new));
    }

    private static void execute(final DataSource database, final String... statements) throws SQLException
    {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement())
        {
            for (final String sql : statements)
            {
                statement.execute(sql);
            }
        }
    }

    private static String query(final DataSource database, final String sql) throws SQLException
    {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement();
            ResultSet result = statement.executeQuery(sql))
        {
            final List<String> row = new ArrayList<>();
            result.next();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++)
            {
                row.add(result.getString(i));
            }
            return String.join(" ", row);
        }
    }

    private static void requireEachOnce(final DataSource database, final long count) throws SQLException
    {
        assertEquals(count + " " + count + " " + 3 * count * (count - 1) / 2,
            query(database, "SELECT COUNT(*), COUNT(DISTINCT id), SUM(amount) FROM orders"));
    }

    private static void requireNothingPrepared() throws SQLException
    {
        assertEquals("0", query(postgres.getPostgresDatabase(), "SELECT COUNT(*) FROM pg_prepared_xacts"));
    }

    /** Fails once at each of some orders. */
    private static boolean failing(final AtomicInteger failures, final long id)
    {
        if (failures.get() < 3 && id == 333L * (failures.get() + 1))
        {
            failures.incrementAndGet();
            throw new IllegalStateException("failure at " + id);
        }
        return true;
    }

    @Test
    void shouldHoldEachRecordOnceAfterFailures() throws Exception
    {
        final AtomicInteger failures = new AtomicInteger();
        OrdersJob.run(OrdersJob.pipeline(ORDERS, id -> failing(failures, id),
            JdbcSink.exactlyOnce(() -> OrdersJob.postgres(postgres.getPort()), OrdersJob.INSERT, OrdersJob.BINDER)),
            OrdersJob.config(directory, 50).restarts(3));
        assertEquals(3, failures.get());
        requireEachOnce(postgres.getPostgresDatabase(), ORDERS);
        requireNothingPrepared();
    }

    @Test
    void shouldCommitAllAtTheEndWithoutCheckpoints() throws Exception
    {
        OrdersJob.run(OrdersJob.pipeline(ORDERS, id -> true,
            JdbcSink.exactlyOnce(() -> OrdersJob.postgres(postgres.getPort()), OrdersJob.INSERT, OrdersJob.BINDER)),
            new JobConfig());
        requireEachOnce(postgres.getPostgresDatabase(), ORDERS);
        requireNothingPrepared();
    }

    @Test
    void shouldRollBackWhatItsSnapshotDoesNotKnowAndLeaveWhatIsOfOthers() throws Exception
    {
        prepare(new TransactionScope("orders", "table", 0, 1, TimeUnit.MILLISECONDS, true), 1);
        prepare(new TransactionScope("other", "table", 0, 1, TimeUnit.MILLISECONDS, true), 2);
        assertEquals("2", query(postgres.getPostgresDatabase(), "SELECT COUNT(*) FROM pg_prepared_xacts"));
        OrdersJob.run(OrdersJob.pipeline(ORDERS, id -> true,
            JdbcSink.exactlyOnce(() -> OrdersJob.postgres(postgres.getPort()), OrdersJob.INSERT, OrdersJob.BINDER)),
            OrdersJob.config(directory, 50));
        requireEachOnce(postgres.getPostgresDatabase(), ORDERS);
        final String left = query(postgres.getPostgresDatabase(), "SELECT gid FROM pg_prepared_xacts");
        execute(postgres.getPostgresDatabase(), "ROLLBACK PREPARED '" + left + "'");
        requireNothingPrepared();
    }

    /** Leaves a prepared transaction, as a job that was killed does. */
    private static void prepare(final TransactionScope scope, final long number) throws Exception
    {
        final XAConnection connection = OrdersJob.postgres(postgres.getPort()).getXAConnection();
        final XAResource resource = connection.getXAResource();
        final XaTransaction transaction = XaTransaction.of(new TransactionName(scope, 7, number));
        resource.start(transaction, XAResource.TMNOFLAGS);
        try (Statement statement = connection.getConnection().createStatement())
        {
            statement.execute("INSERT INTO orders VALUES (" + -number + ", 0)");
        }
        resource.end(transaction, XAResource.TMSUCCESS);
        resource.prepare(transaction);
        connection.close();
    }

    @Test
    void shouldHoldEachRecordOnceAfterKills() throws Exception
    {
        killAndVerify(4, 1);
    }

    @Test
    @Tag("slow")
    void shouldHoldEachRecordOnceAfterManyKills() throws Exception
    {
        killAndVerify(60, 2);
    }

    private void killAndVerify(final int kills, final long seed) throws Exception
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final int orders = 400 * (kills + 1);
        int died = 0;
        while (died < kills)
        {
            final int status = life(orders, 100 + random.nextInt(300));
            assertEquals(9, status, "seed=" + seed + " kill=" + died);
            died++;
        }
        assertEquals(0, life(orders, Long.MAX_VALUE), "seed=" + seed);
        requireEachOnce(postgres.getPostgresDatabase(), orders);
        requireNothingPrepared();
    }

    private int life(final int orders, final long deadline)
    {
        try (ForkedJvm jvm = new ForkedJvm(OrdersJob.class, Integer.toString(postgres.getPort()), directory.toString(),
            Integer.toString(orders), Long.toString(deadline)))
        {
            return jvm.exitStatus(120);
        }
    }

    @Test
    void shouldRefuseADatabaseThatPreparesNoTransactions() throws Exception
    {
        try (EmbeddedPostgres without = EmbeddedPostgres.start())
        {
            execute(without.getPostgresDatabase(), "CREATE TABLE orders (id BIGINT, amount BIGINT)");
            final Throwable refused = assertThrows(RuntimeException.class, () -> OrdersJob.run(
                OrdersJob.pipeline(ORDERS, id -> true,
                    JdbcSink.exactlyOnce(() -> OrdersJob.postgres(without.getPort()), OrdersJob.INSERT, OrdersJob.BINDER)),
                OrdersJob.config(directory, 50)));
            assertTrue(messages(refused).contains("max_prepared_transactions=2"), messages(refused));
        }
    }

    @Test
    void shouldSayWhatTheDatabaseSaysOfAStatementThatFails() throws Exception
    {
        execute(postgres.getPostgresDatabase(), "ALTER TABLE orders ADD CONSTRAINT small CHECK (amount < 600)");
        final Throwable failure = assertThrows(JobFailedException.class, () -> OrdersJob.run(
            OrdersJob.pipeline(ORDERS, id -> true,
                JdbcSink.exactlyOnce(() -> OrdersJob.postgres(postgres.getPort()), OrdersJob.INSERT, OrdersJob.BINDER)),
            OrdersJob.config(directory, 50)));
        assertTrue(messages(failure).contains("small") && messages(failure).contains(OrdersJob.INSERT), messages(failure));
    }

    private static String messages(final Throwable failure)
    {
        final StringBuilder all = new StringBuilder();
        for (Throwable at = failure; at != null; at = at.getCause())
        {
            all.append(at.getMessage()).append('\n');
        }
        return all.toString();
    }

    @Test
    void shouldUpsertToTheSameTableAfterFailures() throws Exception
    {
        execute(postgres.getPostgresDatabase(), "ALTER TABLE orders ADD PRIMARY KEY (id)");
        final AtomicInteger failures = new AtomicInteger();
        OrdersJob.run(OrdersJob.pipeline(ORDERS, id -> failing(failures, id),
            JdbcSink.<Order>upsert(postgres::getPostgresDatabase, UPSERT, OrdersJob.BINDER).batchSize(7)),
            OrdersJob.config(directory, 50).restarts(3));
        assertEquals(3, failures.get());
        requireEachOnce(postgres.getPostgresDatabase(), ORDERS);
    }

    @Test
    void shouldUpsertIntoAnotherDatabase() throws Exception
    {
        final JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1");
        execute(database, "CREATE TABLE orders (id BIGINT PRIMARY KEY, amount BIGINT)");
        final AtomicInteger failures = new AtomicInteger();
        OrdersJob.run(OrdersJob.pipeline(ORDERS, id -> failing(failures, id),
            JdbcSink.upsert(() -> database, "MERGE INTO orders VALUES (?, ?)", OrdersJob.BINDER)),
            OrdersJob.config(directory, 50).restarts(3));
        requireEachOnce(database, ORDERS);
        execute(database, "SHUTDOWN");
    }
}
