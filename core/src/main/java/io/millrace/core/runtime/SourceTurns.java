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

import io.millrace.core.chain.StagingOutput;
import io.millrace.core.ordering.IngressClock;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.ReplayLog;
import io.millrace.core.ordering.SourceProgress;

/**
 * A source's turns among several: a batch is collected first, then claimed, and then sent with the causes of its claim; a barrier that
 * was claimed before goes first. In a replay the log of an earlier life gives the causes.
 */
final class SourceTurns
{
    private static final long NONE = -1;

    private final SourceProgress progress;
    private final StagingOutput staging;
    private final Barriers barriers;
    private long claimed = NONE;
    private long lastCause = NONE;
    private long barrierCause = NONE;
    /** Something was sent that merges cannot see yet: a claim now would tell them that it is past. */
    private boolean unpublished;
    private boolean replayed;
    private boolean ended;

    SourceTurns(final SourceProgress progress, final StagingOutput staging, final Barriers barriers)
    {
        this.progress = progress;
        this.staging = staging;
        this.barriers = barriers;
    }

    /** Whether what was sent before must be published before anything else is sent. */
    boolean unpublished()
    {
        return unpublished;
    }

    /** What the log of an earlier life says that the source does now; null when it is live. */
    ReplayLog.Cursor replaying()
    {
        return progress.replaying();
    }

    /** Cause of what was claimed. */
    long claimedCause()
    {
        return claimed;
    }

    /** Takes the place that the log names for what was collected, or for the end of the records. */
    void claimReplayed()
    {
        claimed = progress.replaying().cause();
        replayed = true;
    }

    /** Passes over the log's entry: nothing comes of it. */
    void skipReplayed()
    {
        lastCause = progress.replaying().cause();
        replayed = true;
        unpublished = true;
    }

    /** The checkpoint of the barrier that the log names, 0 to come again. */
    long takeReplayedBarrier()
    {
        final long cause = progress.replaying().cause();
        final long checkpoint = barriers.replayed(cause);
        if (checkpoint != 0)
        {
            lastCause = cause;
            replayed = true;
            unpublished = true;
        }
        return checkpoint;
    }

    /** Records that were collected and not sent. */
    int staged()
    {
        return staging.count();
    }

    /** Cause of the last record or control slot that was sent. */
    long lastCause()
    {
        return lastCause;
    }

    /** Goes on from a snapshot. */
    void restore(final long restoredCause)
    {
        lastCause = restoredCause;
    }

    /**
     * Claims a place for what was collected, or for the end of the records.
     *
     * @return false to come again, since the order log is behind
     */
    boolean claim()
    {
        return claim(OrderLog.KIND_RECORDS);
    }

    private boolean claim(final byte kind)
    {
        if (claimed == NONE)
        {
            if (!progress.mayClaim())
            {
                return false;
            }
            claimed = progress.claim(kind, staging.count(), 0);
        }
        return true;
    }

    /**
     * Takes a place for the end of the stream, where no barriers and no log are waited for. The place of the last record
     * or watermark will not do: merges may know already that it is past.
     *
     * @return false to come again, since the order log is behind
     */
    boolean takeEnd()
    {
        if (!claim(OrderLog.KIND_END))
        {
            return false;
        }
        send();
        return true;
    }

    /**
     * Looks for a barrier that goes before what was claimed, or before anything when nothing was.
     *
     * @return cause of the barrier, {@link IngressClock#NONE} or {@link IngressClock#UNRESOLVED}
     */
    long pendingBarrier()
    {
        return progress.pendingBroadcast(claimed == NONE ? IngressClock.NONE : claimed);
    }

    /** Takes a pending barrier; its id. */
    long takeBarrier(final long cause)
    {
        barrierCause = cause;
        lastCause = cause;
        unpublished = true;
        return progress.broadcastValue();
    }

    /** Sends what was collected; number of records. */
    int send()
    {
        final int count = staging.count();
        staging.send(claimed);
        lastCause = claimed + Math.max(0, count - 1);
        claimed = NONE;
        unpublished = true;
        return count;
    }

    void end()
    {
        ended = true;
    }

    /** Everything up to a cause is on the rings. */
    void published(final long pending)
    {
        if (pending != TaskPlace.NOTHING)
        {
            progress.advance(pending);
            return;
        }
        unpublished = false;
        if (progress.replaying() != null)
        {
            replayPublished();
            return;
        }
        if (barrierCause != NONE)
        {
            progress.injected(barrierCause);
            barrierCause = NONE;
        }
        if (ended)
        {
            progress.end();
        }
        else if (claimed != NONE)
        {
            progress.advance(claimed);
        }
        else
        {
            progress.idle();
        }
    }

    private void replayPublished()
    {
        if (replayed)
        {
            replayed = false;
            progress.replayed();
            if (progress.replaying() == null)
            {
                barriers.replayEnds();
            }
        }
    }
}
