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
import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.checkpoint.CheckpointStats;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A job whose sink is as fast as it can be, then 100 times slower, then stands still, then is fast again; in a process of
 * its own, whose memory is looked at. Ends with 0, or says what is wrong and ends with {@value #WRONG}.
 */
public final class SlowSinkMain
{
    static final int WRONG = 3;
    static final long MOST_GROWTH = 64L << 20;

    /** What is wrong with the sink, on purpose. */
    enum Fault
    {
        NONE,
        /** It keeps what it has no time for, and holds nobody up. */
        KEEPS,
        /** It leaves out what it has no time for. */
        DROPS
    }

    private static final int KEYS = 1_000;
    private static final int SLOWER = 100;
    private static final int QUEUED_LENGTH = 256;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Fault fault;
    private final ExactlyOnceChecker checker = new ExactlyOnceChecker(2, KEYS);
    private final long[] fed = new long[2];
    private final List<ByteBuffer> queue = new ArrayList<>();
    private volatile long delayNanos;
    private volatile boolean stalled;
    private volatile long taken;
    private volatile Throwable violation;
    private long debtNanos;
    private long firstRss;
    private long firstRegions;
    private long mostRss;
    private long mostRegions;

    private SlowSinkMain(final Fault fault)
    {
        this.fault = fault;
    }

    /**
     * Runs the phases.
     *
     * @param arguments directory, fault, ring's capacity, milliseconds slow, milliseconds standing still, milliseconds that a
     *                  checkpoint may take
     * @throws Exception never
     */
    public static void main(final String[] arguments) throws Exception
    {
        final SlowSinkMain main = new SlowSinkMain(Fault.valueOf(arguments[1]));
        try
        {
            main.run(Path.of(arguments[0]), Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]),
                Long.parseLong(arguments[4]), Long.parseLong(arguments[5]));
        }
        catch (final IllegalStateException | AssertionError wrong)
        {
            System.out.println("WRONG " + wrong.getMessage());
            System.out.flush();
            Runtime.getRuntime().halt(WRONG);
        }
    }

    private void run(final Path directory, final int ring, final long slow, final long stall, final long timeout)
        throws Exception
    {
        final Pipeline pipeline = Pipeline.create("slow");
        source(pipeline, 0).union(source(pipeline, 1))
            .keyByLong(Impulse::key)
            .process(TallyFlyweight.TYPE, () -> new Tallying(JobFault.NONE)).name("tallies").uid("tallies")
            .rebalance()
            .sink(CallbackSink.of(this::take), "sink").parallelism(1);
        final JobConfig config = new JobConfig().threading(ThreadingMode.SHARED).ringCapacity(ring)
            .checkpointing(Checkpoints.in(directory).every(Duration.ofMillis(50)).timeout(Duration.ofMillis(timeout)));
        try (Job job = pipeline.start(config))
        {
            // The second half counts: by then all is compiled and allocated.
            watch(job, 500, false);
            final long before = taken;
            final long start = System.nanoTime();
            watch(job, 500, false);
            final long each = (System.nanoTime() - start) / Math.max(1, taken - before);
            firstRss = rss();
            firstRegions = job.offHeapBytes();
            delayNanos = SLOWER * each;
            final long slowBefore = taken;
            watch(job, slow, true);
            final long slowTaken = taken - slowBefore;
            stalled = true;
            watch(job, stall, true);
            stalled = false;
            delayNanos = 0;
            final long completed = job.completedCheckpoint();
            awaitProgress(job, completed);
            watch(job, 300, true);
            final CheckpointStats stats = job.checkpointStats();
            job.drain();
            job.await(60, TimeUnit.SECONDS);
            require(violation == null, "violation " + violation);
            checker.ended(fed);
            require(stats.declined() == 0 && stats.failed() == 0, "checkpoints " + stats);
            require(stats.completed() > 0, "no checkpoint completed: " + stats);
            System.out.printf(Locale.ROOT, "nanos=%d a record, slow sink took=%d stalled ms=%d records=%d checkpoints " +
                "completed=%d timedOut=%d; growth of RSS=%.1f MiB, of regions=%.1f MiB%n", each, slowTaken, stall,
                checker.accepted(), stats.completed(), stats.timedOut(), mebibytes(mostRss - firstRss),
                mebibytes(mostRegions - firstRegions));
        }
    }

    private void awaitProgress(final Job job, final long completed) throws IOException
    {
        final long start = System.nanoTime();
        while (job.completedCheckpoint() <= completed)
        {
            require(System.nanoTime() - start < PATIENCE_NANOS, "no checkpoint completes after the stall");
            watch(job, 1, true);
        }
    }

    /** Looks at the job for so long. */
    private void watch(final Job job, final long millis, final boolean counts) throws IOException
    {
        final long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis))
        {
            LockSupport.parkNanos(LOOK_NANOS);
            require(job.failure() == null, "job failed " + job.failure());
            require(violation == null, "violation " + violation);
            for (final CheckpointReport report : job.checkpointStats().latest())
            {
                require(report.outcome() == CheckpointReport.Outcome.COMPLETED ||
                    report.outcome() == CheckpointReport.Outcome.TIMED_OUT, "checkpoint " + report);
            }
            if (counts)
            {
                mostRss = Math.max(mostRss, rss());
                mostRegions = Math.max(mostRegions, job.offHeapBytes());
                require(mostRss - firstRss <= MOST_GROWTH && mostRegions - firstRegions <= MOST_GROWTH,
                    "memory has grown: RSS by MiB=" + mebibytes(mostRss - firstRss) + " regions by MiB=" +
                    mebibytes(mostRegions - firstRegions));
            }
        }
    }

    /** The sink, on its task's thread. */
    private void take(final Tally tally)
    {
        if (violation != null)
        {
            return;
        }
        final boolean busy = delayNanos > 0 || stalled;
        if (busy && fault == Fault.KEEPS)
        {
            keep();
        }
        else if (busy && fault == Fault.DROPS && tally.sequence() % SLOWER != 0)
        {
            return;
        }
        else
        {
            delay();
        }
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
        // One writer.
        taken = checker.accepted();
    }

    private void delay()
    {
        debtNanos += delayNanos;
        while (debtNanos > PAUSE_NANOS || stalled)
        {
            final long start = System.nanoTime();
            LockSupport.parkNanos(PAUSE_NANOS);
            debtNanos = Math.max(0, debtNanos - (System.nanoTime() - start));
        }
    }

    private void keep()
    {
        if (queue.isEmpty() || queue.get(queue.size() - 1).remaining() < QUEUED_LENGTH)
        {
            queue.add(ByteBuffer.allocateDirect(1 << 20));
        }
        queue.get(queue.size() - 1).put(new byte[QUEUED_LENGTH]);
    }

    private static SingleOutputStream<Impulse> source(final Pipeline pipeline, final int partition)
    {
        return pipeline.source(Generator.of(ImpulseFlyweight.TYPE, Long.MAX_VALUE / 2, (number, out) -> out
            .time(number).partition(partition).sequence(number).key(ExactlyOnceChecker.key(partition, number, KEYS))
            .amount(ExactlyOnceChecker.amount(partition, number))),
            WatermarkStrategy.forMonotonousTimestamps(), "impulses-" + partition);
    }

    private static void require(final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new IllegalStateException(what);
        }
    }

    private static long rss() throws IOException
    {
        final String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(text -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
    }

    private static double mebibytes(final long bytes)
    {
        return bytes / (double)(1 << 20);
    }
}
