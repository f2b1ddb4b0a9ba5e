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
     * Where a task's full chunks go. Chunks handed in before {@link #acknowledge} belong to that checkpoint.
     *
     * @param task from 0
     * @return the outlet, for the task's thread
     */
    DeltaOutlet outlet(int task);

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
