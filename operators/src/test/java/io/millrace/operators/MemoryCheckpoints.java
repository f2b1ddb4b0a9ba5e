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
package io.millrace.operators;

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
import java.util.TreeMap;

/**
 * Checkpoints in the heap that outlive the jobs of a test; each holds all state. One is complete when every task has
 * acknowledged it and the test has not said to wait; everything happens on the thread that steps the tasks.
 */
final class MemoryCheckpoints implements CheckpointServiceFactory
{
    private final TreeMap<Long, List<byte[]>> complete = new TreeMap<>();
    private Service service;
    private long highest;
    private boolean waits;

    /** Whether checkpoints are complete only when the test says so. */
    MemoryCheckpoints waits(final boolean yes)
    {
        waits = yes;
        return this;
    }

    /** Completes the checkpoint that is waiting. */
    void complete()
    {
        service.complete();
    }

    /** Gives up the checkpoint that is under way. */
    void decline()
    {
        service.settled = service.requested;
    }

    /** Forgets the latest complete checkpoint, as if it were damaged. */
    void forgetLatest()
    {
        complete.pollLastEntry();
    }

    long latest()
    {
        return complete.isEmpty() ? 0 : complete.lastKey();
    }

    @Override
    public CheckpointService open(final CheckpointContext context)
    {
        service = new Service(context);
        return service;
    }

    /** One life's use. */
    private final class Service implements CheckpointService
    {
        private final MemoryAccount account;
        private final DeltaChunks[] chunks;
        private final long[] acknowledged;
        private final List<byte[]> gathered = new ArrayList<>();
        private volatile long requested = highest;
        private volatile long settled = highest;
        private volatile long completed;

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
            if (complete.isEmpty())
            {
                return 0;
            }
            completed = complete.lastKey();
            for (final byte[] bytes : complete.lastEntry().getValue())
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
        public synchronized boolean acknowledge(final int task, final long checkpointId)
        {
            if (!chunks[task].flush())
            {
                return false;
            }
            drain(task);
            acknowledged[task] = checkpointId;
            completeWhenAllAcknowledged();
            return true;
        }

        private void drain(final int task)
        {
            DeltaChunk chunk = chunks[task].poll();
            while (chunk != null)
            {
                final byte[] bytes = new byte[chunk.length()];
                Memory.copyOut(chunk.address(), bytes, 0, bytes.length);
                if (bytes.length > 0)
                {
                    gathered.add(bytes);
                }
                chunks[task].recycle(chunk);
                chunk = chunks[task].poll();
            }
        }

        @Override
        public synchronized void ended(final int task)
        {
            acknowledged[task] = Long.MAX_VALUE;
            completeWhenAllAcknowledged();
        }

        private void completeWhenAllAcknowledged()
        {
            if (!waits && settled < requested)
            {
                if (Arrays.stream(acknowledged).allMatch(id -> id >= requested))
                {
                    complete();
                }
            }
        }

        private synchronized void complete()
        {
            complete.put(requested, List.copyOf(gathered));
            completed = requested;
            settled = requested;
        }

        @Override
        public int doWork()
        {
            return 0;
        }

        @Override
        public void close()
        {
            for (int task = 0; task < chunks.length; task++)
            {
                drain(task);
                chunks[task].close();
            }
        }
    }
}
