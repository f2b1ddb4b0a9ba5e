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

import io.millrace.core.runtime.Job;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.source.Ingress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The vectors of SEMANTICS.md for watermarks, through a whole pipeline: a window shows when its watermark came. */
class WatermarkSemanticsTest
{
    private final List<String> results = new ArrayList<>();

    @Test
    void shouldFollowWM1AndWM2TheWatermarkIsOneBehindTheBound() throws Exception
    {
        // Bound 5: event 10 -> W4, which closes [0, 5); event 3 is then behind it, and late.
        assertEquals(List.of("0-5:1", "late 3", "10-15:1"), run(WatermarkStrategy.forBoundedOutOfOrderness(
            Duration.ofMillis(5)), TimeUnit.MILLISECONDS, 0, 10, 3));
        assertEquals(List.of("0-5:2", "5-10:1"), run(WatermarkStrategy.forBoundedOutOfOrderness(
            Duration.ofMillis(5)), TimeUnit.MILLISECONDS, 0, 9, 3));
    }

    @Test
    void shouldFollowWM2MonotonousIsABoundOfZero() throws Exception
    {
        // Event 10 -> W9, which closes [5, 10) as well.
        assertEquals(List.of("0-5:1", "5-10:1", "late 9", "10-15:1"),
            run(WatermarkStrategy.forMonotonousTimestamps(), TimeUnit.MILLISECONDS, 0, 9, 10, 9));
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "1, 5", "2, 6", "3, 6", "100, 99"})
    void shouldFollowWM3ItIsEmittedWhenItHasGrownByTheStep(final long step, final long closedBy) throws Exception
    {
        // One of each time; the watermark of the first is emitted, and then one every step. [0, 5) needs W4, of event 5.
        final List<String> order = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("step");
        final SingleOutputStream<Reading> source = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 100,
            (number, out) -> out.time(number).value(number)),
            WatermarkStrategy.<Reading>forMonotonousTimestamps().withStep(Duration.ofMillis(step)), "source");
        source.sink(CallbackSink.of(reading -> order.add("r" + reading.value())), "records");
        source.keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1), (key, window, sum, out) -> out.windowEnd(window.end()))
            .sink(CallbackSink.of(summary -> order.add("w" + summary.windowEnd())));
        TestJobs.run(pipeline);
        assertEquals("r" + closedBy, order.get(order.indexOf("w5") - 1));
    }

    @Test
    void shouldFollowWM3TheDefaultStepIsAMillisecondInAnyUnit() throws Exception
    {
        // In microseconds: W of 0 at once, the next one a millisecond later, so that event 999 closes nothing.
        assertEquals(List.of("0-5:4", "1000-1005:1"), run(WatermarkStrategy.forMonotonousTimestamps(),
            TimeUnit.MICROSECONDS, 0, 4, 3, 2, 1000));
        assertEquals(List.of("0-5:1", "late 2", "995-1000:1"), run(WatermarkStrategy.<Reading>forMonotonousTimestamps()
            .withStep(Duration.ZERO), TimeUnit.MICROSECONDS, 0, 999, 2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWM4TheEndFiresEverything(final boolean chaining) throws Exception
    {
        final Pipeline pipeline = Pipeline.create("end");
        windows(pipeline.source(Generator.of(ReadingFlyweight.TYPE, 3, (number, out) -> out.time(number * 1000)),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofDays(1)), "source"));
        TestJobs.run(pipeline, TestJobs.stepped().chaining(chaining));
        assertEquals(List.of("0-5:1", "1000-1005:1", "2000-2005:1"), results);
    }

    @Test
    void shouldFollowWM5AUnionHasTheLeastWatermark() throws Exception
    {
        try (Ingress<Reading, ReadingFlyweight> left = Ingress.create(ReadingFlyweight.TYPE, 16);
            Ingress<Reading, ReadingFlyweight> right = Ingress.create(ReadingFlyweight.TYPE, 16))
        {
            final Pipeline pipeline = Pipeline.create("union");
            windows(pipeline.source(left, WatermarkStrategy.forMonotonousTimestamps(), "left")
                .union(pipeline.source(right, WatermarkStrategy.forMonotonousTimestamps(), "right")));
            try (Job job = pipeline.start(TestJobs.stepped()))
            {
                publish(job, left, 0);
                publish(job, left, 20);
                assertEquals(List.of(), results);
                publish(job, right, 4);
                assertEquals(List.of(), results);
                publish(job, right, 5);
                assertEquals(List.of("0-5:2"), results);
                left.end();
                TestJobs.settle(job);
                publish(job, right, 100);
                assertEquals(List.of("0-5:2", "5-10:1", "20-25:1"), results);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWM10ResultsPrecedeTheWatermarkThatFiredThem(final boolean chaining) throws Exception
    {
        // The results have the last timestamp of their window: were the watermark before them, they would be late.
        final Pipeline pipeline = Pipeline.create("cascade");
        final SingleOutputStream<Summary> fives = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 1_000,
            (number, out) -> out.time(number).sensor(number % 3)), WatermarkStrategy.forMonotonousTimestamps(), "source")
            .keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1), (key, window, sum, out) -> out.count(sum.count()))
            .uid("fives");
        fives.keyByLong(Summary::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, five) -> sum.count(sum.count() + five.count()),
                (key, window, sum, out) -> out.count(sum.count()).windowEnd(window.end()))
            .uid("tens")
            .sink(CallbackSink.of(summary -> results.add(summary.windowEnd() + ":" + summary.count())));
        TestJobs.run(pipeline, TestJobs.stepped().chaining(chaining));
        assertEquals(LongStream.rangeClosed(1, 100).mapToObj(i -> i * 10 + ":10").collect(Collectors.toList()), results);
    }

    private static void publish(final Job job, final Ingress<Reading, ReadingFlyweight> ingress, final long time)
    {
        ingress.offer(out -> out.time(time));
        ingress.publish();
        TestJobs.settle(job);
    }

    private List<String> run(final WatermarkStrategy<Reading> strategy, final TimeUnit unit, final long... times)
        throws Exception
    {
        results.clear();
        final Pipeline pipeline = Pipeline.create("watermarks", unit);
        windows(pipeline.source(Generator.of(ReadingFlyweight.TYPE, times.length, (number, out) ->
            out.time(times[(int)number])), strategy, "source"),
            unit == TimeUnit.MILLISECONDS ? Duration.ofMillis(5) : Duration.ofNanos(5_000));
        TestJobs.run(pipeline);
        return results;
    }

    private void windows(final DataStream<Reading> source)
    {
        windows(source, Duration.ofMillis(5));
    }

    private void windows(final DataStream<Reading> source, final Duration size)
    {
        final OutputTag<Reading, ReadingFlyweight> late =
            new OutputTag<>("late", ReadingFlyweight.TYPE);
        final SingleOutputStream<Summary> windows = source.keyByLong(Reading::sensor)
            .window(TumblingEventTimeWindows.of(size)).sideOutputLateData(late)
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.sum(window.start()).windowEnd(window.end()).count(sum.count()));
        windows.sink(CallbackSink.of(summary ->
            results.add(summary.sum() + "-" + summary.windowEnd() + ":" + summary.count())));
        windows.sideOutput(late).sink(CallbackSink.of(reading -> results.add("late " + reading.time())), "late");
    }
}
