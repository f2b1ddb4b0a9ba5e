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

import io.millrace.checkpoint.savepoint.SavepointMain;
import io.millrace.checkpoint.savepoint.Savepoints;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A savepoint as this format has it, kept as text: it is still read, and still made the same. And savepoints that are deleted. */
class GoldenSavepointTest
{
    private static final long COUNT = 300;
    private static final int SHOWN_BEFORE = 150;
    private static final String GOLDEN = "savepoint-format-1.txt";

    private final List<String> shown = new ArrayList<>();

    @TempDir
    private Path directory;

    private Job start(final JobConfig config, final int parallelism)
    {
        final Pipeline pipeline = Pipeline.create("golden");
        pipeline.source(Generator.of(TickFlyweight.TYPE, COUNT, (number, out) -> out.time(number).key(number * 7 % 10).value(number)),
            WatermarkStrategy.<Tick>forMonotonousTimestamps(), "ticks")
            .keyByLong(Tick::key).accumulate(AccountBeforeFlyweight.TYPE, (account, tick) ->
                account.owner(tick.key()).balance(account.balance() + tick.value())).uid("accounts").parallelism(parallelism)
            .rebalance().map(AccountBeforeFlyweight.TYPE, (account, out) -> AccountBeforeFlyweight.TYPE.copy(account, out))
            .name("shown").parallelism(1)
            .sink(CallbackSink.of(account -> shown.add(account.owner() + " " + account.balance())));
        return pipeline.start(config);
    }

    private Path make(final String name)
    {
        try (Job job = start(SavepointJob.config(directory.resolve("checkpoints-of-" + name)), 2))
        {
            SavepointJob.stepUntil(job, () -> shown.size() >= SHOWN_BEFORE);
            final CompletableFuture<Path> made = job.stopWithSavepoint(directory.resolve(name), false);
            SavepointJob.finish(job);
            return made.join();
        }
    }

    /** Each file's name and, in Base64, its bytes; also how the golden one was made. */
    private static String text(final Path savepoint) throws IOException
    {
        final StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(savepoint))
        {
            for (final Path file : files.sorted().toList())
            {
                text.append(file.getFileName()).append('\n')
                    .append(Base64.getMimeEncoder(120, new byte[]{'\n'}).encodeToString(Files.readAllBytes(file))).append("\n\n");
            }
        }
        return text.toString();
    }

    private static String golden() throws IOException
    {
        try (InputStream resource = GoldenSavepointTest.class.getResourceAsStream("/" + GOLDEN))
        {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Path unpack() throws IOException
    {
        final Path savepoint = Files.createDirectory(directory.resolve("golden"));
        for (final String file : golden().strip().split("\n\n", -1))
        {
            final String[] lines = file.split("\n", 2);
            Files.write(savepoint.resolve(lines[0]), Base64.getMimeDecoder().decode(lines[1]));
        }
        return savepoint;
    }

    @Test
    void shouldStillMakeTheSameBytes() throws IOException
    {
        final String text = text(make("made"));
        assertEquals(golden(), text, () -> "the format has changed: raise its version, keep this file for reading, and add\n" + text);
    }

    @Test
    void shouldFollowSP4AndStillReadFormat1() throws IOException
    {
        final Path savepoint = unpack();
        assertEquals(0, SavepointMain.run(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            "inspect", savepoint.toString()));
        try (Job job = start(SavepointJob.config(directory.resolve("after")).restoringFrom(Savepoints.in(savepoint)), 3))
        {
            SavepointJob.finish(job);
        }
        for (long owner = 0; owner < 10; owner++)
        {
            long balance = 0;
            for (long number = 0; number < COUNT; number++)
            {
                balance += number * 7 % 10 == owner ? number : 0;
            }
            assertTrue(shown.contains(owner + " " + balance), "owner=" + owner + " balance=" + balance + " in " + shown);
        }
    }

    @Test
    void shouldFollowSP9AndDisposeOfEveryFile() throws IOException
    {
        final Path savepoint = make("disposed");
        final Path link = Files.createSymbolicLink(directory.resolve("link"), savepoint);
        assertRefused(link, "not a link to it");
        Files.createFile(savepoint.resolve("notes"));
        assertRefused(savepoint, "has file=notes, which is not of a savepoint, so nothing was deleted");
        Files.delete(savepoint.resolve("notes"));
        assertEquals(0, SavepointMain.run(System.out, "inspect", savepoint.toString()), "nothing was deleted");
        assertEquals(0, SavepointMain.run(System.out, "dispose", savepoint.toString()));
        assertFalse(Files.exists(savepoint));
        assertRefused(savepoint, "is not a directory");
        final Path interrupted = make("interrupted");
        Files.delete(interrupted.resolve("manifest"));
        assertTrue(Savepoints.dispose(interrupted) > 0);
        Files.delete(link);
        try (Stream<Path> left = Files.list(directory))
        {
            assertEquals(List.of(), left.map(path -> path.getFileName().toString())
                .filter(name -> !name.startsWith("checkpoints-of-")).toList(), "0 files are left");
        }
    }

    private static void assertRefused(final Path savepoint, final String message)
    {
        final String text = assertThrows(IllegalStateException.class, () -> Savepoints.dispose(savepoint)).getMessage();
        assertTrue(text.contains(message), text);
    }
}
