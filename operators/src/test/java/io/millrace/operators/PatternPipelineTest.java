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
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.pattern.AfterMatchSkipStrategy;
import io.millrace.operators.pattern.LimitPolicy;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Patterns in whole pipelines: a card is tried with a small payment, and then used for a large one. */
class PatternPipelineTest
{
    private static final OutputTag<Summary, SummaryFlyweight> TRIED = new OutputTag<>("tried", SummaryFlyweight.TYPE);
    private static final OutputTag<Reading, ReadingFlyweight> LATE = new OutputTag<>("late", ReadingFlyweight.TYPE);

    private static final int COUNT = 10_000;
    private static final int CARDS = 37;
    private static final int WITHIN = 120;
    private static final long[] AMOUNTS = new SplittableRandom(3).longs(COUNT, 0, 1_000).toArray();

    private final List<String> frauds = new ArrayList<>();
    private final List<String> tried = new ArrayList<>();

    private static Pattern<Reading> fraud()
    {
        return Pattern.<Reading>begin("small").where(payment -> payment.value() < 20)
            .next("large").where((payment, match) -> payment.value() > 900 + match.events("small").get(0).value())
            .within(Duration.ofMillis(WITHIN));
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 1", "true, 3"})
    void shouldFindFraudByTextKeys(final boolean chaining, final int parallelism) throws Exception
    {
        final Pipeline pipeline = Pipeline.create("fraud");
        final SingleOutputStream<Summary> found = payments(pipeline).keyBy(Reading::place)
            .pattern(fraud())
            .sideOutputTimedOut(TRIED, (match, out) -> out.place(match.events("small").get(0).place()))
            .select(SummaryFlyweight.TYPE, (match, out) -> out.place(match.events("large").get(0).place())
                .sum(match.events("small").get(0).value() + match.events("large").get(0).value()))
            .parallelism(parallelism);
        (parallelism == 1 ? found : found.rebalance()).sink(CallbackSink.identified((alert, metadata) ->
            frauds.add(metadata.timestamp() + " " + alert.place() + " " + alert.sum()))).parallelism(1);
        final DataStream<Summary> over = found.sideOutput(TRIED);
        (parallelism == 1 ? over : over.rebalance()).sink(CallbackSink.identified((alert, metadata) ->
            tried.add(metadata.timestamp() + " " + alert.place()))).parallelism(1);
        TestJobs.run(pipeline, TestJobs.stepped().chaining(chaining));

        final List<String> expectedFrauds = new ArrayList<>();
        final List<String> expectedTried = new ArrayList<>();
        for (int i = 0; i < COUNT; i++)
        {
            if (AMOUNTS[i] < 20)
            {
                final int next = i + CARDS;
                if (next >= COUNT)
                {
                    expectedTried.add(i + WITHIN + " card" + i % CARDS);
                }
                else if (AMOUNTS[next] > 900 + AMOUNTS[i])
                {
                    expectedFrauds.add(next + " card" + i % CARDS + " " + (AMOUNTS[i] + AMOUNTS[next]));
                }
            }
        }
        assertTrue(expectedFrauds.size() > 10, "frauds=" + expectedFrauds);
        if (parallelism > 1)
        {
            frauds.sort(String::compareTo);
            tried.sort(String::compareTo);
            expectedFrauds.sort(String::compareTo);
            expectedTried.sort(String::compareTo);
        }
        assertEquals(expectedFrauds, frauds);
        assertEquals(expectedTried, tried);
    }

    @Test
    void shouldMakeAnyNumberOfResultsOfAMatch() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("flat");
        final SingleOutputStream<Summary> found = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 6,
            (number, out) -> out.time(10 + number).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings").keyByLong(Reading::sensor)
            .pattern(Pattern.<Reading>begin("all", AfterMatchSkipStrategy.skipPastLastEvent()).times(3))
            .flatSelect(SummaryFlyweight.TYPE, (match, out) ->
            {
                for (int i = 0; i < match.events("all").count(); i++)
                {
                    out.next().sum(match.events("all").get(i).value());
                    out.emit();
                }
                out.sideOutput(TRIED).next().sum(match.timestamp());
                out.sideOutput(TRIED).emit();
                out.sideOutput(LATE).next();
                out.sideOutput(LATE).emit();
            });
        found.sink(CallbackSink.identified((sum, metadata) -> frauds.add(sum.sum() + "@" + metadata.timestamp())));
        found.sideOutput(TRIED).sink(CallbackSink.of(sum -> tried.add(String.valueOf(sum.sum()))));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            TestJobs.finish(job);
            assertEquals(2, TestJobs.counter(job, "sideOutputRecordsDropped"));
        }
        assertEquals(List.of("0@12", "1@12", "2@12", "3@15", "4@15", "5@15"), frauds);
        assertEquals(List.of("12", "15"), tried);
    }

    @Test
    void shouldSendLateRecordsToASideOutput() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("late");
        final SingleOutputStream<Summary> found = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 6,
            (number, out) -> out.time(number == 4 ? 1 : 10 + number).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings").keyByLong(Reading::sensor)
            .pattern(Pattern.<Reading>begin("first").next("second"))
            .sideOutputLateData(LATE)
            .select(SummaryFlyweight.TYPE, (match, out) ->
                out.sum(match.events("first").get(0).value() * 10 + match.events("second").get(0).value()));
        found.sink(CallbackSink.of(sum -> frauds.add(String.valueOf(sum.sum()))));
        found.sideOutput(LATE).sink(CallbackSink.of(reading -> tried.add(String.valueOf(reading.value()))));
        TestJobs.run(pipeline);
        assertEquals(List.of("1", "12", "23", "35"), frauds);
        assertEquals(List.of("4"), tried);
    }

    @Test
    void shouldNameTheRecordThatAConditionFailsAt() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("failing");
        payments(pipeline).keyBy(Reading::place)
            .pattern(Pattern.<Reading>begin("small").where(payment ->
            {
                if (payment.time() == 77)
                {
                    throw new IllegalStateException("no condition at all");
                }
                return false;
            }))
            .select(SummaryFlyweight.TYPE, (match, out) -> out.sum(1))
            .sink(CallbackSink.of(sum -> frauds.add("")));
        final String message = failure(pipeline, TestJobs.stepped());
        assertTrue(message.contains("no condition at all") && message.contains("time=77"), message);
    }

    @Test
    void shouldNameTheMatchThatAFunctionFailsAt() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("failing");
        payments(pipeline).keyBy(Reading::place).pattern(fraud())
            .select(SummaryFlyweight.TYPE, (match, out) ->
            {
                throw new IllegalStateException("no result at all");
            })
            .sink(CallbackSink.of(sum -> frauds.add("")));
        final String message = failure(pipeline, TestJobs.stepped());
        assertTrue(message.contains("no result at all") && message.contains("match at timestamp=") &&
            message.contains("small=Reading") && message.contains("large=Reading"), message);
    }

    @Test
    void shouldDropAtTheLimit() throws Exception
    {
        final Pattern<Reading> unlimited = Pattern.<Reading>begin("any").followedBy("none").where(reading -> false);
        final Pipeline dropping = Pipeline.create("limit");
        payments(dropping).keyBy(Reading::place).pattern(unlimited).allowedPartialMatches(10)
            .whenFull(LimitPolicy.DROP_OLDEST)
            .select(SummaryFlyweight.TYPE, (match, out) -> out.sum(1)).sink(CallbackSink.of(sum -> frauds.add("")));
        try (Job job = dropping.start(TestJobs.stepped()))
        {
            TestJobs.finish(job);
            assertEquals(COUNT - CARDS * 10, TestJobs.counter(job, "partialMatchesDropped"));
        }
        assertEquals(List.of(), frauds);
    }

    @Test
    void shouldRefuseTimeLimitsThatTheUnitCannotSay()
    {
        final Pipeline pipeline = Pipeline.create("units");
        final KeyedStream<?, Reading> keyed = payments(pipeline).keyBy(Reading::place);
        final Pattern<Reading> pattern = Pattern.<Reading>begin("a").next("b").within(Duration.ofNanos(1_500_000));
        final String message =
            assertThrows(IllegalArgumentException.class, () -> keyed.pattern(pattern)).getMessage();
        assertTrue(message.startsWith("within=PT0.0015S is no whole number of MILLISECONDS"), message);
    }

    private static String failure(final Pipeline pipeline, final JobConfig config) throws Exception
    {
        try (Job job = pipeline.start(config))
        {
            return assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
        }
    }

    private static SingleOutputStream<Reading> payments(final Pipeline pipeline)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, COUNT, (number, out) ->
            out.time(number).place("card" + number % CARDS).value(AMOUNTS[(int)number])),
            WatermarkStrategy.forMonotonousTimestamps(), "payments");
    }
}
