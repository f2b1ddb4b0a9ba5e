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
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.transaction.TwoPhaseCommitSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Transactions that are pending at a savepoint, and those that came behind it, with another number of instances. */
class TransactionRescalingTest
{
    private static final long COUNT = 1_500;
    private static final int SAVEPOINTS = 3;

    private final SharedLedger ledger = new SharedLedger();
    private long read;

    @TempDir
    private Path directory;

    private Job start(final String checkpoints, final Path savepoint, final int parallelism)
    {
        final JobConfig config = SavepointJob.config(directory.resolve(checkpoints));
        final Pipeline pipeline = Pipeline.create("ledger");
        pipeline.source(Generator.of(TickFlyweight.TYPE, COUNT, (number, out) -> out.time(number).value(number)),
            WatermarkStrategy.<Tick>forMonotonousTimestamps(), "ticks")
            .filter(tick ->
            {
                read++;
                return true;
            }).name("read").rebalance().map(TickFlyweight.TYPE, (tick, out) -> TickFlyweight.TYPE.copy(tick, out)).name("copied")
            .parallelism(parallelism)
            .sink(TwoPhaseCommitSink.<String, Tick>of(type -> ledger.new Target()), "ledger");
        return pipeline.start(savepoint == null ? config : config.restoringFrom(Savepoints.in(savepoint)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldFollow2PC3AndCommitEachPendingTransactionOnce(final int before)
    {
        for (int after = 1; after <= 4; after++)
        {
            rescale(before, after);
        }
    }

    private void rescale(final int before, final int after)
    {
        final String name = before + "-" + after;
        ledger.crash();
        ledger.committed().clear();
        read = 0;
        try (Job job = start(name + "-before", null, before))
        {
            // None of them commits, so each has one pending transaction more than the one before, in every instance.
            for (int i = 1; i <= SAVEPOINTS; i++)
            {
                final long target = i * 300L;
                SavepointJob.stepUntil(job, () -> read >= target);
                final CompletableFuture<Path> made = job.savepoint(directory.resolve(name + "-" + i));
                SavepointJob.stepUntil(job, made::isDone);
                made.join();
            }
            assertTrue(ledger.committed().isEmpty(), "a savepoint that was triggered commits nothing");
        }
        assertEquals(SAVEPOINTS * before, ledger.waiting());
        // From the second one: what is pending there is committed, what the third one prepared is rolled back.
        final Path savepoint = directory.resolve(name + "-2");
        ledger.crash();
        start(name + "-abandoned", savepoint, after).close();
        assertEquals(0, ledger.waiting(), "rescaled " + name);
        final int recovered = ledger.committed().size();
        assertTrue(recovered > 0);
        assertEquals(1, ledger.mostCommits(), "each transaction is one instance's");
        ledger.crash();
        try (Job job = start(name + "-after", savepoint, after))
        {
            assertEquals(recovered, ledger.committed().size(), "what was committed is committed");
            SavepointJob.finish(job);
        }
        assertEquals(1, ledger.mostCommits(), "each transaction is one instance's");
        ledger.committed().sort(null);
        assertEquals(COUNT, ledger.committed().size(), "rescaled " + name);
        for (int i = 0; i < COUNT; i++)
        {
            assertEquals(i, ledger.committed().get(i));
        }
    }
}
