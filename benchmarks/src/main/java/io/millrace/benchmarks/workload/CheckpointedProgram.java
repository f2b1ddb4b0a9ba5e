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

/** A job that the measuring thread steps, and that makes checkpoints in a directory of its own. */
final class CheckpointedProgram extends InvokedProgram
{
    private final MeasuredCheckpoints checkpoints;

    /**
     * A program.
     *
     * @param job         that was started; closed by this
     * @param checksum    that its sink adds to
     * @param checkpoints that it makes
     * @param directory   that it makes them in; closed by this
     */
    CheckpointedProgram(
        final Job job,
        final Checksum checksum,
        final MeasuredCheckpoints checkpoints,
        final TemporaryDirectory directory)
    {
        super(job, checksum, directory);
        this.checkpoints = checkpoints;
    }

    @Override
    public CheckpointReport checkpoints()
    {
        // The directory is new, so that ids begin with 1, and none is declined without a warning.
        return new CheckpointReport(job().completedCheckpoint(), checkpoints.bytes());
    }
}
