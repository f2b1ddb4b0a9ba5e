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

import io.millrace.core.runtime.ChannelWatermark;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.SourceState;
import io.millrace.core.runtime.TaskWatermark;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.source.Ingress;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a job tells of its watermarks: how far they are, and who holds them back. */
class WatermarkExplanationTest
{
    @Test
    void shouldFollowWhatHoldsAWindowBackUpToTheSource() throws Exception
    {
        try (Ingress<Reading, ReadingFlyweight> left = Ingress.create(ReadingFlyweight.TYPE, 16);
            Ingress<Reading, ReadingFlyweight> right = Ingress.create(ReadingFlyweight.TYPE, 16))
        {
            final Pipeline pipeline = Pipeline.create("explained");
            windows(pipeline.source(left, WatermarkStrategy.forMonotonousTimestamps(), "left").filter(reading -> true)
                .union(pipeline.source(right, WatermarkStrategy.forMonotonousTimestamps(), "right")));
            try (Job job = pipeline.start(TestJobs.stepped()))
            {
                assertEquals(List.of(
                    "watermarks of job explained:",
                    "  task left: watermark=none, operators left -> filter",
                    "      held back by left: source: no watermark yet",
                    "  task right: watermark=none, operators right",
                    "      held back by right: source: no watermark yet",
                    "  task union: watermark=none, operators union -> fives -> sink",
                    "      input 0 from filter of task left: watermark=none, holds it back",
                    "      input 0 from right: watermark=none, holds it back",
                    "      held back by union <- left: source: no watermark yet"),
                    job.explainWatermarks().lines().toList());
                publish(job, left, 100);
                publish(job, right, 5);
                final TaskWatermark union = task(job, "union");
                assertEquals(List.of(new ChannelWatermark(0, "filter", "left", 99, false, true, false),
                    new ChannelWatermark(0, "right", "right", 4, false, true, true)), union.channels());
                assertEquals(4, union.watermark());
                assertEquals(4, union.arriving());
                assertEquals(List.of("union", "right"), union.heldBackBy());
                assertEquals("source: its watermark is that of its records", union.reason());
                assertEquals(List.of("union", "fives", "sink"), union.operators());
                assertEquals(SourceState.ACTIVE, task(job, "right").source());
                right.end();
                TestJobs.settle(job);
                assertEquals(SourceState.ENDED, task(job, "right").source());
                assertEquals(List.of("union", "left"), task(job, "union").heldBackBy());
                assertEquals("its input has ended", task(job, "right").reason());
                left.end();
                TestJobs.finish(job);
                // Also when it has ended.
                assertEquals(Long.MAX_VALUE, task(job, "union").watermark());
                assertEquals(List.of(false, false), task(job, "union").channels().stream().map(ChannelWatermark::holdsBack).toList());
            }
        }
    }

    @Test
    void shouldEndWhereEventTimeIsGivenAnew()
    {
        try (Ingress<Reading, ReadingFlyweight> source = Ingress.create(ReadingFlyweight.TYPE, 16))
        {
            final Pipeline pipeline = Pipeline.create("anew");
            windows(pipeline.source(source, WatermarkStrategy.forMonotonousTimestamps(), "source")
                .assignTimestampsAndWatermarks(WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofMillis(50)))
                .rebalance());
            try (Job job = pipeline.start(TestJobs.stepped().chaining(false)))
            {
                publish(job, source, 100);
                assertEquals(99, task(job, "timestamps").channels().get(0).watermark());
                assertEquals(49, task(job, "timestamps").watermark());
                final TaskWatermark fives = task(job, "fives");
                assertEquals(49, fives.watermark());
                assertEquals(List.of("fives", "timestamps"), fives.heldBackBy());
                assertEquals("it gives event time anew, and its watermark is that of its records", fives.reason());
            }
        }
    }

    @Test
    void shouldBeReadWhileTheJobRuns() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("running");
        windows(pipeline.source(Generator.of(ReadingFlyweight.TYPE, 200_000, (number, out) -> out.time(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "source"));
        try (Job job = pipeline.start(new JobConfig().threading(ThreadingMode.DEDICATED).chaining(false)))
        {
            long last = Long.MIN_VALUE;
            while (last != Long.MAX_VALUE)
            {
                final TaskWatermark fives = task(job, "fives");
                assertTrue(fives.watermark() >= last, () -> "it went back: " + fives);
                last = fives.watermark();
                assertTrue(job.explainWatermarks().startsWith("watermarks of job running:\n"));
            }
            job.await(60, TimeUnit.SECONDS);
        }
    }

    private static TaskWatermark task(final Job job, final String name)
    {
        return job.watermarks().stream().filter(task -> task.task().equals(name)).findFirst().orElseThrow();
    }

    private static void publish(final Job job, final Ingress<Reading, ReadingFlyweight> ingress, final long time)
    {
        ingress.offer(out -> out.time(time));
        ingress.publish();
        TestJobs.settle(job);
    }

    private static void windows(final DataStream<Reading> source)
    {
        source.keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, (sum, reading) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.count(sum.count())).name("fives")
            .sink(CallbackSink.of(summary ->
            {
            }));
    }
}
