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
import io.millrace.operators.sink.FileSink;
import io.millrace.operators.sink.LineWriter;
import io.millrace.operators.source.Generator;
import io.millrace.operators.source.Ingress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FileSinkTest
{
    private static final long COUNT = 20_000;

    @TempDir
    Path directory;

    private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    private long failAt = -1;

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldWriteALineForEachRecord(final ThreadingMode mode) throws Exception
    {
        final Pipeline pipeline = pipeline(COUNT, FileSink.lines(file(), (reading, line) ->
            line.append(reading.place()).append(',').append(reading.value()).append(',')
                .appendDecimal(reading.value() - 3, 2)));
        final Job job = pipeline.start(new JobConfig().threading(mode).chaining(false).ringCapacity(64));
        try (job)
        {
            if (mode == ThreadingMode.INVOKER)
            {
                TestJobs.finish(job);
            }
            job.await(30, TimeUnit.SECONDS);
        }
        assertEquals(0, job.offHeapBytes());
        assertEquals(LongStream.range(0, COUNT).mapToObj(i -> "place-" + i % 5 + "," + i + "," +
            (i < 3 ? "-" : "") + Math.abs(i - 3) / 100 + "." + Math.abs(i - 3) / 10 % 10 + Math.abs(i - 3) % 10 + "\n")
            .collect(Collectors.joining()), Files.readString(file()));
    }

    @Test
    void shouldWriteBytesForEachRecord() throws Exception
    {
        TestJobs.run(pipeline(100, FileSink.bytes(file(), (reading, bytes) ->
            bytes.putLong(reading.value()).putByte(7))));
        final byte[] written = Files.readAllBytes(file());
        assertEquals(900, written.length);
        assertEquals(99, written[99 * 9 + 7]);
        assertEquals(7, written[899]);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4_000, 7_777, 19_999})
    void shouldHaveTheSameBytesAfterARestartInPlace(final long failure) throws Exception
    {
        failAt = failure;
        final Job job = pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line))
            .start(TestJobs.stepped().checkpointing(checkpoints).restarts(1));
        try (job)
        {
            for (int i = 0; i < 1_000_000 && job.status() == JobStatus.RUNNING; i++)
            {
                if (i % 5 == 0)
                {
                    job.checkpoint();
                }
                job.doWork();
            }
            job.await();
        }
        assertEquals(expected(COUNT), Files.readString(file()));
        assertFalse(Files.exists(part()));
    }

    @Test
    void shouldHaveTheSameBytesAfterManyProcesses() throws Exception
    {
        for (int life = 0; life < 20; life++)
        {
            // Forced in every other life, which changes nothing of what is written.
            final FileSink<Reading> sink = FileSink.lines(file(), FileSinkTest::line);
            try (Job job = pipeline(COUNT, life % 2 == 0 ? sink : sink.forced())
                .start(TestJobs.stepped().checkpointing(checkpoints)))
            {
                step(job, 1 + life % 3);
                job.checkpoint();
                step(job, 4 + life % 5);
            }
            assertTrue(Files.exists(checkpoints.latest() == 0 ? part() : file()));
            // What a process left behind the checkpoint, torn at any byte.
            tear(Files.exists(file()) ? file() : part(), life);
        }
        TestJobs.run(pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line)),
            TestJobs.stepped().checkpointing(checkpoints));
        assertEquals(expected(COUNT), Files.readString(file()));
    }

    @Test
    void shouldBeginAnewWhenNoCheckpointWasComplete() throws Exception
    {
        checkpoints.waits(true);
        try (Job job = pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line))
            .start(TestJobs.stepped().checkpointing(checkpoints)))
        {
            job.checkpoint();
            step(job, 50);
        }
        assertTrue(Files.size(part()) > 0);
        assertFalse(Files.exists(file()));
        checkpoints.waits(false);
        TestJobs.run(pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line)),
            TestJobs.stepped().checkpointing(checkpoints));
        assertEquals(expected(COUNT), Files.readString(file()));
        assertFalse(Files.exists(part()));
    }

    @Test
    void shouldGoOnWhereItDiedBeforeItGaveTheFileItsName() throws Exception
    {
        checkpoints.waits(true);
        try (Job job = pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line))
            .start(TestJobs.stepped().checkpointing(checkpoints)))
        {
            job.checkpoint();
            step(job, 50);
            checkpoints.waits(false).complete();
        }
        assertTrue(Files.exists(part()));
        TestJobs.run(pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line)),
            TestJobs.stepped().checkpointing(checkpoints));
        assertEquals(expected(COUNT), Files.readString(file()));
    }

    @Test
    void shouldGoBackToTheCheckpointBeforeOneThatIsDamaged() throws Exception
    {
        try (Job job = pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line))
            .start(TestJobs.stepped().checkpointing(checkpoints)))
        {
            for (int i = 0; i < 4; i++)
            {
                job.checkpoint();
                step(job, 10);
            }
        }
        checkpoints.forgetLatest();
        TestJobs.run(pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line)),
            TestJobs.stepped().checkpointing(checkpoints));
        assertEquals(expected(COUNT), Files.readString(file()));
    }

    @Test
    void shouldRefuseAFileThatIsShorterThanTheCheckpoint() throws Exception
    {
        beginAndStop();
        final long length;
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE))
        {
            length = channel.size();
            channel.truncate(3);
        }
        refused(TestJobs.stepped().checkpointing(checkpoints), FileSink.lines(file(), FileSinkTest::line),
            "file=" + file() + " has length=3, but the checkpoint holds length=", "start afresh");
        assertTrue(length > 3);
        Files.delete(file());
        refused(TestJobs.stepped().checkpointing(checkpoints), FileSink.lines(file(), FileSinkTest::line),
            "file=" + file() + " is gone, of which the checkpoint holds length=", "put it back");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefuseAFileThatExists(final boolean checkpointing) throws Exception
    {
        Files.writeString(file(), "precious");
        final JobConfig config = TestJobs.stepped();
        refused(checkpointing ? config.checkpointing(checkpoints) : config,
            FileSink.lines(file(), FileSinkTest::line), "file=" + file() + " of the sink exists", "overwriting()");
        assertEquals("precious", Files.readString(file()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReplaceAFileWhenItIsTold(final boolean checkpointing) throws Exception
    {
        Files.writeString(file(), "not precious");
        final JobConfig config = TestJobs.stepped();
        TestJobs.run(pipeline(5, FileSink.lines(file(), FileSinkTest::line).overwriting()),
            checkpointing ? config.checkpointing(checkpoints) : config);
        assertEquals(expected(5), Files.readString(file()));
    }

    @Test
    void shouldRefuseWhatIsNoFile() throws Exception
    {
        refused(TestJobs.stepped(), FileSink.lines(directory, FileSinkTest::line),
            "file=" + directory + " of the sink is a directory", "name a file in it");
        final Path missing = directory.resolve("missing");
        refused(TestJobs.stepped(), FileSink.lines(missing.resolve("out"), FileSinkTest::line),
            "there is no directory=" + missing, "create it first");
        assertThrows(IllegalArgumentException.class, () -> FileSink.lines(Path.of("/"), FileSinkTest::line));
    }

    @Test
    void shouldHaveOneInstance()
    {
        final Pipeline pipeline = Pipeline.create("several");
        readings(pipeline, 5).sink(FileSink.lines(file(), FileSinkTest::line)).parallelism(2);
        final String message =
            assertThrows(IllegalStateException.class, () -> pipeline.plan(new JobConfig())).getMessage();
        assertTrue(message.contains("parallelism=2"), message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefuseASecondSinkOnTheSameFile(final boolean checkpointing) throws Exception
    {
        final Pipeline pipeline = Pipeline.create("twice");
        final DataStream<Reading> readings = readings(pipeline, 5);
        readings.sink(FileSink.lines(file(), FileSinkTest::line).overwriting(), "one");
        readings.sink(FileSink.lines(file(), FileSinkTest::line).overwriting(), "two");
        final JobConfig config = TestJobs.stepped();
        final String message = assertThrows(IllegalStateException.class, () ->
            pipeline.start(checkpointing ? config.checkpointing(checkpoints) : config)).getMessage();
        assertTrue(message.contains("is being written by another sink of this process"), message);
    }

    @Test
    void shouldFailWhenTheDiskIsFull() throws Exception
    {
        final Path full = Path.of("/dev/full");
        final Job job = pipeline(COUNT, FileSink.lines(full, FileSinkTest::line).overwriting()).start(TestJobs.stepped());
        try (job)
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("file=/dev/full of the sink cannot take bytes=") &&
                message.contains("behind length=0: ") && message.contains("make room"), message);
            assertTrue(message.contains("operator=sink"), message);
        }
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldWriteNothingOfARecordThatTheFunctionFailsAt() throws Exception
    {
        final Job job = pipeline(10, FileSink.lines(file(), (reading, line) ->
        {
            line.append("value ");
            if (reading.value() == 3)
            {
                throw new IllegalArgumentException("bad luck");
            }
            line.append(reading.value());
        })).start(TestJobs.stepped());
        try (job)
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("operator=sink record at position=3 timestamp=3 record=Reading[") &&
                message.endsWith("bad luck"), message);
        }
        assertEquals("value 0\nvalue 1\nvalue 2\n", Files.readString(file()));
    }

    @Test
    void shouldTakeARecordThatIsLongerThanABlockAndRefuseOneWithoutEnd() throws Exception
    {
        TestJobs.run(pipeline(3, FileSink.lines(file(), (reading, line) -> repeat(line, 1_000_000))));
        assertEquals(3 * 1_000_001, Files.size(file()));
        try (Job job = pipeline(3, FileSink.lines(directory.resolve("endless"), (reading, line) ->
            repeat(line, Integer.MAX_VALUE))).start(TestJobs.stepped()))
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("maxLength=16777216: write less for one record"), message);
        }
    }

    @Test
    void shouldShowWhatIsThereWhenTheStreamHasNothingMore() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("idle");
        try (Ingress<Reading, ReadingFlyweight> ingress =
            Ingress.create(ReadingFlyweight.TYPE, 64))
        {
            pipeline.source(ingress, WatermarkStrategy.noWatermarks(), "in")
                .sink(FileSink.lines(file(), FileSinkTest::line));
            try (Job job = pipeline.start(TestJobs.stepped()))
            {
                ingress.offer(out -> out.value(1).place("here"));
                ingress.publish();
                TestJobs.settle(job);
                assertEquals(JobStatus.RUNNING, job.status());
                assertEquals("here,1\n", Files.readString(file()));
            }
        }
    }

    private static void repeat(final LineWriter line, final int times)
    {
        for (int i = 0; i < times; i++)
        {
            line.append('x');
        }
    }

    private void beginAndStop() throws Exception
    {
        try (Job job = pipeline(COUNT, FileSink.lines(file(), FileSinkTest::line))
            .start(TestJobs.stepped().checkpointing(checkpoints)))
        {
            step(job, 5);
            job.checkpoint();
            step(job, 20);
        }
        assertTrue(Files.size(file()) > 3);
    }

    private void refused(final JobConfig config, final FileSink<Reading> sink, final String what, final String remedy)
    {
        final String message =
            assertThrows(IllegalStateException.class, () -> pipeline(COUNT, sink).start(config)).getMessage();
        assertTrue(message.contains(what) && message.contains(remedy), message);
    }

    private static void step(final Job job, final int times)
    {
        for (int i = 0; i < times; i++)
        {
            job.doWork();
        }
    }

    private static void tear(final Path file, final int bytes) throws IOException
    {
        Files.writeString(file, "torn,".repeat(bytes), StandardOpenOption.APPEND);
    }

    private Path file()
    {
        return directory.resolve("out.csv");
    }

    private Path part()
    {
        return directory.resolve("out.csv.part");
    }

    private static void line(final Reading reading, final LineWriter line)
    {
        line.append(reading.place()).append(',').append(reading.value());
    }

    private static String expected(final long count)
    {
        return LongStream.range(0, count).mapToObj(i -> "place-" + i % 5 + "," + i + "\n").collect(Collectors.joining());
    }

    private Pipeline pipeline(final long count, final FileSink<Reading> sink)
    {
        final Pipeline pipeline = Pipeline.create("file");
        final DataStream<Reading> readings = readings(pipeline, count);
        readings.sink(sink);
        readings.sink(CallbackSink.of(reading ->
        {
            if (reading.value() == failAt)
            {
                failAt = -1;
                throw new IllegalStateException("as told");
            }
        }), "watch");
        return pipeline;
    }

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline, final long count)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, count, (number, out) ->
            out.time(number).place("place-" + number % 5).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings");
    }
}
