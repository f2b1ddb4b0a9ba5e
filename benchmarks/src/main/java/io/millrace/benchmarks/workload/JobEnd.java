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

/** The end of a job whose input ends. */
final class JobEnd
{
    private JobEnd()
    {
    }

    /**
     * Waits for it.
     *
     * @param job      that comes to its end
     * @param checksum that the job's sink adds to
     * @return the checksum of all results
     * @throws io.millrace.core.runtime.JobFailedException when the job failed
     */
    static long await(final Job job, final Checksum checksum)
    {
        try
        {
            job.await();
        }
        catch (final InterruptedException exception)
        {
            throw new IllegalStateException("interrupted while waiting for the end of the job", exception);
        }
        return checksum.value();
    }
}
