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

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.core.operator.StreamSink;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.source.Generator;
import org.postgresql.xa.PGXADataSource;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

import javax.sql.XADataSource;

/**
 * A job that writes orders into a database. As a program of its own it dies at a given order, once it has come to it in
 * this life.
 */
final class OrdersJob
{
    static final String INSERT = "INSERT INTO orders (id, amount) VALUES (?, ?)";
    static final StatementBinder<Order> BINDER = (statement, order) ->
    {
        statement.setLong(1, order.id());
        statement.setLong(2, order.amount());
    };

    private OrdersJob()
    {
    }

    static XADataSource postgres(final int port)
    {
        final PGXADataSource source = new PGXADataSource();
        source.setUrl("jdbc:postgresql://localhost:" + port + "/postgres");
        source.setUser("postgres");
        return source;
    }

    static JobConfig config(final Path directory, final long recordsPerCheckpoint)
    {
        return new JobConfig().checkpointing(
            Checkpoints.in(directory).everyRecords(recordsPerCheckpoint).durability(SyncLevel.PROCESS));
    }

    static Pipeline pipeline(final long count, final LongPredicate tap, final StreamSink<Order> sink)
    {
        final Pipeline pipeline = Pipeline.create("orders");
        pipeline.source(Generator.of(OrderFlyweight.TYPE, count, (number, order) ->
                order.time(number).id(number).amount(number * 3)), WatermarkStrategy.forMonotonousTimestamps(), "orders")
            .filter(order -> tap.test(order.id())).name("tap")
            .sink(sink, "table");
        return pipeline;
    }

    static void run(final Pipeline pipeline, final JobConfig config) throws Exception
    {
        try (Job job = pipeline.start(config))
        {
            job.await(120, TimeUnit.SECONDS);
        }
    }

    /**
     * Runs the job.
     *
     * @param args port of PostgreSQL, directory of the checkpoints, number of orders, number of records after which to die
     * @throws Exception when the job fails
     */
    public static void main(final String[] args) throws Exception
    {
        final int port = Integer.parseInt(args[0]);
        final long deadline = Long.parseLong(args[3]);
        final long[] seen = new long[1];
        run(pipeline(Long.parseLong(args[2]), id ->
        {
            seen[0]++;
            if (seen[0] == deadline)
            {
                Runtime.getRuntime().halt(9);
            }
            return true;
        }, JdbcSink.exactlyOnce(() -> postgres(port), INSERT, BINDER)), config(Path.of(args[1]), 50));
    }
}
