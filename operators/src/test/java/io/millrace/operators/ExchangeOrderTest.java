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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/**
 * Order where channels meet (ORDERING invariants I1, I2, I12): the same input gives the same output, whatever steps the tasks and however
 * small the rings are.
 */
class ExchangeOrderTest
{
    private static final long COUNT = 20_000;

    @ParameterizedTest
    @CsvSource({"DEDICATED, 4", "DEDICATED, 1024", "SHARED, 4", "SHARED, 64", "INVOKER, 16"})
    void shouldGiveTheSameOutputFromAKeyedExchange(final ThreadingMode mode, final int ringCapacity) throws Exception
    {
        final List<String> expected = keyedExchange(4, new JobConfig().threading(ThreadingMode.INVOKER));
        assertEquals(COUNT, expected.size());
        assertEquals(expected, keyedExchange(4, new JobConfig().threading(mode).ringCapacity(ringCapacity)));
    }

    @Test
    void shouldGiveTheSameOutputAtAnyParallelismWithOneOutputARecord() throws Exception
    {
        final List<String> expected = keyedExchange(1, new JobConfig().threading(ThreadingMode.INVOKER));
        assertEquals(expected, keyedExchange(4, new JobConfig().threading(ThreadingMode.DEDICATED)));
    }

    @ParameterizedTest
    @CsvSource({"DEDICATED, 4", "DEDICATED, 256", "SHARED, 16", "INVOKER, 4"})
    void shouldGiveTheSameOutputFromWindowsBehindTwoExchanges(final ThreadingMode mode, final int ringCapacity)
        throws Exception
    {
        final List<String> expected = windows(new JobConfig().threading(ThreadingMode.INVOKER));
        assertFalse(expected.isEmpty());
        assertEquals(expected, windows(new JobConfig().threading(mode).ringCapacity(ringCapacity)));
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldTakeEveryRecordOfTwoSources(final ThreadingMode mode) throws Exception
    {
        final List<String> results = Collections.synchronizedList(new ArrayList<>());
        final Pipeline pipeline = Pipeline.create("two-sources");
        final SingleOutputStream<Reading> left = readings(pipeline, "left", COUNT);
        final SingleOutputStream<Reading> right = readings(pipeline, "right", COUNT / 2);
        left.union(right)
            .keyByLong(Reading::sensor)
            .accumulate(SummaryFlyweight.TYPE, (sum, reading) ->
                sum.sensor(reading.sensor()).count(sum.count() + 1).sum(sum.sum() + reading.value())).parallelism(4)
            .keyByLong(Summary::count)
            .accumulate(SummaryFlyweight.TYPE, (sum, summary) -> sum.count(sum.count() + 1))
            .parallelism(4).uid("by-count")
            .rebalance()
            .map(SummaryFlyweight.TYPE, (summary, out) -> out.count(summary.count())).parallelism(1)
            .sink(CallbackSink.of(summary -> results.add("" + summary.count())));
        run(pipeline, new JobConfig().threading(mode).ringCapacity(16));
        assertEquals(COUNT + COUNT / 2, results.size());
    }

    private static List<String> keyedExchange(final int parallelism, final JobConfig config) throws Exception
    {
        final List<String> results = Collections.synchronizedList(new ArrayList<>());
        final Pipeline pipeline = Pipeline.create("keyed-exchange");
        readings(pipeline, "readings", COUNT)
            .keyByLong(Reading::sensor)
            .accumulate(SummaryFlyweight.TYPE, (sum, reading) ->
                sum.sensor(reading.sensor()).count(sum.count() + 1).sum(sum.sum() + reading.value()))
            .parallelism(parallelism)
            .rebalance()
            .map(SummaryFlyweight.TYPE, (summary, out) -> out.sensor(summary.sensor()).sum(summary.sum())).parallelism(1)
            .sink(CallbackSink.of(summary -> results.add(summary.sensor() + ":" + summary.sum())));
        run(pipeline, config);
        return results;
    }

    private static List<String> windows(final JobConfig config) throws Exception
    {
        final List<String> results = Collections.synchronizedList(new ArrayList<>());
        final Pipeline pipeline = Pipeline.create("windows-exchange");
        readings(pipeline, "readings", COUNT)
            .keyByLong(Reading::sensor)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(500)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1).sum(sum.sum() + reading.value()),
                (key, window, sum, out) -> out.sensor(key.value()).windowEnd(window.end()).sum(sum.sum()))
            .parallelism(3)
            .keyByLong(Summary::windowEnd)
            .accumulate(SummaryFlyweight.TYPE, (sum, summary) ->
                sum.windowEnd(summary.windowEnd()).sensor(summary.sensor()).count(sum.count() + 1).sum(sum.sum() + summary.sum()))
            .parallelism(2)
            .rebalance()
            .map(SummaryFlyweight.TYPE, (summary, out) ->
                out.windowEnd(summary.windowEnd()).sensor(summary.sensor()).sum(summary.sum())).parallelism(1)
            .sink(CallbackSink.of(summary ->
                results.add(summary.windowEnd() + "/" + summary.sensor() + ":" + summary.sum())));
        run(pipeline, config);
        return results;
    }

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline, final String name, final long count)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, count, (number, out) ->
            out.time(number).sensor(number * 31 % 97).value(number)),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(10)), name);
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
            job.await(60, TimeUnit.SECONDS);
            assertEquals(0, job.offHeapBytes());
        }
    }
}
