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

import io.millrace.core.metrics.Counter;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.WatermarkGenerator;
import io.millrace.core.time.WatermarkOutput;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.source.Ingress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Watermarks by rules of the application's, through a whole pipeline: a window shows when its watermark came. */
class WatermarkGeneratorTest
{
    private final List<String> results = new ArrayList<>();

    @Test
    void shouldFollowWM3APunctuatedGeneratorEmitsAtItsMarks() throws Exception
    {
        // A value above 0 is a mark: W of that. What comes before it is not late, however old.
        final long[][] readings = {{0, 0}, {9, 0}, {1, 0}, {4, 4}, {2, 0}, {9, 0}, {20, 30}};
        assertEquals(List.of("0-5:3", "late 2", "5-10:2", "20-25:1"), run(marks(), readings));
    }

    @Test
    void shouldFollowWM3OnlyAGreaterWatermarkIsForwarded() throws Exception
    {
        // W9, then W3 and W9 again: nothing moves back, so 4 is late both times.
        final long[][] readings = {{0, 9}, {4, 3}, {4, 9}, {12, 0}};
        assertEquals(List.of("0-5:1", "late 4", "late 4", "10-15:1"), run(marks(), readings));
    }

    @Test
    void shouldForwardTheGreatestOfSeveralWatermarksOfOneRecord() throws Exception
    {
        final WatermarkStrategy<Reading> strategy = WatermarkStrategy.forGenerator(() -> (view, timestamp, output) ->
        {
            output.emitWatermark(timestamp - 3);
            output.emitWatermark(timestamp - 1);
            output.emitWatermark(timestamp - 2);
        });
        assertEquals(List.of("0-5:1", "5-10:1", "late 9", "10-15:1"), run(strategy, new long[][] {{0, 0}, {9, 0}, {10, 0}, {9, 0}}));
    }

    @Test
    void shouldWaitForTheStepWhereOneIsAskedFor() throws Exception
    {
        final WatermarkStrategy<Reading> strategy = WatermarkStrategy.<Reading>forGenerator(
            () -> (view, timestamp, output) -> output.emitWatermark(timestamp - 1)).withStep(Duration.ofMillis(10));
        // W0 - 1 at once, the next one at 9: 5 closes nothing yet.
        assertEquals(List.of("0-5:2", "5-10:1", "10-15:1"), run(strategy, new long[][] {{0, 0}, {5, 0}, {4, 0}, {11, 0}}));
    }

    @Test
    void shouldBeAskedForBothTimestampAndRecord() throws Exception
    {
        final List<String> seen = new ArrayList<>();
        final WatermarkStrategy<Reading> strategy = WatermarkStrategy.<Reading>forGenerator(
            () -> (view, timestamp, output) -> seen.add(view.value() + "@" + timestamp))
            .withTimestampAssigner(reading -> reading.time() + 1_000);
        runBatched(strategy, new long[][] {{1, 7}, {2, 8}});
        assertEquals(List.of("7@1001", "8@1002"), seen);
    }

    @Test
    void shouldMakeAGeneratorForEachInstanceAndLife() throws Exception
    {
        final List<Object> made = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("instances");
        windows(pipeline.source(Generator.of(ReadingFlyweight.TYPE, 30, (number, out) -> out.time(number)),
            WatermarkStrategy.forGenerator(() ->
            {
                final WatermarkGenerator<Reading> generator = new Marks();
                made.add(generator);
                return generator;
            }), "source").parallelism(3));
        TestJobs.run(pipeline);
        TestJobs.run(pipeline);
        assertEquals(6, made.stream().distinct().count());
    }

    @Test
    void shouldRefuseASupplierThatMakesNothing()
    {
        final WatermarkStrategy<Reading> none = WatermarkStrategy.forGenerator(() -> null);
        assertTrue(assertThrows(IllegalStateException.class, () -> run(none, new long[][] {{0, 0}})).getMessage()
            .startsWith("watermark generator of source source is null"));
    }

