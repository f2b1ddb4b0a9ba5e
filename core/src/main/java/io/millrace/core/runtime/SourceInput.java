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

import io.millrace.core.chain.BufferedOutput;
import io.millrace.core.chain.StagingOutput;
import io.millrace.core.chain.SourceStamp;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.ordering.IngressClock;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.ReplayLog;
import io.millrace.memory.record.SlotDescriptor;

/**
 * A source as the input of its task: polls it, and puts watermarks, barriers and the end between the records. The end
 * is a watermark of {@link Long#MAX_VALUE}, with checkpoints the barrier of the last one, then END_OF_STREAM: see
 * {@link EndOfInput}.
 */
final class SourceInput implements TaskInput
{
    /** Records that may share a reading of the clock. */
    private static final int RECORDS_PER_READING = 512;
    private static final int POLLS = 8;

    private final String name;
    private final String uid;
    private final Source source;
    private final SourceOutput output;
    private final SourceStamp stamp;
    private final Chain chain;
    private final BufferedOutput[] buffers;
    private final CheckpointService checkpoints;
    /** The source's turns among several, or null when it is the only one. */
    private final SourceTurns turns;
    /** Processing time at the source, or null in a job that has no use for it. */
    private final SourceClock clock;
    /** Whether there are barriers or ticks that all sources put at one place. */
    private final boolean broadcasts;
    /** Set when the chain shows output, whose order must survive first. */
    private final OutputGate gate;
    private final SourceEventTime eventTime;
    private final SourcePosition position;
    private final CheckpointDistance distance;
    private final SourceEnd end;
    private long ingressTime;
    private boolean ended;

    SourceInput(
        final String name,
        final String uid,
        final Source source,
        final SourceOutput output,
        final Chain chain,
        final BufferedOutput[] buffers,
        final CheckpointService checkpoints,
        final EndOfInput endOfInput,
        final SourceTurns turns,
        final OutputGate gate,
        final SourceEventTime eventTime,
        final CheckpointDistance distance)
    {
        this.name = name;
        this.uid = uid;
        this.source = source;
        this.output = output;
        this.stamp = (SourceStamp)output;
        this.chain = chain;
        this.buffers = buffers;
        this.checkpoints = checkpoints;
        this.turns = turns;
        this.clock = turns == null ? null : turns.clock();
        this.broadcasts = checkpoints != null || clock != null && clock.ticking();
        this.gate = gate;
        this.eventTime = eventTime;
        this.distance = distance;
        this.end = new SourceEnd(checkpoints, endOfInput);
        this.position = new SourcePosition(source, output, turns, end, eventTime);
    }

    @Override
    public int poll(final int room)
    {
        if (ended || end.isStopping() && !end.isStopped())
        {
            return 0;
        }
        if (end.isStopping())
        {
            beginWalk(SlotDescriptor.KIND_END_OF_STREAM, 0);
            return 1;
        }
        return pollInput(room);
    }

    private int pollInput(final int room)
    {
        if (turns != null)
        {
            if (turns.unpublished() || !end.isDrained() && turns.halted())
            {
                return 0;
            }
            if (turns.replaying() != null)
            {
                return replay(turns.replaying());
            }
            if (turns.staged() > 0)
            {
                return send();
            }
            if (turns.goingIdle())
            {
                return goIdle();
            }
        }
        if (turns == null ? checkpoints != null && barrierDue() : broadcasts && broadcastPending())
        {
            return 1;
        }
        if (end.isDrained())
        {
            return end();
        }
        if (end.isDrainAsked())
        {
            return drained();
        }
        if (end.isStopAsked())
        {
            end.stopped();
            return 1;
        }
        return takeRecords(room);
    }

    private int takeRecords(final int room)
    {
        if (turns == null && distance.isReached())
        {
            // The checkpoint before is under way. Barriers by records come where they are due: a replay has the same.
            return 0;
        }
        if (eventTime.waits())
        {
            if (clock != null)
            {
                clock.waits();
            }
            return 0;
        }
        int work = 0;
        int readAt = -RECORDS_PER_READING;
        for (int i = 0; i < POLLS && !chain.walking() && work < room; i++)
        {
            if (work - readAt >= RECORDS_PER_READING)
            {
                readClock();
                readAt = work;
            }
            final int emitted = pollOnce(limit(room - work));
            if (emitted == 0)
            {
                break;
            }
            work += emitted;
            if (distance.isReached() || turns != null || !stamp.goesOn())
            {
                break;
            }
        }
        if (work == 0 && !chain.walking() && !holdsRecords())
        {
            if (source.finished())
            {
                return drained();
            }
            if (clock != null && clock.isIdleDue())
            {
                return goIdle();
            }
        }
        return work;
    }

    /** Whether the last records still wait for their turn: the end has a place of its own in the log, behind theirs. */
    private boolean holdsRecords()
    {
        return turns != null && turns.staged() > 0;
    }

