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

import io.millrace.core.failure.DeadLetter;
import io.millrace.core.failure.DeadLetterValue;
import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.failure.LatestDeadLetters;
import io.millrace.core.operator.StreamSink;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.sink.FileSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Records that are poison for an operator's function (RELIABILITY T12). */
class ErrorPolicyTest
{
    private static final ErrorPolicy SKIP = ErrorPolicy.skipToDeadLetters();
    /** One of a hundred is poison. */
    private static final long RECORDS = Long.getLong("millrace.lab.poisoned",
        "long".equals(System.getProperty("millrace.lab.tier")) ? 1_000_000 : 20_000);

    @TempDir
    Path directory;

    private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    private final AtomicInteger failures = new AtomicInteger();
    private long failAt = -1;

    @ParameterizedTest
    @EnumSource(PoisonedKind.class)
    @Tag("laboratory")
    void shouldHaveEachPoisonInTheDeadLettersAndAllElseExact(final PoisonedKind kind) throws Exception
    {
        final long records = RECORDS;
        final List<String> expected = Collections.synchronizedList(new ArrayList<>());
        run(clean(kind, records, expected), new JobConfig().chaining(false));
        final List<String> results = Collections.synchronizedList(new ArrayList<>());
        final List<DeadLetterValue> letters = Collections.synchronizedList(new ArrayList<>());
        final Pipeline pipeline = poisoned(kind, records, results, letters);
        final Job job = run(pipeline, new JobConfig());
        assertEquals(records / 100, letters.size());
        assertEquals(records / 100, TestJobs.counter(job, "deadLetters"));
        assertSame(kind, expected, results);
        letters.sort((one, other) -> Long.compare(one.position(), other.position()));
        for (int i = 0; i < letters.size(); i++)
        {
            checkLetter(kind, i * 100 + 37, letters.get(i));
        }
    }

    @ParameterizedTest
    @EnumSource(PoisonedKind.class)
    void shouldGiveTheSameOnABackendThatCopiesAndInOneTask(final PoisonedKind kind) throws Exception
    {
        final List<String> expected = Collections.synchronizedList(new ArrayList<>());
        run(clean(kind, 5_000, expected), new JobConfig());
        final List<String> results = Collections.synchronizedList(new ArrayList<>());
        final List<DeadLetterValue> letters = Collections.synchronizedList(new ArrayList<>());
        run(poisoned(kind, 5_000, results, letters),
            new JobConfig().chaining(false).ringCapacity(16).stateBackend(CopyingBackend.factory()));
        assertEquals(50, letters.size());
        assertSame(kind, expected, results);
    }

    @ParameterizedTest
    @EnumSource(PoisonedKind.class)
    void shouldHaveThemExactlyOnceAfterRestartsAndRestores(final PoisonedKind kind) throws Exception
    {
        final long records = 10_000;
        final String[] expected = new String[2];
        final Path results = directory.resolve("results");
        final Path letters = directory.resolve("letters");
        TestJobs.run(toFiles(kind, records, results, letters), TestJobs.stepped().checkpointing(checkpoints));
        expected[0] = Files.readString(results);
        expected[1] = Files.readString(letters);
        assertEquals(records / 100, expected[1].lines().count());
        final Path again = Files.createDirectory(directory.resolve("again"));
        final MemoryCheckpoints kept = new MemoryCheckpoints();
        // Restarts in place and new processes in turn, wherever each of them is.
        for (int life = 0; life < 8; life++)
        {
            failAt = life * 1_000L + 777;
            try (Job job = toFiles(kind, records, again.resolve("results"), again.resolve("letters"))
                .start(TestJobs.stepped().checkpointing(kept).restarts(1)))
            {
                for (int i = 0; i < 1_000 + 100 * life && job.status() == JobStatus.RUNNING; i++)
                {
                    if (i % 300 == 299)
                    {
                        job.checkpoint();
                    }
                    job.doWork();
                }
            }
        }
        assertTrue(kept.latest() > 0);
        assertTrue(failures.get() > 0);
        TestJobs.run(toFiles(kind, records, again.resolve("results"), again.resolve("letters")),
            TestJobs.stepped().checkpointing(kept));
        assertSame(kind, expected[0].lines().toList(), Files.readAllLines(again.resolve("results")));
        assertSame(kind, expected[1].lines().toList(), Files.readAllLines(again.resolve("letters")));
    }

