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

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.Egress;
import io.millrace.operators.sink.PrintSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EgressTest
{
    private final List<Long> values = new ArrayList<>();
    private final Egress<Reading> egress = Egress.create(ReadingFlyweight.TYPE, 16);
    private long failAt = -1;

    @AfterEach
    void shouldFreeTheRing()
    {
        egress.close();
        assertEquals(0, egress.offHeapBytes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStandStillWhileItIsFullAsBP1Says(final boolean chaining) throws Exception
    {
        final Job job = pipeline(1000).start(TestJobs.stepped().chaining(chaining).ringCapacity(16));
        try (job)
        {
            while (!egress.ended() && job.status() != JobStatus.FAILED)
            {
                TestJobs.settle(job);
                assertEquals(0, job.doWork(), "full: nothing moves");
                final int handed = egress.poll(reading -> values.add(reading.value()), 7);
                assertTrue(handed > 0 && handed <= 7 || egress.ended());
            }
            TestJobs.finish(job);
        }
        assertEquals(LongStream.range(0, 1000).boxed().toList(), values);
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldKeepWhatOneCallEmitsBeyondTheRing() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("burst");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, 3, (number, out) -> out.value(number)),
                WatermarkStrategy.noWatermarks(), "numbers")
            .flatMap(ReadingFlyweight.TYPE, (reading, out) ->
            {
                for (int i = 0; i < 100; i++)
                {
                    out.next().value(reading.value() * 100 + i);
                    out.emit();
                }
            })
            .sink(egress);
        final List<Long> identities = new ArrayList<>();
        final Job job = pipeline.start(TestJobs.stepped());
        try (job)
        {
            TestJobs.settle(job);
            final long held = job.offHeapBytes();
            TestJobs.settle(job);
            assertEquals(held, job.offHeapBytes(), "what waits is bounded by what one record causes");
            while (!egress.ended() && job.status() != JobStatus.FAILED)
            {
                egress.pollIdentified((reading, metadata) ->
                {
                    values.add(reading.value());
                    identities.add(metadata.cause() * 100 + metadata.ordinal());
                }, 10);
                TestJobs.settle(job);
            }
            TestJobs.finish(job);
        }
        assertEquals(LongStream.range(0, 300).boxed().toList(), values);
        assertEquals(values, identities);
    }

    @Test
    void shouldGiveTheSameIdentityAgainAfterARestart() throws Exception
    {
        final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
        final List<String> records = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("identity");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, 100, (number, out) -> out.value(number)),
                WatermarkStrategy.noWatermarks(), "numbers").uid("numbers")
            .flatMap(ReadingFlyweight.TYPE, (reading, out) ->
            {
                if (reading.value() == failAt)
                {
                    failAt = -1;
                    throw new IllegalStateException("as the test says");
                }
                for (int i = 0; i < 3; i++)
                {
                    out.next().value(reading.value() * 3 + i);
                    out.emit();
                }
            })
            .sink(egress);
        try (Job job = pipeline.start(TestJobs.stepped().checkpointing(checkpoints).restarts(1)))
        {
            poll(job, records, 30);
            job.checkpoint();
            TestJobs.settle(job);
            poll(job, records, 30);
            assertEquals(1, job.completedCheckpoint());
            failAt = 50;
            poll(job, records, 1000);
            TestJobs.finish(job);
            assertEquals(1, job.restoredCheckpoint());
        }
        assertTrue(records.size() > 300, "some come again");
        assertEquals(300, records.stream().distinct().count());
        for (final String record : records)
        {
            final String[] parts = record.split("[.=]", 3);
            assertEquals(Long.parseLong(parts[0]) * 3 + Long.parseLong(parts[1]), Long.parseLong(parts[2]), record);
        }
    }

    private void poll(final Job job, final List<String> records, final int count)
    {
        final int until = records.size() + count;
        while (records.size() < until && !egress.ended() && job.status() != JobStatus.FAILED)
        {
            job.doWork();
            egress.pollIdentified((reading, metadata) ->
                records.add(metadata.cause() + "." + metadata.ordinal() + "=" + reading.value()), until - records.size());
        }
    }

    @Test
    void shouldTakeTheRecordThatTheHandlerFailsWith() throws Exception
    {
        try (Job job = pipeline(3).start(TestJobs.stepped()))
        {
            TestJobs.settle(job);
            assertThrows(ArithmeticException.class, () -> egress.poll(reading ->
            {
                throw new ArithmeticException();
            }, 10));
            egress.poll(reading -> values.add(reading.value()), 10);
            assertEquals(List.of(1L, 2L), values);
            assertTrue(egress.ended());
        }
    }

    @Test
    void shouldFailALateAccessInDebugMode() throws Exception
    {
        final List<Reading> kept = new ArrayList<>();
        try (Job job = pipeline(3).start(TestJobs.stepped()))
        {
            TestJobs.settle(job);
            egress.poll(kept::add, 1);
            assertTrue(assertThrows(IllegalStateException.class, () -> kept.get(0).value()).getMessage()
                .contains("egress of Reading"));
        }
    }

    @Test
    void shouldFailTheJobWhenItIsClosedFirst() throws Exception
    {
        final Job job = pipeline(1000).start(TestJobs.stepped());
        try (job)
        {
            TestJobs.settle(job);
            egress.close();
            assertTrue(egress.offHeapBytes() > 0, "the job may write to it yet");
            final String message = assertThrows(Exception.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("close the job first"), message);
        }
        assertEquals(0, egress.offHeapBytes());
        assertThrows(IllegalStateException.class, () -> egress.poll(reading -> values.add(0L), 1));
        assertThrows(IllegalStateException.class, () -> pipeline(3).start(TestJobs.stepped()));
    }

    @Test
    void shouldHaveOneWriterAndOneInstance() throws Exception
    {
        try (Job job = pipeline(3).start(TestJobs.stepped()))
        {
            assertNotNull(job);
            assertTrue(assertThrows(IllegalStateException.class, () -> pipeline(3).start(TestJobs.stepped())).getMessage()
                .contains("is written by sink"));
        }
        final Pipeline parallel = Pipeline.create("parallel");
        numbers(parallel, 3).rebalance().sink(egress, "out").parallelism(2);
        assertTrue(assertThrows(IllegalStateException.class, () -> parallel.plan(new JobConfig())).getMessage()
            .contains("parallelism=2 of operator out must be 1"));
    }

    @ParameterizedTest
    @EnumSource(value = ThreadingMode.class, names = {"SHARED", "DEDICATED"})
    void shouldHandOverEverythingFromThreadToThread(final ThreadingMode mode) throws Exception
    {
        final long count = 100_000;
        final Job job = pipeline(count).start(new JobConfig().threading(mode).chaining(false).ringCapacity(64));
        try (job)
        {
            while (!egress.ended() && job.status() != JobStatus.FAILED)
            {
                if (egress.poll(reading -> values.add(reading.value()), 100) == 0)
                {
                    Thread.onSpinWait();
                }
            }
            job.await(60, TimeUnit.SECONDS);
            assertEquals(JobStatus.FINISHED, job.status());
        }
        assertEquals(LongStream.range(0, count).boxed().toList(), values);
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldPrintLinesForPeople() throws Exception
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final Pipeline pipeline = Pipeline.create("print");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, 2, (number, out) -> out.time(5 + number).place("a")),
                WatermarkStrategy.forMonotonousTimestamps(), "numbers")
            .sink(PrintSink.to(new PrintStream(bytes, false, StandardCharsets.UTF_8), "readings"));
        TestJobs.run(pipeline);
        assertEquals(List.of(
            "readings @5 Reading[time=5, sensor=0, place=a, value=0]",
            "readings @6 Reading[time=6, sensor=0, place=a, value=0]"),
            bytes.toString(StandardCharsets.UTF_8).lines().toList());
        assertFalse(egress.ended());
    }

    private Pipeline pipeline(final long count)
    {
        final Pipeline pipeline = Pipeline.create("egress");
        numbers(pipeline, count).sink(egress);
        return pipeline;
    }

    private static SingleOutputStream<Reading> numbers(final Pipeline pipeline, final long count)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, count, (number, out) -> out.value(number)),
            WatermarkStrategy.noWatermarks(), "numbers");
    }
}