    private int drained()
    {
        if (turns != null && !turns.claim())
        {
            return 0;
        }
        if (turns != null)
        {
            if (broadcastPending())
            {
                return 1;
            }
            if (!gateOpens(turns.claimedCause()))
            {
                return 0;
            }
            if (activates())
            {
                return 1;
            }
            turns.send();
        }
        putEnd();
        return 1;
    }

    private void putEnd()
    {
        end.drained();
        eventTime.ended();
        beginWalk(SlotDescriptor.KIND_WATERMARK, Long.MAX_VALUE);
    }

    /** Stops at the record before which a checkpoint is due; when that has to wait, polls on as ever. */
    private int limit(final int room)
    {
        return distance.limit(Math.min(stamp.batchLimit(), room));
    }

    private void readClock()
    {
        ingressTime = System.nanoTime();
        stamp.ingressTime(ingressTime);
    }

    private int pollOnce(final int limit)
    {
        if (turns != null)
        {
            position.keep();
            final int collected = source.poll(output, Math.min(limit, StagingOutput.CAPACITY));
            distance.emitted(collected);
            return collected == 0 ? 0 : send();
        }
        final int emitted = pollSource(limit);
        flush();
        distance.emitted(emitted);
        if (stamp.watermarkDue())
        {
            chain.beginWalk(SlotDescriptor.KIND_WATERMARK, eventTime.takeWatermark(), lastCause(), ingressTime);
        }
        return emitted;
    }

    private int pollSource(final int limit)
    {
        try
        {
            return source.poll(output, limit);
        }
        catch (final RuntimeException | Error failure)
        {
            // What the source emitted before it failed goes on its way.
            try
            {
                flush();
            }
            catch (final RuntimeException | Error another)
            {
                failure.addSuppressed(another);
            }
            throw failure;
        }
    }

    private void flush()
    {
        for (final BufferedOutput buffer : buffers)
        {
            buffer.flush();
        }
    }

    /** Sends the batch that was collected, when its turn has come. */
    private int send()
    {
        if (!turns.claim())
        {
            return 0;
        }
        if (broadcastPending())
        {
            return 1;
        }
        return gateOpens(turns.claimedCause()) ? sendClaimed() : 0;
    }

    /** Sends the records that have their place; first, in steps of their own, what goes before them. */
    private int sendClaimed()
    {
        if (turns.tickDue())
        {
            beginWalk(SlotDescriptor.KIND_TICK, turns.takeTick());
            return 1;
        }
        if (activates())
        {
            return 1;
        }
        final int sent = turns.send();
        flush();
        if (clock != null && clock.ingestion())
        {
            stamp.observe(clock.time(turns.sentClock()));
        }
        if (stamp.watermarkDue())
        {
            beginWalk(SlotDescriptor.KIND_WATERMARK, eventTime.takeWatermark());
        }
        return sent;
    }

    /** Whether the source was idle, and now says before what was claimed that it no longer is. */
    private boolean activates()
    {
        if (!turns.activates())
        {
            return false;
        }
        turns.takeActive();
        eventTime.active();
        beginWalk(SlotDescriptor.KIND_ACTIVE, 0);
        return true;
    }

    /** Says that nobody need wait for the source, in a place of its own. */
    private int goIdle()
    {
        if (!turns.claimIdle())
        {
            return 0;
        }
        if (broadcastPending())
        {
            return 1;
        }
        if (!gateOpens(turns.claimedCause()))
        {
            return 0;
        }
        turns.send();
        takeIdle();
        return 1;
    }

    private boolean gateOpens(final long cause)
    {
        return gate == null || gate.opens(cause);
    }

    /** Does what an earlier life did, as its log says; once a step, since the next entry may only be shown after it is published. */
    private int replay(final ReplayLog.Cursor entry)
    {
        if (entry.kind() == OrderLog.KIND_BARRIER && checkpoints != null)
        {
            final long checkpoint = turns.takeReplayedBarrier();
            if (checkpoint == 0)
            {
                return 0;
            }
            distance.begun();
            beginBarrier(checkpoint);
            return 1;
        }
        if (entry.kind() != OrderLog.KIND_RECORDS || !source.replayable())
        {
            replayWithoutRecords(entry);
            return 1;
        }
        if (entry.count() == 0)
        {
            turns.claimReplayed();
            if (activates())
            {
                return 1;
            }
            turns.send();
            putEnd();
            return 1;
        }
        return replayRecords(entry);
    }

    private void replayWithoutRecords(final ReplayLog.Cursor entry)
    {
        turns.takeReplayed();
        if (entry.kind() == OrderLog.KIND_TICK)
        {
            tick(entry.clock());
        }
        else if (entry.kind() == OrderLog.KIND_IDLE && clock != null)
        {
            takeIdle();
        }
    }

    private void takeIdle()
    {
        turns.takeIdle();
        eventTime.idle();
        beginWalk(SlotDescriptor.KIND_IDLE, 0);
    }

