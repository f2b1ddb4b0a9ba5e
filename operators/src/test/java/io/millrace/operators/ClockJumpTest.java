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
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.process.ProcessFunction;
import io.millrace.operators.process.TimerService;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A clock of the machine that jumps (RELIABILITY T13): event time does not see it, and a timer by the clock fires once. */
@Tag("laboratory")
class ClockJumpTest
{
    private static final long RECORDS = 5_000;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long JUMPS = Long.getLong("millrace.lab.jumps", 10_000);
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());

    private static final AccumulateFunction<Reading, SummaryFlyweight> SUM =
        (sum, reading) -> sum.sum(sum.sum() + reading.value()).count(sum.count() + 1);
    private static final WindowFunction<LongKey, Summary, SummaryFlyweight> RESULT =
        (key, window, sum, out) -> out.sensor(key.value()).windowEnd(window.end()).sum(sum.sum()).count(sum.count());

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
        final Random random = new Random(SEED);
        reads = 0;
        while (reads < JUMPS)
        {
            assertEquals(expected, run(() ->
            {
                reads++;
                now = 1_000 * HOUR + (long)(random.nextGaussian() * HOUR);
                return now;
            }), "seed=" + SEED + " reads=" + reads);
        }
        System.out.println("T13: seed=" + SEED + " jumps=" + reads);
    }

    @Test
    void shouldFireEachTimerOnceHoweverTheClockJumps() throws Exception
    {
        final Random random = new Random(SEED);
        long fired = 0;
        reads = 0;
        while (reads < JUMPS)
        {
            final List<String> firings = timers(jumping(random), false);
            assertEquals(firings.stream().distinct().count(), firings.size(), "seed=" + SEED + " reads=" + reads);
            fired += firings.size();
        }
        assertTrue(fired > 100, "fired=" + fired);
    }

    /** The first negative control: a window by the clock does see it. */
    @Test
    void shouldNoticeWhatDependsOnTheClock() throws Exception
    {
        final List<String> expected = run(() -> ++now, true);
        assertNotEquals(expected, run(() -> now += ++reads % 10 == 0 ? HOUR : 1, true));
    }

    /** The second: a timer that is set again when it fires. */
    @Test
    void shouldNoticeATimerThatFiresTwice() throws Exception
    {
        final List<String> firings = timers(jumping(new Random(SEED)), true);
        assertTrue(firings.stream().distinct().count() < firings.size(), "firings=" + firings.size());
    }

    private LongSupplier jumping(final Random random)
    {
        return () ->
        {
            reads++;
            now += random.nextInt(10) == 0 ? (long)(random.nextGaussian() * HOUR) : random.nextInt(20) - 5;
            return now;
        };
    }

    /** Key and time of each timer that fires; none may fire before its time. */
    private List<String> timers(final LongSupplier clock, final boolean again) throws Exception
    {
        final List<String> firings = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("jumping");
        readings(pipeline, "readings").keyByLong(Reading::sensor).process(SummaryFlyweight.TYPE, () -> new Timing(again))
            .sink(CallbackSink.of(summary ->
            {
                assertTrue(summary.windowEnd() <= summary.sum(), "fired before its time: " + summary);
                firings.add(summary.sensor() + ":" + summary.windowEnd());
            }));
        TestJobs.run(pipeline, new JobConfig().threading(ThreadingMode.INVOKER).clock(clock));
        return firings;
    }

    /** Sets a timer for each record, and shows it and the time when it fires. */
    private static final class Timing implements KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
    {
        private final boolean again;
        private long last = Long.MIN_VALUE;
        private long repeated;

        private Timing(final boolean again)
        {
            this.again = again;
        }

        @Override
        public boolean usesProcessingTime()
        {
            return true;
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final TimerService timers = context.timerService();
            // Each record has a time of its own, ahead of the clock, so that none is registered anew after it has fired.
            timers.registerProcessingTimeTimer(Math.max(timers.currentProcessingTime(), last) + 1);
            last = Math.max(timers.currentProcessingTime(), last) + 1;
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            if (again && repeated != timestamp)
            {
                repeated = timestamp;
                context.timerService().registerProcessingTimeTimer(timestamp);
            }
            out.next().sensor(context.currentKey().value()).windowEnd(timestamp)
                .sum(context.timerService().currentProcessingTime());
            out.emit();
        }
    }

    private List<String> run(final LongSupplier clock) throws Exception
    {
        return run(clock, false);
    }

    private List<String> run(final LongSupplier clock, final boolean byClock) throws Exception
    {
        final List<String> results = new ArrayList<>();
        latest = Long.MIN_VALUE;
        final Pipeline pipeline = Pipeline.create("jumping");
        final SingleOutputStream<Reading> left = readings(pipeline, "left");
        final DataStream<Reading> all = left.union(readings(pipeline, "right"));
        final KeyedStream<LongKey, Reading> keyed = all.keyByLong(Reading::sensor);
        final Duration size = Duration.ofMillis(50);
        final SingleOutputStream<Summary> sums = byClock ?
            keyed.window(TumblingProcessingTimeWindows.of(size))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, SUM, RESULT) :
            keyed.window(TumblingEventTimeWindows.of(size))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, SUM, RESULT);
        sums.sink(CallbackSink.of(summary -> results.add(summary.toString())));
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
