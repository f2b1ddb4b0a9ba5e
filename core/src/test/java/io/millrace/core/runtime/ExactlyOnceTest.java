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

import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.testing.Committed;
import io.millrace.core.testing.Hook;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.Reading;
import io.millrace.core.testing.TestJobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExactlyOnceTest
{
    private static final int COUNT = 3_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldCommitEverySumOnceWhateverFails(final long seed)
    {
        final Scenario scenario = new Scenario(seed);
        try (Job job = Job.start(scenario.plan, scenario.config(ThreadingMode.INVOKER).ioThread(false)))
        {
            TestJobs.stepToEnd(job);
            scenario.check(job);
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldCommitEverySumOnceWithThreads(final ThreadingMode mode) throws Exception
    {
        for (long seed = 100; seed < 103; seed++)
        {
            final Scenario scenario = new Scenario(seed);
            try (Job job = Job.start(scenario.plan, scenario.config(mode)))
            {
                if (mode == ThreadingMode.INVOKER)
                {
                    TestJobs.stepToEnd(job);
                }
                job.await(30, TimeUnit.SECONDS);
                scenario.check(job);
            }
        }
    }

    @Test
    void shouldGoOnFromTheLastCheckpointAfterAKill()
    {
        for (long seed = 200; seed < 212; seed++)
        {
            final Scenario scenario = new Scenario(seed);
            scenario.failures.clear();
            final Random random = new Random(seed);
            for (int i = 0; i < 4; i++)
            {
                try (Job job = Job.start(scenario.plan, scenario.config(ThreadingMode.INVOKER).ioThread(false)))
                {
                    final int steps = random.nextInt(100);
                    for (int j = 0; j < steps; j++)
                    {
                        job.doWork();
                    }
                }
            }
            try (Job job = Job.start(scenario.plan, scenario.config(ThreadingMode.INVOKER).ioThread(false)))
            {
                TestJobs.stepToEnd(job);
                scenario.check(job);
            }
        }
    }

    @Test
    void shouldBeCaughtWhenAChunkIsLost()
    {
        int caught = 0;
        for (long seed = 1; seed <= 10; seed++)
        {
            final Scenario scenario = new Scenario(seed);
            scenario.checkpoints.losing(number -> number % 5 == 1);
            try (Job job = Job.start(scenario.plan, scenario.config(ThreadingMode.INVOKER).ioThread(false)))
            {
                TestJobs.stepToEnd(job);
                caught += job.status() == JobStatus.FAILED ||
                    !TestJobs.difference(COUNT, scenario.committed).isEmpty() ? 1 : 0;
            }
        }
        assertTrue(caught >= 5, "a store that loses chunks was caught only " + caught + " times of 10");
    }

    @Test
    void shouldCommitTheLastRecordsBeforeItFinishes()
    {
        for (final boolean chaining : new boolean[] {true, false})
        {
            final Committed committed = new Committed();
            final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(0);
            final Plan plan = sums(committed, 2, chaining, ExactlyOnceTest::ignore);
            try (Job job = Job.start(plan, config(checkpoints)))
            {
                TestJobs.stepToEnd(job);
                assertEquals(JobStatus.FINISHED, job.status());
                assertEquals(1, checkpoints.latest(), "one checkpoint at the end");
                assertEquals("", TestJobs.difference(COUNT, committed));
                assertEquals(0, job.offHeapBytes());
            }
        }
    }

    @Test
    void shouldEndAtOnceWhenItFinishedBefore()
    {
        final Committed committed = new Committed();
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(500);
        final Set<Long> seen = new TreeSet<>();
        final Plan plan = sums(committed, 1, false, reading -> assertTrue(seen.add(reading.value())));
        for (int i = 0; i < 3; i++)
        {
            try (Job job = Job.start(plan, config(checkpoints)))
            {
                TestJobs.stepToEnd(job);
                assertEquals(JobStatus.FINISHED, job.status());
            }
        }
        assertEquals(COUNT, seen.size());
        assertEquals("", TestJobs.difference(COUNT, committed));
    }

    @Test
    void shouldAskAgainWhenTheLastCheckpointIsGivenUp()
    {
        final Committed committed = new Committed();
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(0).declining(id -> id < 4);
        try (Job job = Job.start(sums(committed, 2, true, ExactlyOnceTest::ignore), config(checkpoints)))
        {
            TestJobs.stepToEnd(job);
            assertEquals(JobStatus.FINISHED, job.status());
            assertEquals(4, checkpoints.latest());
            assertEquals("", TestJobs.difference(COUNT, committed));
        }
    }

    @Test
    void shouldKeepEverySourceInEveryCheckpoint()
    {
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(100);
        final Committed committed = new Committed();
        final PlanBuilder builder = TestJobs.plan();
        TestJobs.commit(builder, TestJobs.numbers(builder, "short", 10), committed);
        final Set<Long> failures = new ConcurrentSkipListSet<>(Set.of(2_000L, 4_000L));
        final PlanNode fails = TestJobs.hook(builder, "fails", TestJobs.numbers(builder, "long", 5_000),
            reading -> failAt(failures, reading.value()));
        TestJobs.commit(builder, fails, new Committed()).uid("sink of fails");
        try (Job job = Job.start(builder.build(128, true), config(checkpoints).restarts(2)))
        {
            TestJobs.stepToEnd(job);
            assertEquals(JobStatus.FINISHED, job.status());
            assertEquals(Set.of(), failures);
            assertEquals(LongStream.range(0, 10).boxed().toList(), committed.sorted());
        }
        try (Job job = Job.start(builder.build(128, true), config(checkpoints)))
        {
            TestJobs.stepToEnd(job);
            assertEquals(JobStatus.FINISHED, job.status());
        }
    }

    @Test
    void shouldRefuseStateThatNobodyDeclares()
    {
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(100);
        try (Job job = Job.start(sums(new Committed(), 1, true, ExactlyOnceTest::ignore), config(checkpoints)))
        {
            TestJobs.stepToEnd(job);
        }
        final PlanBuilder builder = TestJobs.plan();
        TestJobs.commit(builder, TestJobs.numbers(builder, "numbers", COUNT), new Committed());
        final IllegalStateException failure = assertThrows(IllegalStateException.class,
            () -> Job.start(builder.build(128, true), config(checkpoints)));
        assertTrue(failure.getMessage().contains("no operator of job test declares"), failure.getMessage());
    }

    private static void ignore(final Reading reading)
    {
    }

    private static JobConfig config(final InMemoryCheckpoints checkpoints)
    {
        return new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).checkpointing(checkpoints);
    }

    private static Plan sums(
        final Committed committed,
        final int parallelism,
        final boolean chaining,
        final Hook hook)
    {
        final PlanBuilder builder = TestJobs.plan();
        final PlanNode numbers = TestJobs.numbers(builder, "numbers", COUNT);
        final PlanNode hooked = TestJobs.hook(builder, "hook", numbers, hook);
        TestJobs.commit(builder, TestJobs.sums(builder, hooked, parallelism), committed);
        return builder.build(128, chaining);
    }

    private static void failAt(final Set<Long> failures, final long value)
    {
        if (failures.remove(value))
        {
            throw new IllegalStateException("failure at " + value);
        }
    }

    private static final class Scenario
    {
        private final long seed;
        private final Committed committed = new Committed();
        private final Set<Long> failures = new ConcurrentSkipListSet<>();
        private final InMemoryCheckpoints checkpoints;
        private final int ringCapacity;
        private final Plan plan;

        private Scenario(final long seed)
        {
            this.seed = seed;
            final Random random = new Random(seed);
            final int count = 1 + random.nextInt(5);
            while (failures.size() < count)
            {
                failures.add((long)random.nextInt(COUNT));
            }
            checkpoints = new InMemoryCheckpoints(1 + random.nextInt(700));
            ringCapacity = 4 << random.nextInt(6);
            plan = sums(committed, 1 + random.nextInt(3), random.nextBoolean(),
                reading -> failAt(failures, reading.value()));
        }

        private JobConfig config(final ThreadingMode mode)
        {
            return new JobConfig().threading(mode).checkpointing(checkpoints).ringCapacity(ringCapacity)
                .restarts(failures.size());
        }

        private void check(final Job job)
        {
            assertEquals(JobStatus.FINISHED, job.status(), () -> "seed=" + seed + " " + job.failure());
            assertEquals(Set.of(), failures, "seed=" + seed);
            assertEquals("", TestJobs.difference(COUNT, committed), () -> "seed=" + seed);
            assertEquals(0, job.offHeapBytes(), "seed=" + seed);
        }
    }
}
