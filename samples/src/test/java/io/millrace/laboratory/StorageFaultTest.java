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

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.store.CheckpointDamagedException;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * T3: an error at every single storage operation of a whole job, once and for ever, also while it restores; and T23: the
 * operations of the job against the grammar of the protocol. Whatever fails, the job goes on or fails in order, and the
 * next one, on a disk that works, comes to the right sums from what it finds.
 */
@Tag("laboratory")
class StorageFaultTest
{
    private static final int RECORDS = 300;
    private static final int KEYS = 20;
    private static final int RECORDS_PER_CHECKPOINT = 60;
    private static final int STEPS = 3_000;
    /** Every so many operations; 1 for each. */
    private static final int STRIDE = Laboratory.size("stride", 29, 1);

    // c chunks of a checkpoint, t temporary manifest: create (upper case C T), write, sync (z y), R rename, D directory,
    // X delete, L list.
    private static final Pattern PROTOCOL = Pattern.compile("L*(Cc*zDTtyRDLX*)+");

    @TempDir
    private Path temporary;

    private final long[] counts = new long[KEYS];
    private final long[] sums = new long[KEYS];
    private long records;
    private int directories;

    @ParameterizedTest
    @EnumSource(FaultyFiles.Failure.class)
    void shouldGoOnOrFailInOrderWhateverFails(final FaultyFiles.Failure error)
    {
        final FaultyFiles good = FaultyFiles.none();
        final Path first = next();
        assertEquals(JobStatus.FINISHED, life(first, good, 0).status());
        checkSums();
        Directories.delete(first);
        final List<String> operations = List.copyOf(good.trace());
        assertTrue(operations.size() > 60, "operations=" + operations.size());
        int runs = 0;
        for (int at = 0; at < operations.size(); at += STRIDE)
        {
            for (final int to : new int[] {at, Integer.MAX_VALUE})
            {
                final Path directory = next();
                final FaultyFiles faulty = new FaultyFiles(error, at, to);
                final String where = "error=" + error + " at=" + at + " for ever=" + (to != at) + " operation=" +
                    operations.get(at);
                final Outcome outcome = life(directory, faulty, 0);
                checkOutcome(outcome, faulty, where);
                again(directory, outcome, where);
                runs++;
            }
        }
        Laboratory.report("T3 " + error, "operations=%d runs=%d: every last checkpoint was restored", operations.size(),
            runs);
    }

    @ParameterizedTest
    @EnumSource(FaultyFiles.Failure.class)
    void shouldGoOnOrFailInOrderWhateverFailsWhileItRestores(final FaultyFiles.Failure error)
    {
        final FaultyFiles good = FaultyFiles.none();
        final Path first = next();
        life(first, FaultyFiles.none(), RECORDS);
        life(first, good, 1);
        Directories.delete(first);
        final int operations = good.trace().size();
        for (int at = 0; at < operations; at += STRIDE)
        {
            for (final int to : new int[] {at, Integer.MAX_VALUE})
            {
                final Path directory = next();
                final Outcome before = life(directory, FaultyFiles.none(), RECORDS);
                assertTrue(before.completed() > 0);
                final FaultyFiles faulty = new FaultyFiles(error, at, to);
                life(directory, faulty, 0);
                again(directory, before, "error=" + error + " restoring at=" + at + " for ever=" + (to != at) +
                    " operation=" + good.trace().get(at));
            }
        }
        Laboratory.report("T3 restoring " + error, "operations=%d", operations);
    }

    /** T23. */
    @Test
    void shouldKeepTheOrderOfTheProtocol()
    {
        final FaultyFiles files = FaultyFiles.none();
        final Outcome outcome = life(next(), files, 0);
        final String steps = encode(files.trace());
        assertTrue(PROTOCOL.matcher(steps).matches(), steps);
        assertEquals(outcome.completed(), steps.chars().filter(step -> step == 'R').count());
        // The negative controls.
        assertFalse(PROTOCOL.matcher(steps.replaceFirst("z", "")).matches());
        assertFalse(PROTOCOL.matcher(steps.replaceFirst("D", "")).matches());
        assertFalse(PROTOCOL.matcher(steps.replaceFirst("RD", "R")).matches());
        assertFalse(PROTOCOL.matcher(steps.replaceFirst("yR", "Ry")).matches());
    }

    private static String encode(final List<String> trace)
    {
        final StringBuilder steps = new StringBuilder();
        for (final String line : trace)
        {
            final String[] words = line.split(" ", 3);
            final boolean manifest = words[2].endsWith(".tmp");
            if (words[1].equals("order"))
            {
                continue;
            }
            switch (words[0])
            {
                case "create" -> steps.append(manifest ? 'T' : 'C');
                case "write" -> steps.append(manifest ? 't' : 'c');
                case "sync" -> steps.append(manifest ? 'y' : 'z');
                case "rename" -> steps.append('R');
                case "syncDirectory" -> steps.append('D');
                case "delete" -> steps.append('X');
                case "list" -> steps.append('L');
                default -> throw new AssertionError(line);
            }
        }
        return steps.toString();
    }

    /** The negative control: a disk that loses what it was given is noticed. */
    @Test
    void shouldNoticeSumsThatAreWrong()
    {
        life(next(), FaultyFiles.none(), 0);
        checkSums();
        sums[3]++;
        assertTrue(wrong());
    }

