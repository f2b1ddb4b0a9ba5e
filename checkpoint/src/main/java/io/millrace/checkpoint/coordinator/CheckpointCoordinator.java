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
package io.millrace.checkpoint.coordinator;

import io.millrace.checkpoint.store.CheckpointDeclinedException;
import io.millrace.checkpoint.store.CheckpointMetadata;
import io.millrace.checkpoint.store.CheckpointWriter;
import io.millrace.checkpoint.store.DamagedCheckpoint;
import io.millrace.checkpoint.store.RestoredCheckpoint;
import io.millrace.checkpoint.store.SnapshotStore;
import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.OrderJournal;
import io.millrace.core.checkpoint.RestoreTarget;
import io.millrace.memory.KillPoint;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaChunks;
import io.millrace.memory.table.DeltaOutlet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Makes checkpoints one at a time: a request, the tasks' chunks as they come, their acknowledgements, the manifest. A
 * checkpoint that cannot be stored for lack of space is declined and the job runs on; the next one then holds
 * everything, since what the declined one held is lost.
 */
final class CheckpointCoordinator implements CheckpointService
{
    private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointCoordinator.class);
    private static final int CHUNK_LENGTH = 1 << 18;
    private static final int CHUNKS_AHEAD = 2;
    private static final int POLLS = 8;
    /** A chain as long as this, or {@link #MAX_CHAIN_GROWTH} times its base, is begun anew. */
    private static final int MAX_CHAIN_LENGTH = 64;
    private static final int MAX_CHAIN_GROWTH = 4;
    private static final long ENDED = Long.MAX_VALUE;

    private final CheckpointContext job;
    private final SnapshotStore store;
    private final CheckpointTrigger trigger;
    private final long recordsPerCheckpoint;
    private final int tolerableFailures;
    private final Supplier<OrderJournal> order;
    private final DeltaChunks[] chunks;
    /** By task: the latest checkpoint that it has handed in whole; written by the tasks. */
    private final AtomicLongArray acknowledged;

    private volatile long requested;
    private volatile long settled;
    private volatile long completed;
    private volatile long oldest;
    private volatile boolean requestedFull;
    private boolean nextFull = true;
    private long baseBytes;
    private long begun;
    private int declinedInARow;
    private CheckpointWriter writer;

    CheckpointCoordinator(
        final CheckpointContext job,
        final SnapshotStore store,
        final CheckpointTrigger trigger,
        final long recordsPerCheckpoint,
        final int tolerableFailures,
        final Supplier<OrderJournal> order)
    {
        this.job = job;
        this.store = store;
        this.trigger = trigger;
        this.recordsPerCheckpoint = recordsPerCheckpoint;
        this.tolerableFailures = tolerableFailures;
        this.order = order;
        this.acknowledged = new AtomicLongArray(job.tasks());
        this.chunks = new DeltaChunks[job.tasks()];
        for (int i = 0; i < chunks.length; i++)
        {
            chunks[i] = new DeltaChunks(job.account(), "snapshot of task " + i, CHUNK_LENGTH, CHUNKS_AHEAD);
        }
    }

    @Override
    public long restore(final RestoreTarget target)
    {
        try (RestoredCheckpoint restored = store.restoreLatest())
        {
            final long highest = store.highestId();
            begun = highest;
            settled = highest;
            requested = highest;
            nextFull = store.fullRequired();
            baseBytes = store.chainBytes();
            if (restored == null)
            {
                return 0;
            }
            checkPlan(restored);
            for (final DamagedCheckpoint damaged : restored.damaged())
            {
                LOGGER.warn("checkpoint {} of job {} is damaged ({}): going on from checkpoint {}",
                    damaged.name(), job.jobName(), damaged.reason(), restored.id());
            }
            while (restored.next())
            {
                target.chunk(restored.address(), restored.length());
                KillPoint.hit("middle of restore");
            }
            KillPoint.hit("after restore");
            oldest = store.oldestId();
            completed = restored.id();
            return restored.id();
        }
    }

    private void checkPlan(final RestoredCheckpoint restored)
    {
        final String fingerprint = restored.metadata().fingerprint();
        if (!fingerprint.equals(job.fingerprint()))
        {
            throw new IllegalStateException("checkpoint " + restored.id() + " was made by another plan: its fingerprint=" + fingerprint +
                " this plan's fingerprint=" + job.fingerprint() +
                ": run the plan that made it, or begin with an empty checkpoint directory");
        }
    }

    @Override
    public long recordsPerCheckpoint()
    {
        return recordsPerCheckpoint;
    }

    @Override
    public synchronized long request()
    {
        if (requested != settled)
        {
            return 0;
        }
        requestedFull = nextFull;
        requested = requested + 1;
        trigger.begun();
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
        return requestedFull;
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
    public long oldestCheckpoint()
    {
        return oldest;
    }

    @Override
    public OrderJournal openOrderJournal()
    {
        return order.get();
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
        int work = 0;
        if (trigger.due() && request() != 0)
        {
            work++;
        }
        if (begun < requested)
        {
            begin();
            work++;
        }
        if (begun > settled)
        {
            // Looked at first: what a task has handed in before it acknowledged is then found below.
            final boolean all = allAcknowledged(begun);
            work += drain(all ? Integer.MAX_VALUE : POLLS);
            if (all)
            {
                complete();
                work++;
            }
        }
        for (final DeltaChunks taskChunks : chunks)
        {
            work += taskChunks.prepare() ? 1 : 0;
        }
        return work;
    }

    private void begin()
    {
        begun = requested;
        try
        {
            KillPoint.hit("before begin checkpoint");
            writer = store.begin(begun, requestedFull);
            KillPoint.hit("after begin checkpoint");
        }
        catch (final CheckpointDeclinedException exception)
        {
            declined(exception);
        }
    }

    private int drain(final int polls)
    {
        int work = 0;
        for (int task = 0; task < chunks.length; task++)
        {
            for (int i = 0; i < polls; i++)
            {
                final DeltaChunk chunk = chunks[task].poll();
                if (chunk == null)
                {
                    break;
                }
                store(task, chunk);
                work++;
            }
        }
        return work;
    }

    private void store(final int task, final DeltaChunk chunk)
    {
        try
        {
            if (writer != null && chunk.length() > 0)
            {
                writer.append(task, chunk.address(), chunk.length());
            }
        }
        catch (final CheckpointDeclinedException exception)
        {
            declined(exception);
        }
        finally
        {
            chunks[task].recycle(chunk);
        }
    }

    private void complete()
    {
        try
        {
            if (writer != null)
            {
                final boolean full = requestedFull;
                KillPoint.hit("before complete checkpoint");
                writer.complete(new CheckpointMetadata(job.fingerprint(), false, Map.of()));
                KillPoint.hit("after complete checkpoint");
                writer = null;
                declinedInARow = 0;
                baseBytes = full ? store.chainBytes() : baseBytes;
                oldest = store.oldestId();
                completed = begun;
            }
        }
        catch (final CheckpointDeclinedException exception)
        {
            declined(exception);
        }
        nextFull = store.fullRequired() || chainTooLong();
        settled = begun;
    }

    private boolean chainTooLong()
    {
        final boolean tooLong = store.chainLength() >= MAX_CHAIN_LENGTH ||
            store.chainBytes() > MAX_CHAIN_GROWTH * Math.max(baseBytes, CHUNK_LENGTH);
        return tooLong && noneEnded();
    }

    private boolean noneEnded()
    {
        for (int task = 0; task < chunks.length; task++)
        {
            if (acknowledged.getAcquire(task) == ENDED)
            {
                return false;
            }
        }
        return true;
    }

    private void declined(final CheckpointDeclinedException exception)
    {
        writer = null;
        declinedInARow++;
        LOGGER.warn("checkpoint {} of job {} was declined, {} in a row: {}",
            begun, job.jobName(), declinedInARow, exception.getMessage());
        if (declinedInARow > tolerableFailures)
        {
            throw new IllegalStateException("checkpoint " + begun + " was declined, " + declinedInARow +
                " in a row, tolerableFailures=" + tolerableFailures + ": " + exception.getMessage(), exception);
        }
    }

    private boolean allAcknowledged(final long checkpointId)
    {
        for (int task = 0; task < chunks.length; task++)
        {
            if (acknowledged.getAcquire(task) < checkpointId)
            {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close()
    {
        try
        {
            if (begun > settled && writer != null)
            {
                writer.abort();
            }
            store.markClean();
        }
        finally
        {
            store.close();
            for (final DeltaChunks taskChunks : chunks)
            {
                taskChunks.close();
            }
        }
    }
}
