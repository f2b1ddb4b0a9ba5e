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
package io.millrace.samples.savepoint;

import io.millrace.checkpoint.backend.ChronicleMapBackend;
import io.millrace.checkpoint.backend.RocksDbBackend;
import io.millrace.checkpoint.savepoint.SavepointMain;
import io.millrace.checkpoint.savepoint.Savepoints;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Savepoints as directories: moved, damaged, made by one backend and read by another (SEMANTICS SP-4, SP-8, RELIABILITY S3, S5). */
class SavepointFilesTest
{
    @TempDir
    private static Path directory;
    private static Path made;

    @BeforeAll
    static void makeSavepoint()
    {
        made = stop("made", OffHeapBackend.factory());
    }

    private static Path stop(final String name, final StateBackendFactory backend)
    {
        final SavepointJob job = new SavepointJob(9);
        try (Job running = job.start(SavepointJob.config(directory.resolve(name + "-checkpoints")).stateBackend(backend), 2))
        {
            job.stop(running, 2_000, directory.resolve(name), false);
        }
        return directory.resolve(name);
    }

    private static StateBackendFactory backend(final String kind, final Path state)
    {
        return switch (kind)
        {
            case "CHRONICLE_MAP" -> ChronicleMapBackend.in(state).entries(20_000);
            case "ROCKSDB" -> RocksDbBackend.in(state).memory(16 << 20);
            default -> OffHeapBackend.factory();
        };
    }

    @ParameterizedTest
    @CsvSource({"OFF_HEAP, CHRONICLE_MAP", "OFF_HEAP, ROCKSDB", "CHRONICLE_MAP, OFF_HEAP", "CHRONICLE_MAP, ROCKSDB",
        "ROCKSDB, OFF_HEAP", "ROCKSDB, CHRONICLE_MAP"})
    void shouldFollowSP4AndSwitchBackends(final String from, final String to)
    {
        final String name = from + "-" + to;
        final SavepointJob job = new SavepointJob(9);
        final List<String> expected = new SavepointJob(9).run(directory.resolve(name + "-whole"));
        final Path savepoint = directory.resolve(name);
        try (Job running = job.start(SavepointJob.config(directory.resolve(name + "-before"))
            .stateBackend(backend(from, directory.resolve(name + "-state-before"))), 2))
        {
            job.stop(running, 2_000, savepoint, false);
        }
        try (Job running = job.start(SavepointJob.config(directory.resolve(name + "-after"))
            .stateBackend(backend(to, directory.resolve(name + "-state-after"))).restoringFrom(Savepoints.in(savepoint)), 3))
        {
            SavepointJob.finish(running);
        }
        assertEquals(expected.stream().sorted().toList(), job.shown().stream().sorted().toList());
        assertEquals(0, run("diff", made.toString(), savepoint.toString()), "the bytes do not depend on the backend");
    }

