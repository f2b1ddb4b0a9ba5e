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
package io.millrace.checkpoint.store;

/**
 * Where the checkpoints of one job lie. A checkpoint is a chain of data files, a base and the deltas after it, and
 * complete when its manifest is there. All methods belong to one thread, the engine's I/O thread, and do file I/O.
 * <pre>
 *   restoreLatest() ---> begin(id, full) ---> append ... append ---> complete(metadata)   or   abort()
 *   once, first            one at a time                             durable when it returns
 *
 *   beginCompaction() ---> next, append, next, append ... ---> finish()   the next complete() publishes the base
 * </pre>
 */
public interface SnapshotStore extends AutoCloseable
{
    /**
     * Finds the latest checkpoint of which every byte is as it was written, and goes on from there. Must be called
     * once, before anything is begun.
     *
     * @return the checkpoint, to be read and closed by the caller, or null when none was ever completed
     * @throws CheckpointDamagedException when there are checkpoints and none of them can be used
     * @throws IllegalStateException      when the directory holds another job's checkpoints
     * @throws io.millrace.checkpoint.files.StorageFailedException when the directory cannot be read
     */
    RestoredCheckpoint restoreLatest();

    /**
     * @return the highest id that was ever begun here, complete or not, 0 when there is none: ids go on above it
     */
    long highestId();

    /**
     * @return id of the latest complete checkpoint, 0 when there is none
     */
    long latestId();

    /**
     * @return id of the oldest checkpoint that is retained, 0 when there is none
     */
    long oldestId();

    /**
     * @return number of data files that the latest complete checkpoint needs: the caller's reason to compact
     */
    int chainLength();

    /**
     * @return bytes of those files
     */
    long chainBytes();

    /**
     * @return true when the next checkpoint must hold all state: there is none before it, or one was aborted or
     *         declined after it may have taken changes that no later delta would have
     */
    boolean fullRequired();

    /**
     * Begins a checkpoint.
     *
     * @param id   above {@link #highestId()}
     * @param full whether it will hold all state; a delta is added to the chain of the latest complete checkpoint
     * @return the writer; complete or abort it before the next begin
     * @throws CheckpointDeclinedException when there is not enough space; before any task was asked, that costs nothing
     * @throws IllegalStateException       when a full one is required, or another one is being written
     */
    CheckpointWriter begin(long id, boolean full);

    /**
     * Begins to merge the latest complete checkpoint's chain into one new base. Checkpoints may be written in between.
     *
     * @return the compaction; finish or abort it before the next one
     * @throws CheckpointDeclinedException when there is not enough space
     * @throws IllegalStateException       when there is no chain, or another compaction runs
     */
    Compaction beginCompaction();

    /**
     * @return whether the process before stopped cleanly, as it said with {@link #markClean()}: if not, live state
     *         outside the checkpoints is not to be trusted
     */
    boolean wasClean();

    /** Says that everything was stopped in order. To be called last before {@link #close()}. */
    void markClean();

    /** Aborts what is being written and lets go of the directory. */
    @Override
    void close();
}
