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

import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.Collector;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.process.ProcessFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A clock of the machine that jumps (RELIABILITY T13): event time does not see it. */
class ClockJumpTest
{
    private static final long RECORDS = 5_000;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private long now = 1_000 * HOUR;
    private long reads;
    private long latest;

    @Test
    void shouldGiveTheSameResultsOfEventTimeHoweverTheClockJumps() throws Exception
    {
        final List<String> expected = run(() ->
        {
            reads++;
            return ++now;
        });
        assertTrue(reads > RECORDS / 100, "reads=" + reads);
        assertTrue(expected.size() > RECORDS / 20);
        assertEquals(expected, run(() -> now += ++reads % 100 == 0 ? HOUR : 1), "an hour ahead");
        assertEquals(expected, run(() -> now += ++reads % 100 == 0 ? -HOUR : 1), "an hour back");
        assertEquals(expected, run(() -> now += -1_000), "back by seconds");
        assertEquals(expected, run(() -> now), "frozen");
        assertEquals(expected, run(() -> ++reads % 2 == 0 ? Long.MIN_VALUE / 2 : Long.MAX_VALUE / 2), "from end to end");
        final Random random = new Random(42);
        reads = 0;
        while (reads < 10_000)
        {
            assertEquals(expected, run(() ->
            {
                reads++;
                now = 1_000 * HOUR + (long)(random.nextGaussian() * HOUR);
                return now;
            }), "seed=42 reads=" + reads);
        }
    }

    private List<String> run(final LongSupplier clock) throws Exception
    {
        final List<String> results = new ArrayList<>();
        latest = Long.MIN_VALUE;
        final Pipeline pipeline = Pipeline.create("jumping");
        final SingleOutputStream<Reading> left = readings(pipeline, "left");
        final DataStream<Reading> all = left.union(readings(pipeline, "right"));
        all.keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(50)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.sum(sum.sum() + reading.value()).count(sum.count() + 1),
                (key, window, sum, out) -> out.sensor(key.value()).windowEnd(window.end()).sum(sum.sum()).count(sum.count()))
            .sink(CallbackSink.of(summary -> results.add(summary.toString())));
        all.process(ReadingFlyweight.TYPE, () -> new ProcessFunction<Reading, ReadingFlyweight>()
        {
            @Override
            public void processElement(
                final Reading reading, final ProcessContext context, final Collector<ReadingFlyweight> out)
            {
                assertTrue(context.currentWatermark() >= latest);
                latest = context.currentWatermark();
            }
        });
        TestJobs.run(pipeline, new JobConfig().threading(ThreadingMode.INVOKER).clock(clock));
        results.sort(null);
        return results;
    }

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline, final String name)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, RECORDS,
            (number, out) -> out.time(number).sensor(number % 7).value(number)),
            WatermarkStrategy.<Reading>forMonotonousTimestamps().withIdleness(Duration.ofMillis(100)), name);
    }
}
