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

import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.laboratory.CrashJob.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * T6: power cuts of a real file system. The job runs on ext4 in a file on XFS; a copy of that file by reflink, which is of
 * one instant, is what a disk would hold had the power failed then. Of each copy the job goes on, to its end.
 * <pre>
 *   disk: xfs.img --loop--> XFS: disk.img --loop--> ext4: the job
 *                                cut-0.img, cut-1.img, ... (reflink) --loop--> ext4: the job, restarted
 * </pre>
 * Needs root, loop devices and mkfs.xfs; where one is missing it is skipped, and says so.
 */
@Tag("long")
class PowerCutTest
{
    private static final int CUTS = Laboratory.size("cuts", 20, 1_000);
    private static final int CUTS_OF_A_CONTROL = Laboratory.size("control.cuts", 20, 60);
    private static final int CUTS_OF_A_RUN = 20;
    private static final long RECORDS = 40_000;
    private static final long TIMEOUT_SECONDS = 60;

    @TempDir
    private Path temporary;

    private Path xfs;
    private Path ext;
    private Path cut;

    /**
     * A copy of the disk.
     *
     * @param image        the copy
     * @param acknowledged checkpoint that was said to be complete before it was made
     */
    private record Copy(Path image, long acknowledged)
    {
    }

    @BeforeEach
    void mount() throws IOException
    {
        xfs = Directories.create(temporary, "xfs");
        ext = Directories.create(temporary, "ext");
        cut = Directories.create(temporary, "cut");
        final Path disk = temporary.resolve("xfs.img");
        final boolean mounted = command("truncate", "-s", "2G", disk) && command("mkfs.xfs", "-q", "-m", "reflink=1", disk) &&
            command("mount", "-o", "loop", disk, xfs) && command("truncate", "-s", "256M", image()) &&
            command("mkfs.ext4", "-q", image()) && command("mount", "-o", "loop,commit=1", image(), ext);
        if (!mounted)
        {
            System.err.println("T6 IS SKIPPED: power cuts need root, loop devices and mkfs.xfs; nothing was tested");
            unmount();
            abort("no root, no loop device, or no mkfs.xfs");
        }
    }

    @AfterEach
    void unmount() throws IOException
    {
        command("umount", cut);
        command("umount", ext);
        command("umount", xfs);
    }

    @Test
    void shouldLoseNothingThatWasCompleteWhenThePowerFails() throws IOException
    {
        final long seed = Laboratory.seed("T6");
        final SplittableRandom random = new SplittableRandom(seed);
        int cuts = 0;
        for (int run = 0; cuts < CUTS; run++)
        {
            final List<Copy> copies = run(job(ext.resolve("job-" + run), SyncLevel.DURABLE), random);
            for (final Copy copy : copies)
            {
                recover(copy, "job-" + run, SyncLevel.DURABLE, random);
                cuts++;
            }
            Directories.delete(ext.resolve("job-" + run));
        }
        Laboratory.report("T6", "cuts=%d: lost 0, duplicates 0, corrupt 0", cuts);
    }

    @Test
    void shouldNoticeALevelThatDoesNotSync() throws IOException
    {
        final SplittableRandom random = new SplittableRandom(Laboratory.seed("T6 control"));
        int noticed = 0;
        int cuts = 0;
        String first = "";
        for (int run = 0; cuts < CUTS_OF_A_CONTROL && noticed == 0; run++)
        {
            for (final Copy copy : run(job(ext.resolve("job-" + run), SyncLevel.PROCESS), random))
            {
                cuts++;
                try
                {
                    recover(copy, "job-" + run, SyncLevel.PROCESS, random);
                }
                catch (final AssertionError found)
                {
                    noticed++;
                    first = first.isEmpty() ? found.toString().lines().findFirst().orElse("") : first;
                }
            }
            Directories.delete(ext.resolve("job-" + run));
        }
        Laboratory.report("T6 control", "cuts=%d noticed=%d, the first: %s", cuts, noticed, first);
        assertTrue(noticed > 0, "cuts=" + cuts);
    }

    /** Runs the job, and copies the disk while it does. */
    private List<Copy> run(final CrashJob job, final SplittableRandom random) throws IOException
    {
        Directories.create(job.directory(), ".");
        for (int partition = 0; partition < CrashJob.PARTITIONS; partition++)
        {
            new Feeder(job.impulses(partition), partition, CrashJob.KEYS, 0, RECORDS, SyncLevel.PROCESS).run();
        }
        command("sync", "-f", ext);
        final List<Copy> copies = new ArrayList<>();
        try (CrashCampaign campaign = new CrashCampaign(job.directory(), random))
        {
            campaign.cutWhileRunning(job, random.nextInt(2_000_000, 60_000_000), acknowledged ->
            {
                final Path image = xfs.resolve("cut-" + copies.size() + ".img");
                if (!command("cp", "--reflink=always", image(), image))
                {
                    throw new AssertionError("cannot copy the disk to " + image);
                }
                copies.add(new Copy(image, acknowledged));
                return copies.size() < CUTS_OF_A_RUN;
            });
        }
        return copies;
    }

    /** The power is back. */
    private void recover(final Copy copy, final String name, final SyncLevel level, final SplittableRandom random)
        throws IOException
    {
        assertTrue(command("mount", "-o", "loop", copy.image(), cut), "cannot mount " + copy);
        final Path directory = cut.resolve(name);
        try (CrashCampaign campaign = new CrashCampaign(directory, random))
        {
            if (copy.acknowledged() > 0)
            {
                campaign.checker().completed(copy.acknowledged());
            }
            campaign.finish(job(directory, level));
        }
        finally
        {
            assertTrue(command("umount", cut), "cannot unmount " + copy);
            Files.delete(copy.image());
        }
    }

    private CrashJob job(final Path directory, final SyncLevel level)
    {
        return new CrashJob(directory, State.OFF_HEAP, ThreadingMode.SHARED, level, JobFault.NONE);
    }

    private Path image()
    {
        return xfs.resolve("disk.img");
    }

    /** Whether a command ends well, and in time. */
    private boolean command(final Object... words)
    {
        final List<String> command = new ArrayList<>();
        for (final Object word : words)
        {
            command.add(word.toString());
        }
        try
        {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(temporary.toFile(), "commands.log"))).start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
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
