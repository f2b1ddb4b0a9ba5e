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
 * A merge by arrival goes on with channels that it held when their checkpoint is given up; those who follow its order do so,
 * too, and give up what they cannot make.
 */
class GivenUpArrivalTest
{
    private static final int SEEDS = 12;
    private static final int RING_CAPACITY = 8;
    private static final long COUNT = 1_200;

    /** What lies in the ring of a replay may be more than what lay there in the run. */
    @Test
    void shouldReplayRunsThatAreShorterThanWhatLiesInTheRing() throws Exception
    {
        for (long seed = 0; seed < SEEDS; seed++)
        {
            final Scenario live = new Scenario(seed, seed);
            live.run(0);
            final Scenario replay = new Scenario(seed + 100, seed);
            replay.replay(live);
            assertEquals("", difference(live.shown.records(), replay.shown.records()), "seed=" + seed);
        }
    }

    @Test
    void shouldReplayTheRunsOfCheckpointsThatWereGivenUp() throws Exception
    {
        long abandoned = 0;
        for (long seed = 0; seed < SEEDS; seed++)
        {
            final Scenario live = new Scenario(seed, seed);
            live.checkpoints.givingUp(id -> id % 2 == 0, (int)(seed % 4));
            live.run(0);
            assertFalse(live.shown.records().isEmpty());
            final Scenario replay = new Scenario(seed + 100, seed);
            replay.replay(live);
            assertEquals("", difference(live.shown.records(), replay.shown.records()), "seed=" + seed);
            assertEquals(live.order.size(), replay.order.size(), "seed=" + seed);
            assertTrue(replay.checkpoints.latest() > 0, "seed=" + seed);
            abandoned += replay.checkpoints.abandoned();
        }
        assertTrue(abandoned > 0, "no merge went on with a channel that was held");
    }

    @Test
    void shouldGoOnAfterFailuresBehindCheckpointsThatWereGivenUp() throws Exception
    {
        long abandoned = 0;
        for (long seed = 0; seed < SEEDS; seed++)
        {
            final Scenario live = new Scenario(seed, seed);
            live.checkpoints.givingUp(id -> id % 3 != 0, (int)(seed % 4));
            live.failures.addAll(Set.of(12L + seed, 41L, 56L));
            live.run(3);
            abandoned += live.checkpoints.abandoned();
            final Scenario replay = new Scenario(seed + 100, seed);
            replay.replay(live);
            assertEquals("", difference(live.shown.records(), replay.shown.records()), "seed=" + seed);
        }
        assertTrue(abandoned > 0, "no restart followed an order in which a merge went on with a channel that was held");
    }

    private static String difference(final List<?> live, final List<?> replay)
    {
        int same = 0;
        while (same < Math.min(live.size(), replay.size()) && live.get(same).equals(replay.get(same)))
        {
            same++;
        }
        return same == live.size() && same == replay.size() ? "" : "behind " + same + " of " + live.size() + ": " +
            live.subList(same, Math.min(same + 3, live.size())) + " replayed as " +
            replay.subList(same, Math.min(same + 3, replay.size()));
    }

    /** Two sources, merged by arrival. */
    private static final class Scenario
    {
        private final Shown shown = new Shown();
        private final Set<Long> failures = new ConcurrentSkipListSet<>();
        private final InMemoryOrder order = new InMemoryOrder(null, Lie.NEVER);
        private final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(60).keeping(order);
        private final Plan plan;

        private Scenario(final long schedule, final long seed)
        {
            final Random random = new Random(schedule);
            final PlanBuilder builder = TestJobs.plan();
            final List<PlanNode> sources = new ArrayList<>();
            for (int i = 0; i < 2; i++)
            {
                final OperatorFactory<Source> factory = OperatorFactory.of(UnevenSource.class, seed + i, COUNT / (i + 1), random);
                sources.add(builder.source(
                    "source-" + i, factory, ReadingFlyweight.TYPE, WatermarkStrategy.forMonotonousTimestamps()));
            }
            final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(ReadingKeyEncoder.class);
            final OperatorFactory<Operator> sum = OperatorFactory.of(SumOperator.class);
            final PlanNode sums = builder.operator("sums", sum, ReadingFlyweight.TYPE, 2).withState()
                .mergeByArrival("the test is about it");
            sources.forEach(node -> builder.connect(node, null, sums, Exchange.HASH, encoder));
            final Hook hook = reading ->
            {
                if (failures.remove(reading.time()))
                {
                    throw new IllegalStateException("failure at " + reading.time());
                }
            };
            final OperatorFactory<Operator> spread = OperatorFactory.of(SpreadOperator.class, hook, random);
            final PlanNode node = builder.operator("spread", spread, ReadingFlyweight.TYPE, 2);
            builder.connect(sums, null, node, Exchange.FORWARD, null);
            final OperatorFactory<Operator> sink = OperatorFactory.of(ShowingSink.class, shown, true);
            final PlanNode shows = builder.operator("sink", sink, null, 1);
            builder.connect(node, null, shows, Exchange.REBALANCE, null);
            plan = builder.build(128, true);
        }

        private void run(final int restarts) throws Exception
        {
            run(new JobConfig().restarts(restarts));
        }

        private void replay(final Scenario live) throws Exception
        {
            run(new JobConfig().replaying(live.order.recording()));
        }

        private void run(final JobConfig config) throws Exception
        {
            config.threading(ThreadingMode.INVOKER).ioThread(false).ringCapacity(RING_CAPACITY).checkpointing(checkpoints);
            try (Job job = Job.start(plan, config))
            {
                TestJobs.stepToEnd(job);
                job.await(60, TimeUnit.SECONDS);
                assertEquals(0, job.offHeapBytes());
            }
        }
    }
}
