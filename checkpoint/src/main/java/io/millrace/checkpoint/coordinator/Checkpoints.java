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
import io.millrace.checkpoint.hash.HashBlock;
import io.millrace.checkpoint.hash.HashFiles;
import io.millrace.checkpoint.hash.RecordedHashes;
import io.millrace.checkpoint.order.OrderFiles;
import io.millrace.checkpoint.store.LocalSnapshotStore;
import io.millrace.checkpoint.store.SnapshotStore;
import io.millrace.checkpoint.store.SnapshotStoreContext;
import io.millrace.checkpoint.store.SnapshotStoreFactory;
import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.CheckpointServiceFactory;
import io.millrace.core.checkpoint.OrderJournal;
import io.millrace.core.checkpoint.OrderRecording;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Where and when a job makes checkpoints; handed to its configuration.
 * <pre>
 *   new JobConfig().checkpointing(Checkpoints.in(directory).every(Duration.ofSeconds(1)))
 * </pre>
 */
public final class Checkpoints implements CheckpointServiceFactory
{
    private static final String ORDER = "order";
    private static final String HASHES = "hashes";
    private static final long HASHED_ENTRIES = 1 << 12;

    private final Path directory;
    private final SnapshotStoreFactory stores;
    private long interval = CheckpointPolicy.NEVER;
    private long minimumPause;
    private long timeout = CheckpointPolicy.NEVER;
    private long records;
    private long bytes;
    private boolean aligned = true;
    private LongSupplier nanoClock = System::nanoTime;
    private int retained = 2;
    private int tolerableFailures = Integer.MAX_VALUE;
    private SyncLevel durability = SyncLevel.PROCESS;
    private boolean wholeOrder;
    private boolean orderMayBeLost;
    /** Below 0 when no hashes are recorded. */
    private long hashedEntries = -1;
    private Function<Path, StorageFiles> storage;

    private Checkpoints(final Path directory, final SnapshotStoreFactory stores)
    {
        this.directory = directory;
        this.stores = stores;
    }

    /**
     * Checkpoints in a directory of one job, which is made when it is not there.
     *
     * @param directory on a local file system
     * @return checkpoints that are made when asked for by hand and at the end of the input
     */
    public static Checkpoints in(final Path directory)
    {
        return on(LocalSnapshotStore::open, directory);
    }

    /**
     * Checkpoints in a store of another kind. The order in which several sources take turns stays in a local directory,
     * since records wait for it: a job with several sources that has lost that directory is refused, unless
     * {@link #orderMayBeLost}.
     *
     * @param stores    opens the store when the job starts
     * @param directory of this job on a local file system, for the order
     * @return checkpoints that are made when asked for by hand and at the end of the input
     */
    public static Checkpoints on(final SnapshotStoreFactory stores, final Path directory)
    {
        return new Checkpoints(
            Objects.requireNonNull(directory, "directory"), Objects.requireNonNull(stores, "stores"));
    }

    /**
     * Makes a checkpoint when so much time has passed since the last one was begun.
     *
     * @param time above 0
     * @return this
     */
    public Checkpoints every(final Duration time)
    {
        interval = nanos("interval", time, false);
        return this;
    }

    /**
     * Leaves so much time between the end of a checkpoint and the next one by {@link #every}, so that the job has time
     * for its work when checkpoints take long. Those by records, by bytes and by hand do not wait for it.
     *
     * @param time 0 or more; by default 0
     * @return this
     */
    public Checkpoints minimumPause(final Duration time)
    {
        minimumPause = nanos("minimumPause", time, true);
        return this;
    }

    /**
     * Gives a checkpoint up that takes longer, as one that was declined; by default none is. Its barrier goes on through
     * the job, and the next checkpoint is asked for when it has passed every task; that one holds all state.
     *
     * @param time above 0; from the request until every task has handed in its part
     * @return this
     */
    public Checkpoints timeout(final Duration time)
    {
        timeout = nanos("timeout", time, false);
        return this;
    }

    private static long nanos(final String what, final Duration time, final boolean zero)
    {
        if (time.isNegative() || time.isZero() && !zero)
        {
            throw new IllegalArgumentException(
                what + "=" + time + " of checkpoints must be " + (zero ? "0 or more" : "above 0"));
        }
        // As of two hundred years it is never.
        return time.toSeconds() > Long.MAX_VALUE / 2_000_000_000L ? CheckpointPolicy.NEVER : time.toNanos();
    }

