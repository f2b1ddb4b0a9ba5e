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

import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Session windows in pipelines. */
class SessionPipelineTest
{
    private static final long COUNT = 10_000;
    private static final long RUN = 1_000;
    private static final long PAUSE = 100;
    private static final long GAP = 50;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldAggregateSessionsByText(final int parallelism) throws Exception
    {
        final TreeMap<String, Long> results = new TreeMap<>();
        final Pipeline pipeline = Pipeline.create("sessions");
        readings(pipeline)
            .keyBy(Reading::place)
            .window(EventTimeSessionWindows.withGap(Duration.ofMillis(GAP)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), (key, window, sum, out) ->
                out.place(key).sensor(window.start()).windowEnd(window.end()).count(sum.count()).sum(sum.sum()))
            .parallelism(parallelism)
            .rebalance()
            .map(SummaryFlyweight.TYPE, (summary, out) -> SummaryFlyweight.TYPE.copy(summary, out)).parallelism(1)
            .sink(CallbackSink.of(summary -> results.merge(summary.place() + " " + summary.sensor() + " " +
                summary.windowEnd() + " " + summary.count(), summary.sum(), SessionPipelineTest::twice)));
        TestJobs.run(pipeline);

        final TreeMap<String, Long> expected = new TreeMap<>();
        for (long first = 0; first < COUNT; first += RUN)
        {
            for (long place = 0; place < 5; place++)
            {
                final long last = first + RUN - 5 + place;
                expected.put(place(place) + " " + time(first + place) + " " + (time(last) + GAP) + " " + RUN / 5,
                    (first + place + last) * (RUN / 5) / 2);
            }
        }
        assertEquals(expected, results);
    }

    @Test
    void shouldReduceSessions() throws Exception
    {
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("sessions");
        readings(pipeline)
            .keyByLong(reading -> 1)
            .window(EventTimeSessionWindows.withGap(Duration.ofMillis(GAP)))
            .reduce(ReadingFlyweight.TYPE, (greatest, reading) ->
            {
                greatest.value(Math.max(greatest.value(), reading.value()));
                greatest.time(Math.min(greatest.time(), reading.time()));
            })
            .sink(CallbackSink.of(reading -> results.add(reading.time() + " " + reading.value())));
        TestJobs.run(pipeline);

        final List<String> expected = new ArrayList<>();
        for (long first = 0; first < COUNT; first += RUN)
        {
            expected.add(time(first) + " " + (first + RUN - 1));
        }
        assertEquals(expected, results);
    }

    @Test
    void shouldRefuseAGapThatIsNoWholeNumberOfUnits()
    {
        final Pipeline pipeline = Pipeline.create("sessions", TimeUnit.SECONDS);
        final SessionWindowedStream<?, Reading> sessions = readings(pipeline).keyByLong(Reading::sensor)
            .window(EventTimeSessionWindows.withGap(Duration.ofMillis(1_500)));
        final String message = assertThrows(IllegalArgumentException.class, () -> sessions.reduce(
            ReadingFlyweight.TYPE, (last, reading) -> last.value(reading.value()))).getMessage();
        assertTrue(message.startsWith("gap=PT1.5S is no whole number of SECONDS"), message);
    }

    @Test
    void shouldRefuseAnAccumulatorOfVariableLength()
    {
        final SessionWindowedStream<?, Document> sessions = Pipeline.create("sessions")
            .source(Generator.of(DocumentFlyweight.TYPE, 1, (number, out) -> out.number(number)),
                WatermarkStrategy.noWatermarks(), "documents")
            .keyByLong(Document::number).window(EventTimeSessionWindows.withGap(Duration.ofMillis(GAP)));
        final String message = assertThrows(IllegalArgumentException.class, () -> sessions.reduce(
            DocumentFlyweight.TYPE, (last, document) -> last.number(document.number()))).getMessage();
        assertTrue(message.contains("kept by reduce has variable length"), message);
    }

    private static Long twice(final Long one, final Long other)
    {
        throw new AssertionError("twice: " + one + " and " + other);
    }

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, COUNT, (number, out) ->
            out.time(time(number)).sensor(number % 7).place(place(number)).value(number)),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(10)), "readings");
    }

    /** A record a millisecond, and a pause after each run of them. */
    private static long time(final long number)
    {
        return number + number / RUN * PAUSE;
    }

    private static String place(final long number)
    {
        return "place-" + number % 5;
    }

    /** Counts and sums. */
    private static final class Sum implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight accumulator, final Reading record)
        {
            accumulator.count(accumulator.count() + 1).sum(accumulator.sum() + record.value());
        }

        @Override
        public void merge(final SummaryFlyweight accumulator, final Summary other)
        {
            accumulator.count(accumulator.count() + other.count()).sum(accumulator.sum() + other.sum());
        }
    }
}
