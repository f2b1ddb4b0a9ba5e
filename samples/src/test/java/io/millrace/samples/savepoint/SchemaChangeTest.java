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
package io.millrace.samples.savepoint;

import io.millrace.checkpoint.savepoint.Savepoints;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Records of the state that get fields, between a savepoint and the job that begins from it. */
class SchemaChangeTest
{
    private static final int COUNT = 1_000;
    private static final int OWNERS = 10;

    private final List<String> shown = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeSavepoint()
    {
        try (Job job = before(SavepointJob.config(directory.resolve("before"))))
        {
            SavepointJob.stepUntil(job, () -> shown.size() >= COUNT / 2);
            final CompletableFuture<Path> made = job.stopWithSavepoint(directory.resolve("savepoint"), false);
            SavepointJob.finish(job);
            assertEquals(directory.resolve("savepoint"), made.join());
        }
    }

    private Job before(final JobConfig config)
    {
        final Pipeline pipeline = Pipeline.create("accounts");
        accounts(pipeline, AccountBeforeFlyweight.TYPE, (account, tick) ->
            account.owner(tick.key()).balance(account.balance() + 1))
            .sink(CallbackSink.of(account -> shown.add(account.owner() + " " + account.balance())));
        return pipeline.start(config);
    }

    private Job after(final JobConfig config)
    {
        final Pipeline pipeline = Pipeline.create("accounts");
        accounts(pipeline, AccountAfterFlyweight.TYPE, (account, tick) ->
            account.owner(tick.key()).balance(account.balance() + 1))
            .sink(CallbackSink.of(account -> shown.add(account.owner() + " " + account.balance() + " " + account.limit())));
        return pipeline.start(config.restoringFrom(Savepoints.in(directory.resolve("savepoint"))));
    }

    private static <V, W extends io.millrace.memory.record.Flyweight> SingleOutputStream<V> accounts(
        final Pipeline pipeline, final RecordType<V, W> type, final AccumulateFunction<Tick, W> function)
    {
        return pipeline.source(Generator.of(TickFlyweight.TYPE, COUNT, (number, out) -> out.time(number).key(number % OWNERS)),
            WatermarkStrategy.<Tick>forMonotonousTimestamps(), "ticks")
            .keyByLong(Tick::key).accumulate(type, function).uid("accounts");
    }

    private String last()
    {
        return shown.get(shown.size() - 1);
    }

    @Test
    void shouldFollowSP4AndAppendFields()
    {
        try (Job job = after(SavepointJob.config(directory.resolve("after"))))
        {
            SavepointJob.finish(job);
        }
        assertEquals("9 100 0", last());
    }

    @Test
    void shouldGiveAppendedFieldsADefault()
    {
        final AccountAfterFlyweight account = AccountAfterFlyweight.TYPE.newFlyweight();
        try (Job job = after(SavepointJob.config(directory.resolve("after")).migrating("accounts", "accumulated", (stored, current) ->
        {
            account.wrap(current, AccountAfterFlyweight.TYPE.blockLength());
            account.limit(account.owner() + 500);
        })))
        {
            SavepointJob.finish(job);
        }
        assertEquals("9 100 509", last());
    }

    @Test
    void shouldRefuseFieldsThatAreGone()
    {
        try (Job job = after(SavepointJob.config(directory.resolve("after"))))
        {
            SavepointJob.stepUntil(job, () -> shown.size() >= COUNT * 3 / 4);
            final CompletableFuture<Path> made = job.stopWithSavepoint(directory.resolve("later"), false);
            SavepointJob.finish(job);
            assertEquals(directory.resolve("later"), made.join());
        }
        final IllegalStateException refusal = assertThrows(IllegalStateException.class,
            () -> before(SavepointJob.config(directory.resolve("back")).restoringFrom(Savepoints.in(directory.resolve("later")))));
        assertTrue(refusal.getMessage().contains("field=limit of record=Account was stored"), refusal.getMessage());
    }
}
