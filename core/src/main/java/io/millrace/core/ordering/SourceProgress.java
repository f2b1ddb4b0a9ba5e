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
package io.millrace.core.ordering;

import io.millrace.memory.record.SlotDescriptor;

/**
 * What one source tells the scans: the lowest cause that it may still emit, and which broadcast it has injected.
 *
 * <pre>
 *   collect and decode the batch; mayClaim(); room for count + 1 slots and the watermark on every target ring
 *   cause = claim(kind, count, clock)                    floor, then the counter, then the log entry
 *   while ((b = pendingBroadcast(cause)) == UNRESOLVED)  come back later, or spin: the coordinator is between two instructions
 *   if (b != NONE)  control slot on every ring, publish all, injected(b)
 *   records with causes cause, cause + 1, ...; publish all rings
 *   idle()
 * </pre>
 *
 * Without a batch, a source injects what {@code pendingBroadcast(NONE)} says. In a replay there are no claims: the
 * source takes its entries from a {@link ReplayLog.Cursor}, emits each, and calls {@link #replayed()}; its bound is its
 * next entry. All methods are for the source's thread, except the three that scans read.
 */
public class SourceProgress
{
    /** Floor of a source that has nothing in hand: its next cause is not claimed yet. */
    static final long IDLE = -1L;

    private final IngressClock clock;
    private final int id;
    private final String name;
    private final PaddedLong floor = new PaddedLong(IDLE);
    private final PaddedLong injected = new PaddedLong(-1);
    private final PaddedLong ended = new PaddedLong(0);
    private ReplayLog.Cursor replay;

    SourceProgress(final IngressClock clock, final int id, final String name)
    {
        this.clock = clock;
        this.id = id;
        this.name = name;
    }

    /**
     * @return id in the log
     */
    public int id()
    {
        return id;
    }

    /**
     * @return for messages
     */
    public String name()
    {
        return name;
    }

    /**
     * Asked before each claim.
     *
     * @return false when the order log is behind: claim later
     */
    public boolean mayClaim()
    {
        return clock.logHasRoom();
    }

    /**
     * Claims a batch and logs it. Nothing slow may follow until {@link #idle()}: merges downstream wait for this batch.
     *
     * @param kind    a constant of {@link OrderLog}
     * @param count   of records, from 1 to 65,535 for {@link OrderLog#KIND_RECORDS}, else 0
     * @param clock   of the engine for all of them
     * @return cause of the first record, or of the control slot
     */
    public long claim(final byte kind, final int count, final long clock)
    {
        return claim(kind, count, 0, clock);
    }

    /**
     * The same for an entry with a value.
     *
     * @param kind  a constant of {@link OrderLog}
     * @param count of records, or 0
     * @param value of the entry
     * @param clock of the engine
     * @return cause of the first record, or of the control slot
     */
    public long claim(final byte kind, final int count, final long value, final long clock)
    {
        if (count < 0 || count > SlotDescriptor.MAX_BATCH_RECORDS)
        {
            throw new IllegalArgumentException("count=" + count + " claimed by source=" + name + ": split the batch, at most " +
                SlotDescriptor.MAX_BATCH_RECORDS + " records have one");
        }
        final long batch = claimBehindFloor();
        this.clock.log().append(batch, kind, id, count, value, clock);
        return IngressClock.cause(batch, 0);
    }

    /**
     * Looks for a barrier or tick that has to be injected before a cause.
     *
     * @param before the cause that was claimed, or {@link IngressClock#NONE} while the source has nothing in hand
     * @return cause of its control slots; {@link IngressClock#NONE} when there is none, {@link IngressClock#UNRESOLVED}
     *     when the answer is not known yet: nothing may be published then, and the question is asked again
     */
    public long pendingBroadcast(final long before)
    {
        final long raised = clock.broadcastFloor();
        if (raised == IngressClock.NONE || injected() >= raised)
        {
            return IngressClock.NONE;
        }
        final long cause = clock.broadcastCause();
        return cause < before ? cause : IngressClock.NONE;
    }

    /**
     * @return kind of the pending broadcast, a constant of {@link OrderLog}
     */
    public byte broadcastKind()
    {
        return clock.broadcastKind();
    }

    /**
     * @return checkpoint id of a pending barrier
     */
    public long broadcastValue()
    {
        return clock.broadcastValue();
    }

    /**
     * @return the engine's clock at the pending broadcast
     */
    public long broadcastClock()
    {
        return clock.broadcastClock();
    }

    /**
     * Says that the control slots of a broadcast are published on every ring of the source.
     *
     * @param cause of the broadcast
     */
    public void injected(final long cause)
    {
        injected.setRelease(cause);
    }

    /**
     * Says that part of the batch is published. A source that meets a full ring in the middle of a batch publishes all
     * of its rings and calls this; otherwise merges would wait for the whole batch, and the ring for the merges.
     *
     * @param cause of the first record that is not on its ring yet
     */
    public void advance(final long cause)
    {
        floor.setRelease(cause);
    }

    /** Says that everything claimed is published on every ring of the source. */
    public void idle()
    {
        floor.setRelease(IDLE);
    }

    /** Says that the END slots are published on every ring of the source, and that nothing follows. */
    public void end()
    {
        ended.setRelease(1);
        floor.setRelease(IDLE);
    }

    /**
     * Starts a replay, before the job runs.
     *
     * @param cursor on the source's first entry
     */
    public void replay(final ReplayLog.Cursor cursor)
    {
        replay = cursor;
        showReplay();
    }

    /**
     * @return the entry to emit now, or null when the source is live
     */
    public ReplayLog.Cursor replaying()
    {
        return replay;
    }

    /** Says that this is no source, but takes control slots in its turn: no broadcast is waited for. */
    void takesNoBroadcasts()
    {
        injected.setRelease(IngressClock.NONE);
    }

    /** Says that the slots of the replayed entry are published on every ring of the source, and goes to the next. */
    public void replayed()
    {
        final byte kind = replay.kind();
        if (kind == OrderLog.KIND_END)
        {
            replay = null;
            end();
            return;
        }
        if (kind == OrderLog.KIND_BARRIER || kind == OrderLog.KIND_TICK)
        {
            injected(replay.cause());
        }
        replay.advance();
        showReplay();
    }

    /** Any thread: {@link #IDLE}, or a cause that is not above what the source emits next. */
    final long floor()
    {
        return floor.getAcquire();
    }

    /** Any thread: cause of the last broadcast that is on every ring of the source. */
    final long injected()
    {
        return injected.getAcquire();
    }

    /** Any thread. */
    final boolean ended()
    {
        return ended.getAcquire() != 0;
    }

    @Override
    public String toString()
    {
        return "source=" + name + " id=" + id + " floor=" + floor() + " injected=" + injected() + (ended() ? " ended" : "");
    }

    /** The floor first: a scan that sees the counter behind the batch sees the floor that covers the batch. */
    long claimBehindFloor()
    {
        raiseFloor();
        return clock.claimBatch();
    }

    final void raiseFloor()
    {
        floor.setVolatile(clock.nextCause());
    }

    final IngressClock clock()
    {
        return clock;
    }

    private void showReplay()
    {
        if (replay.hasEntry())
        {
            floor.setRelease(replay.cause());
        }
        else
        {
            replay = null;
            floor.setRelease(IDLE);
        }
    }
}
