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

import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.order.OrderFiles;
import io.millrace.checkpoint.store.LocalSnapshotStore;
import io.millrace.checkpoint.store.SnapshotStoreContext;
import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.CheckpointServiceFactory;
import io.millrace.core.checkpoint.OrderJournal;
import io.millrace.core.checkpoint.OrderRecording;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/**
 * Where and when a job makes checkpoints; handed to its configuration.
 * <pre>
 *   new JobConfig().checkpointing(Checkpoints.in(directory).every(Duration.ofSeconds(1)))
 * </pre>
 */
public final class Checkpoints implements CheckpointServiceFactory
{
    private static final String ORDER = "order";

    private final Path directory;
    private Duration interval;
    private long records;
    private int retained = 2;
    private int tolerableFailures = Integer.MAX_VALUE;
    private SyncLevel durability = SyncLevel.PROCESS;
    private boolean wholeOrder;
    private Function<Path, StorageFiles> storage;

    private Checkpoints(final Path directory)
    {
        this.directory = directory;
    }

    /**
     * Checkpoints in a directory of one job, which is made when it is not there.
     *
     * @param directory on a local file system
     * @return checkpoints that are made when asked for by hand and at the end of the input
     */
    public static Checkpoints in(final Path directory)
    {
        return new Checkpoints(Objects.requireNonNull(directory, "directory"));
    }

    /**
     * Makes a checkpoint when so much time has passed since the last one was begun.
     *
     * @param time above 0
     * @return this
     */
    public Checkpoints every(final Duration time)
    {
        if (time.isNegative() || time.isZero())
        {
            throw new IllegalArgumentException("interval=" + time + " of checkpoints must be above 0");
        }
        interval = time;
        return this;
    }

    /**
     * Makes a checkpoint when a source has emitted so many records since the last one that it asked for. It is made
     * exactly there, so that a replay makes the same: where the one before is not complete yet, the source waits.
     * Choose a count that takes longer than a checkpoint does, or {@link #every(Duration)}, which never waits.
     *
     * @param count above 0
     * @return this
     */
    public Checkpoints everyRecords(final long count)
    {
        if (count <= 0)
        {
            throw new IllegalArgumentException("records=" + count + " between checkpoints must be above 0");
        }
        records = count;
        return this;
    }

    /**
     * Keeps so many checkpoints, by default 2: when the latest is damaged, the one before it is used.
     *
     * @param count 2 or more
     * @return this
     */
    public Checkpoints retained(final int count)
    {
        if (count < 2)
        {
            throw new IllegalArgumentException("retained=" + count + " must be 2 or more: a damaged checkpoint needs one before it");
        }
        retained = count;
        return this;
    }

    /**
     * Fails the job when more than so many checkpoints in a row were declined; by default it runs on, whatever happens.
     *
     * @param count 0 or more
     * @return this
     */
    public Checkpoints tolerableFailures(final int count)
    {
        if (count < 0)
        {
            throw new IllegalArgumentException("tolerableFailures=" + count + " must be 0 or more");
        }
        tolerableFailures = count;
        return this;
    }

    /**
     * What a complete checkpoint survives, by default the end of the process.
     *
     * @param level {@link SyncLevel#DURABLE} for a loss of power as well, at the price of several fsyncs a checkpoint
     * @return this
     */
    public Checkpoints durability(final SyncLevel level)
    {
        durability = Objects.requireNonNull(level, "durability");
        return this;
    }

    /**
     * Keeps the order in which several sources took turns from the job's start on, and not only what a restart needs, so
     * that the whole run can be replayed: see {@link #recordedOrder}. Some bytes for each batch of records.
     *
     * @return this
     */
    public Checkpoints keepingOrder()
    {
        wholeOrder = true;
        return this;
    }

    /**
     * Uses something else than the local file system, and locks nothing. For tests that stand in for the disk.
     *
     * @param files of a directory: that of the checkpoints, and that of the order log
     * @return this
     */
    public Checkpoints storage(final Function<Path, StorageFiles> files)
    {
        storage = Objects.requireNonNull(files, "files");
        return this;
    }

    /**
     * The order in which the sources of a job took turns, for another one that reads the same inputs:
     * <pre>
     *   new JobConfig().replaying(Checkpoints.recordedOrder(directory))
     * </pre>
     *
     * @param directory of the job's checkpoints, which were {@link #keepingOrder()}
     * @return the recording, read when the other job starts
     */
    public static OrderRecording recordedOrder(final Path directory)
    {
        return OrderFiles.recording(directory.resolve(ORDER));
    }

    @Override
    public CheckpointService open(final CheckpointContext job)
    {
        final SnapshotStoreContext context = new SnapshotStoreContext()
            .jobName(job.jobName()).syncLevel(durability).retained(retained).account(job.account());
        final LocalSnapshotStore store = LocalSnapshotStore.open(
            storage == null ? context.directory(directory) : context.files(storage.apply(directory)));
        return new CheckpointCoordinator(
            job, store, new CheckpointTrigger(interval, System::nanoTime), records, tolerableFailures, () -> openOrder(job));
    }

    private OrderJournal openOrder(final CheckpointContext job)
    {
        final Path orderDirectory = directory.resolve(ORDER);
        return storage == null ?
            OrderFiles.open(orderDirectory, durability, wholeOrder, job.fingerprint(), job.account()) :
            OrderFiles.open(storage.apply(orderDirectory), orderDirectory, durability, wholeOrder, job.fingerprint(), job.account());
    }
}
