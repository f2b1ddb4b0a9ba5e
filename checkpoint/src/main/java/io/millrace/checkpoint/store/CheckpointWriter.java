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
 * Writes one checkpoint. Of the store's thread.
 */
public final class CheckpointWriter
{
    private final LocalSnapshotStore store;
    private final long id;
    private final boolean full;
    private final BlockFileWriter blocks;
    private boolean open = true;

    CheckpointWriter(final LocalSnapshotStore store, final long id, final boolean full, final BlockFileWriter blocks)
    {
        this.store = store;
        this.id = id;
        this.full = full;
        this.blocks = blocks;
    }

    /**
     * @return id of the checkpoint
     */
    public long id()
    {
        return id;
    }

    /**
     * Adds a chunk. The bytes are copied before it returns; nothing is promised about them before {@link #complete}.
     *
     * @param task    that the chunk belongs to
     * @param address of the first byte
     * @param length  in bytes, at most 1 MiB
     * @throws CheckpointDeclinedException when there is not enough space: the checkpoint is aborted then
     */
    public void append(final int task, final long address, final int length)
    {
        checkOpen();
        try
        {
            blocks.append(task, address, length);
        }
        catch (final CheckpointDeclinedException exception)
        {
            abort();
            throw exception;
        }
    }

    /**
     * Makes the checkpoint complete, and deletes what no retained checkpoint needs any more. When it returns, sinks may
     * commit.
     *
     * @param metadata for the manifest
     * @throws CheckpointDeclinedException when there is not enough space: the checkpoint is aborted then
     * @throws io.millrace.checkpoint.files.StorageFailedException when an fsync or rename failed: the job must fail
     */
    public void complete(final CheckpointMetadata metadata)
    {
        checkOpen();
        open = false;
        store.publish(this, metadata);
    }

    /** Gives the checkpoint up and deletes its file; the next one must be full. */
    public void abort()
    {
        if (open)
        {
            open = false;
            store.abandon(this);
        }
    }

    boolean full()
    {
        return full;
    }

    BlockFileWriter blocks()
    {
        return blocks;
    }

    private void checkOpen()
    {
        if (!open)
        {
            throw new IllegalStateException("checkpoint=" + id + " was completed or aborted: begin another one");
        }
    }
}
