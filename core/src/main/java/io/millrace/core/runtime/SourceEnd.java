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

import io.millrace.core.checkpoint.CheckpointService;

/**
 * How one source comes to its end: because its input has ended, and that is in a completed checkpoint, or because the job stops
 * with a savepoint, which is complete. See {@link EndOfInput}. One task's thread.
 */
final class SourceEnd
{
    private final CheckpointService checkpoints;
    private final EndOfInput endOfInput;
    private long lastBarrier;
    private boolean drained;
    private boolean stopped;
    /** First checkpoint whose barrier came after the last record; 0 when there is none yet. */
    private long drainedCheckpoint;
    private boolean covered;
    private boolean restoredDrained;
    /** Others are to be told once more, which may take several steps. */
    private boolean tellsAgain;
    /** The savepoint that the job stops with, when its barrier was put; 0 for none. */
    private long stopsAt;

    SourceEnd(final CheckpointService checkpoints, final EndOfInput endOfInput)
    {
        this.checkpoints = checkpoints;
        this.endOfInput = endOfInput;
    }

    boolean isDrained()
    {
        return drained;
    }

    /** Whether records that are there are left for later, since the job stops: the end is to be put as if there were none. */
    boolean isDrainAsked()
    {
        return !drained && (endOfInput.isDrainAsked() || endOfInput.drains());
    }

    /** Whether records that are there are left for a restart, since the job stops. */
    boolean isStopAsked()
    {
        return !drained && endOfInput.isAsked() && !endOfInput.drains();
    }

    /** Takes note that nothing more is put, though the input has not ended. */
    void stopped()
    {
        stopped = true;
        drained();
    }

    /** Whether the input has ended, and not only the job. */
    boolean inputEnded()
    {
        return drained && !stopped;
    }

    /** Takes note that the last record was put. */
    void drained()
    {
        restoredDrained = false;
        tellsAgain = false;
        if (!drained)
        {
            drained = true;
            endOfInput.drained();
        }
    }

    void barrier(final long checkpointId)
    {
        lastBarrier = checkpointId;
        if (drained && drainedCheckpoint == 0)
        {
            drainedCheckpoint = checkpointId;
        }
        if (checkpoints.stopCheckpoint() == checkpointId)
        {
            stopsAt = checkpointId;
        }
    }

    long lastBarrier()
    {
        return lastBarrier;
    }

    /** Whether nothing may be put behind the last barrier, since the job stops there. */
    boolean isStopping()
    {
        if (stopsAt != 0 && checkpoints.settledCheckpoint() >= stopsAt && !isStopped())
        {
            // The savepoint was given up.
            stopsAt = 0;
        }
        return stopsAt != 0;
    }

    /** Whether the end may be put, since the savepoint that the job stops with is complete. */
    boolean isStopped()
    {
        return stopsAt != 0 && checkpoints.completedCheckpoint() >= stopsAt;
    }

    /** Whether the source puts a barrier for a checkpoint: not when it was asked for too late. */
    boolean answers(final long requested)
    {
        return endOfInput.answers(requested);
    }

    /** Whether the end of this source is in a completed checkpoint; it never is while the job drains for its savepoint. */
    boolean isCovered()
    {
        if (endOfInput.isDrainAsked())
        {
            return false;
        }
        if (!covered && drainedCheckpoint != 0 && checkpoints.completedCheckpoint() >= drainedCheckpoint)
        {
            covered = true;
            endOfInput.covered();
        }
        return covered;
    }

    /** Asks for the checkpoint that will hold the end of this source; work done. */
    int askForCheckpoint()
    {
        if (endOfInput.isDrainAsked())
        {
            // The savepoint is that checkpoint.
            return 0;
        }
        final long settled = checkpoints.settledCheckpoint();
        if (drainedCheckpoint > settled || drainedCheckpoint != 0 && isCovered())
        {
            return 0;
        }
        // None was asked for yet, or it was given up.
        drainedCheckpoint = 0;
        return checkpoints.request() == 0 ? 0 : 1;
    }

    /** Whether others must be told once more that nothing comes from here: they go on, and this source had ended before. */
    boolean tellsAgain()
    {
        tellsAgain |= restoredDrained && !endOfInput.isReached();
        return tellsAgain;
    }

    /** Whether all sources are covered, and this one has put the last barrier that is waited for. */
    boolean isReached()
    {
        if (!endOfInput.isReached())
        {
            return false;
        }
        final long last = endOfInput.lastCheckpoint(checkpoints.requestedCheckpoint());
        return last <= lastBarrier || checkpoints.isSettled(last);
    }

    /** Goes on behind a checkpoint. */
    void restore(final long checkpointId, final boolean restoredAsDrained)
    {
        lastBarrier = checkpointId;
        drained = restoredAsDrained;
        if (drained)
        {
            restoredDrained = true;
            endOfInput.drained();
            covered = true;
            endOfInput.covered();
        }
    }
}