    /** Puts a tick, unless the records before had one like it. */
    private void tick(final long time)
    {
        if (clock != null && clock.isTickDue(time))
        {
            beginWalk(SlotDescriptor.KIND_TICK, clock.takeTick(time));
        }
    }

    private int replayRecords(final ReplayLog.Cursor entry)
    {
        readClock();
        final int staged = turns.staged();
        int collected = 1;
        while (turns.staged() < entry.count() && collected > 0)
        {
            collected = source.poll(output, entry.count() - turns.staged());
        }
        final int work = turns.staged() - staged;
        distance.emitted(work);
        if (turns.staged() == entry.count())
        {
            turns.claimReplayed();
            return sendClaimed();
        }
        if (work == 0 && source.finished())
        {
            throw new IllegalStateException("source " + name + " ends after records=" + staged + " of cause=" + entry.cause() +
                ", but the order log has records=" + entry.count() + " there: give it the input that the log was made with");
        }
        return work;
    }

    /** Puts the barrier or tick that was claimed before what this source has, when there is one; true to come again. */
    private boolean broadcastPending()
    {
        requestAfterRecords();
        final long cause = turns.pendingBroadcast();
        if (cause == IngressClock.NONE)
        {
            return false;
        }
        if (cause != IngressClock.UNRESOLVED && gateOpens(cause))
        {
            if (turns.takeBroadcast(cause) == OrderLog.KIND_TICK)
            {
                tick(turns.broadcastClock());
            }
            else
            {
                beginBarrier(turns.broadcastCheckpoint());
            }
        }
        return true;
    }

    private void requestAfterRecords()
    {
        if (checkpoints != null && distance.isReached() && checkpoints.request() != 0)
        {
            distance.begun();
        }
    }

    private boolean barrierDue()
    {
        requestAfterRecords();
        final long requested = checkpoints.requestedCheckpoint();
        if (requested <= end.lastBarrier() || checkpoints.isSettled(requested) || !end.answers(requested))
        {
            return false;
        }
        beginBarrier(requested);
        return true;
    }

    private void beginBarrier(final long checkpointId)
    {
        end.barrier(checkpointId);
        beginWalk(SlotDescriptor.KIND_BARRIER, checkpointId);
    }

    /**
     * Ends the stream; with checkpoints, once the end of every source is in a completed one. Then all of them end with
     * the cause of the last barrier.
     */
    private int end()
    {
        if (checkpoints != null)
        {
            if (!end.isCovered())
            {
                return end.askForCheckpoint();
            }
            if (end.tellsAgain())
            {
                // Other sources go on: what lies behind must know that it need not wait for this one. With a place of its own
                // in the log, since a merge by arrival takes the watermark as a run.
                return drained();
            }
            if (!end.isReached())
            {
                return 0;
            }
        }
        else if (turns != null)
        {
            if (!turns.claimEnd())
            {
                return 0;
            }
            if (broadcasts && broadcastPending())
            {
                return 1;
            }
            turns.send();
        }
        beginWalk(SlotDescriptor.KIND_END_OF_STREAM, 0);
        return 1;
    }

    private void beginWalk(final byte kind, final long value)
    {
        ingressTime = System.nanoTime();
        chain.beginWalk(kind, value, controlCause(), ingressTime);
    }

    /**
     * Cause of a control record. The end of the input has one of its own: merges may have been told already that
     * nothing comes any more of the last record's cause, and the last watermark fires windows.
     */
    private long controlCause()
    {
        return end.inputEnded() && turns == null ? lastCause() + 1 : lastCause();
    }

    @Override
    public void walked()
    {
        ended = chain.controlKind() == SlotDescriptor.KIND_END_OF_STREAM;
        if (ended && turns != null)
        {
            turns.end();
        }
    }

    @Override
    public boolean ended()
    {
        return ended;
    }

    @Override
    public void snapshot(final TaskSnapshot snapshot)
    {
        position.snapshot(snapshot.blob(), holdsRecords());
        snapshot.writeBlob(uid);
    }

    /** Where the source stands, to be restored. */
    SourcePosition position()
    {
        return position;
    }

    /** Name of the source, for messages. */
    String name()
    {
        return name;
    }

    /** Whether checkpoints by bytes can be counted here. */
    boolean tellsBytes()
    {
        return distance.tellsBytes();
    }

    SourceEventTime eventTime()
    {
        return eventTime;
    }

    /** Whether records have no cause until their turn has come. */
    boolean severalSources()
    {
        return turns != null;
    }

    /** Records that were taken and have no cause yet, for messages. */
    int staged()
    {
        return turns == null ? 0 : turns.staged();
    }

    /** Cause of the last record that was emitted, for messages. */
    long lastCause()
    {
        return position.lastCause();
    }

    @Override
    public void checkpointComplete(final long checkpointId)
    {
        source.checkpointComplete(checkpointId);
    }

    @Override
    public void close()
    {
        source.close();
    }
}