    @ParameterizedTest
    @EnumSource(PoisonedKind.class)
    void shouldNameOperatorPositionAndRecordWhenItFailsAtOnce(final PoisonedKind kind)
    {
        for (final ErrorPolicy policy : List.of(ErrorPolicy.fail(), ErrorPolicy.retry(3).thenFail()))
        {
            final Pipeline pipeline = Pipeline.create("poisoned");
            kind.build(readings(pipeline, 1_000), policy, stream -> stream.sink(nowhere()));
            try (Job job = pipeline.start(TestJobs.stepped()))
            {
                final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
                assertTrue(message.contains(" record at position=37 timestamp=37 record=Reading[time=37, sensor=") &&
                    message.endsWith("IllegalArgumentException: poison 37"), message);
                assertTrue(message.contains(kind == PoisonedKind.KEY ? "source=readings" : "operator="), message);
            }
        }
    }

    @Test
    void shouldCountAndShowTheLatestWhenNobodyTakesThem() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("untaken");
        PoisonedKind.MAP.build(readings(pipeline, 10_000), SKIP,
            stream -> stream.sink(nowhere()));
        final Job job = run(pipeline, new JobConfig());
        assertEquals(100, TestJobs.counter(job, "deadLetters"));
        final List<DeadLetterValue> latest = job.deadLetters();
        assertEquals(LatestDeadLetters.CAPACITY, latest.size());
        checkLetter(PoisonedKind.MAP, 9_937, latest.get(latest.size() - 1));
    }

    @Test
    void shouldCallAgainBeforeItGivesUp() throws Exception
    {
        final List<Long> mapped = new ArrayList<>();
        final List<DeadLetterValue> letters = new ArrayList<>();
        final AtomicInteger calls = new AtomicInteger();
        final Pipeline pipeline = Pipeline.create("retried");
        readings(pipeline, 100).map(ReadingFlyweight.TYPE, (reading, out) ->
        {
            out.value(reading.value());
            // 10 succeeds at the third attempt, 20 and 21 never.
            final boolean ten = reading.value() == 10 && calls.incrementAndGet() < 3;
            if (ten || reading.value() == 20 || reading.value() == 21)
            {
                throw new IllegalStateException();
            }
        }).onError(ErrorPolicy.retry(2).thenDeadLetters()).sink(CallbackSink.of(out -> mapped.add(out.value())));
        pipeline.deadLetters().sink(CallbackSink.of(letter -> letters.add(DeadLetterValue.copyOf(letter))), "letters");
        TestJobs.run(pipeline);
        assertEquals(LongStream.range(0, 100).filter(i -> i != 20 && i != 21).boxed().toList(), mapped);
        assertEquals(List.of(20L, 21L), letters.stream().map(DeadLetterValue::position).toList());
        assertEquals(3, letters.get(0).attempts());
        assertEquals("", letters.get(0).message());
        assertEquals(3, calls.get());
    }

    @Test
    void shouldNotTakeTheFailureOfAnotherOperatorForItsOwn()
    {
        for (final boolean chaining : new boolean[] {true, false})
        {
            final Pipeline pipeline = Pipeline.create("behind");
            readings(pipeline, 1_000).map(ReadingFlyweight.TYPE, (reading, out) -> out.value(reading.value())).onError(SKIP)
                .flatMap(ReadingFlyweight.TYPE, (Reading reading, io.millrace.operators.function.Collector<ReadingFlyweight> out) ->
                {
                    out.next().value(reading.value());
                    out.emit();
                }).onError(SKIP)
                .keyByLong(reading ->
                {
                    if (reading.value() == 437)
                    {
                        throw new IllegalArgumentException("no key");
                    }
                    return 1;
                }).reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(reading.value())).parallelism(2)
                .sink(nowhere());
            try (Job job = pipeline.start(TestJobs.stepped().chaining(chaining)))
            {
                final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
                assertTrue(message.contains("record at position=437 ") && message.endsWith("no key"), message);
                assertEquals(0, TestJobs.counter(job, "deadLetters"));
            }
        }
    }

    @Test
    void shouldFailWhenMemoryIsAtItsEnd()
    {
        final Pipeline pipeline = Pipeline.create("exhausted");
        readings(pipeline, 10_000_000).keyByLong(Reading::value)
            .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(reading.value())).onError(SKIP)
            .sink(nowhere());
        try (Job job = pipeline.start(TestJobs.stepped().memoryLimit(8 << 20)))
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("memory limit of job exhausted reached"), message);
            assertEquals(0, TestJobs.counter(job, "deadLetters"));
        }
    }

    @Test
    void shouldRefuseAPolicyWhereItCannotBe()
    {
        final Pipeline pipeline = Pipeline.create("refused");
        final SingleOutputStream<Reading> readings = readings(pipeline, 1);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> readings.onError(SKIP)).getMessage().startsWith(
            "errorPolicy=dead letters of readings cannot be, since it cannot go on behind a record that failed: let a filter"));
        readings.onError(ErrorPolicy.fail());
        final DataStream<DeadLetter> letters = pipeline.deadLetters();
        letters.sink(nowhere());
        assertTrue(assertThrows(IllegalStateException.class, () -> pipeline.plan(new JobConfig())).getMessage()
            .startsWith("no operator has dead letters"));
        readings.filter(reading -> true).onError(SKIP).sink(nowhere(), "filtered");
        assertTrue(assertThrows(IllegalStateException.class, () -> pipeline.plan(new JobConfig())).getMessage()
            .startsWith("operator filter with errorPolicy=dead letters was added after the stream of the dead letters"));
        assertThrows(IllegalArgumentException.class, () -> ErrorPolicy.retry(0));
    }

    private static void assertSame(final PoisonedKind kind, final List<String> expected, final List<String> results)
    {
        assertTrue(!expected.isEmpty(), kind.name());
        for (int i = 0; i < Math.min(expected.size(), results.size()); i++)
        {
            assertEquals(expected.get(i), results.get(i), kind + " result " + i);
        }
        assertEquals(expected.size(), results.size(), kind.name());
    }

    private static void checkLetter(final PoisonedKind kind, final long position, final DeadLetterValue letter)
    {
        final String what = kind + " " + letter;
        assertEquals(position, letter.position(), what);
        assertEquals(position, letter.timestamp(), what);
        assertEquals("Reading", letter.recordType(), what);
        assertEquals("java.lang.IllegalArgumentException", letter.error(), what);
        assertEquals("poison " + position, letter.message(), what);
        assertTrue(letter.stack().startsWith("io.millrace.operators.PoisonedKind.check(PoisonedKind.java:"), what);
        assertEquals(1, letter.attempts(), what);
        assertEquals(letter.recordLength(), letter.bytes().length(), what);
        assertEquals(ReadingFlyweight.TYPE.maxLength(), letter.recordLength(), what);
        final byte[] bytes = new byte[letter.recordLength()];
        letter.bytes().copyTo(bytes, 0);
        assertEquals(position, java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .getLong(ReadingFlyweight.VALUE_OFFSET), what);
    }

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline, final long records)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, records, PoisonedKind::write),
            WatermarkStrategy.forMonotonousTimestamps(), "readings");
    }

    private static Pipeline clean(final PoisonedKind kind, final long records, final List<String> results)
    {
        final Pipeline pipeline = Pipeline.create("clean");
        kind.build(readings(pipeline, records).filter(reading -> !PoisonedKind.isPoison(reading.value())),
            ErrorPolicy.fail(), stream -> stream.sink(CallbackSink.of(record -> results.add(record.toString())), "results"));
        return pipeline;
    }

    private static Pipeline poisoned(
        final PoisonedKind kind, final long records, final List<String> results, final List<DeadLetterValue> letters)
    {
        final Pipeline pipeline = Pipeline.create("poisoned");
        kind.build(readings(pipeline, records), SKIP,
            stream -> stream.sink(CallbackSink.of(record -> results.add(record.toString())), "results"));
        pipeline.deadLetters().sink(CallbackSink.of(letter -> letters.add(DeadLetterValue.copyOf(letter))), "letters");
        return pipeline;
    }

    private Pipeline toFiles(final PoisonedKind kind, final long records, final Path results, final Path letters)
    {
        final Pipeline pipeline = Pipeline.create("poisoned");
        kind.build(readings(pipeline, records).filter(reading ->
        {
            if (failAt >= 0 && reading.value() >= failAt)
            {
                failAt = -1;
                failures.incrementAndGet();
                throw new IllegalStateException("fails once");
            }
            return true;
        }).name("failing"), SKIP, stream -> lines(stream, results, "results"));
        lines(pipeline.deadLetters(), letters, "letters");
        return pipeline;
    }

    private static <V> void lines(final DataStream<V> stream, final Path file, final String name)
    {
        stream.sink(FileSink.lines(file, (record, line) -> line.append(record.toString().replace("\n", " | "))), name);
    }

    private static Job run(final Pipeline pipeline, final JobConfig config) throws Exception
    {
        final Job job = pipeline.start(config);
        try (job)
        {
            job.await(60, TimeUnit.SECONDS);
        }
        assertEquals(0, job.offHeapBytes());
        return job;
    }

    /** Takes records and does nothing. */
    private static <V> StreamSink<V> nowhere()
    {
        return CallbackSink.of(record ->
        {
        });
    }
}
