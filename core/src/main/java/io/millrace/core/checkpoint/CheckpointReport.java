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
package io.millrace.core.checkpoint;

import java.util.List;

/**
 * What became of one checkpoint. Immutable.
 *
 * @param id            of the checkpoint
 * @param full          whether it was to hold all state, and not only what had changed
 * @param outcome       what became of it
 * @param reason        why it was not completed, empty when it was
 * @param durationNanos from its begin to its completion, or until it was given up
 * @param bytes         that tasks had handed in and the store had taken
 * @param chainLength   data files that the latest complete checkpoint needed afterwards
 * @param chainBytes    their bytes
 * @param pauses        of the tasks that had handed in their part, by their numbers
 */
public record CheckpointReport(
    long id,
    boolean full,
    Outcome outcome,
    String reason,
    long durationNanos,
    long bytes,
    int chainLength,
    long chainBytes,
    List<TaskPause> pauses)
{
    /** What becomes of checkpoints. */
    public enum Outcome
    {
        /** It will survive. */
        COMPLETED,
        /** The store could not take it; the job ran on. */
        DECLINED,
        /** It took longer than it may; the job ran on. */
        TIMED_OUT,
        /** Storage is not to be trusted any more; the job failed. */
        FAILED
    }

    /**
     * A report.
     */
    public CheckpointReport
    {
        pauses = List.copyOf(pauses);
    }

    /**
     * The longest time that a barrier took to go through one task's operators.
     *
     * @return nanoseconds, 0 when no task has told
     */
    public long maxSynchronousNanos()
    {
        return pauses.stream().mapToLong(TaskPause::synchronousNanos).max().orElse(0);
    }

    /**
     * The longest time that channels of one task waited for each other.
     *
     * @return nanoseconds, 0 when no task has told
     */
    public long maxAlignmentNanos()
    {
        return pauses.stream().mapToLong(TaskPause::alignmentNanos).max().orElse(0);
    }
}
