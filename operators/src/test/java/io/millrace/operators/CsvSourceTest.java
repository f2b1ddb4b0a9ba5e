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
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.CsvLine;
import io.millrace.operators.source.CsvSource;
import io.millrace.operators.source.CsvSource.LineFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CsvSourceTest
{
    private static final ErrorPolicy SKIP = ErrorPolicy.skipToDeadLetters();

    @TempDir
    private Path directory;
    private final List<Long> values = new ArrayList<>();
    private final List<DeadLetterValue> letters = new ArrayList<>();
    private final List<Long> causes = new ArrayList<>();

    @Test
    void shouldReadEachLineAsARecord() throws Exception
    {
        final Path file = directory.resolve("readings.csv");
        Files.writeString(file, "\uFEFFtime,sensor,place,value\r\n1, 7 ,\"a,b\"\"c\",10\n2,-8,,+11\r\n3,9,Zürich,12");
        final List<ReadingValue> readings = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("csv");
        pipeline.source(CsvSource.of(file, ReadingFlyweight.TYPE, (line, out) ->
        {
            assertEquals(4, line.fields());
            assertEquals(line.lineNumber() == 3, line.isEmpty(2));
            out.time(line.getLong(0)).sensor(line.getLong(1)).value(line.getInt(3))
                .place(line.getText(2).toString().replace('ü', 'u'));
        }).skipLines(1), WatermarkStrategy.forMonotonousTimestamps(), "file")
            .sink(CallbackSink.identified((reading, metadata) ->
            {
                readings.add(ReadingValue.copyOf(reading));
                causes.add(metadata.cause());
            }));
        TestJobs.run(pipeline);
        assertEquals(List.of(new ReadingValue(1, 7, "a,b\"c", 10), new ReadingValue(2, -8, "", 11),
            new ReadingValue(3, 9, "Zurich", 12)), readings);
        assertEquals(List.of(1L, 2L, 3L), causes);
    }

    @Test
    void shouldReadAResource() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("resource");
        pipeline.source(CsvSource.ofResource(CsvSourceTest.class, "readings.csv", ReadingFlyweight.TYPE,
                (line, out) -> out.value(line.getLong(0))).delimiter(';').skipLines(2),
            WatermarkStrategy.noWatermarks(), "file").sink(CallbackSink.of(reading -> values.add(reading.value())));
        TestJobs.run(pipeline);
        assertEquals(List.of(5L, 6L), values);

        final Pipeline missing = Pipeline.create("missing");
        missing.source(CsvSource.ofResource(CsvSourceTest.class, "no.csv", ReadingFlyweight.TYPE, (line, out) -> out.value(1)),
            WatermarkStrategy.noWatermarks(), "file").sink(CallbackSink.of(reading -> values.add(reading.value())));
        final String message = assertThrows(JobFailedException.class, () -> TestJobs.run(missing)).getMessage();
        assertTrue(message.contains("source file cannot read resource no.csv"), message);
    }

    @Test
    void shouldFailAtAMalformedLineWithItsNumberFieldAndText() throws Exception
    {
        final Pipeline pipeline = pipeline("1\n2\nthree,x\n4\n", line -> line.getLong(0), false);
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("source=file after position=1") &&
                message.contains("malformed line in test: line=3 text=\"three,x\" field=0: no whole number"), message);
            assertEquals(1, TestJobs.counter(job, "malformedLines"));
        }
        assertEquals(List.of(1L, 2L), values);
    }

    @Test
    void shouldSendMalformedLinesToTheDeadLetters() throws Exception
    {
        final Pipeline pipeline = pipeline("1\nx\n\n4\n\"5\n" + "y".repeat(2000) + "\n7,8", line -> line.getLong(0), true);
        final Job job = pipeline.start(TestJobs.stepped());
        try (job)
        {
            TestJobs.finish(job);
            assertEquals(4, TestJobs.counter(job, "malformedLines"));
        }
        assertEquals(List.of(1L, 4L, 7L), values);
        assertEquals(List.of(0L, 3L, 6L), causes);
        assertEquals(List.of(
            "1 x: field=0: no whole number",
            "2 : field=0: field is empty",
            "4 \"5: field=0: closing quote is missing: a field has no line breaks",
            "5 " + "y".repeat(2000) + ": field=0: no whole number"), letters.stream().map(CsvSourceTest::told).toList());
        assertEquals("file", letters.get(0).operator());
        assertEquals("", letters.get(0).recordType());
        assertEquals(1, letters.get(0).attempts());
        assertEquals(Long.MIN_VALUE, letters.get(0).timestamp());
        assertEquals(2000, letters.get(3).recordLength());
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldTakeWhatARecordCannotHoldAsMalformed() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("toolong");
        final SingleOutputStream<Reading> readings = pipeline.source(CsvSource.of(
            () -> bytes("ok\nmuch longer than twelve\n"), "test", ReadingFlyweight.TYPE,
            (line, out) -> out.place(line.getText(0))), WatermarkStrategy.noWatermarks(), "file").onError(SKIP);
        readings.sink(CallbackSink.of(reading -> values.add(1L)), "readings");
        letters(pipeline);
        TestJobs.run(pipeline);
        assertEquals(1, values.size());
        assertTrue(letters.get(0).message().startsWith("place="), letters.toString());
    }

    @Test
    void shouldLetTheApplicationCallALineMalformed() throws Exception
    {
        TestJobs.run(pipeline("1\n-2\n", line ->
        {
            final long value = line.getLong(0);
            if (value < 0)
            {
                throw line.malformed(0, "price is below 0");
            }
            return value;
        }, true));
        assertEquals(List.of("1 -2: field=0: price is below 0"), letters.stream().map(CsvSourceTest::told).toList());
    }

    @Test
    void shouldReadALineAgainBeforeItGivesUp() throws Exception
    {
        final List<Long> calls = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("again");
        pipeline.source(CsvSource.of(() -> bytes("1\n2\n3\n4\n"), "test", ReadingFlyweight.TYPE, (line, out) ->
        {
            final long value = line.getLong(0);
            calls.add(value);
            out.value(value);
            // 2 can be read at the second attempt, 3 never; any exception is a line's.
            if (value == 3 || value == 2 && calls.size() == 2)
            {
                throw new ArithmeticException("poison");
            }
        }), WatermarkStrategy.noWatermarks(), "file").onError(ErrorPolicy.retry(2).thenDeadLetters())
            .sink(CallbackSink.of(reading -> values.add(reading.value())), "values");
        letters(pipeline);
        TestJobs.run(pipeline);
        assertEquals(List.of(1L, 2L, 4L), values);
        assertEquals(List.of(1L, 2L, 2L, 3L, 3L, 3L, 4L), calls);
        assertEquals(List.of("2 3: poison"), letters.stream().map(CsvSourceTest::told).toList());
        assertEquals(3, letters.get(0).attempts());
        assertEquals("java.lang.ArithmeticException", letters.get(0).error());
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({
        "0,0", "-0,0", "12.5,1250000000", "-0.00000001,-1", "+3.,300000000", ".5,50000000", "1.100000000000,110000000",
        "92233720368.54775807,9223372036854775807", "-92233720368.54775808,-9223372036854775808"})
    void shouldReadDecimalsExactly(final String text, final long expected) throws Exception
    {
        TestJobs.run(pipeline(text + "\n", line -> line.getDecimal(0, 8), false));
        assertEquals(List.of(expected), values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.000000001", "92233720368.54775808", "-92233720368.54775809", "1e3", "1.2.3", "-", ".", "", "1,5x",
        "99999999999999999999"})
    void shouldRefuseDecimalsThatDoNotFit(final String text) throws Exception
    {
        TestJobs.run(pipeline((text.contains("x") ? "0x" : text) + "\n", line -> line.getDecimal(0, 8), true));
        assertEquals(1, letters.size(), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "-9223372036854775808", "0", "-1", " 42 ", "+7", "000000000000000000001"})
    void shouldReadWholeNumbers(final String text) throws Exception
    {
        TestJobs.run(pipeline(text, line -> line.getLong(0), false));
        assertEquals(List.of(Long.parseLong(text.trim())), values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "1.0", "1 2", "--1", "0x10"})
    void shouldRefuseWhatIsNoWholeNumber(final String text) throws Exception
    {
        TestJobs.run(pipeline(text, line -> line.getLong(0), true));
        assertEquals(1, letters.size());
    }

    @Test
    void shouldReadDoublesAsJavaDoes() throws Exception
    {
        final Random random = new Random(7);
        final List<String> texts = new ArrayList<>(List.of("0", "-0", "0.1", "1e-7", "123456789.123456789", "9007199254740993",
            "4.9E-324", "1.7976931348623157E308", "NaN", "-Infinity", "3.", ".25", "0.30000000000000004"));
        for (int i = 0; i < 500; i++)
        {
            texts.add(Double.toString(Double.longBitsToDouble(random.nextLong())));
            texts.add(Double.toString(random.nextInt(1_000_000) / 1000.0));
        }
        TestJobs.run(pipeline(String.join("\n", texts), line -> Double.doubleToLongBits(line.getDouble(0)), false));
        assertEquals(texts.stream().map(text -> Double.doubleToLongBits(Double.parseDouble(text))).toList(), values);
        letters.clear();
        TestJobs.run(pipeline("1d\n1f\n0x1p3\nabc\n\n1..2\n", line -> Double.doubleToLongBits(line.getDouble(0)), true));
        assertEquals(6, letters.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536, 65_537, 200_000})
    void shouldPassOverALineThatIsTooLongAndSaySo(final int length) throws Exception
    {
        final String text = "1\n" + "z".repeat(length) + "\n3\n";
        TestJobs.run(pipeline(text, line -> line.lineNumber(), true));
        if (length < 65_536)
        {
            assertEquals(List.of(1L, 2L, 3L), values);
        }
        else
        {
            assertEquals(List.of(1L, 3L), values);
            assertEquals("line is longer than 65536 bytes", letters.get(0).message());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 6_000, 20_000})
    void shouldGoOnFromItsPosition(final int before) throws Exception
    {
        final StringBuilder text = new StringBuilder("header\r\n");
        for (int i = 0; i < 20_000; i++)
        {
            text.append(i % 10 == 3 ? "bad" : Integer.toString(i)).append(i % 3 == 0 ? "\r\n" : "\n");
        }
        final Pipeline pipeline = pipeline(text.toString(), line -> line.getLong(0), true, 1);
        TestJobs.run(pipeline);
        final List<Long> expected = List.copyOf(values);
        final List<DeadLetterValue> expectedLetters = List.copyOf(letters);
        values.clear();
        letters.clear();

        final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
        int kept = 0;
        int keptLetters = 0;
        try (Job job = pipeline.start(config(checkpoints)))
        {
            while (values.size() + letters.size() < before)
            {
                job.doWork();
            }
            job.checkpoint();
            job.doWork();
            kept = values.size();
            keptLetters = letters.size();
            while (job.completedCheckpoint() == 0)
            {
                job.doWork();
            }
        }
        // The barrier is asked for before the next poll: what was there then is in the checkpoint.
        final List<Long> first = List.copyOf(values.subList(0, kept));
        final List<DeadLetterValue> firstLetters = List.copyOf(letters.subList(0, keptLetters));
        values.clear();
        letters.clear();
        try (Job job = pipeline.start(config(checkpoints)))
        {
            assertEquals(1, job.restoredCheckpoint());
            TestJobs.finish(job);
        }
        assertEquals(expected, concat(first, values));
        assertEquals(expectedLetters, concat(firstLetters, letters));
    }

    @Test
    void shouldRefuseAFileThatWasCut() throws Exception
    {
        final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
        final Path file = directory.resolve("cut.csv");
        Files.writeString(file, "1\n".repeat(100_000));
        final Pipeline pipeline = Pipeline.create("cut");
        pipeline.source(CsvSource.of(file, ReadingFlyweight.TYPE, (line, out) -> out.value(line.getLong(0))),
            WatermarkStrategy.noWatermarks(), "file").sink(CallbackSink.of(reading -> values.add(reading.value())));
        try (Job job = pipeline.start(config(checkpoints)))
        {
            job.doWork();
            job.checkpoint();
            while (job.completedCheckpoint() == 0)
            {
                job.doWork();
            }
            assertEquals(JobStatus.RUNNING, job.status());
        }
        Files.writeString(file, "1\n");
        final String message = assertThrows(JobFailedException.class, () -> TestJobs.run(pipeline, config(checkpoints)))
            .getMessage();
        assertTrue(message.contains("is behind the end: the file has been cut or replaced since the checkpoint"), message);
    }

    private static <T> List<T> concat(final List<T> first, final List<T> second)
    {
        final List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static JobConfig config(final MemoryCheckpoints checkpoints)
    {
        return TestJobs.stepped().checkpointing(checkpoints);
    }

    private Pipeline pipeline(final String text, final Function<CsvLine, Long> function, final boolean deadLetters)
    {
        return pipeline(text, function, deadLetters, 0);
    }

    private Pipeline pipeline(
        final String text, final Function<CsvLine, Long> function, final boolean deadLetters, final int skipped)
    {
        final Pipeline pipeline = Pipeline.create("csv");
        final LineFunction<ReadingFlyweight> read = (line, out) -> out.value(function.apply(line));
        final CsvSource<Reading, ReadingFlyweight> source = CsvSource.of(() -> bytes(text), "test", ReadingFlyweight.TYPE, read)
            .skipLines(skipped);
        final SingleOutputStream<Reading> readings = pipeline.source(source, WatermarkStrategy.noWatermarks(), "file")
            .onError(deadLetters ? SKIP : ErrorPolicy.fail());
        readings.sink(CallbackSink.identified((reading, metadata) ->
        {
            values.add(reading.value());
            causes.add(metadata.cause());
        }), "readings");
        if (deadLetters)
        {
            letters(pipeline);
        }
        return pipeline;
    }

    private void letters(final Pipeline pipeline)
    {
        pipeline.deadLetters().sink(CallbackSink.of(letter -> letters.add(DeadLetterValue.copyOf(letter))), "letters");
    }

    /** Position, line and reason. */
    private static String told(final DeadLetterValue letter)
    {
        final byte[] bytes = new byte[letter.bytes().length()];
        letter.bytes().copyTo(bytes, 0);
        return letter.position() + " " + new String(bytes, StandardCharsets.UTF_8) + ": " + letter.message();
    }

    private static InputStream bytes(final String text)
    {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
