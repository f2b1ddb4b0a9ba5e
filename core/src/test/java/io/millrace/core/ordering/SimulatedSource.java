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

/** A source whose records are a function of its number, so that a replay reads the same; how they are cut into batches is random. */
final class SimulatedSource implements Simulation.Agent
{
    final SourceProgress progress;
    final SimulatedOutput output = new SimulatedOutput();

    private final Simulation simulation;
    private final int number;
    private State state = State.READY;
    private State afterBroadcast;
    private int nextRecord;
    private byte kind;
    private int count;
    private long value;
    private long cause;
    private long broadcast;
    private boolean publishing;
    private boolean endClaimed;

    /** What is true, whatever the progress says. */
    private long holding = IngressClock.NONE;
    private long injected = -1;
    private boolean ended;

    SimulatedSource(final Simulation simulation, final int number)
    {
        this.simulation = simulation;
        this.number = number;
        this.progress = simulation.clock.add(new Progress(simulation.clock, number));
        if (simulation.replay != null)
        {
            progress.replay(simulation.replay.cursor(number));
        }
    }

    @Override
    public boolean step()
    {
        return switch (state)
        {
            case READY -> ready();
            case CLAIMED -> claimed();
            case BROADCAST -> broadcast();
            case EMIT -> emit();
            case ENDED -> false;
        };
    }

    long truth()
    {
        if (ended)
        {
            return IngressClock.NONE;
        }
        final ReplayLog.Cursor replaying = progress.replaying();
        final long next = replaying == null ? simulation.clock.nextCause() :
            state == State.READY ? replaying.cause() : IngressClock.NONE;
        final long own = Math.min(holding, next);
        return simulation.claimedBroadcast > injected ? Math.min(own, simulation.claimedBroadcast) : own;
    }

    @Override
    public String toString()
    {
        return progress + " state=" + state + " holding=" + holding + " " + output;
    }

    private boolean ready()
    {
        final ReplayLog.Cursor replaying = progress.replaying();
        if (replaying != null)
        {
            kind = replaying.kind();
            count = replaying.count();
            value = replaying.value();
            cause = replaying.cause();
            load();
            return true;
        }
        final long pending = progress.pendingBroadcast(IngressClock.NONE);
        if (pending != IngressClock.NONE)
        {
            return pending != IngressClock.UNRESOLVED && startBroadcast(pending, State.READY);
        }
        if (!progress.mayClaim() || endClaimed)
        {
            return false;
        }
        final int left = simulation.plan.recordsPerSource - nextRecord;
        count = Math.min(left, 1 + simulation.random.nextInt(simulation.plan.maxBatch));
        kind = left == 0 ? OrderLog.KIND_END : OrderLog.KIND_RECORDS;
        if (simulation.random.nextInt(4) != 0 && !output.hasRoom(Math.min(3, count + 2)))
        {
            return false;
        }
        endClaimed = left == 0;
        cause = progress.claim(kind, count, 0);
        state = State.CLAIMED;
        return true;
    }

    private boolean claimed()
    {
        final long pending = progress.pendingBroadcast(cause);
        if (pending != IngressClock.NONE && simulation.mutant != Mutant.BROADCAST_NOT_BEFORE_BATCH)
        {
            return pending != IngressClock.UNRESOLVED && startBroadcast(pending, State.CLAIMED);
        }
        load();
        return true;
    }

    private boolean startBroadcast(final long pending, final State after)
    {
        broadcast = pending;
        afterBroadcast = after;
        output.emitToAll(slotKind(progress.broadcastKind()), progress.broadcastValue(), pending);
        state = State.BROADCAST;
        if (simulation.mutant == Mutant.INJECTED_BEFORE_PUBLISH)
        {
            progress.injected(broadcast);
        }
        return true;
    }

    private boolean broadcast()
    {
        if (!output.isEmpty())
        {
            return output.write(2) | output.publish();
        }
        if (output.publishOne())
        {
            progress.injected(broadcast);
            injected = broadcast;
            state = afterBroadcast;
        }
        return true;
    }

    private void load()
    {
        holding = cause;
        if (kind == OrderLog.KIND_RECORDS)
        {
            for (int i = 0; i < count; i++)
            {
                final int record = nextRecord++;
                output.emit(SimulationPlan.mix(record * 64L + number), cause + i);
                if (record % simulation.plan.watermarkEvery == simulation.plan.watermarkEvery - 1)
                {
                    output.emitToAll(SlotDescriptor.KIND_WATERMARK, record, cause + i);
                }
            }
        }
        else
        {
            output.emitToAll(slotKind(kind), value, cause);
        }
        publishing = false;
        state = State.EMIT;
        if (simulation.mutant == Mutant.IDLE_BEFORE_PUBLISH && progress.replaying() == null)
        {
            progress.idle();
        }
        if (simulation.mutant == Mutant.ENDED_BEFORE_PUBLISH && kind == OrderLog.KIND_END)
        {
            progress.end();
        }
    }

    private boolean emit()
    {
        if (!output.isEmpty())
        {
            if (output.write(1 + simulation.random.nextInt(4)))
            {
                return true;
            }
            final boolean shown = output.publish();
            holding = output.firstPending();
            if (simulation.mutant != Mutant.IDLE_BEFORE_PUBLISH && simulation.mutant != Mutant.NO_ADVANCE)
            {
                progress.advance(holding);
            }
            return shown;
        }
        if (!publishing || !output.publishOne())
        {
            publishing = true;
            return true;
        }
        done();
        return true;
    }

    private void done()
    {
        holding = IngressClock.NONE;
        state = State.READY;
        final boolean replaying = progress.replaying() != null;
        if (kind == OrderLog.KIND_END)
        {
            ended = true;
            state = State.ENDED;
        }
        if (replaying)
        {
            progress.replayed();
        }
        else if (ended)
        {
            progress.end();
        }
        else
        {
            progress.idle();
        }
    }

    private static byte slotKind(final byte entryKind)
    {
        return switch (entryKind)
        {
            case OrderLog.KIND_BARRIER -> SlotDescriptor.KIND_BARRIER;
            case OrderLog.KIND_TICK -> SlotDescriptor.KIND_TICK;
            case OrderLog.KIND_END -> SlotDescriptor.KIND_END_OF_STREAM;
            default -> throw new IllegalArgumentException("entryKind=" + entryKind);
        };
    }

    private enum State
    {
        READY, CLAIMED, BROADCAST, EMIT, ENDED
    }

    /** Lets others act between the floor and the claim. */
    private final class Progress extends SourceProgress
    {
        private Progress(final IngressClock clock, final int id)
        {
            super(clock, id, "source " + id);
        }

        @Override
        long claimBehindFloor()
        {
            if (simulation.mutant == Mutant.FLOOR_AFTER_CLAIM)
            {
                final long batch = claimBatch();
                simulation.interleave();
                advance(IngressClock.cause(batch, 0));
                return batch;
            }
            simulation.interleave();
            raiseFloor();
            simulation.interleave();
            final long batch = claimBatch();
            simulation.interleave();
            return batch;
        }

        private long claimBatch()
        {
            final long batch = clock().claimBatch();
            holding = IngressClock.cause(batch, 0);
            return batch;
        }
    }
}
