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

import io.millrace.checkpoint.connector.ChronicleQueueSink;
import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A job of several sources on a disk that is full for a while: it waits, says for what, shows nothing whose order is not
 * kept, and goes on when there is space, or exactly in the next life when it ends before.
 */
@Tag("laboratory")
class FullDiskTest
{
    private static final int KEYS = 100;
    private static final long RECORDS = 30_000;
    private static final long SHOWN_BEFORE = 2_000;
    /** Records that may enter while their order waits: one at least an entry, and entries have 128 KiB and the ring before. */
    private static final long MOST_UNKEPT = 30_000;
    private static final int IDLE_STEPS = 2_000;
    private static final long MOST_STEPS = 50_000_000;

    @TempDir
    private Path directory;

    private final ExactlyOnceChecker checker = new ExactlyOnceChecker(2, KEYS);
    private final TallyFlyweight tally = new TallyFlyweight();

    @ParameterizedTest
    @EnumSource(SyncLevel.class)
    void shouldWaitWhileTheDiskIsFullAndGoOnWithoutARestart(final SyncLevel level)
    {
        final FaultyFiles files = FaultyFiles.none();
        try (Job job = start(files, level); JournalReader shown = JournalReader.open(tallies()))
        {
            for (int times = 1; times <= 3; times++)
            {
                run(job, shown, times * SHOWN_BEFORE);
                files.full(true);
                runDry(job, shown);
                checkWaiting(job);
                files.full(false);
            }
            run(job, shown, Long.MAX_VALUE);
            assertEquals(JobStatus.FINISHED, job.status());
            assertEquals("", job.checkpointStats().waiting());
            read(shown);
            checker.ended(RECORDS, RECORDS);
        }
    }

    @ParameterizedTest
    @EnumSource(SyncLevel.class)
    void shouldBeExactWhenItEndsWhileTheDiskIsFull(final SyncLevel level)
    {
        for (int life = 0; life < 4; life++)
        {
            final FaultyFiles files = FaultyFiles.none();
            try (Job job = start(files, level); JournalReader shown = JournalReader.open(tallies()))
            {
                final ExactlyOnceChecker again = new ExactlyOnceChecker(2, KEYS);
                readAgain(shown, again);
                checker.sameAs(again);
                run(job, shown, checker.accepted() + SHOWN_BEFORE);
                if (life == 1)
                {
                    job.checkpoint();
                    step(job, IDLE_STEPS);
                }
                files.full(true);
                runDry(job, shown);
                checkWaiting(job);
            }
        }
        try (Job job = start(FaultyFiles.none(), level); JournalReader shown = JournalReader.open(tallies()))
        {
            readAgain(shown, new ExactlyOnceChecker(2, KEYS));
            run(job, shown, Long.MAX_VALUE);
            assertEquals(JobStatus.FINISHED, job.status());
            read(shown);
            checker.ended(RECORDS, RECORDS);
        }
    }

    /** Where no output waits for the order, the buffer of unwritten entries stops the sources. */
    @Test
    void shouldStopTheSourcesWhenTheBufferOfTheirOrderIsFull()
    {
        final FaultyFiles files = FaultyFiles.none();
        final Pipeline pipeline = Pipeline.create("buffer");
        final long[] seen = new long[1];
        source(pipeline, 0).union(source(pipeline, 1)).sink(CallbackSink.of(impulse -> seen[0]++), "sink");
        try (Job job = start(pipeline, files, SyncLevel.PROCESS))
        {
            files.full(true);
            int idle = 0;
            for (long steps = 0; idle < IDLE_STEPS; steps++)
            {
                idle = job.doWork() == 0 ? idle + 1 : 0;
                assertTrue(steps < MOST_STEPS, "it never waits");
            }
            assertEquals(JobStatus.RUNNING, job.status());
            assertTrue(seen[0] > 0 && seen[0] < MOST_UNKEPT, "seen=" + seen[0]);
            assertTrue(job.checkpointStats().waiting().contains("need usable="), job.checkpointStats()::waiting);
            files.full(false);
            for (long steps = 0; job.status() == JobStatus.RUNNING; steps++)
            {
                job.doWork();
                assertTrue(steps < MOST_STEPS, "it never ends");
            }
            assertEquals(JobStatus.FINISHED, job.status());
            assertEquals(2 * RECORDS, seen[0]);
        }
    }

