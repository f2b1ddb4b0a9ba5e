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
 * was claimed before goes first. In a replay the log of an earlier life gives the causes, and the engine's clock.
 */
final class SourceTurns
{
    private static final long NONE = -1;

    private final SourceProgress progress;
    private final StagingOutput staging;
    private final Barriers barriers;
    /** Null in a job that has no use for the engine's clock. */
    private final SourceClock clock;
    private final boolean halts;
    private long claimed = NONE;
    private long claimedClock;
    private long lastCause = NONE;
    private long broadcastCause = NONE;
    /** Something was sent that merges cannot see yet: a claim now would tell them that it is past. */
    private boolean unpublished;
    private boolean replayed;
    /** The place that was claimed is that of going idle. */
    private boolean goingIdle;
    private boolean ended;

    SourceTurns(
        final SourceProgress progress, final StagingOutput staging, final Barriers barriers, final SourceClock clock, final boolean halts)
    {
        this.halts = halts;
        this.progress = progress;
        this.staging = staging;
        this.barriers = barriers;
        this.clock = clock;
    }

    /** Processing time at the source; null in a job that has no use for it. */
    SourceClock clock()
    {
        return clock;
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

    /** Whether the source takes nothing any more, since the log is followed and no further. */
    boolean halted()
    {
        return halts && progress.replaying() == null;
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
        claimedClock = progress.replaying().clock();
    }

    /** Takes the log's entry, or passes over it: no record comes of it. */
    void takeReplayed()
    {
        sent(progress.replaying().cause(), progress.replaying().clock());
        replayed = true;
    }

    private void sent(final long cause, final long time)
    {
        lastCause = cause;
        unpublished = true;
        if (clock != null)
        {
            clock.sent(time);
        }
    }

    /** The checkpoint of the barrier that the log names, 0 to come again. */
    long takeReplayedBarrier()
    {
        final long cause = progress.replaying().cause();
        final long checkpoint = barriers.replayed(cause);
        if (checkpoint != 0)
        {
            takeReplayed();
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
            claimedClock = clock == null ? 0 : clock.read();
            claimed = progress.claim(kind, staging.count(), claimedClock);
        }
        return true;
    }

    /**
     * Claims a place for going idle.
     *
     * @return false to come again, since the order log is behind
     */
    boolean claimIdle()
    {
        goingIdle = claim(OrderLog.KIND_IDLE);
        return goingIdle;
    }

    /** Whether a place for going idle was claimed, and is to be sent before anything else. */
    boolean goingIdle()
    {
        return goingIdle;
    }

    /** Whether a tick goes before what was claimed. */
    boolean tickDue()
    {
        return clock != null && clock.isTickDue(claimedClock);
    }

    /** Whether the source is no longer idle from what was claimed on. */
    boolean activates()
    {
        return clock != null && clock.isIdle();
    }

    /** Takes the tick that goes before what was claimed, in the pipeline's unit. */
    long takeTick()
    {
        sent(claimed, claimedClock);
        return clock.takeTick(claimedClock);
    }

    /** Takes that the source is active, which goes before what was claimed. */
    void takeActive()
    {
        sent(claimed, claimedClock);
        clock.idle(false);
    }

    /** Takes that the source is idle. */
    void takeIdle()
    {
        goingIdle = false;
        clock.idle(true);
    }

    /**
     * Claims a place for the end of the stream, where no barriers and no log are waited for. The place of the last record
     * or watermark will not do: merges may know already that it is past.
     *
     * @return false to come again, since the order log is behind
     */
    boolean claimEnd()
    {
        return claim(OrderLog.KIND_END);
    }

    /**
     * Looks for a barrier or tick that goes before what was claimed, or before anything when nothing was.
     *
     * @return its cause, {@link IngressClock#NONE} or {@link IngressClock#UNRESOLVED}
     */
    long pendingBroadcast()
    {
        return progress.pendingBroadcast(claimed == NONE ? IngressClock.NONE : claimed);
    }

    /** Takes a pending barrier or tick; its kind. */
    byte takeBroadcast(final long cause)
    {
        broadcastCause = cause;
        sent(cause, progress.broadcastClock());
        return progress.broadcastKind();
    }

    /** Checkpoint of the barrier that was taken. */
    long broadcastCheckpoint()
    {
        return progress.broadcastValue();
    }

    /** The engine's clock of the tick that was taken. */
    long broadcastClock()
    {
        return progress.broadcastClock();
    }

    /** Sends what was collected; number of records. */
    int send()
    {
        final int count = staging.count();
        if (clock != null && clock.ingestion())
        {
            staging.send(claimed, clock.time(claimedClock));
        }
        else
        {
            staging.send(claimed);
        }
        sent(claimed + Math.max(0, count - 1), claimedClock);
        if (clock != null && count > 0)
        {
            clock.records(claimedClock);
        }
        claimed = NONE;
        replayed = progress.replaying() != null;
        return count;
    }

    /** Clock of what was sent last. */
    long sentClock()
    {
        return claimedClock;
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
        if (broadcastCause != NONE)
        {
            progress.injected(broadcastCause);
            broadcastCause = NONE;
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
