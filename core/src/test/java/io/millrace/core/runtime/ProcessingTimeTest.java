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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.testing.FedSource;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.InMemoryOrder;
import io.millrace.core.testing.InMemoryOrder.Lie;
import io.millrace.core.testing.Reading;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.core.testing.TestJobs;
import io.millrace.core.testing.TimingOperator;
import io.millrace.core.time.WatermarkStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** The engine's clock in a job, step by step. Shown are time, key and value of what {@link TimingOperator} emits. */
class ProcessingTimeTest
{
    private static final WatermarkStrategy<Reading> EVENT_TIME = WatermarkStrategy.forMonotonousTimestamps();

    private final List<Long> first = new ArrayList<>();
    private final List<Long> second = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();
    private final JobConfig config =
        new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).clock(this::now);
    private long now = 1_000;
    private Job job;

    private long now()
    {
        return now;
    }

    private void start(final long spread, final TimeUnit unit, final WatermarkStrategy<Reading> strategy, final List<List<Long>> inputs)
    {
        final PlanBuilder builder = new PlanBuilder("test", unit);
        final OperatorFactory<Operator> timing = OperatorFactory.of(TimingOperator.class, spread);
        final List<PlanNode> sources = new ArrayList<>();
        for (final List<Long> input : inputs)
        {
            final OperatorFactory<Source> source = OperatorFactory.of(FedSource.class, input);
            sources.add(builder.source("source-" + sources.size(), source, ReadingFlyweight.TYPE, strategy));
        }
        final PlanNode node =
            builder.operator("timing", timing, ReadingFlyweight.TYPE, 1).withProcessingTime().startNewChain();
        sources.forEach(source -> builder.connect(source, null, node, Exchange.FORWARD, null));
        TestJobs.hook(builder, "hook", node, reading -> shown.add(reading.time() + " " + reading.key() + " " + reading.value()));
        job = Job.start(builder.build(128, true), config);
        step();
    }

    private void start(final long spread, final WatermarkStrategy<Reading> strategy, final List<List<Long>> inputs)
    {
        start(spread, TimeUnit.MILLISECONDS, strategy, inputs);
    }

    private List<String> step()
    {
        for (int idle = 0; idle < 20; )
        {
            idle = job.doWork() == 0 ? idle + 1 : 0;
        }
        if (job.failure() != null)
        {
            throw new AssertionError(job.failure());
        }
        final List<String> result = List.copyOf(shown);
        shown.clear();
        return result;
    }

    private List<String> at(final long time)
    {
        now = time;
        return step();
    }

    @AfterEach
    void close()
    {
        if (job != null)
        {
            job.close();
            assertEquals(0, job.offHeapBytes());
        }
    }

    @Test
    void shouldGiveTheTimeOfTheBatch()
    {
        start(0, WatermarkStrategy.noWatermarks(), List.of(first));
        first.add(7L);
        assertEquals(List.of("-9223372036854775808 0 1000"), at(1_000).stream().map(this::untimed).toList());
        first.add(8L);
        assertEquals(List.of("-9223372036854775808 0 1005"), at(1_005).stream().map(this::untimed).toList());
        first.add(8L);
        assertEquals(List.of("-9223372036854775808 0 1005"), at(1_001).stream().map(this::untimed).toList());
    }

    /** The event time is in the record, whatever the strategy. */
    private String untimed(final String record)
    {
        return Long.MIN_VALUE + record.substring(record.indexOf(' '));
    }

    @Test
    void shouldFollowTIM8AndFireWhenTheClockHasReachedATimer()
    {
        start(10, EVENT_TIME, List.of(first));
        first.addAll(List.of(1L, 1L, 1L));
        assertEquals(List.of("1 0 1000", "1 -2 0", "1 0 1000", "1 0 1000"), sorted(at(1_000)));
        // The timer that was past when it was registered fires at the next tick.
        assertEquals(List.of("1001 -1 1000", "1001 -1 1001"), at(1_001));
        assertEquals(List.of(), at(1_001));
        assertEquals(List.of("1002 -1 1002"), at(1_002));
        assertEquals(List.of(), at(2_000));
    }

    private static List<String> sorted(final List<String> records)
    {
        return records.stream().map(record -> record.contains(" -2 ") ? "1 -2 0" : record).toList();
    }

    @Test
    void shouldGoOnWhereItStoppedWithinATick()
    {
        start(2, EVENT_TIME, List.of(first));
        for (int i = 0; i < 9; i++)
        {
            first.add(1L);
        }
        at(1_000);
        assertEquals(9, at(1_005).size());
    }

    @Test
    void shouldFollowWM4AndNotFireTimersAtTheEnd()
    {
        start(10, EVENT_TIME, List.of(first));
        first.addAll(List.of(1L, 1L, FedSource.END));
        final List<String> all = at(1_000);
        assertEquals(4, all.size());
        assertEquals("1000 -2 " + Long.MAX_VALUE, all.get(3));
        assertEquals(List.of(), at(2_000));
        assertEquals(JobStatus.FINISHED, job.status());
    }

    @Test
    void shouldCountInTheUnitOfThePipeline()
    {
        start(10, TimeUnit.MICROSECONDS, EVENT_TIME, List.of(first));
        first.addAll(List.of(1L, 1L));
        assertEquals(List.of("1 0 1000000", "1 0 1000000"),
            at(1_000).stream().filter(record -> !record.contains(" -2 ")).toList());
        assertEquals(List.of("1001000 -1 1000000", "1001000 -1 1000001"), at(1_001));
    }

    @Test
    void shouldFollowTIM7AndFireOverdueTimersAtTheFirstTickAfterARestart() throws Exception
    {
        final InMemoryOrder order = new InMemoryOrder(null, Lie.NEVER);
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(0).keeping(order);
        config.checkpointing(checkpoints);
        start(10, EVENT_TIME, List.of(first));
        first.addAll(List.of(1L, 1L, 1L, 1L));
        at(1_000);
        job.checkpoint();
        step();
        assertEquals(1, checkpoints.latest());
        job.close();
        now = 1_002;
        restart(checkpoints);
        assertEquals(List.of("1002 -1 1000", "1002 -1 1001", "1002 -1 1002"), step());
        assertEquals(List.of("1003 -1 1003"), at(1_003));
        job.close();
        // The tick is in the log, and the clock has gone back meanwhile: it stands still.
        now = 500;
        restart(checkpoints);
        assertEquals(List.of("1002 -1 1000", "1002 -1 1001", "1002 -1 1002", "1003 -1 1003"), step());
        first.add(2L);
        assertEquals("2 0 1003", step().get(0));
    }

    private void restart(final InMemoryCheckpoints checkpoints)
    {
        final PlanBuilder builder = TestJobs.plan();
        final OperatorFactory<Operator> timing = OperatorFactory.of(TimingOperator.class, 10L);
        final OperatorFactory<Source> source = OperatorFactory.of(FedSource.class, first);
        final PlanNode from = builder.source("source-0", source, ReadingFlyweight.TYPE, EVENT_TIME);
        final PlanNode node =
            builder.operator("timing", timing, ReadingFlyweight.TYPE, 1).withProcessingTime().startNewChain();
        builder.connect(from, null, node, Exchange.FORWARD, null);
        TestJobs.hook(builder, "hook", node, reading -> shown.add(reading.time() + " " + reading.key() + " " + reading.value()));
        job = Job.start(builder.build(128, true), new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false)
            .clock(this::now).checkpointing(checkpoints));
    }

    @Test
    void shouldFollowWM6AndWM8AndLeaveOutAnIdleSource()
    {
        start(0, EVENT_TIME.withIdleness(Duration.ofMillis(30)), List.of(first, second));
        first.add(11L);
        second.add(6L);
        assertEquals(List.of("5"), watermarks(at(1_000)));
        assertEquals(List.of(), at(1_010));
        first.add(12L);
        assertEquals(List.of(), watermarks(at(1_020)));
        // The second is idle, and was what held event time back.
        assertEquals(List.of(), watermarks(at(1_029)));
        assertEquals(List.of("11"), watermarks(at(1_030)));
        first.add(20L);
        assertEquals(List.of("19"), watermarks(at(1_031)));
        // WM-7: active again, but it counts only once it has come up to the others.
        second.add(10L);
        first.add(31L);
        assertEquals(List.of("30"), watermarks(at(1_032)));
        second.add(41L);
        assertEquals(List.of(), watermarks(at(1_033)));
        first.add(51L);
        assertEquals(List.of("40"), watermarks(at(1_034)));
        // Idleness is no clock: when all are idle, event time is that of the latest, and then stands still.
        assertEquals(List.of("50"), watermarks(at(1_100)));
        assertEquals(List.of(), watermarks(at(2_000)));
        // The end of an idle source counts.
        first.add(61L);
        assertEquals(List.of("60"), watermarks(step()));
        second.add(FedSource.END);
        assertEquals(List.of(), watermarks(step()));
        first.add(71L);
        assertEquals(List.of("70"), watermarks(step()));
        first.add(FedSource.END);
        assertEquals(List.of(String.valueOf(Long.MAX_VALUE)), watermarks(step()));
    }

    private static List<String> watermarks(final List<String> records)
    {
        return records.stream().filter(record -> record.contains(" -2 "))
            .map(record -> record.substring(record.lastIndexOf(' ') + 1)).toList();
    }

    @Test
    void shouldFollowWM8WithASourceThatHasNothingYet()
    {
        start(0, EVENT_TIME.withIdleness(Duration.ofMillis(30)), List.of(first, second));
        first.add(11L);
        assertEquals(List.of(), watermarks(at(1_000)));
        first.add(12L);
        assertEquals(List.of("11"), watermarks(at(1_030)));
    }

    @Test
    void shouldTakeTheClockAsEventTime()
    {
        start(0, WatermarkStrategy.forIngestionTime(), List.of(first));
        first.addAll(List.of(1L, 1L));
        assertEquals(List.of("1000 0 1000", "1000 0 1000", "1000 -2 999"), at(1_000));
        first.add(1L);
        assertEquals(List.of("1000 0 1000"), at(1_000));
        first.add(1L);
        assertEquals(List.of("1007 0 1007", "1007 -2 1006"), at(1_007));
    }

    @Test
    void shouldRefuseAnOperatorThatDoesNotSayThatItUsesProcessingTime()
    {
        final PlanBuilder builder = TestJobs.plan();
        final OperatorFactory<Operator> timing = OperatorFactory.of(TimingOperator.class, 0L);
        final PlanNode numbers = TestJobs.numbers(builder, "numbers", 1);
        final PlanNode node = builder.operator("timing", timing, ReadingFlyweight.TYPE, 1);
        builder.connect(numbers, null, node, Exchange.FORWARD, null);
        final Plan plan = builder.build(128, true);
        final IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> Job.start(plan, config));
        assertEquals("operator timing asks for processing time, but its node does not say so: call withProcessingTime() on " +
            "the node", thrown.getMessage());
    }
}
