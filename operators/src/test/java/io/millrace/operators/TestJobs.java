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
package io.millrace.operators;

import io.millrace.core.metrics.Counter;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Runs pipelines of tests step by step, on the test's thread, to their end; nothing off-heap may be left. */
public final class TestJobs
{
    private static final int MANY_STEPS = 1_000_000;

    private TestJobs()
    {
    }

    /** A configuration under which the test steps the job. */
    public static JobConfig stepped()
    {
        return new JobConfig().threading(ThreadingMode.INVOKER);
    }

    /** Runs to the end of the input. */
    public static void run(final Pipeline pipeline) throws Exception
    {
        run(pipeline, stepped());
    }

    /** Runs to the end of the input. */
    public static void run(final Pipeline pipeline, final JobConfig config) throws Exception
    {
        final Job job = pipeline.start(config);
        try (job)
        {
            finish(job);
            assertEquals(JobStatus.FINISHED, job.status());
        }
        assertEquals(0, job.offHeapBytes());
    }

    /** Steps until the job has ended, and throws what it failed with. */
    public static void finish(final Job job) throws Exception
    {
        for (int i = 0; i < MANY_STEPS && job.status() == JobStatus.RUNNING; i++)
        {
            job.doWork();
        }
        if (job.status() == JobStatus.RUNNING)
        {
            throw new AssertionError("job does not end: " + job.explain());
        }
        job.await();
    }

    /** Steps until nothing is left to do. */
    public static void settle(final Job job)
    {
        int idle = 0;
        for (int i = 0; i < MANY_STEPS && idle < 3; i++)
        {
            idle = job.doWork() == 0 ? idle + 1 : 0;
        }
    }

    /** What the counters of that name add up to. */
    public static long counter(final Job job, final String name)
    {
        return job.counters().stream().filter(counter -> counter.name().equals(name)).mapToLong(Counter::get).sum();
    }
}
