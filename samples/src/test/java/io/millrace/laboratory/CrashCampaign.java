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

import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.laboratory.Violation.Kind;
import io.millrace.memory.KillPoint;
import io.millrace.memory.record.SlotDescriptor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Life after life of the same job, each ended by force, in one directory. The checker reads what the job shows while it
 * runs, in this process, and goes on where it was when the job does.
 */
final class CrashCampaign implements AutoCloseable
{
    private static final long RECORDS_PER_SECOND = 20_000;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(120);
    /** Of a life that does not come by its kill point. */
    private static final long LIFE_MILLIS = 30_000;
    private static final long POLL_NANOS = 200_000;

    private final ExactlyOnceChecker checker = new ExactlyOnceChecker(CrashJob.PARTITIONS, CrashJob.KEYS);
    private final TallyFlyweight tally = new TallyFlyweight();
    private final Map<String, Integer> points = new TreeMap<>();
    private final SplittableRandom random;
    private final Path directory;
    private JournalReader reader;
    private boolean running;
    private boolean acknowledged;
    private boolean done;
    private int lives;

    /**
     * A campaign.
     *
     * @param directory to work in, empty
     * @param random    of the instants of the kills
     */
    CrashCampaign(final Path directory, final SplittableRandom random)
    {
        this.directory = directory;
        this.random = random;
    }

    ExactlyOnceChecker checker()
    {
        return checker;
    }

    int lives()
    {
        return lives;
    }

    /** Kill points that the last whole life has passed, and how often. */
    Map<String, Integer> points()
    {
        return points;
    }

    /** A life that is killed at a random instant: three of ten while it starts and restores, the others after progress. */
    void kill(final CrashJob job)
    {
        try (CrashProcess process = start(job, List.of(), Long.MAX_VALUE, 0))
        {
            final boolean starting = random.nextInt(10) < 3;
            if (!starting)
            {
                awaitProgress(process);
            }
            final long now = System.nanoTime();
            final long instant = now + random.nextLong(starting ? 700_000_000L : 60_000_000L);
            while (System.nanoTime() < instant)
            {
                follow(process);
            }
            process.kill();
            drain(process);
        }
    }

    /**
     * A life that ends at a kill point.
     *
     * @param job        that it is of
     * @param point      name of the place
     * @param occurrence at which it ends there
     * @return false when it did not come by within its time
     */
    boolean killAt(final CrashJob job, final String point, final int occurrence)
    {
        try (CrashProcess process = start(job, List.of("-Dmillrace.killpoints=true"), Long.MAX_VALUE, LIFE_MILLIS, point,
            Integer.toString(occurrence)))
        {
            final int status = await(process);
            if (status != KillPoint.EXIT_STATUS && status != 0)
            {
                throw new AssertionError("life=" + lives + " point=" + point + " ended with status=" + status + "\n" +
                    errors());
            }
            return status == KillPoint.EXIT_STATUS;
        }
    }

    /** Told of the checkpoint that was said to be complete; false to end the life. */
    interface Cut
    {
        boolean at(long acknowledged);
    }

    /**
     * A life during which something happens again and again, until it comes to its end.
     *
     * @param job   that it is of
     * @param nanos between one time and the next
     * @param cut   what happens
     */
    void cutWhileRunning(final CrashJob job, final long nanos, final Cut cut)
    {
        try (CrashProcess process = start(job, List.of(), Long.MAX_VALUE, 0))
        {
            boolean goOn = true;
            long next = System.nanoTime();
            while (goOn && process.isAlive())
            {
                follow(process);
                if (running && System.nanoTime() >= next)
                {
                    goOn = cut.at(checker.completedCheckpoint());
                    next = System.nanoTime() + random.nextLong(nanos);
                }
            }
            process.kill();
            drain(process);
        }
    }

    /** A life of so many milliseconds that notes its kill points, and stops in order. */
    void survey(final CrashJob job, final long millis)
    {
        points.clear();
        try (CrashProcess process = start(job, List.of("-Dmillrace.killpoints=true"), Long.MAX_VALUE, millis))
        {
            final int status = await(process);
            if (status != 0)
            {
                throw new AssertionError("the survey ended with status=" + status + "\n" + errors());
            }
        }
    }

