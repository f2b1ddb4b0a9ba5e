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
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.function.TimeWindow;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.CountEvictor;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.trigger.TimeEvictor;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.trigger.TriggerContext;
import io.millrace.operators.trigger.TriggerResult;
import io.millrace.operators.trigger.WindowElements;
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

/** Windows with triggers and evictors in pipelines: values are 1, 2, 3, ..., each at its own time. */
class TriggeredPipelineTest
{
    private static final long COUNT = 2_000;
    private static final int KEYS = 7;

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline, final long count)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, count, (number, out) ->
            out.time(number + 1).sensor(number % KEYS).place("p").value(number + 1)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings");
    }

    private static void digits(final WindowElements<Reading> elements, final Collector<SummaryFlyweight> out)
    {
        long digits = 0;
        for (long i = 0; i < elements.count(); i++)
        {
            digits = digits * 10 + elements.get(i).value();
        }
        out.next().count(elements.count()).sum(digits);
        out.emit();
    }

    private static List<Long> sums(final SingleOutputStream<Summary> stream, final Pipeline pipeline) throws Exception
    {
        final List<Long> sums = new ArrayList<>();
        stream.sink(CallbackSink.of(summary -> sums.add(summary.sum())));
        TestJobs.run(pipeline);
        return sums;
    }

    @Test
    void shouldRunAFunctionOverWindowsOfAllRecordsByTheirNumber() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("countWindowAll");
        assertEquals(List.of(12L, 1234L, 3456L, 5678L), sums(readings(pipeline, 9).countWindowAll(4, 2)
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) -> digits(elements, out)), pipeline));
    }

    @Test
    void shouldAggregateAndReduceByNumber() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("countWindow");
        final List<Long> reduced = new ArrayList<>();
        readings(pipeline, 10 * KEYS).keyByLong(Reading::sensor).countWindow(3)
            .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(sum.value() + reading.value()))
            .sink(CallbackSink.of(reading -> reduced.add(reading.value())));
        TestJobs.run(pipeline);
        final Pipeline aggregating = Pipeline.create("aggregating");
        assertEquals(List.of(123L, 456L, 789L), sums(readings(aggregating, 9).countWindowAll(3).aggregate(
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            (sum, reading) -> sum.sum(sum.sum() * 10 + reading.value()),
            (key, window, sum, out) -> out.windowEnd(window.end()).sum(sum.sum())), aggregating));
        assertEquals(3 * KEYS, reduced.size());
        assertEquals(1L + 8 + 15, reduced.get(0));
    }

    @Test
    void shouldFireTheWholeStreamAtItsEnd() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("global");
        final List<String> results = new ArrayList<>();
        readings(pipeline, 5).windowAll(GlobalWindows.createWithEndOfStreamTrigger())
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) -> digits(elements, out))
            .sink(CallbackSink.identified((summary, metadata) ->
                results.add(summary.sum() + "@" + metadata.timestamp())));
        TestJobs.run(pipeline);
        assertEquals(List.of("12345@" + Long.MAX_VALUE), results);
    }

    @Test
    void shouldGroupAllRecordsByTime() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("windowAll");
        assertEquals(List.of(12L, 345L, 6L), sums(readings(pipeline, 6)
            .windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(3)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.sum(sum.sum() * 10 + reading.value()),
                (key, window, sum, out) -> out.sum(sum.sum())), pipeline));
    }

    @Test
    void shouldFollowWIN20AllRecordsGoToSlidingWindowsAndSessionsToo() throws Exception
    {
        final Pipeline sliding = Pipeline.create("slidingAll");
        assertEquals(List.of(1L, 1L + 2 + 3, 2L + 3 + 4 + 5, 4L + 5), sums(readings(sliding, 5)
            .windowAll(SlidingEventTimeWindows.of(Duration.ofMillis(4), Duration.ofMillis(2)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), (key, window, sum, out) ->
                out.sum(sum.sum())), sliding));
        final Pipeline sessions = Pipeline.create("sessionAll");
        assertEquals(List.of(15L), sums(readings(sessions, 5)
            .windowAll(EventTimeSessionWindows.withGap(Duration.ofMillis(2)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), (key, window, sum, out) ->
                out.sum(sum.sum())), sessions));
    }

    private static final class Sum implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.sum(sum.sum() + reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.sum(sum.sum() + other.sum());
        }
    }

    @Test
    void shouldFireEarlyAndEvict() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("early");
        assertEquals(List.of(123L, 12345L, 1234567L, 123456789L, 123456789L), sums(readings(pipeline, 9)
            .windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .trigger(ContinuousEventTimeTrigger.of(Duration.ofMillis(2)))
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) -> digits(elements, out)), pipeline));

        final Pipeline evicting = Pipeline.create("evicting");
        assertEquals(List.of(89L), sums(readings(evicting, 9)
            .windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .evictor(TimeEvictor.of(Duration.ofMillis(2)))
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) -> digits(elements, out)), evicting));

        final Pipeline aggregating = Pipeline.create("aggregating");
        assertEquals(List.of(789L), sums(readings(aggregating, 9)
            .windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .evictor(CountEvictor.of(3))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.sum(sum.sum() * 10 + reading.value()),
                (key, window, sum, out) -> out.sum(sum.sum())), aggregating));
    }

    @Test
    void shouldTakeLatenessAndSideOutputFromTheStreamBeforeTheTrigger() throws Exception
    {
        final OutputTag<Reading, ReadingFlyweight> late = new OutputTag<>("late", ReadingFlyweight.TYPE);
        final Pipeline pipeline = Pipeline.create("late");
        final List<Long> lates = new ArrayList<>();
        final List<Long> results = new ArrayList<>();
        final SingleOutputStream<Summary> windows = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 5, (number, out) ->
                out.time(new long[] {1, 12, 2, 30, 3}[(int)number]).value(number + 1)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings")
            .windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .allowedLateness(Duration.ofMillis(5))
            .sideOutputLateData(late)
            .trigger(PurgingTrigger.of(EventTimeTrigger.create()))
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) -> digits(elements, out));
        windows.sink(CallbackSink.of(summary -> results.add(summary.sum())), "results");
        windows.sideOutput(late).sink(CallbackSink.of(reading -> lates.add(reading.value())), "late");
        TestJobs.run(pipeline);
        assertEquals(List.of(1L, 3L, 2L, 4L), results);
        assertEquals(List.of(5L), lates);
    }

    @ParameterizedTest
    @CsvSource({"INVOKER, true, 1", "INVOKER, false, 1", "INVOKER, false, 3", "DEDICATED, true, 2", "SHARED, false, 3"})
    void shouldFireTheSameHoweverItRuns(final ThreadingMode mode, final boolean chaining, final int parallelism)
        throws Exception
    {
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("parallel");
        readings(pipeline, COUNT).keyByLong(Reading::sensor)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(100)))
            .trigger(CountTrigger.of(4))
            .evictor(CountEvictor.of(5))
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) ->
            {
                long sum = 0;
                for (long i = 0; i < elements.count(); i++)
                {
                    sum += elements.get(i).value();
                }
                out.next().sensor(key.value()).windowEnd(context.window().end()).count(elements.count()).sum(sum);
                out.emit();
            })
            .parallelism(parallelism)
            .rebalance()
            .sink(CallbackSink.of(summary -> results.add(text(summary.sensor(), summary.windowEnd(),
                summary.count(), summary.sum())))).parallelism(1);
        try (Job job = pipeline.start(new JobConfig().threading(mode).chaining(chaining).ringCapacity(16)))
        {
            if (mode == ThreadingMode.INVOKER)
            {
                TestJobs.finish(job);
            }
            job.await(30, TimeUnit.SECONDS);
            assertEquals(0, job.offHeapBytes());
        }
        final List<String> expected = new ArrayList<>();
        for (long key = 0; key < KEYS; key++)
        {
            expected.addAll(expected(key));
        }
        assertEquals(expected.stream().sorted().toList(), results.stream().sorted().toList());
    }

    private static String text(final long key, final long end, final long count, final long sum)
    {
        return key + " end=" + end + " count=" + count + " sum=" + sum;
    }

    private static List<String> expected(final long key)
    {
        final List<String> expected = new ArrayList<>();
        final List<Long> window = new ArrayList<>();
        long end = 0;
        int count = 0;
        for (long value = key + 1; value <= COUNT; value += KEYS)
        {
            if (value >= end)
            {
                window.clear();
                count = 0;
                end = value - value % 100 + 100;
            }
            window.add(value);
            count++;
            if (count == 4)
            {
                count = 0;
                while (window.size() > 5)
                {
                    window.remove(0);
                }
                expected.add(text(key, end, window.size(), window.stream().mapToLong(Long::longValue).sum()));
            }
        }
        return expected;
    }

    @Test
    void shouldRefuseWhatCannotBe()
    {
        final Pipeline pipeline = Pipeline.create("refused");
        final KeyedStream<LongKey, Reading> keyed = readings(pipeline, 5).keyByLong(Reading::sensor);
        final String unit = assertThrows(IllegalArgumentException.class, () -> keyed
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .trigger(ContinuousEventTimeTrigger.of(Duration.ofNanos(5)))).getMessage();
        assertTrue(unit.contains("interval=PT0.000000005S is no whole number of MILLISECONDS"), unit);
        final String count = assertThrows(IllegalArgumentException.class, () -> keyed.countWindow(0)).getMessage();
        assertTrue(count.contains("count=0"), count);
    }

    @Test
    void shouldRefuseElementsOfVariableLength()
    {
        final Pipeline pipeline = Pipeline.create("documents");
        final DataStream<Document> documents = pipeline.source(Generator.of(DocumentFlyweight.TYPE, 5, (number, out) ->
            out.number(number)), WatermarkStrategy.noWatermarks(), "documents");
        final String message = assertThrows(IllegalArgumentException.class, () -> documents.countWindowAll(2)
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) -> out.emit())).getMessage();
        assertTrue(message.contains("record=Document kept by process has variable length"), message);
    }

    @Test
    void shouldRefuseToSpreadAllRecords()
    {
        final Pipeline pipeline = Pipeline.create("spread");
        readings(pipeline, 5).countWindowAll(2)
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) -> digits(elements, out))
            .parallelism(2).sink(CallbackSink.of(summary -> assertEquals(2, summary.count())));
        final String message =
            assertThrows(IllegalStateException.class, () -> pipeline.start(TestJobs.stepped())).getMessage();
        assertTrue(message.contains("parallelism=2 of operator window must be 1, since it takes all records"), message);
    }

    /** Fails when it sees the third element. */
    private static final class Failing implements Trigger<Reading>
    {
        private final boolean withElement;

        private Failing(final boolean withElement)
        {
            this.withElement = withElement;
        }

        @Override
        public TriggerResult onElement(
            final Reading element, final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            if (withElement && element.value() == 3)
            {
                throw new IllegalStateException("third");
            }
            context.registerEventTimeTimer(timestamp);
            return TriggerResult.CONTINUE;
        }

        @Override
        public TriggerResult onEventTime(final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            if (timestamp == 3)
            {
                throw new IllegalStateException("third");
            }
            return TriggerResult.CONTINUE;
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 'record=Reading[time=3, sensor=2, place=p, value=3]'", "false, 'timer=3 key=2 window [0, 10)'"})
    void shouldSayWhatATriggerFailedWith(final boolean withElement, final String part) throws Exception
    {
        final Pipeline pipeline = Pipeline.create("failing");
        readings(pipeline, 9).keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .trigger(new Failing(withElement))
            .process(SummaryFlyweight.TYPE, () -> (key, context, elements, out) -> digits(elements, out))
            .sink(CallbackSink.of(summary -> assertEquals(0, summary.count())));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("operator=window") && message.contains(part) && message.contains("third"), message);
        }
    }
}
