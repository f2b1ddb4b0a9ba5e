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
package io.millrace.core.testing;

import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.CheckpointServiceFactory;
import io.millrace.core.checkpoint.OrderJournal;
import io.millrace.core.checkpoint.RestoreTarget;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaChunks;
import io.millrace.memory.table.DeltaOutlet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;

/** Checkpoints that outlive the job, but not the process: every delta since the start is kept as an array. */
public final class InMemoryCheckpoints implements CheckpointServiceFactory
{
    private static final int CHUNK_LENGTH = 1 << 14;
    private static final long ENDED = Long.MAX_VALUE;

    private final long recordsPerCheckpoint;
    private final List<byte[]> chain = new ArrayList<>();
    private LongPredicate lost = number -> false;
    private LongPredicate declined = checkpointId -> false;
    private LongPredicate givenUp = checkpointId -> false;
    private int patience;
    private long bytesPerCheckpoint;
    private boolean aligned = true;
    private boolean early;
    private InMemoryOrder order;
    private final LongAdder abandonedCheckpoints = new LongAdder();
    private volatile long latest;
    private long highest;
    private long chunkNumber;

    /**
     * No checkpoint yet.
     *
     * @param recordsPerCheckpoint after how many records a source asks for one, 0 for never
     */
    public InMemoryCheckpoints(final long recordsPerCheckpoint)
    {
        this.recordsPerCheckpoint = recordsPerCheckpoint;
    }

    /**
     * Loses chunks, as a broken store would.
     *
     * @param numbers of the chunks, from 0
     * @return this
     */
    public InMemoryCheckpoints losing(final LongPredicate numbers)
    {
        lost = numbers;
        return this;
    }

    /**
     * Completes a checkpoint when the first task has acknowledged it, as a broken coordinator would.
     *
     * @return this
     */
    public InMemoryCheckpoints completingEarly()
    {
        early = true;
        return this;
    }

    /**
     * Gives checkpoints up, as a full disk would make it.
     *
     * @param checkpointIds that are given up
     * @return this
     */
    public InMemoryCheckpoints declining(final LongPredicate checkpointIds)
    {
        declined = checkpointIds;
        return this;
    }

    /**
     * Gives checkpoints up while their barriers are on the way, as a timeout would. What tasks have handed in is lost,
     * and the next one is full.
     *
     * @param checkpointIds that are given up
     * @param steps         of the service after which they are
     * @return this
     */
    public InMemoryCheckpoints givingUp(final LongPredicate checkpointIds, final int steps)
    {
        givenUp = checkpointIds;
        patience = steps;
        return this;
    }

    /**
     * Has sources ask for checkpoints by bytes.
     *
     * @param bytes after which they ask
     * @return this
     */
    public InMemoryCheckpoints everyBytes(final long bytes)
    {
        bytesPerCheckpoint = bytes;
        return this;
    }

    /**
     * Has barriers block no channel.
     *
     * @return this
     */
    public InMemoryCheckpoints unaligned()
    {
        aligned = false;
        return this;
    }

    /**
     * Keeps the order in which sources take turns.
     *
     * @param log of the order
     * @return this
     */
    public InMemoryCheckpoints keeping(final InMemoryOrder log)
    {
        order = log;
        return this;
    }

    /**
     * The latest checkpoint.
     *
     * @return its id, or 0
     */
    public long latest()
    {
        return latest;
    }

    /**
     * How many checkpoints merges by arrival have abandoned.
     *
     * @return the number, where several tasks abandon one at most once each
     */
    public long abandoned()
    {
        return abandonedCheckpoints.sum();
    }

    @Override
    public CheckpointService open(final CheckpointContext context)
    {
        return new Service(context.tasks(), context.account());
    }

