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
package io.millrace.operators.testing;

import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.CheckpointServiceFactory;
import io.millrace.core.checkpoint.RestoreTarget;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaChunks;
import io.millrace.memory.table.DeltaOutlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Checkpoints on the heap, each of all state, for a job that is stepped by one thread. */
final class HeapCheckpoints implements CheckpointServiceFactory
{
    private PipelineSnapshot latest;
    private long highest;

    /** The latest snapshot, or null. */
    PipelineSnapshot latest()
    {
        return latest;
    }

    /** Makes the next job begin from a snapshot. */
    void beginFrom(final PipelineSnapshot snapshot)
    {
        latest = snapshot;
    }

    @Override
    public CheckpointService open(final CheckpointContext context)
    {
        return new Service(context);
    }

    /** One job's use. */
    private final class Service implements CheckpointService
    {
        private final MemoryAccount account;
        private final DeltaChunks[] chunks;
        private final long[] acknowledged;
        private final List<byte[]> gathered = new ArrayList<>();
        private long requested = highest;
        private long settled = highest;
        private long completed;

        private Service(final CheckpointContext context)
        {
            account = context.account();
            acknowledged = new long[context.tasks()];
            chunks = new DeltaChunks[context.tasks()];
            Arrays.setAll(chunks, task -> new DeltaChunks(account, "task " + task, DeltaChunks.MIN_CHUNK_LENGTH, 2));
        }

        @Override
        public long restore(final RestoreTarget target)
        {
            if (latest == null)
            {
                return 0;
            }
            completed = latest.checkpointId();
            for (final byte[] bytes : latest.chunks())
            {
                try (Region chunk = Region.allocate(account, "restored chunk", bytes.length))
                {
                    Memory.copyIn(bytes, 0, chunk.address(), bytes.length);
                    target.chunk(chunk.address(), bytes.length);
                }
            }
            return completed;
        }

        @Override
        public long recordsPerCheckpoint()
        {
            return 0;
        }

        @Override
        public long request()
        {
            if (requested != settled)
            {
                return 0;
            }
            gathered.clear();
            highest++;
            requested = highest;
            return requested;
        }

        @Override
        public long requestedCheckpoint()
        {
            return requested;
        }

        @Override
        public boolean fullCheckpoint()
        {
            return true;
        }

        @Override
        public long completedCheckpoint()
        {
            return completed;
        }

        @Override
        public long settledCheckpoint()
        {
            return settled;
        }

        @Override
        public DeltaOutlet outlet(final int task)
        {
            return chunks[task];
        }

        @Override
        public boolean acknowledge(final int task, final long checkpointId)
        {
            if (!chunks[task].flush())
            {
                return false;
            }
            drain(task);
            acknowledged[task] = checkpointId;
            return true;
        }

        private void drain(final int task)
        {
            for (DeltaChunk chunk = chunks[task].poll(); chunk != null; chunk = chunks[task].poll())
            {
                if (chunk.length() > 0)
                {
                    final byte[] bytes = new byte[chunk.length()];
                    Memory.copyOut(chunk.address(), bytes, 0, bytes.length);
                    gathered.add(bytes);
                }
                chunks[task].recycle(chunk);
            }
        }

        @Override
        public void ended(final int task)
        {
            acknowledged[task] = Long.MAX_VALUE;
        }

        @Override
        public int doWork()
        {
            for (int task = 0; task < chunks.length; task++)
            {
                drain(task);
            }
            if (settled == requested || Arrays.stream(acknowledged).anyMatch(id -> id < requested))
            {
                return 0;
            }
            latest = new PipelineSnapshot(requested, gathered);
            completed = requested;
            settled = requested;
            return 1;
        }

        @Override
        public void close()
        {
            for (final DeltaChunks task : chunks)
            {
                task.close();
            }
        }
    }
}
