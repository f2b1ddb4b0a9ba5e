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
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.InvertibleAggregateFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SlidingWindowPipelineTest
{
    private static final long COUNT = 5_000;
    private static final long SIZE = 100;
    private static final long SLIDE = 30;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSumSlidingWindowsByText(final boolean invertible) throws Exception
    {
        final TreeMap<String, Long> results = new TreeMap<>();
        final Pipeline pipeline = Pipeline.create("windows");
        readings(pipeline)
            .keyBy(Reading::place)
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(SIZE), Duration.ofMillis(SLIDE)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, invertible ? new InvertibleSum() : new Sum(),
                (key, window, sum, out) -> out.place(key).windowEnd(window.end()).count(sum.count()).sum(sum.sum()))
            .uid("sums")
            .sink(CallbackSink.of(summary -> results.merge(summary.windowEnd() + "/" + summary.place(), summary.sum(),
                (a, b) ->
                {
                    throw new AssertionError("twice: " + summary);
                })));
        TestJobs.run(pipeline);

        final TreeMap<String, Long> expected = new TreeMap<>();
        for (long i = 0; i < COUNT; i++)
        {
            for (long start = i - i % SLIDE; start > i - SIZE; start -= SLIDE)
            {
                expected.merge(start + SIZE + "/" + place(i), i, Long::sum);
            }
        }
        assertEquals(expected, results);
    }

    @Test
    void shouldReduceSlidingWindowsFromTheFirstRecord() throws Exception
    {
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("greatest");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, 8, (number, out) ->
                out.time(number).sensor(1).place(place(number)).value(-(number - 4) * (number - 4) - 1)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings")
            .keyByLong(Reading::sensor)
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(4), Duration.ofMillis(2)))
            .reduce(ReadingFlyweight.TYPE, (greatest, reading) ->
            {
                if (reading.value() > ReadingFlyweight.TYPE.view(greatest).value())
                {
                    ReadingFlyweight.TYPE.copy(reading, greatest);
                }
            })
            .sink(CallbackSink.of(reading -> results.add(reading.place() + "@" + reading.time() + " " + reading.value())));
        TestJobs.run(pipeline);
        // Windows [-2,2), [0,4), [2,6), [4,8), [6,10): all values are below the zeros of an empty accumulator.
        assertEquals(List.of("place-1@1 -10", "place-3@3 -2", "place-4@4 -1", "place-4@4 -1", "place-1@6 -5"), results);
    }

    @Test
    void shouldSendLateRecordsAside() throws Exception
    {
        final OutputTag<Reading, ReadingFlyweight> late = new OutputTag<>("late", ReadingFlyweight.TYPE);
        final List<Long> results = new ArrayList<>();
        final List<Long> lates = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("late");
        final SingleOutputStream<Summary> sums = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 4, (number, out) ->
                out.time(number == 3 ? 1 : number * 20).sensor(1).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings")
            .keyByLong(Reading::sensor)
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(10), Duration.ofMillis(5)))
            .allowedLateness(Duration.ofMillis(3))
            .sideOutputLateData(late)
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(),
                (key, window, sum, out) -> out.windowEnd(window.end()).sum(sum.sum()));
        sums.sink(CallbackSink.of(summary -> results.add(summary.windowEnd())));
        sums.sideOutput(late).sink(CallbackSink.of(reading -> lates.add(reading.value())));
        TestJobs.run(pipeline);
        assertEquals(List.of(5L, 10L, 25L, 30L, 45L, 50L), results);
        assertEquals(List.of(3L), lates);
    }

    @Test
    void shouldNameTheWindowWhoseSlicesFailToMerge()
    {
        final AggregateFunction<Reading, Summary, SummaryFlyweight> failing = new Sum()
        {
            @Override
            public void merge(final SummaryFlyweight sum, final Summary other)
            {
                throw new IllegalArgumentException("no merge");
            }
        };
        final Pipeline pipeline = Pipeline.create("failing");
        readings(pipeline).keyBy(Reading::place)
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(SIZE), Duration.ofMillis(SLIDE)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, failing, (key, window, sum, out) -> out.place(key))
            .sink(CallbackSink.of(summary ->
            {
            }));
        final Exception failure = assertThrows(Exception.class,
            () -> TestJobs.run(pipeline, new JobConfig().threading(ThreadingMode.INVOKER)));
        assertTrue(failure.getMessage().contains("slices of window [-"), failure.getMessage());
    }

    @Test
    void shouldRefuseASizeThatTheTimeUnitDoesNotDivide()
    {
        final SlidingWindowedStream<?, Reading> windows = readings(Pipeline.create("nanoseconds")).keyBy(Reading::place)
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(SIZE), Duration.ofNanos(10)));
        final String message = assertThrows(IllegalArgumentException.class,
            () -> windows.reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(0))).getMessage();
        assertTrue(message.startsWith("slide=PT0.00000001S is no whole number of MILLISECONDS"), message);
    }

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, COUNT, (number, out) ->
            out.time(number).sensor(number % 7).place(place(number)).value(number)),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(10)), "readings");
    }

    private static String place(final long number)
    {
        return "place-" + number % 5;
    }

    /** A sum. */
    private static class Sum implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.count(sum.count() + 1).sum(sum.sum() + reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.count(sum.count() + other.count()).sum(sum.sum() + other.sum());
        }
    }

    /** A sum that can be deducted. */
    private static final class InvertibleSum extends Sum
        implements InvertibleAggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void deduct(final SummaryFlyweight sum, final Summary other)
        {
            sum.count(sum.count() - other.count()).sum(sum.sum() - other.sum());
        }
    }
}