    /** The generator remembers how many records it has seen: it emits at every seventh. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGoOnFromItsSnapshot(final int sources) throws Exception
    {
        final List<String> uninterrupted = crashing(sources, 0);
        assertFalse(uninterrupted.isEmpty());
        for (int steps = 1; steps < 40; steps += 3)
        {
            assertEquals(uninterrupted, crashing(sources, steps), "steps=" + steps);
        }
    }

    /** What windows make of it; when a job is left after so many steps, another one goes on from its checkpoint. */
    private List<String> crashing(final int sources, final int steps) throws Exception
    {
        final List<String> fired = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("snapshot");
        DataStream<Reading> stream = null;
        for (int i = 0; i < sources; i++)
        {
            final SingleOutputStream<Reading> source = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 2_000,
                (number, out) -> out.time(number).value(number)), WatermarkStrategy.forGenerator(EverySeventh::new), "source-" + i);
            stream = stream == null ? source : stream.union(source);
        }
        stream.map(SummaryFlyweight.TYPE, (reading, out) -> out.sum(reading.time()).count(1))
            .keyByLong(Summary::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, (sum, one) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.windowEnd(window.end()).count(sum.count()))
            .sink(CallbackSink.of(summary -> fired.add(summary.windowEnd() + ":" + summary.count())));
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
                for (int i = 0; i < 3; i++)
                {
                    job.doWork();
                }
            }
        }
        TestJobs.run(pipeline, TestJobs.stepped().ioThread(false).checkpointing(checkpoints));
        // Shown twice what fell between the checkpoint and the end of the first life: at least once, in the same form.
        return fired.stream().distinct().sorted().toList();
    }

    @Test
    void shouldNameSourceAndRecordWhereTheGeneratorFails()
    {
        final String message = failure(1, WatermarkStrategy.forGenerator(() -> (view, timestamp, output) ->
        {
            if (view.value() == 7)
            {
                throw new IllegalStateException("no mark");
            }
        }));
        assertTrue(message.contains("event time of source=source-0 record at position=7 record=Reading[time=7, sensor=0, " +
            "place=, value=7]: java.lang.IllegalStateException: no mark"), message);
    }

    @Test
    void shouldNameSourceAndRecordWhereTheAssignerFails()
    {
        final String message = failure(1, WatermarkStrategy.<Reading>forMonotonousTimestamps().withTimestampAssigner(
            WatermarkGeneratorTest::failingTime));
        assertTrue(message.contains("event time of source=source-0 record at position=7 record=Reading[time=7, sensor=0, " +
            "place=, value=7]: java.lang.IllegalArgumentException: no time"), message);
        final String generating = failure(1, WatermarkStrategy.<Reading>forGenerator(Marks::new).withTimestampAssigner(
            WatermarkGeneratorTest::failingTime));
        assertEquals(message, generating);
    }

    @Test
    void shouldNameTheRecordOfOneOfSeveralSourcesWhichHasNoPositionYet()
    {
        final String message = failure(2, WatermarkStrategy.<Reading>forMonotonousTimestamps().withTimestampAssigner(
            WatermarkGeneratorTest::failingTime));
        assertTrue(message.contains("event time of source=source-0 after position="), message);
        assertTrue(message.contains("record number=1 record=Reading[time=7, "), message);
    }

    private static long failingTime(final Reading reading)
    {
        if (reading.value() == 7)
        {
            throw new IllegalArgumentException("no time");
        }
        return reading.time();
    }

    @Test
    void shouldNotBlameTheSourceForWhatFailsBehindIt()
    {
        final Pipeline pipeline = Pipeline.create("behind");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, 10, (number, out) -> out.time(number).value(number)),
            WatermarkStrategy.forGenerator(() -> (view, timestamp, output) ->
            {
                if (view.value() == 7)
                {
                    throw new IllegalStateException("no mark");
                }
            }), "source").sink(CallbackSink.of(reading ->
            {
                if (reading.value() == 3)
                {
                    throw new IllegalStateException("sink");
                }
            }), "sink");
        final String message = failure(pipeline);
        assertTrue(message.contains("operator=sink record at position=3"), message);
    }

    private static String failure(final int sources, final WatermarkStrategy<Reading> strategy)
    {
        final Pipeline pipeline = Pipeline.create("failing");
        DataStream<Reading> stream = null;
        for (int i = 0; i < sources; i++)
        {
            final SingleOutputStream<Reading> source = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 10,
                (number, out) -> out.time(number).value(number)), strategy, "source-" + i);
            stream = stream == null ? source : stream.union(source);
        }
        stream.sink(CallbackSink.of(reading ->
        {
        }));
        return failure(pipeline);
    }

    private static String failure(final Pipeline pipeline)
    {
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            return assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
        }
    }

    @Test
    void shouldCountWhatIsLateUnderTheNameOfTheWindow() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("counted");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, 4, (number, out) -> out.time(20 - number * 5)),
            WatermarkStrategy.forMonotonousTimestamps(), "source").keyByLong(Reading::sensor)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, (sum, reading) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.count(sum.count())).name("fives")
            .sink(CallbackSink.of(summary ->
            {
            }));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            TestJobs.finish(job);
            assertEquals(List.of("fives.lateRecordsDropped=3"), job.counters().stream().filter(counter -> counter.get() > 0)
                .map(Counter::toString).toList());
        }
    }

    private static WatermarkStrategy<Reading> marks()
    {
        return WatermarkStrategy.forGenerator(Marks::new);
    }

    private List<String> run(final WatermarkStrategy<Reading> strategy, final long[][] readings) throws Exception
    {
        final List<String> chained = runBatched(strategy, readings);
        results.clear();
        // Record by record, through an ingress.
        try (Ingress<Reading, ReadingFlyweight> ingress = Ingress.create(ReadingFlyweight.TYPE, 16))
        {
            final Pipeline pipeline = Pipeline.create("single");
            windows(pipeline.source(ingress, strategy, "source"));
            try (Job job = pipeline.start(TestJobs.stepped()))
            {
                for (final long[] reading : readings)
                {
                    ingress.offer(out -> out.time(reading[0]).value(reading[1]));
                }
                ingress.publish();
                ingress.end();
                TestJobs.finish(job);
            }
        }
        assertEquals(chained, results);
        return chained;
    }

    private List<String> runBatched(final WatermarkStrategy<Reading> strategy, final long[][] readings) throws Exception
    {
        results.clear();
        final Pipeline pipeline = Pipeline.create("batched");
        windows(pipeline.source(Generator.of(ReadingFlyweight.TYPE, readings.length, (number, out) ->
            out.time(readings[(int)number][0]).value(readings[(int)number][1])), strategy, "source"));
        TestJobs.run(pipeline);
        return List.copyOf(results);
    }

    private void windows(final DataStream<Reading> source)
    {
        final OutputTag<Reading, ReadingFlyweight> late =
            new OutputTag<>("late", ReadingFlyweight.TYPE);
        final SingleOutputStream<Summary> windows = source.keyByLong(Reading::sensor)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(5))).sideOutputLateData(late)
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.sum(window.start()).windowEnd(window.end()).count(sum.count()));
        windows.sink(CallbackSink.of(summary ->
            results.add(summary.sum() + "-" + summary.windowEnd() + ":" + summary.count())));
        windows.sideOutput(late).sink(CallbackSink.of(reading -> results.add("late " + reading.time())), "late");
    }

    /** A value above 0 is a watermark. */
    private static final class Marks implements WatermarkGenerator<Reading>
    {
        @Override
        public void onEvent(final Reading view, final long timestamp, final WatermarkOutput output)
        {
            if (view.value() > 0)
            {
                output.emitWatermark(view.value());
            }
        }
    }

    /** Emits at every seventh record that it has seen. */
    private static final class EverySeventh implements WatermarkGenerator<Reading>
    {
        private long seen;

        @Override
        public void onEvent(final Reading view, final long timestamp, final WatermarkOutput output)
        {
            seen++;
            if (seen != view.value() + 1)
            {
                throw new IllegalStateException("seen=" + seen + " at record=" + view);
            }
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
