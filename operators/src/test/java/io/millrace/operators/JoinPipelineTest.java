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
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Joins of two sources, from the API to the sink, stepped by the test. */
class JoinPipelineTest
{
    private static final long RECORDS = 200;
    private static final long KEYS = 7;
    private static final OutputTag<Reading, ReadingFlyweight> LATE = new OutputTag<>("late", ReadingFlyweight.TYPE);
    private static final OutputTag<Reading, ReadingFlyweight> LATE_TOO = new OutputTag<>("late too", ReadingFlyweight.TYPE);

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 1", "true, 3"})
    void shouldJoinIntervals(final boolean chaining, final int parallelism) throws Exception
    {
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("intervals");
        connected(pipeline).intervalJoin(Duration.ofMillis(-20), Duration.ofMillis(30))
            .lowerBoundExclusive()
            .process(SummaryFlyweight.TYPE, (left, right, out) ->
                out.sensor(left.sensor()).place(right.place()).count(left.value()).sum(right.value()))
            .name("near").uid("near").parallelism(parallelism)
            .sink(CallbackSink.identified((pair, metadata) -> results.add(
                pair.sensor() + " " + pair.count() + "-" + pair.sum() + "@" + metadata.timestamp())));
        TestJobs.run(pipeline, TestJobs.stepped().chaining(chaining));

        final List<String> expected = new ArrayList<>();
        for (long left = 0; left < RECORDS; left++)
        {
            for (long right = 0; right < RECORDS; right++)
            {
                final long difference = rightTime(right) - leftTime(left);
                if (left % KEYS == right % KEYS && difference > -20 && difference <= 30)
                {
                    expected.add(left % KEYS + " " + left + "-" + right + "@" + Math.max(leftTime(left), rightTime(right)));
                }
            }
        }
        assertTrue(expected.size() > RECORDS, () -> "pairs=" + expected.size());
        assertEquals(expected.stream().sorted().toList(), results.stream().sorted().toList());
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 1", "true, 3"})
    void shouldJoinWindows(final boolean chaining, final int parallelism) throws Exception
    {
        final List<String> pairs = new ArrayList<>();
        final List<String> groups = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("windows");
        connected(pipeline).window(TumblingEventTimeWindows.of(Duration.ofMillis(50), Duration.ofMillis(10)))
            .fullOuterJoin(SummaryFlyweight.TYPE, (key, window, left, right, out) ->
                out.sensor(key.value()).windowEnd(window.end()).count(left == null ? -1 : left.value())
                    .sum(right == null ? -1 : right.value()))
            .name("pairs").parallelism(parallelism)
            .sink(CallbackSink.of(pair -> pairs.add(
                pair.windowEnd() + " " + pair.sensor() + " " + pair.count() + "-" + pair.sum())), "pairs sink");
        connected(pipeline, "other lefts", "other rights")
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(50), Duration.ofMillis(10)))
            .coGroup(SummaryFlyweight.TYPE, (key, window, lefts, rights, out) ->
            {
                out.next().sensor(key.value()).windowEnd(window.end()).count(lefts.size()).sum(rights.size());
                out.emit();
            })
            .name("groups").parallelism(parallelism)
            .sink(CallbackSink.of(group -> groups.add(
                group.windowEnd() + " " + group.sensor() + " " + group.count() + "+" + group.sum())), "groups sink");
        TestJobs.run(pipeline, TestJobs.stepped().chaining(chaining));

