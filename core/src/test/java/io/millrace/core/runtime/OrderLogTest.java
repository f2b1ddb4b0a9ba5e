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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.testing.Hook;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.InMemoryOrder;
import io.millrace.core.testing.InMemoryOrder.Lie;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.core.testing.ReadingKeyEncoder;
import io.millrace.core.testing.ShowingSink;
import io.millrace.core.testing.Shown;
import io.millrace.core.testing.SpreadOperator;
import io.millrace.core.testing.SumOperator;
import io.millrace.core.testing.TestJobs;
import io.millrace.core.testing.UnevenSource;
import io.millrace.core.time.WatermarkStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Several sources, and what a job shows after crashes and in replays (ORDERING invariants I1, I2, I10, I13): the sources'
 * batches come by chance, and the order log lags behind.
 */
class OrderLogTest
{
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 4);
    private static final long COUNT = 1_500;
    private static final int[][] TOPOLOGIES = {{2, 1}, {2, 4, 4, 1}, {3, 3, 2, 3, 1}};

    @ParameterizedTest
    @CsvSource({
        "0, DEDICATED, 4, INVOKER, 64", "0, SHARED, 1024, DEDICATED, 4", "0, INVOKER, 16, SHARED, 4096",
        "1, DEDICATED, 64, SHARED, 4", "1, SHARED, 4, INVOKER, 4096", "1, INVOKER, 1024, DEDICATED, 16",
        "2, DEDICATED, 16, INVOKER, 4", "2, SHARED, 4096, DEDICATED, 64", "2, INVOKER, 4, SHARED, 16"})
    void shouldReplayTheSame(
        final int topology, final ThreadingMode mode, final int ringCapacity, final ThreadingMode replayMode, final int replayCapacity)
        throws Exception
    {
        final Scenario live = new Scenario(topology, topology, null, Lie.NEVER);
        final List<StateHash> hashes = live.run(live.config(mode, ringCapacity));
        for (int i = 0; i < 2; i++)
        {
            final Scenario replay = new Scenario(topology, 100L + i, null, Lie.NEVER);
            final JobConfig config = i == 0 ? replay.config(replayMode, replayCapacity) :
                replay.config(ThreadingMode.INVOKER, 64).ioThread(false);
            final List<StateHash> replayed = replay.run(config.replaying(live.order.recording()));
            assertEquals(live.shown.records(), replay.shown.records());
            assertFalse(hashes.isEmpty());
            assertEquals(hashes, replayed);
            assertEquals(live.order.size(), replay.order.size());
        }
    }

    @Test
    void shouldDependOnTheTurnsOfTheSources() throws Exception
    {
        // The negative control: without the log the order is another one each time.
        final Scenario one = new Scenario(0, 1, null, Lie.NEVER);
        final Scenario other = new Scenario(0, 2, null, Lie.NEVER);
        one.run(one.config(ThreadingMode.INVOKER, 64));
        other.run(other.config(ThreadingMode.INVOKER, 64));
        assertFalse(one.shown.records().equals(other.shown.records()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldShowWhatAnUninterruptedRunOverTheFinalLogShows(final int topology) throws Exception
    {
        for (long seed = 0; seed < SEEDS; seed++)
        {
            final Scenario crashed = new Scenario(topology, seed, new Random(seed), Lie.NEVER);
            crashed.crashes(seed);
            final Scenario replay = new Scenario(topology, seed + 1_000, null, Lie.NEVER);
            replay.run(replay.config(ThreadingMode.INVOKER, 64).replaying(crashed.order.recording()));
            assertEquals(replay.shown.records(), crashed.shown.records(), "seed=" + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldShowTheSameAfterAnOperatorFailed(final int topology) throws Exception
    {
        for (final ThreadingMode mode : ThreadingMode.values())
        {
            final Scenario failing = new Scenario(topology, 7, new Random(7), Lie.NEVER);
            failing.failures.addAll(Set.of(12L, 56L, 81L));
            failing.run(failing.config(mode, 16).restarts(3));
            assertEquals(Set.of(), failing.failures);
            final Scenario replay = new Scenario(topology, 8, null, Lie.NEVER);
            replay.run(replay.config(ThreadingMode.INVOKER, 64).replaying(failing.order.recording()));
            assertEquals(replay.shown.records(), failing.shown.records());
        }
    }

    @Test
    void shouldNoticeOutputThatIsShownBeforeTheLogIsDurable()
    {
        final int caught = caught(Lie.ALWAYS);
        assertTrue(caught >= 5, "caught=" + caught + " of 20");
    }

    @Test
    void shouldNoticeACheckpointThatIsCompleteBeforeTheLogIsDurable()
    {
        final int caught = caught(Lie.AT_BARRIERS);
        assertTrue(caught >= 5, "caught=" + caught + " of 20");
    }

    private static int caught(final Lie lie)
    {
        int caught = 0;
        for (long seed = 0; seed < 20; seed++)
        {
            final Scenario crashed = new Scenario(0, seed, new Random(seed), lie);
            try
            {
                crashed.crashes(seed);
                final Scenario replay = new Scenario(0, seed + 1_000, null, Lie.NEVER);
                replay.run(replay.config(ThreadingMode.INVOKER, 64).replaying(crashed.order.recording()));
                caught += replay.shown.records().equals(crashed.shown.records()) ? 0 : 1;
            }
            catch (final Exception noticed)
            {
                caught++;
            }
        }
        return caught;
    }

    /** A plan with its input, and what outlives its job. */
    private static final class Scenario
    {
        private final Shown shown = new Shown();
        private final Set<Long> failures = new ConcurrentSkipListSet<>();
        private final InMemoryOrder order;
        private final InMemoryCheckpoints checkpoints;
        private final Plan plan;

        private Scenario(final int topology, final long schedule, final Random lag, final Lie lie)
        {
            order = new InMemoryOrder(lag, lie);
            checkpoints = new InMemoryCheckpoints(150).keeping(order);
            plan = plan(TOPOLOGIES[topology], new Random(schedule));
        }

        private Plan plan(final int[] parallelisms, final Random schedule)
        {
            final PlanBuilder builder = TestJobs.plan();
            List<PlanNode> from = new ArrayList<>();
            for (int i = 0; i < parallelisms[0]; i++)
            {
                final OperatorFactory<Source> factory =
                    OperatorFactory.of(UnevenSource.class, (long)i, COUNT / (i + 1), schedule);
                from.add(builder.source(
                    "source-" + i, factory, ReadingFlyweight.TYPE, WatermarkStrategy.forMonotonousTimestamps()));
            }
            for (int stage = 1; stage < parallelisms.length; stage++)
            {
                from = List.of(stage(builder, from, stage, parallelisms[stage], schedule));
            }
            final OperatorFactory<Operator> sink = OperatorFactory.of(ShowingSink.class, shown, true);
            final PlanNode node = builder.operator("sink", sink, null, 1);
            builder.connect(from.get(0), null, node, Exchange.FORWARD, null);
            return builder.build(128, true);
        }

        private PlanNode stage(
            final PlanBuilder builder,
            final List<PlanNode> from,
            final int stage,
            final int parallelism,
            final Random schedule)
        {
            final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(ReadingKeyEncoder.class);
            final OperatorFactory<Operator> sum = OperatorFactory.of(SumOperator.class);
            final PlanNode sums = builder.operator("sums-" + stage, sum, ReadingFlyweight.TYPE, parallelism).withState();
            from.forEach(node -> builder.connect(node, null, sums, Exchange.HASH, encoder));
            final Hook hook = reading ->
            {
                if (failures.remove(reading.time()))
                {
                    throw new IllegalStateException("failure at " + reading.time());
                }
            };
            final OperatorFactory<Operator> spread = OperatorFactory.of(SpreadOperator.class, hook, schedule);
            final PlanNode node = builder.operator("spread-" + stage, spread, ReadingFlyweight.TYPE, parallelism);
            builder.connect(sums, null, node, Exchange.FORWARD, null);
            return node;
        }

        private JobConfig config(final ThreadingMode mode, final int ringCapacity)
        {
            return new JobConfig().threading(mode).ringCapacity(ringCapacity).checkpointing(checkpoints).stateHashes(true);
        }

        private List<StateHash> run(final JobConfig config) throws Exception
        {
            try (Job job = Job.start(plan, config))
            {
                if (config.threading() == ThreadingMode.INVOKER)
                {
                    TestJobs.stepToEnd(job);
                }
                job.await(60, TimeUnit.SECONDS);
                assertEquals(0, job.offHeapBytes());
                return job.stateHashes();
            }
        }

        /** Lives that end anywhere, what was not kept being lost, and one that comes to its end. */
        private void crashes(final long seed) throws Exception
        {
            final Random random = new Random(seed);
            for (int life = 0; life < 4; life++)
            {
                try (Job job = Job.start(plan, config(ThreadingMode.INVOKER, 4 << random.nextInt(6)).ioThread(false)))
                {
                    for (int step = random.nextInt(150); step > 0 && job.status() == JobStatus.RUNNING; step--)
                    {
                        job.doWork();
                    }
                    if (job.failure() != null)
                    {
                        throw job.failure();
                    }
                }
            }
            run(config(ThreadingMode.INVOKER, 64).ioThread(false));
        }
    }
}