    private void checkOutcome(final Outcome outcome, final FaultyFiles faulty, final String where)
    {
        if (!faulty.failed().stream().allMatch(operation -> isTolerated(operation, outcome, faulty.error())))
        {
            assertEquals(JobStatus.FAILED, outcome.status(), where + " " + outcome);
            final String first = faulty.failed().get(0);
            if (first.startsWith("sync ") || first.contains(" order "))
            {
                assertEquals(1, faulty.failed().stream().filter(first::equals).count(), where + " was tried again: " + faulty.failed());
            }
        }
        else if (faulty.failed().stream().anyMatch(StorageFaultTest::isForSpace))
        {
            // It declines checkpoints and runs on: to the end, unless there is never space for the last one. Where its order
            // cannot be kept it waits, and says so.
            assertTrue(outcome.status() == JobStatus.FINISHED || outcome.status() == JobStatus.RUNNING &&
                (records >= 2L * RECORDS || outcome.waiting().contains("order") && outcome.waiting().contains("need usable=")),
                where + " " + outcome);
        }
        else
        {
            assertEquals(JobStatus.FINISHED, outcome.status(), where + " " + outcome);
        }
    }

    /**
     * What a running job goes on without: space for checkpoints, the deletion of old ones. For space for its order it waits; any
     * other error of that fails it.
     */
    private static boolean isTolerated(
        final String operation, final Outcome outcome, final FaultyFiles.Failure error)
    {
        return operation.contains(" checkpoints ") &&
            (isForSpace(operation) || operation.startsWith("delete ") || operation.startsWith("list ") && outcome.started()) ||
            operation.contains(" order ") && isForSpace(operation) && error != FaultyFiles.Failure.INPUT_OUTPUT;
    }

    private static boolean isForSpace(final String operation)
    {
        return operation.startsWith("create ") || operation.startsWith("write ");
    }

    /** The next job, on a disk that works. */
    private void again(final Path directory, final Outcome before, final String where)
    {
        final Outcome outcome = life(directory, FaultyFiles.none(), 0);
        assertEquals(JobStatus.FINISHED, outcome.status(), where + " " + outcome);
        assertTrue(outcome.restored() >= before.completed(), where + " before=" + before + " then=" + outcome);
        if (outcome.restored() == 0 || records > 0)
        {
            assertFalse(wrong(), where + " " + outcome);
        }
        Directories.delete(directory);
    }

    /**
     * What came of a life.
     *
     * @param status    of the job at its end; FAILED when it did not start
     * @param restored  checkpoint that it began from
     * @param completed latest checkpoint that it said is complete
     * @param started   whether it ran
     * @param failure   or null
     * @param waiting   what it waits for at its end, empty for nothing
     */
    private record Outcome(
        JobStatus status, long restored, long completed, boolean started, String failure, String waiting)
    {
    }

    /**
     * Runs a job until it ends, or has taken so many steps.
     *
     * @param most records to emit before it is stopped, as if it was killed; 0 for all
     */
    private Outcome life(final Path directory, final FaultyFiles files, final int most)
    {
        records = 0;
        final Pipeline pipeline = Pipeline.create("faulty");
        source(pipeline, 0).union(source(pipeline, 1))
            .keyByLong(Impulse::key)
            .process(TallyFlyweight.TYPE, () -> new Tallying(JobFault.NONE)).name("tallies").uid("tallies")
            .sink(CallbackSink.of(this::take), "sink");
        final JobConfig config = new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).ringCapacity(64)
            .checkpointing(Checkpoints.in(directory.resolve("checkpoints")).everyRecords(RECORDS_PER_CHECKPOINT)
                .durability(SyncLevel.DURABLE).storage(files::in));
        try (Job job = pipeline.start(config))
        {
            for (int step = 0; step < STEPS && job.status() == JobStatus.RUNNING && (most == 0 || records < most); step++)
            {
                job.doWork();
            }
            final String failure = job.failure() == null ? null : job.failure().getMessage();
            return new Outcome(job.status(), job.restoredCheckpoint(), job.completedCheckpoint(), true, failure,
                job.checkpointStats().waiting());
        }
        catch (final IllegalStateException | StorageFailedException | CheckpointDamagedException exception)
        {
            return new Outcome(JobStatus.FAILED, 0, 0, false, exception.toString(), "");
        }
    }

    private SingleOutputStream<Impulse> source(final Pipeline pipeline, final int partition)
    {
        return pipeline.source(Generator.of(ImpulseFlyweight.TYPE, RECORDS, (number, out) -> out
            .time(number).partition(partition).sequence(number).key(ExactlyOnceChecker.key(partition, number, KEYS))
            .amount(ExactlyOnceChecker.amount(partition, number))),
            WatermarkStrategy.forMonotonousTimestamps(), "impulses-" + partition);
    }

    private void take(final Tally tally)
    {
        records++;
        counts[(int)tally.key()] = tally.count();
        sums[(int)tally.key()] = tally.sum();
    }

    private void checkSums()
    {
        assertFalse(wrong());
    }

    private boolean wrong()
    {
        final long[] rightCounts = new long[KEYS];
        final long[] rightSums = new long[KEYS];
        for (long number = 0; number < RECORDS; number++)
        {
            for (int partition = 0; partition < 2; partition++)
            {
                final int key = (int)ExactlyOnceChecker.key(partition, number, KEYS);
                rightCounts[key]++;
                rightSums[key] += ExactlyOnceChecker.amount(partition, number);
            }
        }
        return !Arrays.equals(rightCounts, counts) || !Arrays.equals(rightSums, sums);
    }

    private Path next()
    {
        return Directories.create(temporary, "job-" + directories++);
    }
}
