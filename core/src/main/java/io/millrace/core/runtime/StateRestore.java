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
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateIds;
import io.millrace.memory.Memory;
import io.millrace.memory.table.DeltaDescriptor;
import io.millrace.memory.table.DeltaReader;

import java.util.HashMap;
import java.util.Map;

/**
 * Brings the tasks of a new life to where the latest checkpoint left them: tables run by run, then what the operators
 * wrote.
 */
final class StateRestore
{
    private final JobAssembly assembly;
    private final DeltaReader reader = new DeltaReader();
    private final Map<Long, byte[]> blobs = new HashMap<>();

    StateRestore(final JobAssembly assembly)
    {
        this.assembly = assembly;
    }

    /**
     * Restores.
     *
     * @param service to restore from
     * @return id of the checkpoint, or 0 when there is none
     */
    long run(final CheckpointService service)
    {
        final long checkpointId = service.restore(this::chunk);
        if (checkpointId == 0)
        {
            return 0;
        }
        for (final Task task : assembly.tasks)
        {
            restore(task, checkpointId);
        }
        return checkpointId;
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
                blobs.put(key(reader.stateId(), (int)reader.namespace()), bytes);
            }
            else
            {
                table();
            }
        }
    }

    private void table()
    {
        boolean taken = false;
        for (final Task task : assembly.tasks)
        {
            for (final ChainNode node : task.chain().nodes())
            {
                final StateBackend backend = node.backend();
                taken |= backend != null && backend.restore(reader);
            }
        }
        if (!taken)
        {
            throw new IllegalStateException("checkpoint has state with stateId=" + reader.stateId() +
                " that no operator of job " +
                assembly.plan.name() +
                " declares: an operator was removed, or its uid or state was renamed; give it its old uid");
        }
    }

    private void restore(final Task task, final long checkpointId)
    {
        final int subtask = task.subtask();
        for (final ChainNode node : task.chain().nodes())
        {
            final byte[] bytes = blobs.get(key(StateIds.of(node.uid, ""), subtask));
            if (bytes != null)
            {
                node.operator.restore(new BlobReader(node.name, bytes));
            }
        }
        final String source = task.sourceUid();
        if (source != null)
        {
            final byte[] bytes = blobs.get(key(StateIds.of(source, ""), subtask));
            if (bytes == null)
            {
                throw new IllegalStateException("checkpoint " + checkpointId + " has no position of source " + source +
                    " of job " +
                    assembly.plan.name() +
                    ": the source was added or its uid was changed; give it its old uid or start afresh");
            }
            ((SourceInput)task.input()).restore(new BlobReader(source, bytes), checkpointId);
        }
        for (final RebalanceTurn turn : task.snapshot().turns())
        {
            final byte[] bytes = blobs.get(key(StateIds.of(turn.name(), ""), subtask));
            if (bytes != null)
            {
                turn.turn().turn(new BlobReader(turn.name(), bytes).getInt());
            }
        }
        task.snapshot().restored(checkpointId);
    }

    private static long key(final int stateId, final int subtask)
    {
        return (long)stateId << 32 | subtask & 0xFFFF_FFFFL;
    }
}
