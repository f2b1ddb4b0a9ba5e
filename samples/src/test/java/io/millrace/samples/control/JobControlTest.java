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
package io.millrace.samples.control;

import io.millrace.checkpoint.control.JobControl;
import io.millrace.checkpoint.control.JobControlCommand;
import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.savepoint.Savepoints;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.samples.savepoint.Tick;
import io.millrace.samples.savepoint.TickFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A real job that never ends by itself, controlled through its socket as from a command line. */
class JobControlTest
{
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final AtomicLong last = new AtomicLong();
    @TempDir
    private Path directory;

    private Job start(final JobConfig config)
    {
        final Pipeline pipeline = Pipeline.create("controlled");
        pipeline.source(Generator.of(TickFlyweight.TYPE, Long.MAX_VALUE, (number, tick) -> tick.time(number).key(number % 7).value(1)),
                WatermarkStrategy.<Tick>forMonotonousTimestamps(), "ticks")
            .keyByLong(Tick::key).sumLong(TickFlyweight.TYPE, Tick::value, (tick, sum) -> tick.value(sum)).uid("sum")
            .sink(CallbackSink.of(tick -> last.lazySet(tick.value())));
        return pipeline.start(config.threading(ThreadingMode.SHARED));
    }

    private JobConfig config(final String checkpoints)
    {
        return new JobConfig().checkpointing(Checkpoints.in(directory.resolve(checkpoints)));
    }

