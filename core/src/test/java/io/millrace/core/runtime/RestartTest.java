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

import io.millrace.core.failure.JobFailure;
import io.millrace.core.failure.RestartStrategy;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.testing.Hook;
import io.millrace.core.testing.TestJobs;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A job that waits for its restart. */
class RestartTest
{
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicLong nanos = new AtomicLong(-3);
    private final AtomicInteger failures = new AtomicInteger();
    private int failing = Integer.MAX_VALUE;

    @Test
    void shouldWaitWithoutBlockingWhoStepsIt() throws Exception
    {
        failing = 2;
        try (Job job = Job.start(plan(), stepped(RestartStrategy.fixedDelay(2, HOUR))))
        {
            for (int failed = 1; failed <= 2; failed++)
            {
                stepUntil(job, JobStatus.RESTARTING);
                assertEquals(failed, failures.get());
                assertEquals(0, job.offHeapBytes());
                nanos.addAndGet(HOUR.toNanos() - 1);
                assertEquals(0, job.doWork());
                assertEquals(JobStatus.RESTARTING, job.status());
                assertTrue(assertThrows(IllegalStateException.class, job::checkpoint).getMessage()
                    .contains("status=RESTARTING"));
                nanos.incrementAndGet();
                assertEquals(1, job.doWork());
                assertEquals(JobStatus.RUNNING, job.status());
            }
            stepUntil(job, JobStatus.FINISHED);
            job.await();
            final List<JobFailure> history = job.failures();
            assertEquals(2, history.size());
            assertEquals(1, history.get(0).number());
            assertEquals(HOUR, history.get(1).elapsed());
            assertEquals(HOUR, history.get(1).delay());
            assertTrue(history.get(1).restarted());
            assertTrue(history.get(1).cause().getMessage().contains("operator=hook record at position=77"),
                history.toString());
            assertNull(job.failure());
        }
    }

    @Test
    void shouldFailWithTheLastCauseWhenTheStrategyEnds()
    {
        try (Job job = Job.start(plan(), stepped(RestartStrategy.failureRate(40, HOUR, Duration.ZERO))))
        {
            stepUntil(job, JobStatus.FAILED);
            assertEquals(41, failures.get());
            assertEquals(JobRestarts.HISTORY, job.failures().size());
            final JobFailure last = job.failures().get(JobRestarts.HISTORY - 1);
            assertEquals(41, last.number());
            assertEquals(Duration.ZERO, last.delay());
            assertEquals(job.failure(), last.cause());
            assertTrue(job.failure().getMessage().endsWith("bad luck 41"), job.failure().getMessage());
        }
    }

    @Test
    void shouldBeClosedWhileItWaits() throws Exception
    {
        final Job job = Job.start(plan(), stepped(RestartStrategy.fixedDelay(1, HOUR)));
        stepUntil(job, JobStatus.RESTARTING);
        job.close();
        assertEquals(JobStatus.CANCELLED, job.status());
        job.await();
        assertEquals(1, job.failures().size());
        assertEquals(0, job.offHeapBytes());
        assertEquals(0, job.doWork());
    }

    @Test
    void shouldWaitOnItsOwnThread() throws Exception
    {
        failing = 1;
        final JobConfig config = new JobConfig().restartStrategy(RestartStrategy.fixedDelay(1, HOUR)).nanoClock(nanos::get);
        try (Job job = Job.start(plan(), config))
        {
            while (job.status() != JobStatus.RESTARTING)
            {
                Thread.onSpinWait();
            }
            nanos.addAndGet(HOUR.toNanos());
            job.await(30, TimeUnit.SECONDS);
            assertEquals(JobStatus.FINISHED, job.status());
        }
        final JobConfig again = new JobConfig().restartStrategy(RestartStrategy.fixedDelay(1, HOUR)).nanoClock(nanos::get);
        failing = 2;
        final Job closed = Job.start(plan(), again);
        while (closed.status() != JobStatus.RESTARTING)
        {
            Thread.onSpinWait();
        }
        closed.close();
        assertEquals(JobStatus.CANCELLED, closed.status());
        assertEquals(0, closed.offHeapBytes());
    }

    private JobConfig stepped(final RestartStrategy strategy)
    {
        return new JobConfig().threading(ThreadingMode.INVOKER).restartStrategy(strategy).nanoClock(nanos::get);
    }

    private static void stepUntil(final Job job, final JobStatus status)
    {
        for (int i = 0; i < 100_000 && job.status() != status; i++)
        {
            job.doWork();
        }
        assertEquals(status, job.status());
    }

    private Plan plan()
    {
        final Hook hook = reading ->
        {
            if (reading.value() == 77 && failures.get() < failing)
            {
                throw new IllegalArgumentException("bad luck " + failures.incrementAndGet());
            }
        };
        final PlanBuilder builder = TestJobs.plan();
        final PlanNode source = TestJobs.numbers(builder, "numbers", 1_000);
        TestJobs.hook(builder, "hook", source, hook);
        return builder.build(128, true);
    }
}
