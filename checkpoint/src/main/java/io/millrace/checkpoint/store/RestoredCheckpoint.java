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
 * A checkpoint whose every byte was verified, to be read from its first chunk to its last: base first, then each delta
 * in order, and in each the chunks as they were appended. Of the store's thread.
 * <pre>
 *   while (restored.next())
 *   {
 *       load(restored.task(), restored.address(), restored.length());
 *   }
 * </pre>
 */
public final class RestoredCheckpoint implements AutoCloseable
{
    private final Manifest manifest;
    private final List<DamagedCheckpoint> damaged;
    private final ChainReader reader;
    private final long chunks;

    RestoredCheckpoint(
        final Manifest manifest, final List<DamagedCheckpoint> damaged, final ChainReader reader, final long chunks)
    {
        this.manifest = manifest;
        this.damaged = List.copyOf(damaged);
        this.reader = reader;
        this.chunks = chunks;
    }

    /**
     * @return id of the checkpoint
     */
    public long id()
    {
        return manifest.checkpoint();
    }

    /**
     * @return what the coordinator has stored with it
     */
    public CheckpointMetadata metadata()
    {
        return manifest.metadata();
    }

    /**
     * @return later checkpoints that could not be used, newest first: to be reported
     */
    public List<DamagedCheckpoint> damaged()
    {
        return damaged;
    }

    /**
     * @return number of chunks that {@link #next()} goes through
     */
    public long chunks()
    {
        return chunks;
    }

    /**
     * Goes to the next chunk.
     *
     * @return false when there are no more
     * @throws StorageFailedException when the chunk is no longer what was verified
     */
    public boolean next()
    {
        try
        {
            return reader.next();
        }
        catch (final IOException | DamagedFileException exception)
        {
            throw new StorageFailedException("checkpoint=" + id() + " was verified, and is damaged when it is read: " +
                exception.getMessage() + ": check the disk and restart", exception);
        }
    }

    /**
     * @return task that the chunk belongs to
     */
    public int task()
    {
        return reader.task();
    }

    /**
     * @return address of the chunk's first byte, a multiple of 8, valid until the next call of {@link #next()}
     */
    public long address()
    {
        return reader.address();
    }

    /**
     * @return length of the chunk in bytes
     */
    public int length()
    {
        return reader.length();
    }

    @Override
    public void close()
    {
        try
        {
            reader.close();
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot close a file of checkpoint=" + id(), exception);
        }
    }
}