        final List<String> expectedPairs = new ArrayList<>();
        final List<String> expectedGroups = new ArrayList<>();
        for (long end = 10; end <= 10 + 50 * (RECORDS * 3 / 50 + 2); end += 50)
        {
            for (long key = 0; key < KEYS; key++)
            {
                expect(end, key, expectedPairs, expectedGroups);
            }
        }
        assertEquals(expectedPairs.stream().sorted().toList(), pairs.stream().sorted().toList());
        assertEquals(expectedGroups.stream().sorted().toList(), groups.stream().sorted().toList());
    }

    private static void expect(
        final long end, final long key, final List<String> expectedPairs, final List<String> expectedGroups)
    {
        final List<Long> lefts = new ArrayList<>();
        final List<Long> rights = new ArrayList<>();
        for (long number = key; number < RECORDS; number += KEYS)
        {
            if (leftTime(number) >= end - 50 && leftTime(number) < end)
            {
                lefts.add(number);
            }
            if (rightTime(number) >= end - 50 && rightTime(number) < end)
            {
                rights.add(number);
            }
        }
        if (lefts.isEmpty() && rights.isEmpty())
        {
            return;
        }
        expectedGroups.add(end + " " + key + " " + lefts.size() + "+" + rights.size());
        for (final Long left : lefts.isEmpty() ? List.of(-1L) : lefts)
        {
            for (final Long right : rights.isEmpty() ? List.of(-1L) : rights)
            {
                expectedPairs.add(end + " " + key + " " + left + "-" + right);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 1", "true, 3"})
    void shouldJoinVersions(final boolean chaining, final int parallelism) throws Exception
    {
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("versions");
        connected(pipeline).asOfJoin(SummaryFlyweight.TYPE, (record, version, out) ->
                out.count(record.value()).sum(version == null ? -1 : version.value()), LATE)
            .parallelism(parallelism)
            .sink(CallbackSink.of(result -> results.add(result.count() + "-" + result.sum())));
        TestJobs.run(pipeline, TestJobs.stepped().chaining(chaining));

        final List<String> expected = new ArrayList<>();
        for (long number = 0; number < RECORDS; number++)
        {
            long version = -1;
            for (long right = number % KEYS; right < RECORDS && rightTime(right) <= leftTime(number); right += KEYS)
            {
                version = right;
            }
            expected.add(number + "-" + version);
        }
        assertEquals(expected.stream().sorted().toList(), results.stream().sorted().toList());
        if (parallelism == 1)
        {
            assertEquals(expected, results);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldTakeLateRecordsOfBothSidesAside(final boolean windows) throws Exception
    {
        final List<Long> lefts = new ArrayList<>();
        final List<Long> rights = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("late");
        final ConnectedStreams<LongKey, Reading, Reading> streams = late(pipeline, "lefts").connect(late(pipeline, "rights"));
        final SingleOutputStream<Summary> joined = windows ?
            streams.window(TumblingEventTimeWindows.of(Duration.ofMillis(10))).allowedLateness(Duration.ofMillis(5))
                .sideOutputLeftLateData(LATE).sideOutputRightLateData(LATE_TOO)
                .join(SummaryFlyweight.TYPE, (key, window, left, right, out) -> out.count(1)) :
            streams.intervalJoin(Duration.ZERO, Duration.ZERO)
                .sideOutputLeftLateData(LATE).sideOutputRightLateData(LATE_TOO)
                .process(SummaryFlyweight.TYPE, (left, right, out) -> out.count(1));
        joined.sideOutput(LATE).sink(CallbackSink.of(reading -> lefts.add(reading.value())), "late lefts");
        joined.sideOutput(LATE_TOO).sink(CallbackSink.of(reading -> rights.add(reading.value())), "late rights");
        TestJobs.run(pipeline);
        assertEquals(List.of(50L, 99L), lefts);
        assertEquals(List.of(50L, 99L), rights);
    }

    private static KeyedStream<LongKey, Reading> late(final Pipeline pipeline, final String name)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, 100, (number, out) ->
            out.time(number == 50 || number == 99 ? 0 : number).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), name).keyByLong(Reading::sensor);
    }

    @Test
    void shouldNameThePairThatFails()
    {
        final Pipeline pipeline = Pipeline.create("failing");
        connected(pipeline).intervalJoin(Duration.ofSeconds(-1), Duration.ofSeconds(1))
            .process(SummaryFlyweight.TYPE, (left, right, out) -> out.sum(100 / (left.value() - 50)))
            .name("dividing").sink(CallbackSink.of(sum ->
            {
            }));
        shouldFailWith(pipeline, "operator=dividing record at position=", "left Reading[", "value=50", "right Reading[");
    }

    @Test
    void shouldNameTheKeyAndWindowThatFail()
    {
        final Pipeline pipeline = Pipeline.create("failing");
        connected(pipeline).window(TumblingEventTimeWindows.of(Duration.ofMillis(50)))
            .join(SummaryFlyweight.TYPE, (key, window, left, right, out) -> out.sum(100 / (left.value() - 50)))
            .name("dividing").sink(CallbackSink.of(sum ->
            {
            }));
        shouldFailWith(pipeline, "operator=dividing record at position=", "window [150, 200) key=1 left Reading[", "value=50");
    }

    @Test
    void shouldNameTheGroupThatFails()
    {
        final Pipeline pipeline = Pipeline.create("failing");
        connected(pipeline).window(TumblingEventTimeWindows.of(Duration.ofMillis(50)))
            .coGroup(SummaryFlyweight.TYPE, (key, window, lefts, rights, out) -> lefts.get(100))
            .name("reaching").sink(CallbackSink.of(sum ->
            {
            }));
        shouldFailWith(pipeline, "operator=reaching record at position=", "window [0, 50) key=", " lefts=", "index=100");
    }

    @Test
    void shouldNameTheRecordAndVersionThatFail()
    {
        final Pipeline pipeline = Pipeline.create("failing");
        connected(pipeline).asOfJoin(SummaryFlyweight.TYPE, (record, version, out) -> out.sum(100 / (record.value() - 50)))
            .name("dividing").sink(CallbackSink.of(sum ->
            {
            }));
        shouldFailWith(pipeline, "operator=dividing record at position=", "value=50] time=150 version Reading[");
    }

    private static void shouldFailWith(final Pipeline pipeline, final String... parts)
    {
        final Job job = pipeline.start(TestJobs.stepped());
        try (job)
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            for (final String part : parts)
            {
                assertTrue(message.contains(part), () -> part + " is not in: " + message);
            }
        }
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldRefuseBadInput()
    {
        final Pipeline pipeline = Pipeline.create("bad");
        final ConnectedStreams<LongKey, Reading, Reading> streams = connected(pipeline);
        refused("lower=PT2S of an interval join is above upper=PT1S", () ->
            streams.intervalJoin(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        refused("leave no time between them", () ->
            streams.intervalJoin(Duration.ofSeconds(1), Duration.ofSeconds(1)).lowerBoundExclusive()
                .process(SummaryFlyweight.TYPE, (left, right, out) -> out.count(1)));
        refused("lower=PT-0.000001S is no whole number of MILLISECONDS", () ->
            streams.intervalJoin(Duration.ofNanos(-1_000), Duration.ZERO)
                .process(SummaryFlyweight.TYPE, (left, right, out) -> out.count(1)));
        refused("allowedLateness=PT-1S must be 0 or more", () ->
            streams.window(TumblingEventTimeWindows.of(Duration.ofSeconds(1))).allowedLateness(Duration.ofSeconds(-1)));
        refused("both must be of one pipeline", () ->
            lefts(pipeline, "mine").connect(lefts(Pipeline.create("others"), "theirs")));
        final KeyedStream<LongKey, Document> documents = pipeline.source(Generator.of(DocumentFlyweight.TYPE, 1,
            (number, out) -> out.number(number)), WatermarkStrategy.noWatermarks(), "documents").keyByLong(Document::number);
        refused("kept by interval join has variable length", () -> lefts(pipeline, "fixed").connect(documents)
            .intervalJoin(Duration.ZERO, Duration.ZERO)
            .process(SummaryFlyweight.TYPE, (left, right, out) -> out.count(1)));
    }

    @Test
    void shouldRefuseSourcesWithoutTimestamps()
    {
        final Pipeline pipeline = Pipeline.create("timeless", TimeUnit.MILLISECONDS);
        final KeyedStream<LongKey, Reading> timeless = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 1,
            (number, out) -> out.value(number)), WatermarkStrategy.noWatermarks(), "timeless").keyByLong(Reading::sensor);
        lefts(pipeline, "lefts").connect(timeless).intervalJoin(Duration.ZERO, Duration.ZERO)
            .process(SummaryFlyweight.TYPE, (left, right, out) -> out.count(1)).sink(CallbackSink.of(sum ->
            {
            }));
        final String message = assertThrows(IllegalStateException.class,
            () -> pipeline.plan(TestJobs.stepped())).getMessage();
        assertTrue(message.contains("interval join needs event time"), message);
    }

    private static void refused(final String part, final Runnable action)
    {
        final String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    private static ConnectedStreams<LongKey, Reading, Reading> connected(final Pipeline pipeline)
    {
        return connected(pipeline, "lefts", "rights");
    }

    private static ConnectedStreams<LongKey, Reading, Reading> connected(
        final Pipeline pipeline, final String left, final String right)
    {
        return lefts(pipeline, left).connect(pipeline.source(Generator.of(ReadingFlyweight.TYPE, RECORDS, (number, out) ->
            out.time(rightTime(number)).sensor(number % KEYS).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), right).keyByLong(Reading::sensor));
    }

    private static KeyedStream<LongKey, Reading> lefts(final Pipeline pipeline, final String name)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, RECORDS, (number, out) ->
            out.time(leftTime(number)).sensor(number % KEYS).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), name).keyByLong(Reading::sensor);
    }

    private static long leftTime(final long number)
    {
        return number * 3;
    }

    private static long rightTime(final long number)
    {
        return 20 + number * 2;
    }
}
