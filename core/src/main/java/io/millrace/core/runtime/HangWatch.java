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
package io.millrace.core.runtime;

import io.millrace.core.failure.HangReport;
import io.millrace.core.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Finds steps of tasks that do not come back: a user's function hangs there. Looks now and then, from the I/O thread, at
 * what the tasks count anyway, and tells of each such step once. A step in which records move on is none, however long it
 * takes.
 */
final class HangWatch
{
    private static final Logger LOGGER = LoggerFactory.getLogger(HangWatch.class);
    private static final int LOOKS_PER_TIMEOUT = 4;

    private final String job;
    private final JobConfig config;
    private final LongSupplier nanoClock;
    private final long timeout;
    private final Task[] tasks;
    private final Counter hangs;
    private final long[] seen;
    private final long[] since;
    private final boolean[] told;
    private long nextLook;

    HangWatch(final String job, final JobConfig config, final Task[] tasks, final Counter hangs)
    {
        this.job = job;
        this.config = config;
        this.nanoClock = config.nanoClock();
        this.timeout = config.hangTimeout().toNanos();
        this.tasks = tasks;
        this.hangs = hangs;
        this.seen = new long[tasks.length];
        this.since = new long[tasks.length];
        this.told = new boolean[tasks.length];
        this.nextLook = nanoClock.getAsLong();
        Arrays.fill(since, nextLook);
    }

    /**
     * Looks, when it is time to.
     *
     * @return the failure that a step is to be for the job; mostly null
     */
    JobFailedException look()
    {
        final long now = nanoClock.getAsLong();
        if (now - nextLook < 0)
        {
            return null;
        }
        nextLook = now + timeout / LOOKS_PER_TIMEOUT;
        JobFailedException failure = null;
        for (int i = 0; i < tasks.length; i++)
        {
            final long progress = tasks[i].progress();
            if (progress != seen[i] || !tasks[i].stepping())
            {
                seen[i] = progress;
                since[i] = now;
                told[i] = false;
            }
            else if (now - since[i] >= timeout && !told[i])
            {
                told[i] = true;
                failure = tell(tasks[i], Duration.ofNanos(now - since[i]));
            }
        }
        return failure;
    }

    private JobFailedException tell(final Task task, final Duration elapsed)
    {
        final Thread thread = task.stepper();
        final StackTraceElement[] stack = thread.getStackTrace();
        final HangReport report = new HangReport(
            task.roleName(), TaskFailure.place(task, stack), elapsed, thread.getName(), List.of(stack));
        hangs.increment();
        LOGGER.error("job {}: {}", job, report);
        try
        {
            config.hangHandler().accept(report);
        }
        catch (final RuntimeException exception)
        {
            LOGGER.error("job {}: the handler of hangs failed", job, exception);
        }
        return config.failsOnHang() ? new JobFailedException("job " + job + " failed: " + report, null) : null;
    }
}