    private int ask(final String... words)
    {
        out.reset();
        errors.reset();
        final List<String> arguments = new ArrayList<>(List.of(control().toString()));
        arguments.addAll(List.of(words));
        return JobControlCommand.run(arguments.toArray(String[]::new), new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    private Path control()
    {
        return directory.resolve("control");
    }

    private String said()
    {
        return out.toString(StandardCharsets.UTF_8) + errors.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellWhatTheJobDoes()
    {
        try (Job job = start(config("checkpoints")); JobControl control = JobControl.open(job, control()))
        {
            assertEquals(0, ask("status"), said());
            assertTrue(said().startsWith("status=RUNNING restoredCheckpoint=0 completedCheckpoint="), said());
            assertEquals(0, ask("watermarks"), said());
            assertTrue(said().contains("ticks"), said());
            assertEquals(0, ask("memory"), said());
            assertEquals(job.explainMemory().lines().count(), said().lines().count(), said());
            assertEquals(0, ask("explain"), said());
            assertTrue(said().contains("sum"), said());
            assertEquals(0, ask("checkpoint"), said());
            assertTrue(said().startsWith("checkpoint="), said());
            assertEquals(0, ask("counters"), said());
            assertEquals(1, ask("explode"), said());
            assertTrue(said().contains("request=explode is not known"), said());
            assertTrue(Files.exists(control.socket()));
        }
    }

    @Test
    void shouldMakeASavepointAndStopWithAnotherFromWhichAJobBegins() throws Exception
    {
        final Path first = directory.resolve("first");
        final Path second = directory.resolve("second");
        final long before;
        try (Job job = start(config("before")); JobControl control = JobControl.open(job, control()))
        {
            assertEquals(0, ask("savepoint", first.toString()), said());
            assertEquals("savepoint=" + first, said().strip());
            assertEquals(JobStatus.RUNNING, job.status());
            assertEquals(1, ask("savepoint", first.toString()), said());
            assertTrue(said().startsWith("failed ") && said().contains(first.toString()), said());
            assertEquals(0, ask("stop-with-savepoint", second.toString()), said());
            job.await(60, TimeUnit.SECONDS);
            assertEquals(JobStatus.FINISHED, job.status());
            assertEquals(0, ask("status"), said());
            assertTrue(said().contains("status=FINISHED"), said());
            assertEquals(1, ask("savepoint", directory.resolve("third").toString()), said());
            assertTrue(said().contains("does not run, status=FINISHED"), said());
            assertFalse(Files.exists(directory.resolve("third")));
            assertTrue(control.socket().startsWith(control()));
            before = last.get();
        }
        assertFalse(Files.exists(control().resolve(JobControl.SOCKET_NAME)), "the socket goes with its control");
        last.set(0);
        try (Job job = start(config("after").restoringFrom(Savepoints.in(second))))
        {
            while (last.get() == 0 && job.failure() == null)
            {
                Thread.onSpinWait();
            }
            assertTrue(last.get() > before, "sum=" + last.get() + " was " + before);
        }
    }

    @Test
    void shouldDrainStopAndCancel() throws Exception
    {
        for (final String request : List.of("drain", "stop", "cancel"))
        {
            try (Job job = start(config(request)); JobControl control = JobControl.open(job, control()))
            {
                assertEquals(0, ask(request), said());
                assertEquals("asked to " + request, said().strip());
                job.await(60, TimeUnit.SECONDS);
                assertEquals("cancel".equals(request) ? JobStatus.CANCELLED : JobStatus.FINISHED, job.status());
                assertEquals(control().resolve(JobControl.SOCKET_NAME), control.socket());
            }
        }
    }

    @Test
    void shouldListenForItsOwnerAlone() throws IOException
    {
        Files.createDirectory(control(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x---")));
        try (Job job = start(config("checkpoints")))
        {
            final String refused = assertThrows(IllegalStateException.class, () -> JobControl.open(job, control())).getMessage();
            assertTrue(refused.contains("mode=rwx--x---") && refused.contains("chmod 700"), refused);
            Files.setPosixFilePermissions(control(), PosixFilePermissions.fromString("rwx------"));
            try (JobControl control = JobControl.open(job, control()))
            {
                final String second = assertThrows(IllegalStateException.class, () -> JobControl.open(job, control())).getMessage();
                assertTrue(second.contains("in use"), second);
                assertTrue(Files.exists(control.socket()));
            }
            final Path deep = directory.resolve("d".repeat(100));
            final String tooLong = assertThrows(IllegalStateException.class, () -> JobControl.open(job, deep)).getMessage();
            assertTrue(tooLong.contains("the system takes 107"), tooLong);
        }
    }

    @Test
    void shouldTakeOverWhatAKilledProcessLeft() throws IOException
    {
        Files.createDirectory(control(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(control().resolve(JobControl.SOCKET_NAME), "");
        assertEquals(3, ask("status"), said());
        assertTrue(said().contains("cannot be reached"), said());
        try (Job job = start(config("checkpoints")); JobControl control = JobControl.open(job, control()))
        {
            assertEquals(0, ask("status"), said());
            assertTrue(Files.exists(control.socket()));
        }
    }

    @Test
    void shouldNotBeHeldUpByWhoSaysNothingOrTooMuch() throws IOException
    {
        try (Job job = start(config("checkpoints")); JobControl control = JobControl.open(job, control());
            SocketChannel silent = SocketChannel.open(StandardProtocolFamily.UNIX);
            SocketChannel loud = SocketChannel.open(StandardProtocolFamily.UNIX))
        {
            silent.connect(UnixDomainSocketAddress.of(control.socket()));
            loud.connect(UnixDomainSocketAddress.of(control.socket()));
            final ByteBuffer much = ByteBuffer.allocate(JobControl.MAX_REQUEST);
            while (much.hasRemaining())
            {
                loud.write(much);
            }
            assertEquals(-1, loud.read(ByteBuffer.allocate(1)), "cut off");
            assertEquals(0, ask("status"), said());
        }
    }

    @Test
    void shouldRefuseWrongUsage()
    {
        assertEquals(2, ask("savepoint"), said());
        assertTrue(said().contains("a savepoint needs a TARGET"), said());
        assertEquals(2, ask("status", "x"), said());
        assertEquals(2, JobControlCommand.run(new String[0], new PrintStream(out), new PrintStream(errors)));
        assertEquals(0, JobControlCommand.run(new String[]{"--help"}, new PrintStream(out), new PrintStream(errors)));
        assertEquals(3, ask("status"), said());
    }
}
