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
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** CP-2, CP-4 and CP-9 where checkpoints are given up on their way, barriers do not block, and bytes are counted. */
class GivenUpCheckpointTest
{
    private static final int COUNT = 3_000;
    /** Three longs. */
    private static final int READING_LENGTH = 24;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowCP4AndLoseNothingWhenCheckpointsAreGivenUp(final boolean aligned)
    {
        for (long seed = 1; seed <= 30; seed++)
        {
            final Random random = new Random(seed);
            final long chosen = seed;
            final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(1 + random.nextInt(300))
                .givingUp(id -> new Random(chosen * 31 + id).nextInt(3) == 0, random.nextInt(12));
            run(seed, aligned ? checkpoints : checkpoints.unaligned(), ThreadingMode.INVOKER);
        }
    }

    @Test
    void shouldFollowCP4WithThreads() throws InterruptedException
    {
        for (long seed = 100; seed < 104; seed++)
        {
            run(seed, new InMemoryCheckpoints(50).givingUp(id -> id % 2 == 0, 1), ThreadingMode.DEDICATED);
        }
    }

    @Test
    void shouldFollowCP9ByBytesAtTheRecordWhereTheCountIsFull()
    {
        final List<StateHash> byRecords = hashes(new InMemoryCheckpoints(100));
        assertFalse(byRecords.isEmpty());
        assertEquals(byRecords, hashes(new InMemoryCheckpoints(0).everyBytes(100 * READING_LENGTH)));
        assertEquals(byRecords, hashes(new InMemoryCheckpoints(0).everyBytes(100 * READING_LENGTH - READING_LENGTH + 1)));
    }

    private static List<StateHash> hashes(final InMemoryCheckpoints checkpoints)
    {
        final JobConfig config = new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false)
            .checkpointing(checkpoints).stateHashes(true);
        try (Job job = Job.start(sums(new Committed(), 2, GivenUpCheckpointTest::ignore), config))
        {
            TestJobs.stepToEnd(job);
            assertEquals(JobStatus.FINISHED, job.status());
            return job.stateHashes();
        }
    }

    private static void ignore(final Reading reading)
    {
    }

    private static void run(final long seed, final InMemoryCheckpoints checkpoints, final ThreadingMode mode)
    {
        final Random random = new Random(seed);
        final Committed committed = new Committed();
        final Set<Long> failures = new ConcurrentSkipListSet<>();
        while (failures.size() < 3)
        {
            failures.add((long)random.nextInt(COUNT));
        }
        final Plan plan = sums(committed, 1 + random.nextInt(3), reading ->
        {
            if (failures.remove(reading.value()))
            {
                throw new IllegalStateException("failure at " + reading.value());
            }
        });
        final JobConfig config = new JobConfig().threading(mode).ioThread(mode != ThreadingMode.INVOKER)
            .checkpointing(checkpoints).ringCapacity(4 << random.nextInt(6)).restarts(failures.size());
        try (Job job = Job.start(plan, config))
        {
            if (mode == ThreadingMode.INVOKER)
            {
                TestJobs.stepToEnd(job);
            }
            else
            {
                job.await(30, TimeUnit.SECONDS);
            }
            assertEquals(JobStatus.FINISHED, job.status(), () -> "seed=" + seed + " " + job.failure());
            assertEquals("", TestJobs.difference(COUNT, committed), () -> "seed=" + seed);
            assertEquals(0, job.offHeapBytes(), "seed=" + seed);
        }
        catch (final Exception exception)
        {
            throw new AssertionError("seed=" + seed, exception);
        }
    }

    /** Sums, spread and brought together again in a task that merges. */
    private static Plan sums(final Committed committed, final int parallelism, final Hook hook)
    {
        final PlanBuilder builder = TestJobs.plan();
        final PlanNode numbers = TestJobs.numbers(builder, "numbers", COUNT);
        final PlanNode sums = TestJobs.sums(builder, TestJobs.hook(builder, "hook", numbers, hook), parallelism);
        TestJobs.commit(builder, sums, committed);
        return builder.build(128, true);
    }
}
