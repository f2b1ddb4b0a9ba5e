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
package io.millrace.extensions.s3;

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.checkpoint.CheckpointReport.Outcome;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.extensions.s3.FaultyProxy.Fault;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two sources, summed by key, while the store comes and goes, and after the machine is lost. */
class S3JobTest
{
    private static final int RECORDS = 40_000;
    private static final int KEYS = 50;

    @TempDir
    Path temporary;

    private final Map<Long, Long> sums = new HashMap<>();

    @Test
    void shouldRunOnWhileTheStoreIsAwayAndStartAgainOnAnotherMachine()
    {
        try (S3Server server = new S3Server())
        {
            final long completed;
            try (Job job = start(checkpoints(server, "first")))
            {
                step(job, () -> job.completedCheckpoint() >= 3);
                server.proxy.choose((number, method, path) -> Fault.STATUS_507);
                step(job, () -> job.checkpointStats().declined() >= 2);
                assertEquals(JobStatus.RUNNING, job.status());
                final long before = job.completedCheckpoint();
                server.proxy.choose((number, method, path) -> Fault.NONE);
                step(job, () -> job.completedCheckpoint() > before);
                completed = job.completedCheckpoint();
                final CheckpointReport last = job.checkpointStats().latest().stream()
                    .filter(report -> report.outcome() == Outcome.COMPLETED).reduce((first, second) -> second).orElseThrow();
                assertTrue(last.full(), "what was handed in for those that were declined is in no delta");
                assertTrue(last.bytes() > 0 && last.chainLength() == 1 && last.pauses().size() > 1, last.toString());
                assertEquals(JobStatus.RUNNING, job.status());
            }
            final IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> start(checkpoints(server, "second")));
            assertTrue(refused.getMessage().contains("order log"), refused.getMessage());
            try (Job job = start(checkpoints(server, "third").orderMayBeLost()))
            {
                assertTrue(job.restoredCheckpoint() >= completed);
                step(job, () -> job.status() != JobStatus.RUNNING);
                assertEquals(JobStatus.FINISHED, job.status(), () -> String.valueOf(job.failure()));
                assertEquals(0, job.offHeapBytes());
            }
        }
        assertEquals(expected(), sums);
    }

    private static Map<Long, Long> expected()
    {
        final Map<Long, Long> expected = new HashMap<>();
        for (long i = 0; i < RECORDS; i++)
        {
            expected.merge(i % KEYS, 2 * i + 1, Long::sum);
        }
        return expected;
    }

    private Checkpoints checkpoints(final S3Server server, final String machine)
    {
        return Checkpoints.on(server.snapshots(), temporary.resolve(machine)).everyRecords(1_000);
    }

    private Job start(final Checkpoints checkpoints)
    {
        final Pipeline pipeline = Pipeline.create("sums");
        amounts(pipeline, "first", 0).union(amounts(pipeline, "second", 1))
            .keyByLong(Amount::key)
            .sumLong(AmountFlyweight.TYPE, Amount::value, (sum, value) -> sum.value(value))
            .sink(CallbackSink.of(sum -> sums.put(sum.key(), sum.value())));
        return pipeline.start(
            new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).ringCapacity(256).checkpointing(checkpoints));
    }

    private static DataStream<Amount> amounts(final Pipeline pipeline, final String name, final long more)
    {
        return pipeline.source(Generator.of(AmountFlyweight.TYPE, RECORDS,
            (number, out) -> out.time(number).key(number % KEYS).value(number + more)),
            WatermarkStrategy.forMonotonousTimestamps(), name);
    }

    private static void step(final Job job, final BooleanSupplier until)
    {
        for (int i = 0; i < 10_000_000 && !until.getAsBoolean(); i++)
        {
            job.doWork();
        }
        assertTrue(until.getAsBoolean(), () -> job.status() + " " + job.checkpointStats() + " " + job.failure());
    }
}
