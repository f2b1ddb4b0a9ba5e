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
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.WatermarkGenerator;
import io.millrace.core.time.WatermarkOutput;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Event time that is given anew in the middle of a pipeline: SEMANTICS WM-12, and WM-2 and WM-3 there. */
class AssignedTimestampsTest
{
    /** Of windows, and of what is late: two sinks, which may be of two tasks. */
    private final List<String> results = new ArrayList<>();
    private final List<String> lates = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWM12TimestampsAreReplacedAndUpstreamWatermarksSwallowed(final boolean chaining) throws Exception
    {
        // By the time of the source 1 and 2 would be late behind 100; by their values they are in order.
        final Pipeline pipeline = Pipeline.create("anew");
        windows(readings(pipeline, new long[][] {{100, 0}, {1, 4}, {2, 9}, {200, 10}, {3, 9}})
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Reading>forMonotonousTimestamps().withTimestampAssigner(Reading::value)));
        TestJobs.run(pipeline, TestJobs.stepped().chaining(chaining));
        assertEquals(List.of("0-5:2", "5-10:1", "10-15:1"), results);
        assertEquals(List.of("9"), lates);
    }

    @Test
    void shouldFollowWM12TheLastWatermarkGoesOn() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("last");
        final WatermarkStrategy<Reading> silent = WatermarkStrategy.forGenerator(() -> (view, timestamp, output) ->
        {
        });
        windows(readings(pipeline, new long[][] {{1, 0}, {100, 0}, {2, 0}}).assignTimestampsAndWatermarks(silent));
        TestJobs.run(pipeline);
        assertEquals(List.of("0-5:2", "100-105:1"), results);
    }

    @Test
    void shouldFollowWM2AndWM3AsASourceDoes() throws Exception
    {
        // Bound 5: 10 -> W4; 3 -> late; a step of 10: the next one at W14.
        final Pipeline pipeline = Pipeline.create("bounded");
        windows(readings(pipeline, new long[][] {{0, 0}, {10, 0}, {3, 0}, {12, 0}, {15, 0}, {9, 0}, {20, 0}, {9, 0}})
            .assignTimestampsAndWatermarks(WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofMillis(5))
                .withStep(Duration.ofMillis(10))));
        TestJobs.run(pipeline);
        assertEquals(List.of("0-5:1", "5-10:1", "10-15:2", "15-20:1", "20-25:1"), results);
        assertEquals(List.of("3", "9"), lates);
    }

    @Test
    void shouldKeepTheTimestampsOfResultsThatHaveNoEventTimeOfTheirOwn() throws Exception
    {
        // Windows of 5 have the timestamps 4, 9, 14, ...; behind them a bound of 5 keeps [0, 10) open until 19.
        final Pipeline pipeline = Pipeline.create("kept");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, 40, (number, out) -> out.time(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "source").keyByLong(Reading::sensor)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, (sum, reading) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.count(sum.count()).windowEnd(window.end()))
            .assignTimestampsAndWatermarks(WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(5)))
            .keyByLong(Summary::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, (sum, five) -> sum.count(sum.count() + five.count()),
                (key, window, sum, out) -> out.count(sum.count()).windowEnd(window.end())).uid("tens")
            .sink(CallbackSink.of(ten -> results.add(ten.windowEnd() + ":" + ten.count())));
        TestJobs.run(pipeline);
        assertEquals(List.of("10:10", "20:10", "30:10", "40:10"), results);
    }

    @Test
    void shouldGiveEventTimeToASourceThatHasNone() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("timeless");
        windows(pipeline.source(Generator.of(ReadingFlyweight.TYPE, 10, (number, out) -> out.time(number)),
            WatermarkStrategy.noWatermarks(), "source")
            .assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps()));
        TestJobs.run(pipeline);
        assertEquals(List.of("0-5:5", "5-10:5"), results);
    }

    @Test
    void shouldRefuseWindowsBehindAStreamThatLostItsWatermarks()
    {
        final Pipeline pipeline = Pipeline.create("lost");
        windows(readings(pipeline, new long[0][]).assignTimestampsAndWatermarks(WatermarkStrategy.noWatermarks()));
        assertTrue(assertThrows(IllegalStateException.class, () -> pipeline.plan(new JobConfig())).getMessage()
            .startsWith("operator window needs event time"));
    }

    @Test
    void shouldRefuseToAlign()
    {
        final SingleOutputStream<Reading> stream = readings(Pipeline.create("aligned"), new long[0][]);
        final WatermarkStrategy<Reading> aligned = WatermarkStrategy.<Reading>forMonotonousTimestamps()
            .withWatermarkAlignment("group", Duration.ZERO);
        assertEquals("alignment group=group of a stream in the middle of the pipeline: only a source can wait, give it to " +
            "the strategy of the source",
            assertThrows(IllegalArgumentException.class, () -> stream.assignTimestampsAndWatermarks(aligned)).getMessage());
    }

    /** The same results whatever the ring's size, the batches and the threads: a watermark is behind its record. */
    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldGiveEachWatermarkItsPlaceBehindItsRecord(final ThreadingMode mode) throws Exception
    {
        List<List<String>> expected = null;
        for (final int ringCapacity : new int[] {4, 64, 1024})
        {
            for (final boolean chaining : new boolean[] {true, false})
            {
                results.clear();
                lates.clear();
                final Pipeline pipeline = Pipeline.create("places");
                windows(scattered(pipeline, "source").assignTimestampsAndWatermarks(WatermarkStrategy
                    .<Reading>forBoundedOutOfOrderness(Duration.ofMillis(3)).withTimestampAssigner(Reading::value)));
                run(pipeline, mode, new JobConfig().ringCapacity(ringCapacity).chaining(chaining));
                final List<List<String>> shown = List.of(List.copyOf(results), List.copyOf(lates));
                expected = expected == null ? shown : expected;
                assertTrue(expected.equals(shown), () -> "ringCapacity=" + ringCapacity + " chaining=" + chaining);
            }
        }
        assertEquals(1_000, expected.get(0).size());
        assertFalse(expected.get(1).isEmpty());
    }

    @Test
    void shouldStandBehindAUnionAndInSeveralInstances() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("union");
        final SingleOutputStream<Reading> assigned = scattered(pipeline, "left").union(scattered(pipeline, "right"))
            .rebalance().assignTimestampsAndWatermarks(WatermarkStrategy.<Reading>forBoundedOutOfOrderness(
                Duration.ofDays(1)).withTimestampAssigner(Reading::value)).parallelism(3);
        windows(assigned);
        run(pipeline, ThreadingMode.INVOKER, new JobConfig());
        assertEquals(10_000L, results.stream().mapToLong(result -> Long.parseLong(result.substring(result.indexOf(":") + 1))).sum());
    }

    @Test
    void shouldGoOnFromItsSnapshot() throws Exception
    {
        final List<String> uninterrupted = crashing(0);
        for (int steps = 1; steps < 40; steps += 3)
        {
            assertEquals(uninterrupted, crashing(steps), "steps=" + steps);
        }
    }

    private List<String> crashing(final int steps) throws Exception
    {
        results.clear();
        final Pipeline pipeline = Pipeline.create("snapshot");
        windows(pipeline.source(Generator.of(ReadingFlyweight.TYPE, 2_000, (number, out) -> out.time(number).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "source")
            .assignTimestampsAndWatermarks(WatermarkStrategy.forGenerator(Counting::new)));
        final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
        if (steps > 0)
        {
            try (Job job = pipeline.start(TestJobs.stepped().ioThread(false).checkpointing(checkpoints)))
            {
                for (int i = 0; i < steps; i++)
                {
                    job.doWork();
                }
                job.checkpoint();
                while (checkpoints.latest() == 0 && job.status() == JobStatus.RUNNING)
                {
                    job.doWork();
                }
                job.doWork();
            }
        }
        TestJobs.run(pipeline, TestJobs.stepped().ioThread(false).checkpointing(checkpoints));
        return results.stream().distinct().sorted().toList();
    }

    @Test
    void shouldNameOperatorAndRecordWhereAFunctionFails() throws Exception
    {
        for (final boolean generating : new boolean[] {false, true})
        {
            final Pipeline pipeline = Pipeline.create("failing");
            final WatermarkStrategy<Reading> strategy = generating ?
                WatermarkStrategy.forGenerator(() -> (view, timestamp, output) -> fail(view)) :
                WatermarkStrategy.<Reading>forMonotonousTimestamps().withTimestampAssigner(AssignedTimestampsTest::fail);
            windows(readings(pipeline, new long[][] {{1, 1}, {2, 2}, {3, 7}}).assignTimestampsAndWatermarks(strategy).name("anew"));
            try (Job job = pipeline.start(TestJobs.stepped()))
            {
                final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
                assertTrue(message.contains("operator=anew record at position=2 timestamp=3 record=Reading[time=3, sensor=0, " +
                    "place=, value=7]: java.lang.IllegalArgumentException: bad luck"), message);
            }
        }
    }

    private static long fail(final Reading reading)
    {
        if (reading.value() == 7)
        {
            throw new IllegalArgumentException("bad luck");
        }
        return reading.time();
    }

    private static void run(final Pipeline pipeline, final ThreadingMode mode, final JobConfig config) throws Exception
    {
        try (Job job = pipeline.start(config.threading(mode)))
        {
            if (mode == ThreadingMode.INVOKER)
            {
                TestJobs.finish(job);
            }
            job.await(60, TimeUnit.SECONDS);
        }
    }

    private static SingleOutputStream<Reading> scattered(final Pipeline pipeline, final String name)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, 5_000, (number, out) ->
            out.time(number).value(number + number * 0x9E3779B97F4A7C15L % 5)), WatermarkStrategy.forMonotonousTimestamps(), name);
    }

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline, final long[][] readings)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, readings.length, (number, out) ->
            out.time(readings[(int)number][0]).value(readings[(int)number][1])),
            WatermarkStrategy.forMonotonousTimestamps(), "source");
    }

    private void windows(final DataStream<Reading> source)
    {
        final OutputTag<Reading, ReadingFlyweight> late = new OutputTag<>("late", ReadingFlyweight.TYPE);
        final SingleOutputStream<Summary> windows = source.keyByLong(Reading::sensor)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(5))).sideOutputLateData(late)
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.sum(window.start()).windowEnd(window.end()).count(sum.count()));
        windows.sink(CallbackSink.of(summary ->
            results.add(summary.sum() + "-" + summary.windowEnd() + ":" + summary.count())));
        windows.sideOutput(late).sink(CallbackSink.of(reading ->
            lates.add("" + Math.max(reading.time(), reading.value()))), "late");
    }

    /** Fails unless it sees every record once. */
    private static final class Counting implements WatermarkGenerator<Reading>
    {
        private long seen;

        @Override
        public void onEvent(final Reading view, final long timestamp, final WatermarkOutput output)
        {
            if (view.value() != seen)
            {
                throw new IllegalStateException("seen=" + seen + " at record=" + view);
            }
            seen++;
            if (seen % 7 == 0)
            {
                output.emitWatermark(timestamp - 1);
            }
        }

        @Override
        public void snapshot(final BlobWriter writer)
        {
            writer.putLong(seen);
        }

        @Override
        public void restore(final BlobReader reader)
        {
            seen = reader.getLong();
        }
    }
}
