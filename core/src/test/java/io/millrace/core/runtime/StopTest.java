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
package io.millrace.core.runtime;

import io.millrace.core.failure.HangReport;
import io.millrace.core.failure.RestartStrategy;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.testing.Hook;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.TestJobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Jobs that are stopped, drained, cancelled, or hang. */
class StopTest
{
    private static final long RECORDS = 100_000;

    private final List<Long> seen = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong nanos = new AtomicLong(Duration.ofHours(15).toNanos());

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldGoOnWhereItWasStopped(final ThreadingMode mode) throws Exception
    {
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(0);
        for (int life = 0; life < 3; life++)
        {
            try (Job job = Job.start(plan(reading -> seen.add(reading.value())), config(mode).checkpointing(checkpoints)))
            {
                run(job, mode, seen.size() + 1_000);
                job.stop();
                job.stop();
                finish(job, mode);
                assertEquals(JobStatus.FINISHED, job.status());
                job.stop();
                job.drain();
                job.cancel();
                assertEquals(JobStatus.FINISHED, job.status());
            }
            assertEquals(LongStream.range(0, seen.size()).boxed().toList(), seen);
            assertTrue(seen.size() < RECORDS);
        }
        try (Job job = Job.start(plan(reading -> seen.add(reading.value())), config(mode).checkpointing(checkpoints)))
        {
            finish(job, mode);
        }
        assertEquals(LongStream.range(0, RECORDS).boxed().toList(), seen);
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldEndForEverWhenItIsDrained(final ThreadingMode mode) throws Exception
    {
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(0);
        try (Job job = Job.start(plan(reading -> seen.add(reading.value())), config(mode).checkpointing(checkpoints)))
        {
            run(job, mode, 1_000);
            job.drain();
            job.stop();
            finish(job, mode);
            assertTrue(job.watermarks().stream().allMatch(task -> task.watermark() == Long.MAX_VALUE));
        }
        final int drained = seen.size();
        assertEquals(LongStream.range(0, drained).boxed().toList(), seen);
        try (Job job = Job.start(plan(reading -> seen.add(reading.value())), config(mode).checkpointing(checkpoints)))
        {
            finish(job, mode);
        }
        assertEquals(drained, seen.size());
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldProcessWhatIsUnderWayWithoutCheckpoints(final ThreadingMode mode) throws Exception
    {
        try (Job job = Job.start(plan(reading -> seen.add(reading.value())), config(mode)))
        {
            run(job, mode, 1_000);
            job.stop();
            finish(job, mode);
            assertTrue(job.watermarks().stream().allMatch(task -> task.watermark() < Long.MAX_VALUE));
        }
        assertEquals(LongStream.range(0, seen.size()).boxed().toList(), seen);
    }

    @Test
    void shouldBeCancelledByTheNextStepAndWhileItWaits() throws Exception
    {
        final Hook failing = reading ->
        {
            throw new IllegalStateException("always");
        };
        for (final boolean waiting : new boolean[] {false, true})
        {
            final Job job = Job.start(plan(waiting ? failing : reading -> seen.add(reading.value())),
                config(ThreadingMode.INVOKER).restartStrategy(RestartStrategy.fixedDelay(9, Duration.ofHours(1))));
            while (waiting && job.status() != JobStatus.RESTARTING)
            {
                job.doWork();
            }
            job.stop();
            job.cancel();
            job.doWork();
            job.doWork();
            assertEquals(JobStatus.CANCELLED, job.status());
            job.await();
            job.close();
            assertEquals(0, job.offHeapBytes());
        }
    }

    @Test
    void shouldStopWhenItIsRestarted() throws Exception
    {
        final AtomicLong failures = new AtomicLong();
        final Hook failing = reading ->
        {
            if (failures.getAndIncrement() == 0)
            {
                throw new IllegalStateException("once");
            }
        };
        try (Job job = Job.start(plan(failing),
            config(ThreadingMode.INVOKER).restartStrategy(RestartStrategy.fixedDelay(1, Duration.ofHours(1)))))
        {
            while (job.status() != JobStatus.RESTARTING)
            {
                job.doWork();
            }
            job.stop();
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            finish(job, ThreadingMode.INVOKER);
            assertEquals(JobStatus.FINISHED, job.status());
            assertEquals(1, failures.get());
        }
    }

    @Test
    void shouldNameAFunctionThatHangsOnce() throws Exception
    {
        final CountDownLatch hanging = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final CountDownLatch told = new CountDownLatch(1);
        final List<HangReport> reports = Collections.synchronizedList(new ArrayList<>());
        final JobConfig config = config(ThreadingMode.SHARED).hangTimeout(Duration.ofSeconds(1)).onHang(report ->
        {
            reports.add(report);
            told.countDown();
        });
        try (Job job = Job.start(plan(reading -> hangAt(reading.value(), 123, hanging, release)), config))
        {
            assertTrue(hanging.await(30, TimeUnit.SECONDS));
            tickUntil(told);
            for (int i = 0; i < 8; i++)
            {
                nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            }
            release.countDown();
            job.await(30, TimeUnit.SECONDS);
            assertEquals(1, reports.size());
            final String report = reports.get(0).toString();
            assertTrue(report.startsWith("task=hook hangs for PT") &&
                report.contains(" operator=hook record at position=123 timestamp=123 record=Reading[time=123, ") &&
                report.contains(" thread=millrace-test-") && report.contains("\n    at ") &&
                report.contains("StopTest.hangAt(StopTest.java:"), report);
            assertEquals(1, job.counters().stream().filter(counter -> counter.name().equals("hangs")).findFirst()
                .orElseThrow().get());
        }
    }

    @Test
    void shouldFailWhenAFunctionHangsAndThatIsAskedFor() throws Exception
    {
        final CountDownLatch hanging = new CountDownLatch(1);
        final CountDownLatch told = new CountDownLatch(1);
        final JobConfig config = config(ThreadingMode.SHARED).failOnHang(true).stopTimeout(Duration.ofMillis(1))
            .onHang(report -> told.countDown());
        try (Job job = Job.start(plan(reading -> hangAt(reading.value(), 123, hanging, new CountDownLatch(1))), config))
        {
            assertTrue(hanging.await(30, TimeUnit.SECONDS));
            tickUntil(told);
            while (!job.status().ended())
            {
                Thread.onSpinWait();
            }
            assertEquals(JobStatus.FAILED, job.status());
            assertTrue(job.failure().getMessage().startsWith("job test failed: task=hook hangs for PT"),
                job.failure().getMessage());
        }
    }

    private void tickUntil(final CountDownLatch told) throws InterruptedException
    {
        // Whenever the watch looks, more time has passed; two looks are needed.
        while (!told.await(1, TimeUnit.MILLISECONDS))
        {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
    }

    private static void hangAt(
        final long value, final long where, final CountDownLatch hanging, final CountDownLatch release)
    {
        if (value == where)
        {
            hanging.countDown();
            try
            {
                release.await();
            }
            catch (final InterruptedException exception)
            {
                throw new IllegalStateException("interrupted", exception);
            }
        }
    }

    private JobConfig config(final ThreadingMode mode)
    {
        return new JobConfig().threading(mode).nanoClock(nanos::get).ringCapacity(64);
    }

    private void run(final Job job, final ThreadingMode mode, final int records)
    {
        while (seen.size() < records)
        {
            if (mode == ThreadingMode.INVOKER)
            {
                job.doWork();
            }
            else
            {
                Thread.onSpinWait();
            }
        }
    }

    private static void finish(final Job job, final ThreadingMode mode) throws Exception
    {
        for (int i = 0; i < 1_000_000 && mode == ThreadingMode.INVOKER && !job.status().ended(); i++)
        {
            job.doWork();
        }
        job.await(30, TimeUnit.SECONDS);
        assertEquals(JobStatus.FINISHED, job.status());
    }

    private static Plan plan(final Hook hook)
    {
        final PlanBuilder builder = TestJobs.plan();
        final PlanNode source = TestJobs.numbers(builder, "numbers", RECORDS);
        TestJobs.hook(builder, "hook", source, hook).startNewChain();
        return builder.build(128, true);
    }
}
