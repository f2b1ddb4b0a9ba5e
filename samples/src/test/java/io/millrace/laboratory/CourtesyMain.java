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
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.laboratory.CrashJob.State;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The process of T22: a job as busy as it can be, and a garbage collection every 100 ms that must not wait for it. Its
 * JVM writes how long each safepoint took to reach.
 */
public final class CourtesyMain
{
    private static final int KEYS = 200_000;
    private static final long PAUSE_NANOS = 100_000_000;
    /** As the job has: feeders, sources, tallies, the sink, the log, and input and output. */
    private static final int BUSY_THREADS = 8;
    private static final long BIG_LENGTH = 512L << 20;

    private CourtesyMain()
    {
    }

    /** What is done while the collections are. */
    enum Load
    {
        /** The job. */
        JOB,
        /** As many threads that only count, and may be stopped anywhere: what the machine's scheduler makes of it. */
        COUNTING,
        /** The fault on purpose: 512 MiB set in one call, over and over. */
        ONE_BIG_PIECE
    }

    /**
     * Collects.
     *
     * @param arguments directory; load; collections
     */
    public static void main(final String[] arguments)
    {
        final Path directory = Path.of(arguments[0]);
        final int collections = Integer.parseInt(arguments[2]);
        switch (Load.valueOf(arguments[1]))
        {
            case JOB -> runJob(directory, collections);
            case ONE_BIG_PIECE -> setOneBigPiece(collections);
            case COUNTING -> count(collections);
        }
        System.exit(0);
    }

    private static void runJob(final Path directory, final int collections)
    {
        final CrashJob crash =
            new CrashJob(directory, State.OFF_HEAP, ThreadingMode.SHARED, SyncLevel.PROCESS, JobFault.NONE);
        final Feeder[] feeders = new Feeder[CrashJob.PARTITIONS];
        for (int partition = 0; partition < feeders.length; partition++)
        {
            feeders[partition] =
                new Feeder(crash.impulses(partition), partition, KEYS, 0, Long.MAX_VALUE, SyncLevel.PROCESS);
            start(feeders[partition]);
        }
        try (Job job = crash.pipeline().start(crash.config()))
        {
            collect(collections);
            if (job.status() != JobStatus.RUNNING)
            {
                throw new IllegalStateException("status=" + job.status(), job.failure());
            }
            System.out.printf(Locale.ROOT, "checkpoint=%d%n", job.completedCheckpoint());
        }
    }

    private static void setOneBigPiece(final int collections)
    {
        final Region region = Region.allocate(new MemoryAccount("courtesy"), "one big piece", BIG_LENGTH);
        start(() ->
        {
            while (true)
            {
                Memory.fill(region.address(), region.length(), (byte)1);
            }
        });
        collect(collections);
    }

    private static void count(final int collections)
    {
        final AtomicLong total = new AtomicLong();
        for (int i = 0; i < BUSY_THREADS; i++)
        {
            start(() ->
            {
                while (true)
                {
                    total.incrementAndGet();
                }
            });
        }
        collect(collections);
    }

    private static void start(final Runnable work)
    {
        final Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private static void collect(final int collections)
    {
        for (int i = 0; i < collections; i++)
        {
            final long due = System.nanoTime() + PAUSE_NANOS;
            while (System.nanoTime() < due)
            {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            System.gc();
        }
    }
}
