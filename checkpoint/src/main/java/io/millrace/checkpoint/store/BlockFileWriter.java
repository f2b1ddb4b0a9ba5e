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

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;

import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Writes the blocks of one data file, in pieces of at most 1 MiB. A failed create or write declines the checkpoint:
 * nothing depends on the file yet. A failed sync fails the storage.
 */
final class BlockFileWriter
{
    private static final int SPACE_CHECK_INTERVAL = 16 << 20;

    private final SnapshotStoreContext context;
    private final StorageFiles files;
    private final String name;
    private final int magic;
    private final long job;
    private final long number;
    private final AddressBuffer buffer = new AddressBuffer();
    private final CRC32C fileChecksum = new CRC32C();
    private final Region region;
    private final long header;
    private final long staging;
    private final int stagingLength;
    private StorageFiles.WritableFile file;
    private int staged;
    private long size;
    private long checkedSize;
    private long blocks;

    BlockFileWriter(
        final SnapshotStoreContext context, final StorageFiles files, final String name, final int magic,
        final long number)
    {
        this.context = context;
        this.files = files;
        this.name = name;
        this.magic = magic;
        this.number = number;
        job = Manifest.jobHash(context.jobName());
        stagingLength = context.maxChunkLength();
        region = Region.allocate(context.account(), "staging of " + name, BlockDescriptor.HEADER_LENGTH +
            (long)stagingLength);
        header = region.address();
        staging = header + BlockDescriptor.HEADER_LENGTH;
        try
        {
            checkSpace();
            file = files.create(name);
        }
        catch (final IOException exception)
        {
            throw declined(exception);
        }
        finally
        {
            if (file == null)
            {
                region.close();
            }
        }
    }

    void append(final int task, final long address, final int length)
    {
        if (length < 0 || length > context.maxChunkLength())
        {
            throw new IllegalArgumentException("chunk length=" + length + " of task=" + task + " must be from 0 to " +
                context.maxChunkLength() + ": split it");
        }
        BlockDescriptor.header(header, magic, job, number, blocks, task, length);
        BlockDescriptor.seal(header, address, buffer);
        try
        {
            stage(header, BlockDescriptor.HEADER_LENGTH);
            stage(address, length);
            blocks++;
            if (size - checkedSize > SPACE_CHECK_INTERVAL)
            {
                checkSpace();
            }
        }
        catch (final IOException exception)
        {
            throw declined(exception);
        }
    }

    /** Writes the rest and syncs; the file's name is not durable before the directory is. */
    DataFile finish()
    {
        try
        {
            flush();
        }
        catch (final IOException exception)
        {
            throw declined(exception);
        }
        try
        {
            if (context.syncLevel() == SyncLevel.DURABLE)
            {
                file.sync();
            }
            file.close();
            file = null;
        }
        catch (final IOException exception)
        {
            if (files.mayRecover())
            {
                throw declined(exception);
            }
            throw new StorageFailedException("cannot sync " + name + " in " + files +
                ": the disk is not to be trusted; stop the job, check the disk, restart from the last checkpoint",
                exception);
        }
        region.close();
        return new DataFile(name, size, blocks, (int)fileChecksum.getValue());
    }

    /** Closes the file and leaves it as it is. */
    void release()
    {
        region.close();
        final StorageFiles.WritableFile closing = file;
        file = null;
        try
        {
            if (closing != null)
            {
                closing.discard();
            }
        }
        catch (final IOException ignored)
        {
            // Nobody will read it.
        }
    }

    /** Closes and deletes the file as well as it goes; what is left is deleted after the next complete checkpoint. */
    void abandon()
    {
        release();
        try
        {
            files.delete(name);
        }
        catch (final IOException ignored)
        {
            // No manifest names it, so that it is only space.
        }
    }

    private void stage(final long address, final int length) throws IOException
    {
        int done = 0;
        while (done < length)
        {
            if (staged == stagingLength)
            {
                flush();
            }
            final int piece = Math.min(length - done, stagingLength - staged);
            Memory.copy(address + done, staging + staged, piece);
            staged += piece;
            done += piece;
        }
    }

    private void flush() throws IOException
    {
        if (staged > 0)
        {
            fileChecksum.update(buffer.wrap(staging, staged));
            file.write(buffer.wrap(staging, staged));
            size += staged;
            staged = 0;
        }
    }

    private void checkSpace() throws IOException
    {
        checkedSize = size;
        final long usable = files.usableSpace();
        if (usable < context.reserve())
        {
            throw new CheckpointDeclinedException("checkpoint directory=" + files + " has usable=" + usable +
                " bytes, reserve=" + context.reserve() + ", file=" + name + " size=" + size +
                ": free space on its file system", null);
        }
    }

    private CheckpointDeclinedException declined(final IOException exception)
    {
        return new CheckpointDeclinedException("cannot write " + name + " in " + files + " at size=" + size + ": " +
            exception.getMessage() + "; free space on its file system and see that it can be written", exception);
    }
}
