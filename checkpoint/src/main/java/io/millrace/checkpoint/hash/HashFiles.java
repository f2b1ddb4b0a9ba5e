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
package io.millrace.checkpoint.hash;

import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.core.checkpoint.BarrierHash;
import io.millrace.core.checkpoint.HashRecording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes the hashes of each checkpoint as a block of a file; each life of a job begins a file of its own. They are for
 * comparisons and never needed to go on, so nothing is synced, and what cannot be written is left out with a warning.
 * <p>
 * Tasks add; everything else is for the I/O thread.
 */
public final class HashFiles implements HashRecording, AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(HashFiles.class);
    private static final long FILE_LENGTH = 16L << 20;

    private final Path directory;
    private final StorageFiles files;
    private final List<HashFile> listed;
    private final long maxEntries;
    private final boolean whole;
    private final Queue<BarrierHash> added = new ConcurrentLinkedQueue<>();
    private StorageFiles.WritableFile file;
    private long written;
    private final long life;
    private long restored;
    private boolean failed;

    private HashFiles(final Path directory, final StorageFiles files, final long maxEntries, final boolean whole)
        throws IOException
    {
        this.directory = directory;
        this.files = files;
        this.maxEntries = maxEntries;
        this.whole = whole;
        this.listed = new ArrayList<>(HashFile.list(files));
        this.life = nextNumber();
    }

    /**
     * Opens the hashes of a job for writing. The owner of the checkpoints sees to it that there is one writer.
     *
     * @param directory  of the hashes alone, made when it is not there
     * @param maxEntries of the tables that are read at a barrier
     * @param whole      true to keep all of them, whatever {@link #trim} allows
     * @return the files, to be closed by the caller
     * @throws StorageFailedException when the directory cannot be made or read
     */
    public static HashFiles open(final Path directory, final long maxEntries, final boolean whole)
    {
        try
        {
            return new HashFiles(directory, new LocalFiles(directory), maxEntries, whole);
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot open hashes=" + directory, exception);
        }
    }

    @Override
    public long maxEntries()
    {
        return maxEntries;
    }

    @Override
    public void add(final BarrierHash hash)
    {
        added.add(hash);
    }

    /**
     * Says what the life begins from, before anything is added.
     *
     * @param checkpoint id, 0 for none
     */
    public void restored(final long checkpoint)
    {
        restored = checkpoint;
    }

    /**
     * Writes the block of a checkpoint, once all tasks have acknowledged it.
     *
     * @param checkpoint id
     * @param completed  whether it was completed
     */
    public void settled(final long checkpoint, final boolean completed)
    {
        final List<BarrierHash> hashes = new ArrayList<>();
        for (BarrierHash hash = added.poll(); hash != null; hash = added.poll())
        {
            if (hash.checkpoint() == checkpoint)
            {
                hashes.add(hash);
            }
        }
        if (!failed && !hashes.isEmpty())
        {
            hashes.sort(null);
            write(new HashBlock(checkpoint, hashes.get(0).cause(), completed, life, restored, maxEntries, hashes));
        }
    }

    private void write(final HashBlock block)
    {
        try
        {
            if (file == null || written >= FILE_LENGTH)
            {
                begin(block.checkpoint());
            }
            final ByteBuffer bytes = HashBlockDescriptor.encode(block);
            written += bytes.remaining();
            file.write(bytes);
        }
        catch (final IOException exception)
        {
            failed = true;
            LOGGER.warn("hashes of checkpoint {} and of those behind it are not recorded in {}: {}",
                block.checkpoint(), directory, exception.toString());
        }
    }

    private long nextNumber()
    {
        return listed.isEmpty() ? 1 : listed.get(listed.size() - 1).number() + 1;
    }

    private void begin(final long checkpoint) throws IOException
    {
        if (file != null)
        {
            file.close();
            file = null;
        }
        final HashFile next = new HashFile(nextNumber(), checkpoint);
        file = files.create(next.name());
        listed.add(next);
        written = 0;
    }

    /**
     * Allows to drop what belongs to checkpoints that are not kept.
     *
     * @param oldest id of the oldest checkpoint that is kept
     */
    public void trim(final long oldest)
    {
        try
        {
            while (!whole && listed.size() > 1 && listed.get(1).checkpoint() <= oldest)
            {
                files.delete(listed.get(0).name());
                listed.remove(0);
            }
        }
        catch (final IOException exception)
        {
            LOGGER.warn("old hashes={} cannot be deleted in {}: {}", listed.get(0).name(), directory, exception.toString());
        }
    }

    @Override
    public void close()
    {
        try
        {
            if (file != null)
            {
                file.close();
            }
        }
        catch (final IOException exception)
        {
            LOGGER.warn("hashes in {} cannot be closed: {}", directory, exception.toString());
        }
    }
}
