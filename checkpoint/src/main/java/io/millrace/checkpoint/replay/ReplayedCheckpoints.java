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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.store.CheckpointArchive;
import io.millrace.checkpoint.store.RestoredCheckpoint;
import io.millrace.core.checkpoint.BarrierHash;
import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.HashRecording;
import io.millrace.core.checkpoint.RestoreTarget;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaChunks;
import io.millrace.memory.table.DeltaOutlet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Checkpoints that leave nothing but hashes: barriers come where they came in the run, and what the tasks hand in is
 * dropped. Restores from the checkpoints of the run, which it only reads. One thread, the one that steps the job.
 */
final class ReplayedCheckpoints implements CheckpointService, HashRecording
{
    private static final int CHUNK_LENGTH = 1 << 16;

    private final CheckpointContext job;
    private final Path directory;
    private final long from;
    private final long maxEntries;
    private final Consumer<List<BarrierHash>> settledHashes;
    private final DeltaChunks[] chunks;
    private final long[] acknowledged;
    private final List<BarrierHash> hashes = new ArrayList<>();
    private long requested;
    private long settled;

    /**
     * Checkpoints of a replay.
     *
     * @param job           that is replayed
     * @param directory     of the recorded checkpoints, or null
     * @param from          id of the checkpoint to restore, 0 for none
     * @param maxEntries    of the tables that are hashed
     * @param settledHashes takes the hashes of each barrier
     */
    ReplayedCheckpoints(
        final CheckpointContext job,
        final Path directory,
        final long from,
        final long maxEntries,
        final Consumer<List<BarrierHash>> settledHashes)
    {
        this.job = job;
        this.directory = directory;
        this.from = from;
        this.maxEntries = maxEntries;
        this.settledHashes = settledHashes;
        this.acknowledged = new long[job.tasks()];
        this.chunks = new DeltaChunks[job.tasks()];
        for (int i = 0; i < chunks.length; i++)
        {
            chunks[i] = new DeltaChunks(job.account(), "snapshot of task " + i, CHUNK_LENGTH, 1);
        }
    }

    @Override
    public long restore(final RestoreTarget target)
    {
        if (from == 0)
        {
            return 0;
        }
        try (RestoredCheckpoint restored = CheckpointArchive.open(directory, job.jobName(), from, job.account()))
        {
            final String fingerprint = restored.metadata().fingerprint();
            if (!fingerprint.equals(job.fingerprint()))
            {
                throw new IllegalStateException("checkpoint " + from + " was made by another plan: its fingerprint=" + fingerprint +
                    " this plan's fingerprint=" + job.fingerprint() + ": replay a changed plan from the beginning");
            }
            while (restored.next())
            {
                target.chunk(restored.address(), restored.length());
            }
        }
        requested = from;
        settled = from;
        return from;
    }

    @Override
    public long maxEntries()
    {
        return maxEntries;
    }

    @Override
    public void add(final BarrierHash hash)
    {
        hashes.add(hash);
    }

    @Override
    public HashRecording hashRecording()
    {
        return this;
    }

    @Override
    public long recordsPerCheckpoint()
    {
        return 0;
    }

    @Override
    public long request()
    {
        return requested == settled ? ++requested : 0;
    }

    @Override
    public long requestedCheckpoint()
    {
        return requested;
    }

    @Override
    public boolean fullCheckpoint()
    {
        return false;
    }

    @Override
    public long completedCheckpoint()
    {
        return settled;
    }

    @Override
    public long settledCheckpoint()
    {
        return settled;
    }

    /** The run had given it up, and so has no hashes of the tasks that had not had the barrier yet. */
    @Override
    public boolean abandon(final long checkpointId)
    {
        return true;
    }

    @Override
    public DeltaOutlet outlet(final int task)
    {
        return chunks[task];
    }

    @Override
    public boolean acknowledge(final int task, final long checkpointId)
    {
        drain(chunks[task]);
        acknowledged[task] = checkpointId;
        return chunks[task].flush();
    }

    private static int drain(final DeltaChunks from)
    {
        int work = 0;
        for (DeltaChunk chunk = from.poll(); chunk != null; chunk = from.poll())
        {
            from.recycle(chunk);
            work++;
        }
        return work;
    }

    @Override
    public void ended(final int task)
    {
        acknowledged[task] = Long.MAX_VALUE;
    }

    @Override
    public int doWork()
    {
        int work = 0;
        for (final DeltaChunks taskChunks : chunks)
        {
            work += drain(taskChunks);
        }
        if (requested > settled && allAcknowledged())
        {
            settled = requested;
            hashes.sort(null);
            settledHashes.accept(List.copyOf(hashes));
            hashes.clear();
            work++;
        }
        return work;
    }

    private boolean allAcknowledged()
    {
        for (final long task : acknowledged)
        {
            if (task < requested)
            {
                return false;
            }
        }
        return true;
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