    /**
     * Makes a checkpoint when a source has emitted records of so many bytes, without their headers, since the last one
     * that it asked for: about what its journal has grown by, and so what a restart reads again. It is made exactly at
     * the record where the count is full, as with {@link #everyRecords}. A source of records whose lengths vary must
     * tell its bytes, as those of journals and of ingresses do; one that cannot asks for none, and a job with no other
     * is refused.
     *
     * @param count above 0
     * @return this
     */
    public Checkpoints triggeredByBytes(final long count)
    {
        if (count <= 0)
        {
            throw new IllegalArgumentException("bytes=" + count + " between checkpoints must be above 0");
        }
        bytes = count;
        return this;
    }

    /**
     * Has no channel wait at a barrier for the others: what was processed behind the barrier is part of the snapshot,
     * and may be processed again after a restart. By default everything is processed exactly once.
     * <p>
     * Where channels are merged by cause, as they all are, nothing changes but the wait: a record behind a barrier has
     * a higher cause than the barrier, and so is taken after the barriers of all channels in any case. Only a merge by
     * arrival would repeat records.
     *
     * @return this
     */
    public Checkpoints atLeastOnce()
    {
        aligned = false;
        return this;
    }

    /** In place of {@link System#nanoTime()}, so that tests need not wait. */
    Checkpoints nanoClock(final LongSupplier clock)
    {
        nanoClock = clock;
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
     * Fails the job when more than so many checkpoints in a row were declined or timed out; by default it runs on,
     * whatever happens.
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
     * Lets a job whose checkpoints lie elsewhere go on from the latest one though the directory with the order is lost,
     * as when it starts on another machine; by default that is refused. Its sources take turns anew from the checkpoint
     * on. Sinks that commit with checkpoints have shown nothing of what is done again, and stay exactly once. What others
     * had shown behind the checkpoint comes again, perhaps in another order.
     *
     * @return this
     */
    public Checkpoints orderMayBeLost()
    {
        orderMayBeLost = true;
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
     * Records at each barrier, for each operator, a hash of what it holds and one of what it has emitted since the barrier
     * before, so that a replay can tell where it first differs from the run: see {@link #recordedHashes}. Costs a
     * multiplication for every 8 bytes that an operator emits, and at a barrier the reading of 4,096 entries of each operator
     * at most: tables count with their entries as long as they have no more together, larger ones with their size.
     *
     * @return this
     */
    public Checkpoints recordingHashes()
    {
        return recordingHashes(HASHED_ENTRIES);
    }

    /**
     * The same with another bound.
     *
     * @param entries of an operator's tables that are read at a barrier while its records wait, some 20 ns each; 0 for none
     * @return this
     */
    public Checkpoints recordingHashes(final long entries)
    {
        if (entries < 0)
        {
            throw new IllegalArgumentException("entries=" + entries + " that are hashed must be 0 or more");
        }
        hashedEntries = entries;
        return this;
    }

    /**
     * The hashes that a job has recorded, while it runs or later.
     *
     * @param directory of the job's checkpoints, which were {@link #recordingHashes()}
     * @return the barriers in the order of the input; all of them when the job is {@link #keepingOrder()}, else those that
     *     belong to checkpoints which are kept, and some before
     */
    public static List<HashBlock> recordedHashes(final Path directory)
    {
        return RecordedHashes.read(directory.resolve(HASHES));
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

    /**
     * Where the order of the sources is kept, for tools.
     *
     * @param directory of the checkpoints
     * @return directory of the order log, which is there only for jobs that need one
     */
    public static Path orderDirectory(final Path directory)
    {
        return directory.resolve(ORDER);
    }

    @Override
    public CheckpointService open(final CheckpointContext job)
    {
        final HashFiles hashes =
            hashedEntries < 0 ? null : HashFiles.open(directory.resolve(HASHES), hashedEntries, wholeOrder);
        final CheckpointPolicy policy = new CheckpointPolicy(
            interval, minimumPause, timeout, records, bytes, tolerableFailures, aligned, nanoClock);
        final SnapshotStoreContext context = new SnapshotStoreContext()
            .jobName(job.jobName()).syncLevel(durability).retained(retained).account(job.account());
        final SnapshotStore store = stores.open(
            storage == null ? context.directory(directory) : context.files(storage.apply(directory)));
        return new CheckpointCoordinator(job, store, policy, () -> openOrder(job), hashes);
    }

    private OrderJournal openOrder(final CheckpointContext job)
    {
        final Path orderDirectory = directory.resolve(ORDER);
        final OrderFiles order = storage == null ?
            OrderFiles.open(orderDirectory, durability, wholeOrder, job.fingerprint(), job.account()) :
            OrderFiles.open(storage.apply(orderDirectory), orderDirectory, durability, wholeOrder, job.fingerprint(), job.account());
        return orderMayBeLost ? order.mayBeLost() : order;
    }
}
