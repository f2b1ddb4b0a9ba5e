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
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PipelineTest
{
    private static final long COUNT = 10_000;

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldRunRecordsThroughAFusedChain(final ThreadingMode mode) throws Exception
    {
        final List<SummaryValue> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("fused");
        readings(pipeline)
            .filter(reading -> reading.value() % 2 == 0)
            .map(SummaryFlyweight.TYPE, (reading, out) ->
                out.place(reading.place()).sensor(reading.sensor()).sum(reading.value() * 10))
            .sink(CallbackSink.of(summary -> results.add(SummaryValue.copyOf(summary))));
        run(pipeline, new JobConfig().threading(mode));

        final List<SummaryValue> expected = new ArrayList<>();
        for (long i = 0; i < COUNT; i += 2)
        {
            expected.add(new SummaryValue(place(i), i % 7, 0, 0, i * 10));
        }
        assertEquals(expected, results);
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldPassRecordsFromTaskToTask(final ThreadingMode mode) throws Exception
    {
        final List<Long> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("tasks");
        readings(pipeline).filter(reading -> true).sink(CallbackSink.of(reading -> results.add(reading.value())));
        run(pipeline, new JobConfig().threading(mode).chaining(false).ringCapacity(16));

        final List<Long> expected = new ArrayList<>();
        for (long i = 0; i < COUNT; i++)
        {
            expected.add(i);
        }
        assertEquals(expected, results);
    }

    @Test
    void shouldKeepARunningSumOfEachKey() throws Exception
    {
        final List<Long> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("sums");
        readings(pipeline)
            .keyByLong(Reading::sensor)
            .accumulate(SummaryFlyweight.TYPE, (sum, reading) ->
                sum.sensor(reading.sensor()).count(sum.count() + 1).sum(sum.sum() + reading.value()))
            .sink(CallbackSink.of(summary -> results.add(summary.sum())));
        run(pipeline, new JobConfig().threading(ThreadingMode.INVOKER));

        final long[] sums = new long[7];
        final List<Long> expected = new ArrayList<>();
        for (long i = 0; i < COUNT; i++)
        {
            sums[(int)(i % 7)] += i;
            expected.add(sums[(int)(i % 7)]);
        }
        assertEquals(expected, results);
    }

    @Test
    void shouldSumTumblingWindowsByText() throws Exception
    {
        final TreeMap<String, Long> results = new TreeMap<>();
        final Pipeline pipeline = Pipeline.create("windows");
        readings(pipeline)
            .keyBy(Reading::place)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(100)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1).sum(sum.sum() + reading.value()),
                (key, window, sum, out) -> out.place(key).windowEnd(window.end()).count(sum.count()).sum(sum.sum()))
            .sink(CallbackSink.of(summary -> results.merge(summary.windowEnd() + "/" + summary.place(), summary.sum(),
                (a, b) ->
                {
                    throw new AssertionError("twice: " + summary);
                })));
        run(pipeline, new JobConfig().threading(ThreadingMode.INVOKER));

        final TreeMap<String, Long> expected = new TreeMap<>();
        for (long i = 0; i < COUNT; i++)
        {
            expected.merge((i / 100 + 1) * 100 + "/" + place(i), i, Long::sum);
        }
        assertEquals(expected, results);
    }

    /** Four streams part and meet in one task: what the sink sees must not depend on where a batch ends. */
    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldKeepWhatCameOfARecordTogetherWhereStreamsMeetAgain(final ThreadingMode mode) throws Exception
    {
        final List<Long> results = new ArrayList<>();
        final List<Long> besides = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("meeting");
        final SingleOutputStream<Reading> readings = readings(pipeline);
        final SingleOutputStream<Reading> odd = readings.filter(reading -> reading.value() % 2 == 1);
        final SingleOutputStream<Reading> negated = readings.map(ReadingFlyweight.TYPE,
            (reading, out) -> out.time(reading.time()).value(-reading.value()));
        final SingleOutputStream<Reading> twice = odd.flatMap(ReadingFlyweight.TYPE, (reading, out) ->
        {
            for (int i = 0; i < 2; i++)
            {
                out.next().time(reading.time()).value(reading.value() + COUNT * (i + 1));
                out.emit();
            }
        });
        odd.union(negated, twice).sink(CallbackSink.of(reading -> results.add(reading.value())));
        negated.sink(CallbackSink.of(reading -> besides.add(reading.value())));
        run(pipeline, new JobConfig().threading(mode));

        final List<Long> expected = new ArrayList<>();
        final List<Long> expectedBesides = new ArrayList<>();
        for (long i = 0; i < COUNT; i++)
        {
            if (i % 2 == 1)
            {
                expected.addAll(List.of(i + COUNT, i + 2 * COUNT, i));
            }
            expected.add(-i);
            expectedBesides.add(-i);
        }
        assertIterableEquals(expected, results);
        assertIterableEquals(expectedBesides, besides);
    }

    /** Debug mode is on here. A view that is kept must not come to life again with the next batch. */
    @Test
    void shouldNoticeThatAFilterUsesAViewAfterItsCallback() throws Exception
    {
        final Reading[] kept = new Reading[1];
        final int[] noticed = new int[1];
        final Pipeline pipeline = Pipeline.create("kept");
        readings(pipeline).filter(reading ->
        {
            if (kept[0] != null)
            {
                assertThrows(IllegalStateException.class, kept[0]::value, "at value=" + reading.value());
                noticed[0]++;
            }
            kept[0] = reading;
            return true;
        }).sink(CallbackSink.of(reading -> assertTrue(reading.value() >= 0)));
        TestJobs.run(pipeline);
        assertEquals(COUNT - 1, noticed[0]);
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

    private static void run(final Pipeline pipeline, final JobConfig config) throws Exception
    {
        try (Job job = pipeline.start(config))
        {
            if (job.explain().contains("INVOKER"))
            {
                while (job.status() == JobStatus.RUNNING)
                {
                    job.doWork();
                }
            }
            job.await(30, TimeUnit.SECONDS);
            assertEquals(0, job.offHeapBytes());
        }
    }
}
