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
import io.millrace.core.operator.UnionStateOperator;
import io.millrace.core.runtime.TaskAssembly.RebalanceTurn;
import io.millrace.core.savepoint.Savepoint;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateIds;
import io.millrace.memory.Memory;
import io.millrace.memory.table.DeltaDescriptor;
import io.millrace.memory.table.DeltaReader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings the tasks of a new life to where the latest checkpoint left them: tables run by run, then what the operators
 * wrote.
 */
final class StateRestore
{
    /**
     * Set in the namespace of a rebalancing output's turn, which may be missing or left over: it decides nothing that
     * lasts.
     */
    static final long TURN = 1L << 32;

    private static final long NO_CAUSE = -1;

    private final JobAssembly assembly;
    private final DeltaReader reader = new DeltaReader();
    private final Map<Blob, byte[]> blobs = new HashMap<>();

    StateRestore(final JobAssembly assembly)
    {
        this.assembly = assembly;
    }

    /**
     * Restores.
     *
     * @param service to restore from, or null
     * @return id of the checkpoint, or 0 when there is none
     */
    long run(final CheckpointService service)
    {
        return run(service, null);
    }

    /**
     * Restores.
     *
     * @param service   to restore from, or null
     * @param savepoint to begin from when the service has nothing, or null
     * @return id of the checkpoint or savepoint, or 0 when there is none
     */
    long run(final CheckpointService service, final Savepoint savepoint)
    {
        final long checkpointId = service == null ? 0 : service.restore(this::chunk);
        if (checkpointId == 0 && savepoint != null)
        {
            return runSavepoint(service, savepoint);
        }
        if (checkpointId == 0)
        {
            beginOrder(NO_CAUSE, 0);
            return 0;
        }
        for (final Task task : assembly.tasks)
        {
            restore(task, checkpointId);
        }
        unite();
        beginOrder(lastCause(), checkpointId);
        for (final Blob left : blobs.keySet())
        {
            if ((left.namespace & TURN) == 0)
            {
                throw unknown(left.stateId);
            }
        }
        return checkpointId;
    }

    private long runSavepoint(final CheckpointService service, final Savepoint savepoint)
    {
        // Ids that were begun since, without success, are not used again.
        final long checkpointId =
            Math.max(savepoint.origin().checkpointId(), service == null ? 0 : service.settledCheckpoint());
        final long lastCause = new SavepointRestore(assembly, savepoint).run(checkpointId);
        unite();
        if (assembly.order != null)
        {
            assembly.order.beginBehindSavepoint(lastCause, checkpointId, assembly.config.replaying());
        }
        return checkpointId;
    }

    private void beginOrder(final long lastCause, final long checkpointId)
    {
        if (assembly.order != null)
        {
            assembly.order.begin(lastCause, checkpointId, assembly.config.replaying());
        }
    }

    private void chunk(final long address, final int length)
    {
        reader.wrap(address, length);
        while (reader.nextRun())
        {
            if (reader.kind() == DeltaDescriptor.BLOB)
            {
                reader.nextEntry();
                final byte[] bytes = new byte[reader.blobLength()];
                Memory.copyOut(reader.blobAddress(), bytes, 0, bytes.length);
                blobs.put(new Blob(reader.stateId(), reader.namespace()), bytes);
            }
            else
            {
                table();
            }
        }
    }

    private void table()
    {
        int taken = 0;
        for (final Task task : assembly.tasks)
        {
            for (final ChainNode node : task.chain().nodes())
            {
                final StateBackend backend = node.backend();
                taken += backend != null && backend.restore(reader) ? 1 : 0;
            }
        }
        if (taken == 0)
        {
            throw unknown(reader.stateId());
        }
        if (taken > 1)
        {
            throw new IllegalStateException("stateId=" + reader.stateId() + " of the checkpoint is that of operators=" +
                taken + " of job " + assembly.plan.name() + ": give one of them another uid");
        }
    }

    private void restore(final Task task, final long checkpointId)
    {
        final int subtask = task.subtask();
        for (final ChainNode node : task.chain().nodes())
        {
            final byte[] bytes = take(node.uid, subtask);
            if (bytes != null && bytes.length > 0)
            {
                node.hasBlob = true;
                node.operator.restore(new BlobReader(node.name, bytes));
            }
        }
        final String source = task.sourceUid();
        if (source != null)
        {
            final byte[] bytes = take(source, subtask);
            if (bytes == null)
            {
                throw new IllegalStateException("checkpoint " + checkpointId + " has no position of source " + source +
                    " of job " +
                    assembly.plan.name() +
                    ": the source was added or its uid was changed; give it its old uid or start afresh");
            }
            ((SourceInput)task.input()).position().restore(new BlobReader(source, bytes), checkpointId);
        }
        restoreValve(task);
        restoreTime(task);
        for (final RebalanceTurn turn : task.snapshot().turns())
        {
            final byte[] bytes = take(turn.name(), TURN | subtask);
            if (bytes != null)
            {
                turn.turn().turn(new BlobReader(turn.name(), bytes).getInt());
            }
        }
        task.snapshot().restored(checkpointId);
    }

    /** Gives every instance of an operator with united state what all of them had. */
    private void unite()
    {
        final Map<String, List<ChainNode>> operators = new LinkedHashMap<>();
        for (final Task task : assembly.tasks)
        {
            for (final ChainNode node : task.chain().nodes())
            {
                if (node.operator instanceof UnionStateOperator && node.context.parallelism() > 1)
                {
                    operators.computeIfAbsent(node.uid, uid -> new ArrayList<>()).add(node);
                }
            }
        }
        final BlobWriter writer = new BlobWriter();
        for (final List<ChainNode> instances : operators.values())
        {
            final List<byte[]> parts = new ArrayList<>();
            for (final ChainNode node : instances)
            {
                writer.reset();
                ((UnionStateOperator)node.operator).writeUnion(writer);
                parts.add(Arrays.copyOf(writer.bytes(), writer.length()));
            }
            for (final ChainNode node : instances)
            {
                ((UnionStateOperator)node.operator).readUnion(
                    parts.stream().map(part -> new BlobReader(node.name, part)).toList());
            }
        }
    }

    /** The highest cause that a source had given when the checkpoint was made. */
    private long lastCause()
    {
        long last = 0;
        for (final Task task : assembly.tasks)
        {
            last = task.input() instanceof SourceInput source ? Math.max(last, source.lastCause()) : last;
        }
        return last;
    }

    private void restoreValve(final Task task)
    {
        if (task.input() instanceof MergeInput merge)
        {
            final byte[] bytes = take(merge.uid(), task.subtask());
            if (bytes != null)
            {
                merge.restore(new BlobReader(merge.uid(), bytes));
            }
        }
    }

    private void restoreTime(final Task task)
    {
        final String uid = task.snapshot().timeUid();
        final byte[] bytes = uid == null ? null : take(uid, task.subtask());
        if (bytes != null)
        {
            task.chain().restoreTime(new BlobReader(uid, bytes).getLong());
        }
    }

    private byte[] take(final String uid, final long namespace)
    {
        return blobs.remove(new Blob(StateIds.of(uid, ""), namespace));
    }

    private IllegalStateException unknown(final int stateId)
    {
        return new IllegalStateException("checkpoint has state with stateId=" + stateId + " that no operator of job " +
            assembly.plan.name() + " declares: an operator was removed, its parallelism lowered, or its uid or state " +
            "renamed; give it its old uid");
    }

    private record Blob(int stateId, long namespace)
    {
    }
}
