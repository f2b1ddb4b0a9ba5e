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
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every function of the user's fails at one record, everywhere: the message says where, and nothing goes on. */
class UserFailureTest
{
    private static final long BAD = 321;
    private static final String RECORD = " record at position=321 timestamp=321 record=Reading[time=321, sensor=6, " +
        "place=place-1, value=321]";

    private final AtomicInteger failures = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"INVOKER, true", "SHARED, true", "DEDICATED, true", "INVOKER, false", "SHARED, false",
        "DEDICATED, false"})
    void shouldNameOperatorRecordAndPosition(final ThreadingMode mode, final boolean chaining) throws Exception
    {
        for (final Place place : Place.values())
        {
            for (int restarts = 0; restarts < 2; restarts++)
            {
                failures.set(0);
                final Job job = pipeline(place).start(
                    new JobConfig().threading(mode).chaining(chaining).restarts(restarts));
                try (job)
                {
                    final String message = failure(job, mode).getMessage();
                    final String what = place + " chaining=" + chaining + ": " + message;
                    assertTrue(message.startsWith("job failing failed: task="), what);
                    assertTrue(message.contains(place.expected), what);
                    assertTrue(message.endsWith(": java.lang.IllegalArgumentException: bad luck"), what);
                    assertEquals(JobStatus.FAILED, job.status());
                    assertEquals(restarts + 1, failures.get(), what);
                }
                assertEquals(0, job.offHeapBytes());
                assertEquals(List.of(), engineThreads());
            }
        }
    }

    @Test
    void shouldNameTheRecordThatHasNoKey()
    {
        final Pipeline pipeline = Pipeline.create("keyless");
        readings(pipeline, (number, out) -> out.time(number).value(number).place(number == BAD ? "" : "here"))
            .keyBy(Reading::place)
            .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(reading.value())).name("latest")
            .sink(CallbackSink.of(UserFailureTest::ignore));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("operator=latest record at position=321 timestamp=321 record=Reading[") &&
                message.contains("key is missing (empty) in record=Reading[time=321, ") &&
                message.contains("filter such records out before keyBy"), message);
        }
    }

    /** The key is taken where the record leaves, behind what handles whole batches. */
    @ParameterizedTest
    @CsvSource({"source=readings, false, false", "operator=filter, true, false", "operator=map, false, true"})
    void shouldNameTheRecordOfABatchWhoseKeyFailsWhereItLeaves(
        final String expected, final boolean filtered, final boolean mapped)
    {
        final Pipeline pipeline = Pipeline.create("leaving");
        SingleOutputStream<Reading> stream = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 10_000,
            (number, out) -> out.time(number).sensor(number % 7).place("place-" + number % 5).value(number)),
            WatermarkStrategy.noWatermarks(), "readings");
        stream = filtered ? stream.filter(reading -> true) : stream;
        stream = mapped ? stream.map(ReadingFlyweight.TYPE, (reading, out) -> out.time(reading.time())
            .sensor(reading.sensor()).place(reading.place()).value(reading.value())) : stream;
        stream.keyByLong(reading -> fail(true, reading.value()) ? reading.sensor() : 0)
            .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(reading.value())).parallelism(2)
            .sink(CallbackSink.of(UserFailureTest::ignore));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("task=readings " + expected + RECORD), message);
        }
    }

    private static JobFailedException failure(final Job job, final ThreadingMode mode) throws Exception
    {
        if (mode == ThreadingMode.INVOKER)
        {
            return assertThrows(JobFailedException.class, () -> TestJobs.finish(job));
        }
        return assertThrows(JobFailedException.class, () -> job.await(30, TimeUnit.SECONDS));
    }

    private static List<String> engineThreads()
    {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .filter(name -> name.startsWith("millrace-") || name.contains("failing")).toList();
    }

    private Pipeline pipeline(final Place place)
    {
        final Pipeline pipeline = Pipeline.create("failing");
        final SingleOutputStream<Reading> source = readings(pipeline, (number, out) ->
        {
            out.time(number).sensor(number % 7).place("place-" + number % 5).value(number);
            fail(place == Place.GENERATOR, number);
        });
        final SingleOutputStream<Reading> transformed = source
            .filter(reading -> fail(place == Place.FILTER, reading.value()))
            .map(ReadingFlyweight.TYPE, (reading, out) ->
            {
                fail(place == Place.MAP, reading.value());
                out.time(reading.time()).sensor(reading.sensor()).place(reading.place()).value(reading.value());
            })
            .flatMap(ReadingFlyweight.TYPE, (reading, out) ->
            {
                fail(place == Place.FLAT_MAP, reading.value());
                out.next().time(reading.time()).sensor(reading.sensor()).place(reading.place()).value(reading.value());
                out.emit();
            });
        final SingleOutputStream<Reading> summed = transformed
            .keyByLong(reading -> fail(place.name().startsWith("KEY"), reading.value()) ? reading.sensor() : 0)
            .reduce(ReadingFlyweight.TYPE, (last, reading) ->
            {
                fail(place == Place.REDUCE, reading.value());
                last.time(reading.time()).place(reading.place()).value(reading.value());
            }).parallelism(place == Place.KEY_OF_EXCHANGE ? 2 : 1);
        summed.keyBy(Reading::place)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(100)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) ->
                {
                    fail(place == Place.WINDOW_ADD, reading.value());
                    sum.sum(sum.sum() + reading.value());
                },
                (key, window, sum, out) ->
                {
                    fail(place == Place.WINDOW_RESULT && window.end() == 400 && "place-1".contentEquals(key), BAD);
                    out.windowEnd(window.end());
                })
            .sink(CallbackSink.of(UserFailureTest::ignore));
        summed.sink(CallbackSink.of(reading -> fail(place == Place.SINK, reading.value())), "callback");
        return pipeline;
    }

    private static SingleOutputStream<Reading> readings(
        final Pipeline pipeline, final Generator.GeneratorFunction<ReadingFlyweight> function)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, 10_000, function),
            WatermarkStrategy.forMonotonousTimestamps(), "readings");
    }

    private boolean fail(final boolean here, final long value)
    {
        if (here && value == BAD)
        {
            failures.incrementAndGet();
            throw new IllegalArgumentException("bad luck");
        }
        return true;
    }

    private static void ignore(final Object record)
    {
    }

    /** Where the user's function is. */
    private enum Place
    {
        GENERATOR("source=readings after position=320"),
        FILTER("operator=filter" + RECORD),
        MAP("operator=map" + RECORD),
        FLAT_MAP("operator=flatMap" + RECORD),
        KEY("operator=reduce" + RECORD),
        /** The key is taken where the record leaves. */
        KEY_OF_EXCHANGE("operator=flatMap" + RECORD),
        REDUCE("operator=reduce" + RECORD),
        WINDOW_ADD("operator=window" + RECORD),
        WINDOW_RESULT("operator=window record at position=400 timestamp=399 record=result of window [300, 400) key=place-1 " +
            "accumulator=Summary[place=, sensor=0, windowEnd=0, count=0, sum="),
        SINK("operator=callback" + RECORD);

        private final String expected;

        Place(final String expected)
        {
            this.expected = expected;
        }
    }
}
