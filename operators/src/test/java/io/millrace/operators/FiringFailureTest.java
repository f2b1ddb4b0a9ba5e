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

import io.millrace.core.failure.DeadLetterValue;
import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.FiringKind.Poison;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.sink.FileSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Results that a function fails to make: of windows, pairs and matches (decision 020). */
class FiringFailureTest
{
    private static final ErrorPolicy SKIP = ErrorPolicy.skipToDeadLetters();
    private static final int ALWAYS = Integer.MAX_VALUE;
    private static final long RECORDS = 2_000;

    @TempDir
    Path directory;

    private final List<String> results = new ArrayList<>();
    private final List<DeadLetterValue> letters = new ArrayList<>();
    private long failAt = -1;

    @ParameterizedTest
    @EnumSource(FiringKind.class)
    void shouldHaveEachFailedFiringInTheDeadLettersAndAllElseExact(final FiringKind kind) throws Exception
    {
        final List<String> expected = clean(kind);
        final List<String> made = expected.stream().filter(line -> !isPoisoned(line)).toList();
        for (final StateBackendFactory backend : new StateBackendFactory[] {null, CopyingBackend.factory()})
        {
            results.clear();
            letters.clear();
            final JobConfig config = TestJobs.stepped();
            final Job job = pipeline(kind, new Poison(ALWAYS), SKIP).start(
                backend == null ? config : config.chaining(false).stateBackend(backend));
            try (job)
            {
                TestJobs.finish(job);
                assertEquals(expected.size() - made.size(), TestJobs.counter(job, "deadLetters"));
            }
            assertEquals(0, job.offHeapBytes());
            assertEquals(made, results);
            assertTrue(made.size() > 100 && made.size() < expected.size(), made.size() + " of " + expected.size());
            assertEquals(expected.size() - made.size(), letters.size());
            letters.forEach(letter -> check(kind, letter, 1));
        }
    }

    private static void check(final FiringKind kind, final DeadLetterValue letter, final int attempts)
    {
        assertTrue(letter.firing().startsWith(kind.firing), letter.firing());
        assertTrue(!kind.firing.contains("window") || letter.firing().contains(" key="), letter.firing());
        assertEquals("java.lang.IllegalArgumentException", letter.error());
        assertTrue(letter.message().startsWith("poison "), letter.message());
        assertTrue(letter.stack().startsWith("io.millrace.operators.FiringKind$Poison.make"), letter.stack());
        assertEquals("", letter.recordType());
        assertEquals(0, letter.recordLength());
        assertEquals(0, letter.bytes().length());
        assertEquals(attempts, letter.attempts());
    }

    @ParameterizedTest
    @EnumSource(FiringKind.class)
    void shouldCallAgainBeforeItGivesUp(final FiringKind kind) throws Exception
    {
        final List<String> expected = clean(kind);
        results.clear();
        TestJobs.run(pipeline(kind, new Poison(2), ErrorPolicy.retry(2).thenDeadLetters()));
        assertEquals(expected, results);
        assertEquals(List.of(), letters);
        results.clear();
        TestJobs.run(pipeline(kind, new Poison(ALWAYS), ErrorPolicy.retry(2).thenDeadLetters()));
        assertEquals(expected.stream().filter(line -> !isPoisoned(line)).toList(), results);
        letters.forEach(letter -> check(kind, letter, 3));
    }

