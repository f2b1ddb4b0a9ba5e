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

import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.hash.HashFiles;
import io.millrace.checkpoint.store.CheckpointDeclinedException;
import io.millrace.checkpoint.store.CheckpointMetadata;
import io.millrace.checkpoint.store.CheckpointWriter;
import io.millrace.checkpoint.store.DamagedCheckpoint;
import io.millrace.checkpoint.store.RestoredCheckpoint;
import io.millrace.checkpoint.store.SnapshotStore;
import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.checkpoint.CheckpointReport.Outcome;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.CheckpointStats;
import io.millrace.core.checkpoint.HashRecording;
import io.millrace.core.checkpoint.OrderJournal;
import io.millrace.core.checkpoint.RestoreTarget;
import io.millrace.core.checkpoint.TaskPause;
import io.millrace.core.savepoint.SavepointRequest;
import io.millrace.memory.KillPoint;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaChunks;
import io.millrace.memory.table.DeltaOutlet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Makes checkpoints one at a time: a request, the tasks' chunks as they come, their acknowledgements, the manifest. A
 * checkpoint that cannot be stored or takes too long is given up and the job runs on; it settles when its barrier has
 * passed all tasks, and the next one then holds everything, since what the one given up held is lost.
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
    /** Key of the savepoint that the job began from, in the metadata of its checkpoints. */
    private static final String ORIGIN = "savepoint";

    private final CheckpointContext job;
    private final SnapshotStore store;
    private final CheckpointTrigger trigger;
    private final CheckpointPolicy policy;
    private final CheckpointHistory history;
    private final Supplier<OrderJournal> order;
    /** Null when none are recorded. */
    private final HashFiles hashes;
    private final DeltaChunks[] chunks;
    /** By task: the latest checkpoint that it has handed in whole; written by the tasks. */
    private final AtomicLongArray acknowledged;

    /** Null until it is opened, and when none is kept. */
    private volatile OrderJournal openedOrder;
    private volatile long requested;
    private volatile long settled;
    private volatile long completed;
    private volatile long oldest;
    private volatile long givenUp;
    /** What a merge that follows an order has said cannot be made. */
    private volatile long abandoned;
    private volatile boolean requestedFull;
    private boolean nextFull = true;
    private long baseBytes;
    private long begun;
    private long bytes;
    private int givenUpInARow;
    private CheckpointWriter writer;
    /** The savepoint that was asked for with the last request; null when that was for a checkpoint. */
    private volatile SavepointRequest requestedSavepoint;
    private volatile long stopCheckpoint;
    private SavepointTask savepoint;
    /** The savepoint that this job began from, kept with its checkpoints; null for none. */
    private String origin;

    CheckpointCoordinator(
        final CheckpointContext job,
        final SnapshotStore store,
        final CheckpointPolicy policy,
        final Supplier<OrderJournal> order,
        final HashFiles hashes)
    {
        this.job = job;
        this.store = store;
        this.policy = policy;
        this.trigger = new CheckpointTrigger(policy);
        this.history = new CheckpointHistory(job.tasks());
        this.order = order;
        this.hashes = hashes;
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
            origin = origin(restored);
            if (hashes != null && restored != null)
            {
                hashes.restored(restored.id());
            }
            if (restored == null)
            {
                if (job.origin() != null)
                {
                    begun = Math.max(highest, job.origin().checkpointId());
                    settled = begun;
                    requested = begun;
                    completed = job.origin().checkpointId();
                }
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

    /** The savepoint that the checkpoints that are there began from, or else that this job begins from. */
    private String origin(final RestoredCheckpoint restored)
    {
        final String wanted = job.origin() == null ? null : job.origin().identity();
        if (restored == null)
        {
            return wanted;
        }
        final byte[] entry = restored.metadata().entry(ORIGIN);
        final String kept = entry == null ? null : new String(entry, StandardCharsets.US_ASCII);
        if (wanted != null && !wanted.equals(kept))
        {
            throw new IllegalStateException("checkpoint " + restored.id() + " of job " + job.jobName() + " began from " +
                (kept == null ? "no savepoint" : "savepoint " + kept) + ", the job is to begin from savepoint " + wanted +
                ": give it an empty checkpoint directory, or start it without restoringFrom(...) to go on from the checkpoint");
        }
        return kept;
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
        return policy.records();
    }

    @Override
    public long bytesPerCheckpoint()
    {
        return policy.bytes();
    }

    @Override
    public boolean alignsBarriers()
    {
        return policy.aligned();
    }

    @Override
    public synchronized long request()
    {
        // A task that has ended cannot hand in its state again.
        if (requested != settled || nextFull && !noneEnded() || stopCheckpoint != 0 && completed >= stopCheckpoint)
        {
            return 0;
        }
        requestedSavepoint = null;
        requestedFull = nextFull;
        requested = requested + 1;
        trigger.requested();
        return requested;
    }

    @Override
    public synchronized long requestSavepoint(final SavepointRequest request)
    {
        if (requested != settled)
        {
            return 0;
        }
        requestedSavepoint = request;
        requestedFull = true;
        stopCheckpoint = request.stops() ? requested + 1 : 0;
        requested = requested + 1;
        return requested;
    }

    @Override
    public long stopCheckpoint()
    {
        return stopCheckpoint;
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
    public long givenUpCheckpoint()
    {
        return givenUp;
    }

    @Override
    public boolean abandon(final long checkpointId)
    {
        abandoned = checkpointId;
        return false;
    }

    @Override
    public long oldestCheckpoint()
    {
        return oldest;
    }

    @Override
    public OrderJournal openOrderJournal()
    {
        openedOrder = order.get();
        return openedOrder;
    }

    @Override
    public HashRecording hashRecording()
    {
        return hashes;
    }

    @Override
    public DeltaOutlet outlet(final int task)
    {
        return chunks[task];
    }

    @Override
    public void paused(
        final int task, final long checkpointId, final long alignmentNanos, final long synchronousNanos)
    {
        history.paused(task, checkpointId, alignmentNanos, synchronousNanos);
    }

    @Override
    public CheckpointStats stats()
    {
        return history.stats().waiting(waiting());
    }

    /** What the order of the sources waits for; empty for nothing. */
    private String waiting()
    {
        final OrderJournal opened = openedOrder;
        return opened == null ? "" : opened.waiting();
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
        try
        {
            return work();
        }
        catch (final StorageFailedException exception)
        {
            if (begun > settled && begun > givenUp)
            {
                report(Outcome.FAILED, exception.getMessage());
            }
            throw exception;
        }
    }

    private int work()
    {
        int work = 0;
        if (trigger.isDue() && request() != 0)
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
            if (!all && abandoned >= begun && givenUp < begun)
            {
                giveUpAgain();
            }
            else if (!all && writer != null && trigger.isTimedOut())
            {
                timeOut();
            }
            if (all)
            {
                work++;
                if (savepoint == null || savepoint.step())
                {
                    complete();
                }
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
        bytes = 0;
        trigger.begun();
        final SavepointRequest request = requestedSavepoint;
        if (request != null)
        {
            savepoint = new SavepointTask(request, begun, job);
            if (!request.stops())
            {
                return;
            }
        }
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
            if (savepoint != null && chunk.length() > 0)
            {
                savepoint.append(chunk);
            }
            if (writer != null && chunk.length() > 0)
            {
                writer.append(task, chunk.address(), chunk.length());
                bytes += chunk.length();
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
        final SavepointTask made = savepoint;
        savepoint = null;
        final boolean partial = requestedFull && !noneEnded();
        if (partial && made != null)
        {
            made.fail("a task has ended, and with it what only it could tell: ask before the end of the input");
        }
        if ((made == null ? partial : !made.complete()) && writer != null)
        {
            writer.abort();
            writer = null;
        }
        try
        {
            if (writer != null)
            {
                final boolean full = requestedFull;
                KillPoint.hit("before complete checkpoint");
                writer.complete(new CheckpointMetadata(job.fingerprint(), false,
                    origin == null ? Map.of() : Map.of(ORIGIN, origin.getBytes(StandardCharsets.US_ASCII))));
                KillPoint.hit("after complete checkpoint");
                writer = null;
                givenUpInARow = 0;
                baseBytes = full ? store.chainBytes() : baseBytes;
                oldest = store.oldestId();
                completed = begun;
                report(Outcome.COMPLETED, "");
            }
        }
        catch (final CheckpointDeclinedException exception)
        {
            declined(exception);
        }
        if (hashes != null)
        {
            hashes.settled(begun, completed == begun);
            hashes.trim(oldest);
        }
        // What tasks have handed in for a checkpoint that was given up, or for a savepoint, no later delta has.
        nextFull = givenUp == begun || store.fullRequired() || chainTooLong() || made != null && completed < begun;
        trigger.settled();
        settled = begun;
        if (made != null)
        {
            made.tell(completed >= begun);
        }
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

    private void timeOut()
    {
        writer.abort();
        final String waiting = waiting();
        giveUp(Outcome.TIMED_OUT, "it took more than timeout=" + Duration.ofNanos(policy.timeoutNanos()) + ": tasks=" +
            missing() + " have not handed in their part; " + (waiting.isEmpty() ?
            "give it more time, or look for a slow sink or source behind them" : waiting), null);
    }

    /** What an earlier life has given up, and tolerated, is no failure of this one. */
    private void giveUpAgain()
    {
        final String reason = "the order that is followed goes on behind its barrier, where an earlier life had given it up";
        if (writer != null)
        {
            writer.abort();
            writer = null;
        }
        if (savepoint != null)
        {
            savepoint.fail(reason + ": ask again");
        }
        givenUp = begun;
        report(Outcome.DECLINED, reason);
        LOGGER.info("checkpoint {} of job {} is given up: {}", begun, job.jobName(), reason);
    }

    private List<Integer> missing()
    {
        final List<Integer> missing = new ArrayList<>();
        for (int task = 0; task < chunks.length; task++)
        {
            if (acknowledged.getAcquire(task) < begun)
            {
                missing.add(task);
            }
        }
        return missing;
    }

    private void declined(final CheckpointDeclinedException exception)
    {
        giveUp(Outcome.DECLINED, exception.getMessage(), exception);
    }

    private void giveUp(final Outcome outcome, final String reason, final Exception cause)
    {
        writer = null;
        givenUp = begun;
        givenUpInARow++;
        report(outcome, reason);
        final String what = "checkpoint " + begun + " of job " + job.jobName() +
            (outcome == Outcome.TIMED_OUT ? " timed out, " : " was declined, ") + givenUpInARow + " in a row";
        LOGGER.warn("{}: {}", what, reason);
        if (givenUpInARow > policy.tolerableFailures())
        {
            throw new IllegalStateException(
                what + ", tolerableFailures=" + policy.tolerableFailures() + ": " + reason, cause);
        }
    }

    private void report(final Outcome outcome, final String reason)
    {
        final List<TaskPause> pauses = new ArrayList<>();
        for (int task = 0; task < chunks.length; task++)
        {
            final TaskPause pause = acknowledged.getAcquire(task) < begun ? null : history.pause(task, begun);
            if (pause != null)
            {
                pauses.add(pause);
            }
        }
        history.add(new CheckpointReport(begun, requestedFull, outcome, reason, trigger.elapsedNanos(), bytes,
            store.chainLength(), store.chainBytes(), pauses));
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
            if (savepoint != null)
            {
                savepoint.close();
                savepoint = null;
            }
            store.markClean();
        }
        finally
        {
            store.close();
            if (hashes != null)
            {
                hashes.close();
            }
            for (final DeltaChunks taskChunks : chunks)
            {
                taskChunks.close();
            }
        }
    }
}