    /** The negative control: output that is shown before its order is kept is noticed. */
    @Test
    void shouldNoticeOutputWhoseOrderIsNotKept()
    {
        final FaultyFiles files = FaultyFiles.none();
        try (Job job = start(files, SyncLevel.PROCESS); JournalReader shown = JournalReader.open(tallies()))
        {
            run(job, shown, SHOWN_BEFORE);
            assertTrue(checker.accepted() <= kept());
            files.lies(true);
            run(job, shown, 2 * SHOWN_BEFORE);
            assertTrue(checker.accepted() > kept());
        }
    }

    private void checkWaiting(final Job job)
    {
        assertNull(job.failure());
        assertEquals(JobStatus.RUNNING, job.status());
        final String waiting = job.checkpointStats().waiting();
        assertTrue(waiting.contains(directory.toString()) && waiting.contains("need usable="), waiting);
        final long kept = kept();
        assertTrue(checker.accepted() <= kept, "shown=" + checker.accepted() + " kept=" + kept);
    }

    /** Records whose order is on the disk. */
    private long kept()
    {
        final long[] records = new long[1];
        Checkpoints.recordedOrder(directory.resolve("checkpoints")).replay(
            (batch, kind, source, count, value, clock) -> records[0] += kind == OrderLog.KIND_RECORDS ? count : 0);
        return records[0];
    }

    /** Steps until so many records were shown, or the job ends. */
    private void run(final Job job, final JournalReader shown, final long records)
    {
        long steps = 0;
        while (job.status() == JobStatus.RUNNING && checker.accepted() < records)
        {
            job.doWork();
            if (steps % 64 == 0)
            {
                read(shown);
            }
            assertTrue(steps++ < MOST_STEPS, () -> "shown=" + checker.accepted() + " stats=" + job.checkpointStats());
        }
        assertNull(job.failure());
        assertTrue(records == Long.MAX_VALUE || job.status() == JobStatus.RUNNING, "too few records");
    }

    /** Steps until nothing is left to do: the sources have stopped. */
    private void runDry(final Job job, final JournalReader shown)
    {
        int idle = 0;
        for (long steps = 0; idle < IDLE_STEPS; steps++)
        {
            idle = job.doWork() == 0 ? idle + 1 : 0;
            assertTrue(steps < MOST_STEPS, "it never waits");
        }
        read(shown);
    }

    private static void step(final Job job, final int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            job.doWork();
        }
    }

    private void read(final JournalReader shown)
    {
        while (shown.poll() == JournalReader.FRAME)
        {
            take(shown, checker, Long.MAX_VALUE);
        }
    }

    /** Reads what an earlier life has shown, as far as it was read before. */
    private void readAgain(final JournalReader shown, final ExactlyOnceChecker again)
    {
        while (again.accepted() < checker.accepted())
        {
            assertEquals(JournalReader.FRAME, shown.poll());
            take(shown, again, checker.accepted());
        }
    }

    private void take(final JournalReader shown, final ExactlyOnceChecker to, final long most)
    {
        for (long slot = shown.nextRecord(); slot != 0; slot = shown.nextRecord())
        {
            tally.wrap(slot + SlotDescriptor.HEADER_LENGTH, SlotDescriptor.length(slot));
            to.accept(tally);
            assertTrue(to.accepted() <= most, "more was shown than before");
        }
    }

    private JournalContext tallies()
    {
        return new JournalContext().directory(directory.resolve("tallies")).recordType(TallyFlyweight.TYPE)
            .account(new MemoryAccount("tallies"));
    }

    private Job start(final FaultyFiles files, final SyncLevel level)
    {
        final Pipeline pipeline = Pipeline.create("full");
        source(pipeline, 0).union(source(pipeline, 1))
            .keyByLong(Impulse::key)
            .process(TallyFlyweight.TYPE, () -> new Tallying(JobFault.NONE)).name("tallies").uid("tallies")
            .sink(ChronicleQueueSink.exactlyOnce(directory.resolve("tallies"), TallyFlyweight.TYPE), "journal");
        return start(pipeline, files, level);
    }

    private Job start(final Pipeline pipeline, final FaultyFiles files, final SyncLevel level)
    {
        return pipeline.start(new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).ringCapacity(64)
            .checkpointing(Checkpoints.in(directory.resolve("checkpoints")).durability(level).keepingOrder()
                .storage(files::in)));
    }

    private static SingleOutputStream<Impulse> source(final Pipeline pipeline, final int partition)
    {
        return pipeline.source(Generator.of(ImpulseFlyweight.TYPE, RECORDS, (number, out) -> out
            .time(number).partition(partition).sequence(number).key(ExactlyOnceChecker.key(partition, number, KEYS))
            .amount(ExactlyOnceChecker.amount(partition, number))),
            WatermarkStrategy.forMonotonousTimestamps(), "impulses-" + partition);
    }
}
