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
import io.millrace.checkpoint.files.StorageFullException;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.checkpoint.CheckpointStats;
import io.millrace.core.failure.JobFailure;
import io.millrace.core.failure.RestartStrategy;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes to a small disk that is filled at any instant by another thread, and freed when the writer has noticed; in a
 * process of its own, since a store to a mapped page without a block would end it.
 * <pre>
 *   JOURNAL   frames of a journal, of a day after the other: the disk fills at an append or roll
 *   JOB       a job of two sources: the disk fills at a snapshot or at its order log
 *   RESTARTS  a job of one source, which waits for no order, with an output journal on the disk, which fails the job: a restart
 *             brings it back
 *   BARE      a queue as it comes, without the guard: the control
 * </pre>
 */
public final class MappedDiskMain
{
    static final String FOUND = "InternalError";

    private static final int KEYS = 20_000;
    private static final int MAX_RECORDS = 4_000;
    private static final long RECORDS_OF_A_ROUND = 12_000;
    private static final long JOURNAL_LENGTH = 12L << 20;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long DAY_MILLIS = 86_400_000L;

    private final Path disk;
    private final SplittableRandom random;
    private final MemoryAccount account = new MemoryAccount("mapped");
    private long days;
    private volatile Throwable violation;

    private MappedDiskMain(final Path disk, final long seed)
    {
        this.disk = disk;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Runs.
     *
     * @param arguments disk, what, rounds, seed
     * @throws Exception when something is wrong
     */
    public static void main(final String[] arguments) throws Exception
    {
        final MappedDiskMain main = new MappedDiskMain(Path.of(arguments[0]), Long.parseLong(arguments[3]));
        final int rounds = Integer.parseInt(arguments[2]);
        switch (arguments[1])
        {
            case "JOURNAL" -> main.journals(rounds);
            case "JOB" -> main.job(rounds);
            case "RESTARTS" -> main.restarts(rounds);
            case "BARE" -> main.bare();
            default -> throw new IllegalArgumentException(arguments[1]);
        }
        System.exit(0);
    }

    private void journals(final int rounds) throws Exception
    {
        int refused = 0;
        int early = 0;
        for (int round = 0; round < rounds; round++)
        {
            final Path directory = disk.resolve("journal-" + round);
            final JournalContext context = new JournalContext().directory(directory).recordType(ImpulseFlyweight.TYPE)
                .account(account).syncLevel(round % 3 == 0 ? SyncLevel.DURABLE : SyncLevel.PROCESS)
                .epochMillis(() -> days * DAY_MILLIS);
            final Filler filler = new Filler(random.nextLong(3_000_000L));
            long records = 0;
            final boolean rolls = random.nextBoolean();
            // Half of the disks fill between two frames, behind the last look at what is free.
            final boolean between = random.nextBoolean();
            try (JournalWriter writer = JournalWriter.open(context))
            {
                if (!between)
                {
                    filler.start();
                }
                for (long bytes = 0; bytes < JOURNAL_LENGTH || !filler.filled();)
                {
                    final int count = random.nextInt(1, MAX_RECORDS);
                    for (int i = 0; i < count; i++)
                    {
                        records += write(writer, records) ? 1 : 0;
                    }
                    bytes += (long)count * (SlotDescriptor.HEADER_LENGTH + ImpulseFlyweight.TYPE.blockLength());
                    if (between && filler.getState() == Thread.State.NEW && random.nextInt(40) == 0)
                    {
                        filler.start();
                        filler.awaitFull();
                    }
                    days += rolls && random.nextInt(10) == 0 ? 1 : 0;
                    final String reason = flush(writer);
                    if (reason != null)
                    {
                        require(reason.contains(directory.toString()) && reason.contains("needs ") && reason.contains("usable="),
                            reason);
                        refused++;
                        early += reason.contains("reserve=") ? 1 : 0;
                        filler.free();
                        require(flush(writer) == null, "still full");
                    }
                    if (bytes > 2 * JOURNAL_LENGTH)
                    {
                        break;
                    }
                }
                if (filler.getState() != Thread.State.NEW)
                {
                    filler.free();
                }
            }
            require(Feeder.recorded(directory) == records, "journal holds records=" + Feeder.recorded(directory) + " of " +
                records);
            Directories.delete(directory);
        }
        System.out.printf(Locale.ROOT, "journals=%d refused=%d by the reserve=%d: lost 0%n", rounds, refused, early);
        require(refused > 0, "the disk was never full");
    }

    private static boolean write(final JournalWriter writer, final long number)
    {
        final long slot = writer.claim(ImpulseFlyweight.TYPE.blockLength());
        if (slot == 0)
        {
            return false;
        }
        final ImpulseFlyweight impulse = new ImpulseFlyweight();
        impulse.wrap(slot + SlotDescriptor.HEADER_LENGTH, ImpulseFlyweight.TYPE.blockLength());
        impulse.clear();
        impulse.time(number).sequence(number);
        SlotDescriptor.timestamp(slot, number);
        SlotDescriptor.ingressTime(slot, number);
        writer.commit();
        return true;
    }

    private static String flush(final JournalWriter writer)
    {
        try
        {
            writer.flush();
            return null;
        }
        catch (final StorageFullException exception)
        {
            return exception.getMessage();
        }
    }

    private void job(final int rounds) throws Exception
    {
        final ExactlyOnceChecker checker = new ExactlyOnceChecker(2, KEYS);
        final long[] fed = new long[2];
        final Pipeline pipeline = Pipeline.create("mapped");
        source(pipeline, 0).union(source(pipeline, 1))
            .keyByLong(Impulse::key)
            .process(TallyFlyweight.TYPE, () -> new Tallying(JobFault.NONE)).name("tallies").uid("tallies")
            .sink(CallbackSink.of(tally -> take(checker, fed, tally)), "sink");
        int declined = 0;
        int waited = 0;
        try (Job job = pipeline.start(new JobConfig().threading(ThreadingMode.SHARED).ringCapacity(256)
            .checkpointing(Checkpoints.in(disk.resolve("checkpoints")).every(Duration.ofMillis(2)).timeout(Duration.ofSeconds(5)))))
        {
            for (int round = 0; round < rounds; round++)
            {
                final long before = job.completedCheckpoint();
                await(job, () -> job.completedCheckpoint() > before, "checkpoint");
                final Filler filler = new Filler(random.nextLong(20_000_000L));
                final long declinedBefore = job.checkpointStats().declined();
                filler.start();
                final boolean order = random.nextBoolean();
                await(job, () -> filler.filled() && (order ? !job.checkpointStats().waiting().isEmpty() :
                    job.checkpointStats().declined() > declinedBefore || !job.checkpointStats().waiting().isEmpty()), "full disk");
                final CheckpointStats stats = job.checkpointStats();
                waited += stats.waiting().isEmpty() ? 0 : 1;
                declined += stats.declined() > declinedBefore ? 1 : 0;
                check(stats);
                filler.free();
                await(job, () -> job.checkpointStats().waiting().isEmpty(), "space");
            }
            final long before = job.completedCheckpoint();
            await(job, () -> job.completedCheckpoint() > before, "checkpoint");
            job.drain();
            job.await(60, TimeUnit.SECONDS);
            require(job.failure() == null, "job failed " + job.failure());
        }
        checker.ended(fed);
        System.out.printf(Locale.ROOT, "rounds=%d declined in=%d waited in=%d records=%d: lost 0, duplicates 0, no restart%n",
            rounds, declined, waited, checker.accepted());
        require(waited > 0, "the order never waited");
    }

    private void restarts(final int rounds) throws Exception
    {
        final long records = rounds * RECORDS_OF_A_ROUND;
        final Path tallies = disk.resolve("tallies");
        final Pipeline pipeline = Pipeline.create("restarts");
        source(pipeline, 0, records)
            .keyByLong(Impulse::key)
            .process(TallyFlyweight.TYPE, () -> new Tallying(JobFault.NONE)).name("tallies").uid("tallies")
            .sink(ChronicleQueueSink.exactlyOnce(tallies, TallyFlyweight.TYPE), "journal");
        int failures = 0;
        try (Job job = pipeline.start(new JobConfig().threading(ThreadingMode.SHARED).ringCapacity(256)
            .restartStrategy(RestartStrategy.fixedDelay(Integer.MAX_VALUE, Duration.ofMillis(20)))
            .checkpointing(Checkpoints.in(disk.resolve("checkpoints")).every(Duration.ofMillis(20)))))
        {
            while (!job.status().ended())
            {
                final Filler filler = new Filler(random.nextLong(200_000_000L));
                filler.start();
                filler.awaitFull();
                LockSupport.parkNanos(random.nextLong(200_000_000L));
                filler.free();
                final long start = System.nanoTime();
                while (!job.status().ended() && System.nanoTime() - start < random.nextLong(1, 400_000_000L))
                {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            require(job.failure() == null, "job failed " + job.failure());
            failures = job.failures().size();
            for (final JobFailure failure : job.failures())
            {
                final String text = failure.toString();
                require(text.contains(disk.toString()) && text.contains("usable="), text);
            }
        }
        final ExactlyOnceChecker checker = new ExactlyOnceChecker(1, KEYS);
        final long[] fed = new long[1];
        final TallyFlyweight tally = new TallyFlyweight();
        try (JournalReader reader = JournalReader.open(
            new JournalContext().directory(tallies).recordType(TallyFlyweight.TYPE).account(account)))
        {
            while (reader.poll() == JournalReader.FRAME)
            {
                for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
                {
                    tally.wrap(slot + SlotDescriptor.HEADER_LENGTH, SlotDescriptor.length(slot));
                    take(checker, fed, tally);
                }
            }
        }
        require(violation == null, "violation " + violation);
        checker.ended(records);
        System.out.printf(Locale.ROOT, "records=%d failures=%d: lost 0, duplicates 0%n",
            checker.accepted(), failures);
        require(failures > 0, "the disk was never full for the journal");
    }

    private void check(final CheckpointStats stats)
    {
        if (!stats.waiting().isEmpty())
        {
            require(stats.waiting().contains(disk.toString()) && stats.waiting().contains("need usable="), stats.waiting());
        }
        for (final CheckpointReport report : stats.latest())
        {
            require(report.outcome() != CheckpointReport.Outcome.FAILED, report.toString());
            require(report.outcome() != CheckpointReport.Outcome.DECLINED || report.reason().contains(disk.toString()),
                report.toString());
        }
    }

    private interface Condition
    {
        boolean holds();
    }

    private void await(final Job job, final Condition condition, final String what)
    {
        final long start = System.nanoTime();
        while (!condition.holds())
        {
            require(job.failure() == null, "job failed " + job.failure());
            require(violation == null, "violation " + violation);
            require(System.nanoTime() - start < PATIENCE_NANOS, "no " + what + ": " + job.checkpointStats());
            LockSupport.parkNanos(100_000);
        }
    }

    private void take(final ExactlyOnceChecker checker, final long[] fed, final Tally tally)
    {
        try
        {
            checker.accept(tally);
            final int partition = (int)tally.partition();
            fed[partition] = Math.max(fed[partition], tally.sequence() + 1);
        }
        catch (final AssertionError wrong)
        {
            violation = wrong;
        }
    }

    private static SingleOutputStream<Impulse> source(final Pipeline pipeline, final int partition)
    {
        return source(pipeline, partition, Long.MAX_VALUE / 2);
    }

    private static SingleOutputStream<Impulse> source(final Pipeline pipeline, final int partition, final long records)
    {
        final boolean paced = records <= Integer.MAX_VALUE;
        return pipeline.source(Generator.of(ImpulseFlyweight.TYPE, records, (number, out) -> out
            .time(paced ? pace(number) : number).partition(partition).sequence(number)
            .key(ExactlyOnceChecker.key(partition, number, KEYS)).amount(ExactlyOnceChecker.amount(partition, number))),
            WatermarkStrategy.forMonotonousTimestamps(), "impulses-" + partition);
    }

    /** Has a source of few records take its time. */
    private static long pace(final long number)
    {
        if (number % 16 == 0)
        {
            LockSupport.parkNanos(1_000_000);
        }
        return number;
    }

    private void bare() throws Exception
    {
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(disk.resolve("bare")).build();
            ExcerptAppender appender = queue.createAppender())
        {
            final byte[] document = new byte[100_000];
            appender.writeBytes(bytes -> bytes.write(document));
            final Filler filler = new Filler(0);
            filler.start();
            filler.awaitFull();
            for (int i = 0; i < 200; i++)
            {
                appender.writeBytes(bytes -> bytes.write(document));
            }
            System.out.println("nothing happened");
        }
        catch (final InternalError error)
        {
            System.out.println(FOUND + " " + error.getMessage());
            System.out.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void require(final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new IllegalStateException(what);
        }
    }

    /** Fills the disk, to the last byte, until it is told to free it. */
    private final class Filler extends Thread
    {
        private final Path ballast = disk.resolve("ballast");
        private final long afterNanos;
        private volatile boolean filled;
        private volatile boolean freed;

        Filler(final long afterNanos)
        {
            super("filler");
            this.afterNanos = afterNanos;
            setDaemon(true);
        }

        boolean filled()
        {
            return filled;
        }

        @Override
        public void run()
        {
            LockSupport.parkNanos(afterNanos);
            try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
            {
                final ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
                while (!freed)
                {
                    block.clear();
                    try
                    {
                        while (block.hasRemaining())
                        {
                            channel.write(block);
                        }
                    }
                    catch (final IOException full)
                    {
                        filled = true;
                        LockSupport.parkNanos(50_000);
                    }
                }
            }
            catch (final IOException exception)
            {
                violation = exception;
            }
        }

        void awaitFull()
        {
            while (!filled)
            {
                LockSupport.parkNanos(100_000);
            }
        }

        void free() throws IOException, InterruptedException
        {
            freed = true;
            join();
            Files.deleteIfExists(ballast);
        }
    }
}