    private final class Service implements CheckpointService
    {
        private final MemoryAccount account;
        private final DeltaChunks[] chunks;
        private final AtomicLongArray acknowledged;
        private final List<byte[]> delta = new ArrayList<>();
        private volatile long requested;
        private volatile long completed;
        private volatile long settled;
        private volatile long givenUpId;
        private volatile long abandoned;
        private volatile boolean full;
        private int waited;

        private Service(final int tasks, final MemoryAccount account)
        {
            this.account = account;
            acknowledged = new AtomicLongArray(tasks);
            chunks = new DeltaChunks[tasks];
            for (int i = 0; i < tasks; i++)
            {
                chunks[i] = new DeltaChunks(account, "chunks of task " + i, CHUNK_LENGTH, 2);
            }
        }

        @Override
        public long restore(final RestoreTarget target)
        {
            requested = highest;
            settled = highest;
            completed = latest;
            for (final byte[] bytes : chain)
            {
                try (Region region = Region.allocate(account, "restored chunk", Math.max(1, bytes.length)))
                {
                    Memory.copyIn(bytes, 0, region.address(), bytes.length);
                    target.chunk(region.address(), bytes.length);
                }
            }
            return latest;
        }

        @Override
        public long recordsPerCheckpoint()
        {
            return recordsPerCheckpoint;
        }

        @Override
        public long bytesPerCheckpoint()
        {
            return bytesPerCheckpoint;
        }

        @Override
        public boolean alignsBarriers()
        {
            return aligned;
        }

        @Override
        public long givenUpCheckpoint()
        {
            return givenUpId;
        }

        @Override
        public boolean abandon(final long checkpointId)
        {
            if (abandoned != checkpointId)
            {
                abandoned = checkpointId;
                abandonedCheckpoints.increment();
            }
            return false;
        }

        @Override
        public synchronized long request()
        {
            if (requested != settled)
            {
                return 0;
            }
            highest = requested + 1;
            requested = highest;
            return highest;
        }

        @Override
        public long requestedCheckpoint()
        {
            return requested;
        }

        @Override
        public boolean fullCheckpoint()
        {
            return full;
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
        public OrderJournal openOrderJournal()
        {
            return order == null ? null : order.open();
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
            acknowledged.setRelease(task, checkpointId);
            return true;
        }

        @Override
        public void ended(final int task)
        {
            acknowledged.setRelease(task, ENDED);
        }

        @Override
        public int doWork()
        {
            final long id = requested;
            if (id == settled)
            {
                return 0;
            }
            if (givenUpId < id && givenUp.test(id) && waited++ >= patience)
            {
                givenUpId = id;
                waited = 0;
            }
            if (abandoned == id)
            {
                givenUpId = id;
            }
            if (!allAcknowledged(id))
            {
                return 0;
            }
            for (final DeltaChunks taskChunks : chunks)
            {
                for (DeltaChunk chunk = taskChunks.poll(); chunk != null; chunk = taskChunks.poll())
                {
                    take(chunk);
                    taskChunks.recycle(chunk);
                }
            }
            if (givenUpId == id)
            {
                delta.clear();
                full = true;
            }
            else if (!declined.test(id))
            {
                if (full)
                {
                    chain.clear();
                    full = false;
                }
                chain.addAll(delta);
                delta.clear();
                latest = id;
                completed = id;
            }
            settled = id;
            return 1;
        }

        private boolean allAcknowledged(final long id)
        {
            int missing = 0;
            for (int i = 0; i < chunks.length; i++)
            {
                missing += acknowledged.getAcquire(i) < id ? 1 : 0;
            }
            return missing == 0 || early && missing < chunks.length;
        }

        private void take(final DeltaChunk chunk)
        {
            if (!lost.test(chunkNumber++) && chunk.length() > 0)
            {
                final byte[] bytes = new byte[chunk.length()];
                Memory.copyOut(chunk.address(), bytes, 0, bytes.length);
                delta.add(bytes);
            }
        }

        @Override
        public void close()
        {
            for (final DeltaChunks taskChunks : chunks)
            {
                taskChunks.close();
            }
        }
    }
}