    private static int run(final String... arguments)
    {
        return SavepointMain.run(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), arguments);
    }

    private static String output(final String... arguments)
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SavepointMain.run(new PrintStream(bytes, true, StandardCharsets.UTF_8), arguments);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldInspectASavepoint()
    {
        final String text = output("inspect", made.toString());
        assertTrue(text.contains("of job everything"), text);
        assertTrue(text.contains("operator process x2"), text);
        assertTrue(text.contains("Total{"), text);
        assertEquals(2, run("inspect", directory.resolve("nothing").toString()));
        assertEquals(2, run("explain"));
    }

    @Test
    void shouldFindWhatDiffers()
    {
        final SavepointJob job = new SavepointJob(9);
        try (Job running = job.start(SavepointJob.config(directory.resolve("later-checkpoints")), 2))
        {
            job.stop(running, 3_000, directory.resolve("later"), false);
        }
        final String text = output("diff", made.toString(), directory.resolve("later").toString());
        assertTrue(text.contains("uid process: state "), text);
        assertEquals(1, run("diff", made.toString(), directory.resolve("later").toString()));
    }

    private static Path copy(final String name) throws IOException
    {
        final Path copy = Files.createDirectory(directory.resolve(name));
        try (var files = Files.list(made))
        {
            for (final Path file : files.toList())
            {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    @Test
    void shouldFollowSP8AndMove() throws IOException
    {
        final Path moved = copy("to-be-moved");
        Files.move(moved, directory.resolve("moved"));
        final SavepointJob job = new SavepointJob(9);
        try (Job running = job.start(SavepointJob.config(directory.resolve("moved-checkpoints"))
            .restoringFrom(Savepoints.in(directory.resolve("moved"))), 1))
        {
            SavepointJob.finish(running);
        }
        assertFalse(job.shown().isEmpty());
    }

    @Test
    void shouldBeReadableByItsOwnerOnly() throws IOException
    {
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        try (var files = Files.list(made))
        {
            for (final Path file : files.toList())
            {
                assertTrue(file.getFileName().toString().matches("[A-Za-z0-9_-]{1,64}"), file.toString());
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void shouldFollowS5AndFindEveryFlippedBit() throws IOException
    {
        final Path copy = copy("flipped");
        final SplittableRandom random = new SplittableRandom(11);
        final List<Path> files;
        try (var listed = Files.list(copy))
        {
            files = listed.sorted().toList();
        }
        for (int i = 0; i < 400; i++)
        {
            final Path file = files.get(random.nextInt(files.size()));
            final byte[] bytes = Files.readAllBytes(file);
            final int bit = random.nextInt(bytes.length * 8);
            final byte[] damaged = bytes.clone();
            damaged[bit >> 3] ^= (byte)(1 << (bit & 7));
            Files.write(file, damaged);
            assertEquals(2, run("inspect", copy.toString()), "bit=" + bit + " of " + file.getFileName());
            Files.write(file, i % 2 == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : new byte[0]);
            assertEquals(2, run("inspect", copy.toString()), "cut " + file.getFileName());
            Files.write(file, bytes);
        }
        assertEquals(0, run("inspect", copy.toString()));
    }

    @Test
    void shouldFollowS3AndRefuseLinksAndNames() throws IOException
    {
        final Path link = Files.createSymbolicLink(directory.resolve("link"), made);
        assertMessage(link, "not a link to it");
        final Path copy = copy("linked-file");
        Files.delete(copy.resolve("operator-0000"));
        Files.createSymbolicLink(copy.resolve("operator-0000"), made.resolve("operator-0000"));
        assertMessage(copy, "cannot be read");
        assertMessage(directory.resolve("a.b"), "must match [A-Za-z0-9_-]{1,64}");
        final Path incomplete = copy("incomplete");
        Files.delete(incomplete.resolve("manifest"));
        assertMessage(incomplete, "never completed");
        final Path later = copy("of-later-version");
        final String manifest = Files.readString(later.resolve("manifest"), StandardCharsets.ISO_8859_1)
            .replace("millrace savepoint 1\n", "millrace savepoint 2\n");
        final String body = manifest.substring(0, manifest.lastIndexOf("crc "));
        final java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(later.resolve("manifest"),
            body + "crc " + java.util.HexFormat.of().toHexDigits((int)crc.getValue()) + "\n", StandardCharsets.ISO_8859_1);
        assertMessage(later, "format=2");
    }

    private static void assertMessage(final Path savepoint, final String message)
    {
        final String text = assertThrows(IllegalStateException.class,
            () -> Savepoints.in(savepoint).open(new MemoryAccount("test"))).getMessage();
        assertTrue(text.contains(message), text);
    }

    @Test
    void shouldRunOnWhenASavepointCannotBeMade()
    {
        final List<String> expected = new SavepointJob(9).run(directory.resolve("declined-whole"));
        final SavepointJob job = new SavepointJob(9);
        try (Job running = job.start(SavepointJob.config(directory.resolve("declined-checkpoints")), 2))
        {
            SavepointJob.stepUntil(running, () -> job.shown().size() > 1_000);
            for (final Path refused : List.of(made, directory.resolve("a.b")))
            {
                final CompletableFuture<Path> result = running.stopWithSavepoint(refused, false);
                SavepointJob.stepUntil(running, result::isDone);
                assertThrows(CompletionException.class, result::join);
                assertEquals(JobStatus.RUNNING, running.status());
            }
            SavepointJob.finish(running);
        }
        assertEquals(expected.stream().sorted().toList(), job.shown().stream().sorted().toList());
        assertEquals(0, run("inspect", made.toString()), "what was there is left alone");
    }

    @Test
    void shouldFollowSP7AndDrain()
    {
        final SavepointJob job = new SavepointJob(9);
        final Path savepoint = directory.resolve("drained");
        try (Job running = job.start(SavepointJob.config(directory.resolve("drained-checkpoints")), 2))
        {
            job.stop(running, 2_000, savepoint, true);
            assertEquals(JobStatus.FINISHED, running.status());
        }
        final long read = job.shown().stream()
            .filter(line -> line.startsWith("process") && !line.split(" ", -1)[2].startsWith("-")).count();
        final long windowed = job.shown().stream().filter(line -> line.startsWith("tumbling"))
            .mapToLong(line -> Long.parseLong(line.split(" ", -1)[2])).sum();
        assertTrue(read < SavepointJob.COUNT, "read=" + read);
        assertEquals(read, windowed, "every window has fired");
        assertTrue(output("inspect", savepoint.toString()).contains(", drained"));
    }
}