    /** The last life, which comes to the end of its input; then everything is read again and compared. */
    void finish(final CrashJob job)
    {
        long total = 0;
        for (int partition = 0; partition < CrashJob.PARTITIONS; partition++)
        {
            final long recorded = Feeder.recorded(job.impulses(partition));
            total = Math.max(total, recorded < 0 ? -1 - recorded : recorded + 1_000);
        }
        try (CrashProcess process = start(job, List.of(), total, 0))
        {
            final int status = await(process);
            if (status != 0 || !done)
            {
                throw new AssertionError("the last life ended with status=" + status + "\n" + errors());
            }
        }
        checker.ended(total, total);
        final ExactlyOnceChecker second = new ExactlyOnceChecker(CrashJob.PARTITIONS, CrashJob.KEYS);
        try (JournalReader again = JournalReader.open(job.talliesContext()))
        {
            read(again, second);
        }
        checker.sameAs(second);
        noErrorFiles();
    }

    private CrashProcess start(
        final CrashJob job, final List<String> flags, final long total, final long millis, final String... kill)
    {
        lives++;
        running = false;
        acknowledged = false;
        if (reader == null)
        {
            reader = JournalReader.open(job.talliesContext());
        }
        final List<String> arguments = new ArrayList<>(job.arguments());
        arguments.add(Long.toString(RECORDS_PER_SECOND));
        arguments.add(Long.toString(total));
        arguments.add(Long.toString(millis));
        arguments.addAll(List.of(kill));
        return new CrashProcess(directory, flags, CrashJobMain.class, arguments);
    }

    private void awaitProgress(final CrashProcess process)
    {
        final long deadline = System.nanoTime() + PROGRESS_NANOS;
        final long before = checker.accepted();
        while (!running || !acknowledged || checker.accepted() == before)
        {
            follow(process);
            if (System.nanoTime() > deadline || !process.isAlive())
            {
                throw new Violation(Kind.NO_PROGRESS, "life=" + lives + " alive=" + process.isAlive() + " running=" +
                    running + " acknowledged=" + acknowledged + " records=" + checker.accepted() + " before=" + before +
                    "\n" + errors());
            }
        }
    }

    private int await(final CrashProcess process)
    {
        while (process.isAlive() || process.ready())
        {
            follow(process);
        }
        drain(process);
        return process.exitStatus();
    }

    /** Reads what the process says and shows meanwhile. */
    private void follow(final CrashProcess process)
    {
        while (process.ready())
        {
            understand(process.readLine());
        }
        read(reader, checker);
        LockSupport.parkNanos(POLL_NANOS);
    }

    private void drain(final CrashProcess process)
    {
        for (String line = process.readLine(); line != null; line = process.readLine())
        {
            understand(line);
        }
        reader.refresh();
        read(reader, checker);
    }

    /** The last line may be cut short. */
    private void understand(final String line)
    {
        final String[] words = line == null ? new String[0] : line.split(" ", 3);
        if (words.length == 2 && words[0].equals("RUN"))
        {
            running = true;
            checker.restored(Long.parseLong(words[1]));
        }
        else if (words.length == 2 && words[0].equals("ACK"))
        {
            acknowledged = true;
            checker.completed(Long.parseLong(words[1]));
        }
        else if (words.length == 3 && words[0].equals("POINT"))
        {
            points.put(words[2], Integer.parseInt(words[1]));
        }
        else if (words.length > 1 && words[0].equals("FAILED"))
        {
            throw new AssertionError("life=" + lives + ": " + line + "\n" + errors());
        }
        done |= words.length == 1 && words[0].equals("DONE");
    }

    private void read(final JournalReader from, final ExactlyOnceChecker to)
    {
        while (from.poll() == JournalReader.FRAME)
        {
            for (long slot = from.nextRecord(); slot != 0; slot = from.nextRecord())
            {
                tally.wrap(slot + SlotDescriptor.HEADER_LENGTH, SlotDescriptor.length(slot));
                to.accept(tally);
            }
        }
    }

    private String errors()
    {
        return text(directory.resolve("errors.log"));
    }

    /** What a file holds, nothing when it is not there. */
    static String text(final Path file)
    {
        try
        {
            return Files.exists(file) ? Files.readString(file) : "";
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(exception);
        }
    }

    private void noErrorFiles()
    {
        try (Stream<Path> files = Files.list(directory))
        {
            final List<Path> crashes = files.filter(file -> file.toString().contains("hs_err")).toList();
            if (!crashes.isEmpty())
            {
                throw new AssertionError("a JVM has crashed: " + crashes);
            }
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(exception);
        }
    }

    @Override
    public void close()
    {
        if (reader != null)
        {
            reader.close();
        }
    }
}