    @ParameterizedTest
    @EnumSource(FiringKind.class)
    void shouldFailTheJobWhereThePolicySaysSo(final FiringKind kind)
    {
        for (final ErrorPolicy policy : List.of(ErrorPolicy.fail(), ErrorPolicy.retry(3).thenFail()))
        {
            final Pipeline pipeline = Pipeline.create("failing");
            kind.build(readings(pipeline), new Poison(ALWAYS), policy).sink(CallbackSink.of(result -> results.add("")));
            try (Job job = pipeline.start(TestJobs.stepped()))
            {
                final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
                assertTrue(message.contains("IllegalArgumentException: poison ") && message.contains(" record="), message);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(FiringKind.class)
    void shouldHaveThemExactlyOnceAfterRestartsAndRestores(final FiringKind kind) throws Exception
    {
        final Path once = Files.createDirectory(directory.resolve("once"));
        TestJobs.run(toFiles(kind, once), TestJobs.stepped().checkpointing(new MemoryCheckpoints()));
        final Path again = Files.createDirectory(directory.resolve("again"));
        final MemoryCheckpoints kept = new MemoryCheckpoints();
        for (int life = 0; life < 4; life++)
        {
            failAt = life * 400L + 77;
            try (Job job = toFiles(kind, again).start(TestJobs.stepped().checkpointing(kept).restarts(1)))
            {
                for (int i = 0; i < 100 + 50 * life && job.status() == JobStatus.RUNNING; i++)
                {
                    if (i % 20 == 19)
                    {
                        job.checkpoint();
                    }
                    job.doWork();
                }
            }
        }
        assertTrue(kept.latest() > 0);
        failAt = -1;
        TestJobs.run(toFiles(kind, again), TestJobs.stepped().checkpointing(kept));
        for (final String file : List.of("results", "letters"))
        {
            assertEquals(Files.readAllLines(once.resolve(file)), Files.readAllLines(again.resolve(file)), file);
        }
    }

    @Test
    void shouldTakeAConditionThatFailsForOneThatDoesNotHold() throws Exception
    {
        for (final boolean iterative : new boolean[] {false, true})
        {
            results.clear();
            letters.clear();
            final Pipeline pipeline = Pipeline.create("conditions");
            final Pattern<Reading> low = iterative ?
                Pattern.<Reading>begin("low").where((reading, match) -> isLow(reading)) :
                Pattern.<Reading>begin("low").where((Reading reading) -> isLow(reading));
            readings(pipeline).keyByLong(Reading::sensor)
                .pattern(low.next("high").where((Reading reading) -> reading.value() % 20 > 9))
                .select(SummaryFlyweight.TYPE, (match, out) ->
                    out.count(match.events("low").get(0).value()).sum(match.events("high").get(0).value()))
                .onError(SKIP).sink(CallbackSink.of(result -> results.add(result.count() + "-" + result.sum())), "results");
            letters(pipeline);
            TestJobs.run(pipeline);
            // Of sensor 0: 0, 10, 20 and so on; 40 is poison, and so no low.
            assertTrue(results.containsAll(List.of("0-10", "20-30", "60-70")) && !results.contains("40-50"),
                results.toString());
            assertEquals(LongStream.range(0, RECORDS / 100).map(i -> i * 100 + 40).boxed().toList(),
                letters.stream().map(DeadLetterValue::position).toList());
            assertEquals("Reading", letters.get(0).recordType());
            assertEquals("", letters.get(0).firing());
            assertEquals(40, letters.get(0).timestamp());
            assertEquals(ReadingFlyweight.TYPE.maxLength(), letters.get(0).bytes().length());
        }
    }

    private static boolean isLow(final Reading reading)
    {
        if (reading.value() % 100 == 40)
        {
            throw new IllegalStateException("poison");
        }
        return reading.value() % 20 < 10;
    }

    @Test
    void shouldNotTakeAFailureFromBehindForAFiring()
    {
        for (final boolean chaining : new boolean[] {true, false})
        {
            final Pipeline pipeline = Pipeline.create("behind");
            FiringKind.JOIN.build(readings(pipeline), new Poison(0), SKIP).filter(result ->
            {
                if (result.count() == 400)
                {
                    throw new IllegalArgumentException("no filter");
                }
                return true;
            }).sink(CallbackSink.of(result -> results.add("")));
            try (Job job = pipeline.start(TestJobs.stepped().chaining(chaining)))
            {
                final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
                assertTrue(message.endsWith("no filter"), message);
                assertEquals(0, TestJobs.counter(job, "deadLetters"));
            }
        }
    }

    private List<String> clean(final FiringKind kind) throws Exception
    {
        final Pipeline pipeline = Pipeline.create("clean");
        kind.build(readings(pipeline), new Poison(0)).sink(CallbackSink.of(result -> results.add(line(result))), "results");
        TestJobs.run(pipeline);
        return List.copyOf(results);
    }

    private Pipeline pipeline(final FiringKind kind, final Poison poison, final ErrorPolicy policy)
    {
        final Pipeline pipeline = Pipeline.create("poisoned");
        kind.build(readings(pipeline), poison, policy).sink(CallbackSink.of(result -> results.add(line(result))), "results");
        letters(pipeline);
        return pipeline;
    }

    private void letters(final Pipeline pipeline)
    {
        pipeline.deadLetters().sink(CallbackSink.of(letter -> letters.add(DeadLetterValue.copyOf(letter))), "letters");
    }

    private Pipeline toFiles(final FiringKind kind, final Path files)
    {
        final Pipeline pipeline = Pipeline.create("poisoned");
        kind.build(readings(pipeline).filter(reading ->
        {
            if (failAt >= 0 && reading.value() >= failAt)
            {
                failAt = -1;
                throw new IllegalStateException("fails once");
            }
            return true;
        }).name("failing"), new Poison(ALWAYS), SKIP)
            .sink(FileSink.lines(files.resolve("results"), (result, line) -> line.append(line(result))), "results");
        pipeline.deadLetters().sink(FileSink.lines(files.resolve("letters"), (letter, line) ->
            line.append(letter.toString().replace("\n", " | "))), "letters");
        return pipeline;
    }

    private static String line(final Summary result)
    {
        return result.sensor() + " " + result.windowEnd() + " " + result.count() + " " + result.sum();
    }

    private static boolean isPoisoned(final String line)
    {
        final String[] words = line.split(" ", -1);
        return Poison.isPoisoned(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]),
            Long.parseLong(words[3]));
    }

    /** Of sensors 0 to 9. */
    private static DataStream<Reading> readings(final Pipeline pipeline)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, RECORDS, (number, out) ->
            out.time(number).value(number).sensor(number % 10)),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(1)), "readings");
    }
}
