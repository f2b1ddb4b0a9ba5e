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
package io.millrace.laboratory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * T16: a disk of 64 MiB (tmpfs) that is full at appends and rolls of a journal, whose files are mapped, at snapshots, and at
 * the order log; freed, and full again. No JVM dies, none leaves an error file, what is refused says path and need, all goes
 * on, nothing is lost. Needs root to mount; where that may not be it is skipped, and says so.
 */
@Tag("long")
class MappedDiskTest
{
    private static final int ROUNDS = Laboratory.size("full.rounds", 20, 50);
    private static final int BARE_RUNS = 5;
    /** Each life has a file of its own on the disk. */
    private static final int MOST_RESTARTS = 10;

    @TempDir
    private Path temporary;

    private Path disk;

    @BeforeEach
    void mount() throws IOException
    {
        disk = Directories.create(temporary, "disk");
        if (!command("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()))
        {
            System.err.println("T16 IS SKIPPED: a full disk needs root, to mount a tmpfs; nothing was tested");
            abort("no tmpfs can be mounted");
        }
    }

    @AfterEach
    void unmount() throws IOException
    {
        command("umount", disk.toString());
    }

    @Test
    void shouldRefuseAppendsAndRollsOfJournalsAndGoOn() throws IOException
    {
        final long seed = Laboratory.seed("T16 journals");
        Laboratory.report("T16 journals", "%s", run("JOURNAL", seed, 0));
        assertEquals(0, errorFiles());
    }

    @Test
    void shouldDeclineSnapshotsHoldTheOrderAndGoOn() throws IOException
    {
        final long seed = Laboratory.seed("T16 job");
        Laboratory.report("T16 job", "%s", run("JOB", seed, 0));
        assertEquals(0, errorFiles());
    }

    /** What an output journal on the disk cannot take fails the job, which goes on exactly when there is space. */
    @Test
    void shouldGoOnExactlyAfterRestartsWhenTheOutputHasNoSpace() throws IOException
    {
        final long seed = Laboratory.seed("T16 restarts");
        Laboratory.report("T16 restarts", "%s", run("RESTARTS", seed, 0));
        assertEquals(0, errorFiles());
    }

    /** The negative control: a queue as it comes meets pages that have no block. */
    @Test
    void shouldNoticeAQueueThatTakesNoSpaceAhead() throws IOException
    {
        int noticed = 0;
        String output = "";
        for (int i = 0; i < BARE_RUNS && noticed == 0; i++)
        {
            output = run("BARE", i, 1);
            noticed += output.contains(MappedDiskMain.FOUND) || errorFiles() > 0 ? 1 : 0;
            Directories.delete(disk.resolve("bare"));
            Files.deleteIfExists(disk.resolve("ballast"));
        }
        Laboratory.report("T16 control", "noticed: %s error files=%d", output, errorFiles());
        assertTrue(noticed > 0);
    }

    private String run(final String what, final long seed, final int status)
    {
        try (CrashProcess process = new CrashProcess(temporary, List.of(), MappedDiskMain.class,
            List.of(disk.toString(), what, Integer.toString(what.equals("RESTARTS") ? Math.min(ROUNDS, MOST_RESTARTS) : ROUNDS),
                Long.toString(seed))))
        {
            final StringBuilder output = new StringBuilder();
            for (String line = process.readLine(); line != null; line = process.readLine())
            {
                output.append(line).append('\n');
            }
            final String errors = CrashCampaign.text(temporary.resolve("errors.log"));
            if (status == 0)
            {
                assertEquals(0, process.exitStatus(), () -> output + errors);
            }
            else
            {
                assertNotEquals(0, process.exitStatus(), () -> output + errors);
            }
            return output.toString().trim();
        }
    }

    private long errorFiles() throws IOException
    {
        try (Stream<Path> files = Files.list(temporary))
        {
            return files.filter(file -> file.toString().contains("hs_err")).count();
        }
    }

    private boolean command(final String... words)
    {
        try
        {
            final Process process = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(new File(temporary.toFile(), "commands.log")).start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        }
        catch (final IOException exception)
        {
            return false;
        }
        catch (final InterruptedException exception)
        {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
