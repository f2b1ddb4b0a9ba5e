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

import io.millrace.checkpoint.files.StorageFailedException;

import java.io.IOException;
import java.util.List;

/**
 * Merges a chain into one new base. The store brings the old chunks in order and writes the new ones; what they mean
 * and how they merge is the caller's. It can be done in small steps between checkpoints, and costs nothing when it is
 * given up. Of the store's thread.
 * <pre>
 *   while (compaction.next())
 *   {
 *       merge(compaction.task(), compaction.address(), compaction.length());   // may append now and then
 *   }
 *   compaction.append(task, address, length);                                  // what is left
 *   compaction.finish();
 * </pre>
 */
public final class Compaction
{
    private final LocalSnapshotStore store;
    private final List<DataFile> chain;
    private final ChainReader reader;
    private final BlockFileWriter blocks;
    private boolean open = true;
    private boolean exhausted;

    Compaction(
        final LocalSnapshotStore store, final List<DataFile> chain, final ChainReader reader,
        final BlockFileWriter blocks)
    {
        this.store = store;
        this.chain = chain;
        this.reader = reader;
        this.blocks = blocks;
    }

    /**
     * Goes to the next chunk of the old chain.
     *
     * @return false when there are no more
     * @throws CheckpointDamagedException when the chain is damaged: the compaction is aborted, and the next checkpoint
     *                                    must be full
     */
    public boolean next()
    {
        checkOpen();
        try
        {
            exhausted = !reader.next();
            return !exhausted;
        }
        catch (final IOException | DamagedFileException exception)
        {
            abort();
            throw store.chainDamaged(exception);
        }
    }

    /**
     * @return task that the old chunk belongs to
     */
    public int task()
    {
        return reader.task();
    }

    /**
     * @return address of the old chunk's first byte, valid until the next call of {@link #next()}
     */
    public long address()
    {
        return reader.address();
    }

    /**
     * @return length of the old chunk in bytes
     */
    public int length()
    {
        return reader.length();
    }

    /**
     * Adds a chunk to the new base.
     *
     * @param task       that the chunk belongs to
     * @param newAddress of the first byte
     * @param newLength  in bytes, at most 1 MiB
     * @throws CheckpointDeclinedException when there is not enough space: the compaction is aborted, checkpoints go on
     */
    public void append(final int task, final long newAddress, final int newLength)
    {
        checkOpen();
        try
        {
            blocks.append(task, newAddress, newLength);
        }
        catch (final CheckpointDeclinedException exception)
        {
            abort();
            throw exception;
        }
    }

    /**
     * Ends the base. The next delta checkpoint that completes has it in its chain, in the place of what was merged.
     *
     * @throws IllegalStateException       when chunks of the old chain were not read
     * @throws CheckpointDeclinedException when there is not enough space: the compaction is aborted, checkpoints go on
     * @throws StorageFailedException      when the fsync failed: the job must fail
     */
    public void finish()
    {
        checkOpen();
        if (!exhausted)
        {
            throw new IllegalStateException(
                "the old chain was not read to its end: call next until it is false, then finish");
        }
        open = false;
        closeReader();
        store.compacted(this);
    }

    /** Gives the new base up. */
    public void abort()
    {
        if (open)
        {
            open = false;
            closeReader();
            store.abandon(this);
        }
    }

    List<DataFile> chain()
    {
        return chain;
    }

    BlockFileWriter blocks()
    {
        return blocks;
    }

    private void closeReader()
    {
        try
        {
            reader.close();
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot close a file of the chain that was compacted", exception);
        }
    }

    private void checkOpen()
    {
        if (!open)
        {
            throw new IllegalStateException("the compaction was finished or aborted: begin another one");
        }
    }
}
