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
package io.millrace.core.checkpoint;

import io.millrace.core.savepoint.SavepointRequest;
import io.millrace.memory.table.DeltaOutlet;

/**
 * Makes the checkpoints of one run of a job last. One checkpoint at a time.
 */
public interface CheckpointService extends AutoCloseable
{
    /**
     * Brings back the latest checkpoint that is whole. Called once, before the tasks run.
     *
     * @param target takes the chunks of all tasks, oldest first
     * @return id of the restored checkpoint, or 0 when there is none
     */
    long restore(RestoreTarget target);

    /**
     * After how many records a source asks for a checkpoint.
     *
     * @return the number, or 0 when records do not count
     */
    long recordsPerCheckpoint();

    /**
     * After how many bytes of records, without their headers, a source asks for a checkpoint.
     *
     * @return the number, or 0 when bytes do not count
     */
    default long bytesPerCheckpoint()
    {
        return 0;
    }

    /**
     * Whether a task with several channels takes nothing behind a barrier before it has come on all of them.
     *
     * @return false for at least once
     */
    default boolean alignsBarriers()
    {
        return true;
    }

    /**
     * Asks for a checkpoint now. Any thread.
     *
     * @return id of the new checkpoint, or 0 when one is under way
     */
    long request();

    /**
     * The checkpoint that sources are asked to put a barrier for. Any thread; an acquiring read.
     *
     * @return id of the latest requested checkpoint, 0 at first; ids grow
     */
    long requestedCheckpoint();

    /**
     * Whether the requested checkpoint must hold all state, and not only what has changed. Any thread; asked at its
     * barrier.
     *
     * @return true for a base
     */
    boolean fullCheckpoint();

    /**
     * The latest checkpoint that will survive. Any thread; an acquiring read.
     *
     * @return its id, the restored one at first, or 0
     */
    long completedCheckpoint();

    /**
     * The latest checkpoint that nobody works on any more: it was completed, or given up. Any thread; an acquiring
     * read.
     *
     * @return its id, at least the restored one at first; when a checkpoint settles after it was completed,
     *     {@link #completedCheckpoint()} has grown before
     */
    long settledCheckpoint();

    /**
     * The latest checkpoint that was given up before all tasks had handed it in, and is not settled yet, or was. Any
     * thread; an acquiring read. A task that comes to its barrier later takes no snapshot, and acknowledges at once; one
     * that waits for the barrier on other channels waits no longer. It settles when all have acknowledged.
     *
     * @return its id, 0 when there was none
     */
    default long givenUpCheckpoint()
    {
        return 0;
    }

    /**
     * Says that a checkpoint cannot become what it should: a merge by arrival follows an order in which channels went on that
     * hold its barrier, since the run that is followed had given its checkpoint up there. Any thread; may be called again.
     *
     * @param checkpointId of the barrier
     * @return true when the merge goes on at once, as nothing is restored from these checkpoints; false when it waits until
     *     {@link #givenUpCheckpoint()} says so
     */
    default boolean abandon(final long checkpointId)
    {
        return false;
    }

    /**
     * Whether nothing is to be done for a checkpoint any more. True of one that was asked for in an earlier life, too: a
     * source puts no barrier for it, and waits for none.
     *
     * @param checkpointId any
     * @return whether it was completed or given up
     */
    default boolean isSettled(final long checkpointId)
    {
        return checkpointId <= settledCheckpoint();
    }

    /**
     * The oldest checkpoint that is kept: the furthest back that a restart may begin. Any thread.
     *
     * @return its id, 0 when there is none, or when it is not known
     */
    default long oldestCheckpoint()
    {
        return 0;
    }

    /**
     * Asks for a savepoint now: all state, beside the checkpoints, with an id of their sequence. One that is given up, or that
     * does not stop the job, settles its id without completing it. Any thread.
     *
     * @param request what and where; its result is completed by the I/O thread
     * @return its id, or 0 when a checkpoint is under way: ask again
     * @throws IllegalStateException when this service makes none
     */
    default long requestSavepoint(final SavepointRequest request)
    {
        throw new IllegalStateException("savepoint=" + request.directory() + " of job " + request.job().name() +
            " cannot be made, since " + getClass().getSimpleName() + " has none: configure checkpoints that have");
    }

    /**
     * The savepoint that the job stops with: sources put nothing behind its barrier, and end when it is completed. Any thread;
     * asked when that barrier is put.
     *
     * @return its id, or 0 when none was asked for
     */
    default long stopCheckpoint()
    {
        return 0;
    }

    /**
     * Opens the log of the order in which several sources take turns, kept with the checkpoints. Called once at most,
     * after {@link #restore}, in jobs whose output depends on that order.
     *
     * @return the log, closed by the job before the service; null when none is kept: then a restart takes the sources
     *     in another order
     */
    default OrderJournal openOrderJournal()
    {
        return null;
    }

    /**
     * Where the hashes of operators at barriers go. Asked once, while the job is built.
     *
     * @return what takes them; null when none are wanted
     */
    default HashRecording hashRecording()
    {
        return null;
    }

    /**
     * Where a task's full chunks go. Chunks handed in before {@link #acknowledge} belong to that checkpoint.
     *
     * @param task from 0
     * @return the outlet, for the task's thread
     */
    DeltaOutlet outlet(int task);

    /**
     * Tells how long a checkpoint has held a task up, before it acknowledges. The task's thread; must not allocate.
     *
     * @param task             from 0
     * @param checkpointId     of the barrier
     * @param alignmentNanos   from the barrier on the first channel to that on the last, 0 with one channel
     * @param synchronousNanos while the barrier went through the task's operators
     */
    default void paused(
        final int task, final long checkpointId, final long alignmentNanos, final long synchronousNanos)
    {
    }

    /**
     * Tells that a task has handed in everything of a checkpoint. The task's thread.
     *
     * @param task         from 0
     * @param checkpointId of the barrier
     * @return false to be called again, since not all chunks could be taken yet
     */
    boolean acknowledge(int task, long checkpointId);

    /**
     * Tells that a task has ended, and is no longer asked. The task's thread.
     *
     * @param task from 0
     */
    void ended(int task);

    /**
     * What became of the checkpoints so far. Any thread.
     *
     * @return counts, and the latest reports
     */
    default CheckpointStats stats()
    {
        return CheckpointStats.NONE;
    }

    /**
     * Does what is due: triggers by time, writes chunks, completes checkpoints. The I/O thread.
     *
     * @return work done, 0 when there was none
     */
    int doWork();

    /**
     * Writes what is under way if it can, and lets go of the directory. The I/O thread, after the tasks have stopped.
     */
    @Override
    void close();
}
