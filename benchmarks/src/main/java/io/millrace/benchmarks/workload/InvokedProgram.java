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
package io.millrace.benchmarks.workload;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;

/** A job that the measuring thread steps. */
class InvokedProgram implements Program
{
    private final Job job;
    private final Checksum checksum;
    /** Of its files, or null. */
    private final TemporaryDirectory directory;
    private long next;

    /**
     * A program.
     *
     * @param job       that was started; closed by this
     * @param checksum  that its sink adds to
     * @param directory of its files, or null; closed by this
     */
    InvokedProgram(final Job job, final Checksum checksum, final TemporaryDirectory directory)
    {
        this.job = job;
        this.checksum = checksum;
        this.directory = directory;
    }

    final Job job()
    {
        return job;
    }

    @Override
    public final long advanceTo(final long number)
    {
        while (next < number && job.status() == JobStatus.RUNNING)
        {
            // A watermark counts as work too: 1 in 40,000 events.
            next += job.doWork();
        }
        return job.status() == JobStatus.RUNNING ? next : Math.max(next, number);
    }

    @Override
    public final long finish()
    {
        while (job.status() == JobStatus.RUNNING)
        {
            job.doWork();
        }
        return JobEnd.await(job, checksum);
    }

    @Override
    public void close()
    {
        job.close();
        if (directory != null)
        {
            directory.close();
        }
    }
}
