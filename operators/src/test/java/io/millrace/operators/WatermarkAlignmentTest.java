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

import io.millrace.core.operator.StreamSink;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.SourceState;
import io.millrace.core.runtime.TaskWatermark;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.source.Ingress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Sources that wait for each other: SEMANTICS WM-13, through a whole pipeline. */
class WatermarkAlignmentTest
{
    private final Map<String, Ingress<Reading, ReadingFlyweight>> ingresses = new HashMap<>();
    /** By source: the latest time that came through. */
    private final Map<String, Long> reached = new HashMap<>();
    private final Pipeline pipeline = Pipeline.create("aligned");

    @AfterEach
    void shouldClose()
    {
        ingresses.values().forEach(Ingress::close);
    }

    @Test
    void shouldFollowWM13ASourceWaitsWhileItIsAheadOfItsGroupByMoreThanTheDrift()
    {
        aligned("fast", 10).union(aligned("slow", 10)).sink(ignoring());
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            publish("slow", 0);
            publish("fast", range(100));
            TestJobs.settle(job);
            // The least is W-1: W9 is within 10 of it, W10 of time 11 is not, and nothing follows that.
            assertEquals(11, reached.get("fast"));
            assertEquals(1, TestJobs.counter(job, "alignmentPauses"));
            publish("slow", 50);
            TestJobs.settle(job);
            assertEquals(61, reached.get("fast"));
            // The slow one was ahead itself then, until the fast one had come up.
            assertEquals(3, TestJobs.counter(job, "alignmentPauses"));
            // Within the drift it goes on; a record that is far ahead is the last before it waits.
            publish("slow", 95);
            TestJobs.settle(job);
            assertEquals(99, reached.get("fast"));
            publish("fast", 1_000, 1_001);
            TestJobs.settle(job);
            assertEquals(1_000, reached.get("fast"));
        }
    }

    @Test
    void shouldFollowWM13OneThatHasNoWatermarkOrHasEndedDoesNotCount() throws Exception
    {
        aligned("fast", 10).union(aligned("slow", 10), aligned("ended", 10), aligned("never", 10)).sink(ignoring());
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            publish("ended", 0);
            ingresses.get("ended").end();
            TestJobs.settle(job);
            publish("slow", 0);
            publish("fast", range(100));
            TestJobs.settle(job);
            assertEquals(11, reached.get("fast"), "it waits for the slow one, and for no other");
            publish("slow", 80);
            TestJobs.settle(job);
            assertEquals(91, reached.get("fast"));
            ingresses.get("slow").end();
            TestJobs.settle(job);
            assertEquals(99, reached.get("fast"));
            // The one that had none counts from its first on.
            publish("never", 50);
            TestJobs.settle(job);
            publish("fast", 200, 300);
            TestJobs.settle(job);
            assertEquals(99, reached.get("fast"));
            ingresses.get("never").end();
            ingresses.get("fast").end();
            TestJobs.finish(job);
            assertEquals(300, reached.get("fast"));
        }
    }

    @Test
    void shouldNotWaitAloneNorForAnotherGroup()
    {
        aligned("fast", 0).union(source("slow", strategy().withWatermarkAlignment("other", Duration.ZERO)),
            source("free", strategy())).sink(ignoring());
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            publish("slow", 0);
            publish("free", 0);
            publish("fast", range(100));
            TestJobs.settle(job);
            assertEquals(99, reached.get("fast"));
            assertEquals(0, TestJobs.counter(job, "alignmentPauses"));
        }
    }

    @Test
    void shouldHaveADriftForEachSource()
    {
        aligned("left", 0).union(aligned("right", 20), aligned("slow", 0)).sink(ignoring());
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            publish("slow", 0);
            publish("left", range(100));
            publish("right", range(100));
            TestJobs.settle(job);
            assertEquals(1, reached.get("left"));
            assertEquals(21, reached.get("right"));
        }
    }

    @Test
    void shouldTakeCheckpointsWhileItWaits() throws Exception
    {
        aligned("fast", 10).union(aligned("slow", 10)).sink(ignoring());
        final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
        try (Job job = pipeline.start(TestJobs.stepped().ioThread(false).checkpointing(checkpoints)))
        {
            publish("slow", 0);
            publish("fast", range(100));
            TestJobs.settle(job);
            assertEquals(11, reached.get("fast"));
            for (int i = 1; i <= 3; i++)
            {
                job.checkpoint();
                TestJobs.settle(job);
                assertEquals(i, checkpoints.latest());
            }
            assertEquals(11, reached.get("fast"));
            ingresses.get("slow").end();
            ingresses.get("fast").end();
            TestJobs.finish(job);
            assertEquals(99, reached.get("fast"));
        }
    }

    @Test
    void shouldTellWhomASourceWaitsFor()
    {
        aligned("fast", 10).union(aligned("slow", 10)).sink(ignoring());
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            publish("slow", 0);
            publish("fast", range(100));
            TestJobs.settle(job);
            assertEquals("      held back by fast: source: waits in alignment group group for slow",
                job.explainWatermarks().lines().dropWhile(line -> !line.startsWith("  task fast: watermark=10,")).skip(1)
                .findFirst().orElseThrow());
            assertEquals(List.of(SourceState.WAITING, SourceState.ACTIVE), job.watermarks().stream()
                .filter(task -> task.source() != null).map(TaskWatermark::source).toList());
        }
    }

    /** None is locked up, whatever the drift, the threads and the rings. */
    @ParameterizedTest
    @CsvSource({"INVOKER, 0, 4", "INVOKER, 50, 64", "SHARED, 0, 4", "SHARED, 50, 64", "DEDICATED, 0, 64", "DEDICATED, 50, 4"})
    void shouldComeToItsEnd(final ThreadingMode mode, final long drift, final int ringCapacity) throws Exception
    {
        final AtomicLong count = new AtomicLong();
        DataStream<Reading> all = null;
        for (int i = 0; i < 3; i++)
        {
            // Of the same span of time, but with few and with many records.
            final long step = 1L << i * 2;
            final DataStream<Reading> source = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 8_000 / step,
                (number, out) -> out.time(number * step)), strategy().withWatermarkAlignment("group", Duration.ofMillis(drift)),
                "source-" + i);
            all = all == null ? source : all.union(source);
        }
        all.keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, (sum, reading) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.count(sum.count()))
            .sink(CallbackSink.of(summary -> count.addAndGet(summary.count())));
        try (Job job = pipeline.start(new JobConfig().threading(mode).ringCapacity(ringCapacity)))
        {
            if (mode == ThreadingMode.INVOKER)
            {
                TestJobs.finish(job);
            }
            job.await(60, TimeUnit.SECONDS);
            assertEquals(8_000 + 2_000 + 500, count.get());
            assertEquals(0, TestJobs.counter(job, "lateRecordsDropped"));
        }
    }

    /** In a job that is stepped one source is never ahead by more than the drift and what it takes at a time. */
    @Test
    void shouldBoundHowFarASourceIsAhead() throws Exception
    {
        final long[] progress = new long[2];
        final List<Long> leads = new ArrayList<>();
        DataStream<Reading> all = null;
        for (int i = 0; i < 2; i++)
        {
            final int number = i;
            final DataStream<Reading> source = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 20_000, (record, out) ->
                out.time(number == 0 ? record : record / 50)), strategy().withWatermarkAlignment("group", Duration.ofMillis(20)),
                "source-" + i).filter(reading ->
                {
                    progress[number] = reading.time();
                    leads.add(progress[0] - progress[1]);
                    return true;
                });
            all = all == null ? source : all.union(source);
        }
        all.sink(ignoring());
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            TestJobs.finish(job);
            assertTrue(TestJobs.counter(job, "alignmentPauses") > 300);
        }
        // Until the slow one has ended.
        assertTrue(leads.stream().limit(20_400).allMatch(lead -> lead <= 22), () -> "leads=" + leads.subList(0, 2_000));
    }

    private static WatermarkStrategy<Reading> strategy()
    {
        return WatermarkStrategy.forMonotonousTimestamps();
    }

    private DataStream<Reading> aligned(final String name, final long drift)
    {
        return source(name, strategy().withWatermarkAlignment("group", Duration.ofMillis(drift)));
    }

    private DataStream<Reading> source(final String name, final WatermarkStrategy<Reading> strategy)
    {
        final Ingress<Reading, ReadingFlyweight> ingress = Ingress.create(ReadingFlyweight.TYPE, 256);
        ingresses.put(name, ingress);
        return pipeline.source(ingress, strategy, name).filter(reading ->
        {
            reached.put(name, reading.time());
            return true;
        });
    }

    private static StreamSink<Reading> ignoring()
    {
        return CallbackSink.of(reading ->
        {
        });
    }

    private void publish(final String name, final long... times)
    {
        for (final long time : times)
        {
            assertTrue(ingresses.get(name).offer(out -> out.time(time)));
        }
        ingresses.get(name).publish();
    }

    private static long[] range(final int count)
    {
        return LongStream.range(0, count).toArray();
    }
}
