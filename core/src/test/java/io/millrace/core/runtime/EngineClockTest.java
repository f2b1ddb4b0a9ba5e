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
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.InMemoryOrder;
import io.millrace.core.testing.InMemoryOrder.Lie;
import io.millrace.core.testing.Reading;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.core.testing.ReadingKeyEncoder;
import io.millrace.core.testing.ShowingSink;
import io.millrace.core.testing.Shown;
import io.millrace.core.testing.TestJobs;
import io.millrace.core.testing.TimingOperator;
import io.millrace.core.testing.UnevenSource;
import io.millrace.core.time.WatermarkStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Processing time, ingestion time and idleness in live runs, crashes and replays: a clock that jumps forth and back by
 * chance, and yet a replay has the same output, byte for byte (ORDERING invariants I1, I10, I13).
 */
class EngineClockTest
{
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 4);
    private static final long COUNT = 1_000;
    private static final int[][] TOPOLOGIES = {{1, 1}, {1, 3, 1}, {2, 1}, {3, 2, 3, 1}};

    @ParameterizedTest
    @CsvSource({
        "0, DEDICATED, 4, INVOKER, 64", "0, SHARED, 1024, DEDICATED, 4", "0, INVOKER, 16, SHARED, 4096",
        "1, DEDICATED, 64, SHARED, 4", "1, SHARED, 4, INVOKER, 4096", "1, INVOKER, 1024, DEDICATED, 16",
        "2, DEDICATED, 16, INVOKER, 4", "2, SHARED, 4096, DEDICATED, 64", "2, INVOKER, 4, SHARED, 16",
        "3, DEDICATED, 16, INVOKER, 4", "3, SHARED, 4096, DEDICATED, 64", "3, INVOKER, 4, SHARED, 16"})
    void shouldReplayTheSame(
        final int topology, final ThreadingMode mode, final int ringCapacity, final ThreadingMode replayMode, final int replayCapacity)
        throws Exception
    {
        final Scenario live = new Scenario(topology, topology, null);
        final List<StateHash> hashes = live.run(live.config(mode, ringCapacity));
        assertTrue(live.shown.records().stream().anyMatch(record -> record.contains(" " + TimingOperator.TIMER + " ")));
        for (int i = 0; i < 2; i++)
        {
            final Scenario replay = new Scenario(topology, 100L + i, null);
            final JobConfig config = i == 0 ? replay.config(replayMode, replayCapacity) :
                replay.config(ThreadingMode.INVOKER, 64).ioThread(false);
            final List<StateHash> replayed = replay.run(config.replaying(live.order.recording()));
            assertSame(live.shown.records(), replay.shown.records());
            assertFalse(hashes.isEmpty());
            assertSame(hashes, replayed);
            assertEquals(live.order.size(), replay.order.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldShowWhatAnUninterruptedRunOverTheFinalLogShows(final int topology) throws Exception
    {
        for (long seed = 0; seed < SEEDS; seed++)
        {
            final Scenario crashed = new Scenario(topology, seed, new Random(seed));
            crashed.crashes(seed);
            final Scenario replay = new Scenario(topology, seed + 1_000, null);
            replay.run(replay.config(ThreadingMode.INVOKER, 64).replaying(crashed.order.recording()));
            assertSame(replay.shown.records(), crashed.shown.records());
        }
    }

    private static void assertSame(final List<?> expected, final List<?> actual)
    {
        int same = 0;
        while (same < Math.min(expected.size(), actual.size()) && expected.get(same).equals(actual.get(same)))
        {
            same++;
        }
        assertEquals(expected.subList(same, Math.min(expected.size(), same + 3)),
            actual.subList(same, Math.min(actual.size(), same + 3)), "first difference at=" + same);
    }

    @Test
    void shouldNeverGoBack()
    {
        final long[] times = {5, 3, 7, 6, 7, 8};
        final int[] next = {0};
        final EngineClock clock = new EngineClock(() -> times[next[0]++]);
        final List<Long> read = new ArrayList<>();
        for (int i = 0; i < times.length; i++)
        {
            read.add(clock.read());
        }
        assertEquals(List.of(5L, 5L, 7L, 7L, 7L, 8L), read);
    }

    @Test
    void shouldNotReadTheClockForNothing() throws Exception
    {
        final PlanBuilder builder = TestJobs.plan();
        final Shown shown = new Shown();
        final PlanNode first = TestJobs.numbers(builder, "first", 100);
        final PlanNode second = TestJobs.numbers(builder, "second", 100);
        final PlanNode node = builder.operator("sink", OperatorFactory.of(ShowingSink.class, shown, true), null, 1);
        builder.connect(first, null, node, Exchange.FORWARD, null);
        builder.connect(second, null, node, Exchange.FORWARD, null);
        final LongSupplier none = () ->
        {
            throw new IllegalStateException("the clock is read");
        };
        final JobConfig config = new JobConfig().threading(ThreadingMode.INVOKER).clock(none);
        try (Job job = Job.start(builder.build(128, true), config))
        {
            TestJobs.stepToEnd(job);
            job.await(60, TimeUnit.SECONDS);
        }
        assertEquals(200, shown.records().size());
    }

    /** A plan with its input, and what outlives its job. */
    private static final class Scenario
    {
        private final Shown shown = new Shown();
        private final InMemoryOrder order;
        private final InMemoryCheckpoints checkpoints;
        private final Plan plan;
        private final Random time;
        private long now = 1_000_000;

        private Scenario(final int topology, final long schedule, final Random lag)
        {
            order = new InMemoryOrder(lag, Lie.NEVER);
            checkpoints = new InMemoryCheckpoints(150).keeping(order);
            time = new Random(schedule);
            plan = plan(TOPOLOGIES[topology], new Random(schedule));
        }

        /** The machine's clock: now and then it jumps, and sometimes back. */
        private synchronized long read()
        {
            now += time.nextInt(4) != 0 ? 0 : time.nextInt(8) == 0 ? time.nextInt(40) - 15 : 1;
            return now;
        }

        private Plan plan(final int[] parallelisms, final Random schedule)
        {
            final PlanBuilder builder = TestJobs.plan();
            List<PlanNode> from = new ArrayList<>();
            for (int i = 0; i < parallelisms[0]; i++)
            {
                final OperatorFactory<Source> factory =
                    OperatorFactory.of(UnevenSource.class, (long)i, COUNT / (i + 1), schedule);
                final WatermarkStrategy<Reading> event = WatermarkStrategy.forMonotonousTimestamps();
                final WatermarkStrategy<Reading> strategy =
                    i == 1 ? event : i == 2 ? WatermarkStrategy.forIngestionTime() : event.withIdleness(Duration.ofMillis(4));
                from.add(builder.source("source-" + i, factory, ReadingFlyweight.TYPE, strategy));
            }
            for (int stage = 1; stage < parallelisms.length; stage++)
            {
                final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(ReadingKeyEncoder.class);
                final OperatorFactory<Operator> timing = OperatorFactory.of(TimingOperator.class, 9L);
                final PlanNode node =
                    builder.operator("timing-" + stage, timing, ReadingFlyweight.TYPE, parallelisms[stage]).withProcessingTime();
                from.forEach(each -> builder.connect(each, null, node, Exchange.HASH, encoder));
                from = List.of(node);
            }
            final OperatorFactory<Operator> sink = OperatorFactory.of(ShowingSink.class, shown, true);
            final PlanNode node = builder.operator("sink", sink, null, 1);
            builder.connect(from.get(0), null, node, Exchange.FORWARD, null);
            return builder.build(128, true);
        }

        private JobConfig config(final ThreadingMode mode, final int ringCapacity)
        {
            return new JobConfig().threading(mode).ringCapacity(ringCapacity).checkpointing(checkpoints).stateHashes(true)
                .clock(this::read);
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
                    for (int step = random.nextInt(300); step > 0 && job.status() == JobStatus.RUNNING; step--)
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
