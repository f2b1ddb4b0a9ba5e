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

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;
import io.millrace.memory.KillPoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that is killed: feeds the job, runs it, and says how it is doing.
 * <pre>
 *   RUN 12        it runs, restored from checkpoint 12
 *   ACK 13        checkpoint 13 is complete
 *   POINT ...     a kill point that was passed, when it stops with kill points on
 *   DONE          the job has come to its end
 * </pre>
 */
public final class CrashJobMain
{
    private static final long PAUSE_NANOS = 200_000;

    private CrashJobMain()
    {
    }

    /**
     * Runs until the job has finished, or somebody kills it.
     *
     * @param arguments those of the job; records of a partition a second; records of a partition; milliseconds to run,
     *                  0 for ever; kill point and its occurrence, if any
     * @throws InterruptedException never
     */
    public static void main(final String[] arguments) throws InterruptedException
    {
        final CrashJob crash = CrashJob.of(arguments);
        final long rate = Long.parseLong(arguments[5]);
        final long total = Long.parseLong(arguments[6]);
        final long millis = Long.parseLong(arguments[7]);
        if (arguments.length > 8)
        {
            KillPoint.arm(arguments[8], Integer.parseInt(arguments[9]));
        }
        final List<Feeder> feeders = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        for (int partition = 0; partition < CrashJob.PARTITIONS; partition++)
        {
            final Feeder feeder = new Feeder(
                crash.impulses(partition), partition, CrashJob.KEYS, rate, total, crash.durability());
            feeders.add(feeder);
            threads.add(new Thread(feeder, "feeder-" + partition));
            threads.get(partition).setDaemon(true);
        }
        int status = 1;
        try (Job job = crash.pipeline().start(crash.config()))
        {
            say("RUN " + job.restoredCheckpoint());
            threads.forEach(Thread::start);
            follow(job, feeders, millis == 0 ? Long.MAX_VALUE : millis * 1_000_000);
            status = job.status() == JobStatus.FINISHED || job.status() == JobStatus.RUNNING ? 0 : 2;
            if (job.failure() != null)
            {
                say("FAILED " + job.failure().getMessage());
                job.failure().printStackTrace();
            }
            else if (job.status() == JobStatus.FINISHED)
            {
                say("DONE");
            }
        }
        feeders.forEach(Feeder::stop);
        for (final Thread thread : threads)
        {
            thread.join();
        }
        if (KillPoint.ENABLED)
        {
            new TreeMap<>(KillPoint.hits()).forEach((point, hits) -> say("POINT " + hits + " " + point));
        }
        System.exit(status);
    }

    private static void follow(final Job job, final List<Feeder> feeders, final long nanos)
    {
        final long start = System.nanoTime();
        long completed = job.restoredCheckpoint();
        while (job.status() == JobStatus.RUNNING && System.nanoTime() - start < nanos)
        {
            final long now = job.completedCheckpoint();
            if (now > completed)
            {
                completed = now;
                say("ACK " + now);
            }
            for (final Feeder feeder : feeders)
            {
                if (feeder.failure() != null)
                {
                    throw new IllegalStateException("a feeder failed: " + feeder.failure(), feeder.failure());
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void say(final String line)
    {
        synchronized (System.out)
        {
            System.out.println(String.format(Locale.ROOT, "%s", line));
            System.out.flush();
        }
    }
}
