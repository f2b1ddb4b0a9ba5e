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
import io.millrace.core.runtime.TaskAssembly.RebalanceTurn;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateIds;
import io.millrace.memory.KillPoint;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.DeltaOutlet;
import io.millrace.memory.table.DeltaWriter;

import java.util.List;

/**
 * A task's part in checkpoints. At a barrier it writes the operators' few words and begins the snapshot of their
 * tables; between batches it sweeps the tables, a piece at a time; when all is handed over it acknowledges. Does
 * nothing without checkpoints.
 */
final class TaskSnapshot implements AutoCloseable
{
    /** Entries that are swept at a time at least, also while there is nothing else to do: an event may come meanwhile. */
    private static final int LEAST_SWEEP = 16;

    private final int task;
    private final int subtask;
    private final CheckpointService service;
    private final MemoryAccount account;
    private final List<RebalanceTurn> turns;
    private final StateBackend[] backends;
    /** Null when none are wanted. */
    private final TaskHashes hashes;
    /** Set where the order that records came in must survive before a checkpoint counts on it. */
    private final OutputGate gate;
    private final BlobWriter blob = new BlobWriter();
    private final DeltaWriter writer;
    private Region scratch;
    private long checkpointId;
    private long cause;
    private long notified;
    private boolean begun;
    private boolean sweeping;
    private boolean finished;
    /** The checkpoint was given up before its barrier came: the barrier goes on its way, and nothing is taken. */
    private boolean skipped;
    private long alignmentNanos;
    private long synchronousNanos;
    /** What the task's processing time is kept under, or null. */
    private String timeUid;

    TaskSnapshot(
        final int task,
        final int subtask,
        final CheckpointService service,
        final DeltaOutlet outlet,
        final List<StateBackend> backends,
        final MemoryAccount account,
        final List<RebalanceTurn> turns,
        final TaskHashes hashes,
        final OutputGate gate)
    {
        this.task = task;
        this.subtask = subtask;
        this.service = service;
        this.backends = backends.toArray(StateBackend[]::new);
        this.account = account;
        this.turns = turns;
        this.hashes = hashes;
        this.gate = gate;
        this.writer = service == null ? null : new DeltaWriter(outlet);
    }

    List<RebalanceTurn> turns()
    {
        return turns;
    }

    /** Makes the task's processing time part of its snapshots. */
    void keepTime(final String headUid)
    {
        timeUid = headUid + "/clock";
    }

    /** What the task's processing time is kept under; null in a job that has none. */
    String timeUid()
    {
        return timeUid;
    }

    /** Takes an operator's part, when the barrier has come to it. */
    void node(final ChainNode node, final long barrier, final long barrierCause)
    {
        begin(barrier);
        blob.reset();
        node.operator.snapshot(blob);
        if (skipped)
        {
            return;
        }
        if (blob.length() > 0 || node.hasBlob)
        {
            node.hasBlob = true;
            writeBlob(node.uid, subtask);
        }
        final StateBackend backend = node.backend();
        if (hashes != null)
        {
            hashes.node(barrier, barrierCause, node.uid, backend, blob);
        }
        if (backend != null)
        {
            backend.barrier(service.fullCheckpoint());
        }
    }

    /**
     * Takes the input's part, when the barrier has come through the chain.
     *
     * @param chain      that the barrier has come through
     * @param input      of the task
     * @param begunNanos when it began to, as of {@link System#nanoTime()}
     */
    void barrier(final Chain chain, final TaskInput input, final long begunNanos)
    {
        begin(chain.controlValue());
        cause = SlotDescriptor.cause(chain.control());
        if (!skipped)
        {
            parts(chain, input);
        }
        begun = false;
        sweeping = true;
        finished = skipped;
        alignmentNanos = input.alignmentNanos();
        synchronousNanos = System.nanoTime() - begunNanos;
    }

    private void parts(final Chain chain, final TaskInput input)
    {
        input.snapshot(this);
        if (timeUid != null)
        {
            blob().putLong(chain.time());
            writeBlob(timeUid);
        }
        for (final RebalanceTurn turn : turns)
        {
            blob().putInt(turn.turn().turn());
            writeBlob(turn.name(), StateRestore.TURN | subtask);
        }
    }

    private void begin(final long barrier)
    {
        if (!begun)
        {
            begun = true;
            checkpointId = barrier;
            skipped = service.givenUpCheckpoint() >= barrier;
            if (!skipped)
            {
                writer.begin(barrier);
            }
        }
    }

    BlobWriter blob()
    {
        blob.reset();
        return blob;
    }

    void writeBlob(final String uid)
    {
        writeBlob(uid, subtask);
        if (hashes != null)
        {
            hashes.engine(checkpointId, cause, uid, blob);
        }
    }

    private void writeBlob(final String uid, final long namespace)
    {
        final int length = blob.length();
        if (scratch == null || scratch.length() < length)
        {
            if (scratch != null)
            {
                scratch.close();
            }
            scratch = Region.allocate(account, "snapshot of task " + task,
                Math.max(1024, Integer.highestOneBit(length) * 2L));
        }
        Memory.copyIn(blob.bytes(), 0, scratch.address(), length);
        writer.blob(StateIds.of(uid, ""), namespace, scratch.address(), length);
    }

    boolean sweeping()
    {
        return sweeping;
    }

    /**
     * Whether the last barrier's checkpoint has been completed or given up.
     *
     * @return true when nothing is waited for
     */
    boolean settled()
    {
        return service == null || !sweeping && service.settledCheckpoint() >= checkpointId;
    }

    /**
     * Does what is due between batches.
     *
     * @param chain that is told of completed checkpoints
     * @param input that is told of them as well
     * @param work  done in this step of the task; it paces the sweep
     * @return work done here
     */
    int step(final Chain chain, final TaskInput input, final int work)
    {
        final int budget = Math.max(LEAST_SWEEP, work);
        boolean swept = true;
        for (final StateBackend backend : backends)
        {
            swept &= backend.sweep(budget) == 0;
        }
        int done = swept ? 0 : 1;
        for (int i = 0; work == 0 && i < backends.length; i++)
        {
            done |= backends[i].writeBack() ? 1 : 0;
        }
        if (sweeping && swept)
        {
            done += acknowledge();
        }
        if (service != null && service.completedCheckpoint() > notified)
        {
            notified = service.completedCheckpoint();
            chain.checkpointComplete(notified);
            input.checkpointComplete(notified);
            done++;
        }
        return done;
    }

    private int acknowledge()
    {
        if (!skipped && gate != null && !gate.opens(cause))
        {
            return 0;
        }
        for (final StateBackend backend : backends)
        {
            if (!backend.barrierReady())
            {
                return 0;
            }
        }
        if (!finished)
        {
            finished = true;
            writer.finish();
        }
        service.paused(task, checkpointId, alignmentNanos, synchronousNanos);
        KillPoint.hit("before acknowledge");
        if (!service.acknowledge(task, checkpointId))
        {
            return 0;
        }
        KillPoint.hit("after acknowledge");
        sweeping = false;
        finished = false;
        return 1;
    }

    void restored(final long restoredCheckpoint)
    {
        checkpointId = restoredCheckpoint;
        notified = restoredCheckpoint;
    }

    void ended()
    {
        if (service != null)
        {
            service.ended(task);
        }
    }

    @Override
    public void close()
    {
        if (writer != null)
        {
            writer.abort();
        }
        if (scratch != null)
        {
            scratch.close();
        }
    }
}
