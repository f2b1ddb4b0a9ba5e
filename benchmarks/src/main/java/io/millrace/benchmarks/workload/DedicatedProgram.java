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

/** A job whose tasks have threads of their own; the measuring thread looks on. */
final class DedicatedProgram implements Program
{
    private final Job job;
    private final Progress progress;
    private final Checksum checksum;
    /** Of its files, or null. */
    private final TemporaryDirectory directory;

    /**
     * A program.
     *
     * @param job       that was started; closed by this
     * @param progress  that its source tells of
     * @param checksum  that its sink adds to
     * @param directory of its files, or null; closed by this
     */
    DedicatedProgram(
        final Job job, final Progress progress, final Checksum checksum, final TemporaryDirectory directory)
    {
        this.job = job;
        this.progress = progress;
        this.checksum = checksum;
        this.directory = directory;
    }

    @Override
    public long advanceTo(final long number)
    {
        return progress.await(number, () -> job.status() == JobStatus.RUNNING);
    }

    @Override
    public long finish()
    {
        return JobEnd.await(job, checksum);
    }

    @Override
    public long[] threads()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("millrace-") && !thread.getName().endsWith("-io"))
            .mapToLong(Thread::getId).toArray();
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
