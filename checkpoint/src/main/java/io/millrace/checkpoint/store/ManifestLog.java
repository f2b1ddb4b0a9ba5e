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
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.checkpoint.files.SyncLevel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes and reads manifests: the steps that make a checkpoint complete, in the only order that survives a loss of
 * power.
 */
final class ManifestLog
{
    private final SnapshotStoreContext context;
    private final StorageFiles files;

    ManifestLog(final SnapshotStoreContext context, final StorageFiles files)
    {
        this.context = context;
        this.files = files;
    }

    /**
     * Publishes a manifest whose data files were synced: directory (their names), temporary file, sync, rename,
     * directory. When it returns, the checkpoint is complete.
     */
    void publish(final Manifest manifest, final byte[] bytes)
    {
        final String temporary = FileNames.temporary(manifest.checkpoint());
        final String name = FileNames.manifest(manifest.checkpoint());
        syncDirectory("the data files of checkpoint=" + manifest.checkpoint());
        try (StorageFiles.WritableFile file = create(temporary, bytes))
        {
            if (context.syncLevel() == SyncLevel.DURABLE)
            {
                file.sync();
            }
        }
        catch (final IOException exception)
        {
            throw failed("sync " + temporary, exception);
        }
        try
        {
            files.rename(temporary, name);
        }
        catch (final IOException exception)
        {
            throw failed("rename " + temporary, exception);
        }
        syncDirectory(name);
    }

    /** Ids of the manifests that are there, newest first. */
    List<Long> list() throws IOException
    {
        final List<Long> ids = new ArrayList<>();
        for (final String name : files.list())
        {
            final long id = FileNames.manifestNumber(name);
            if (id >= 0)
            {
                ids.add(id);
            }
        }
        ids.sort(Comparator.reverseOrder());
        return ids;
    }

    byte[] read(final long id) throws IOException, DamagedFileException
    {
        try (StorageFiles.ReadableFile file = files.open(FileNames.manifest(id)))
        {
            final long size = file.size();
            if (size > Manifest.MAX_LENGTH)
            {
                throw new DamagedFileException("it has size=" + size + ", the most is " + Manifest.MAX_LENGTH);
            }
            final ByteBuffer bytes = ByteBuffer.allocate((int)size);
            file.read(0, bytes);
            return bytes.array();
        }
    }

    /** The manifest in the file of that id; another job's is not damage but a mistake. */
    Manifest decode(final long id, final byte[] bytes) throws DamagedFileException
    {
        final Manifest manifest = Manifest.decode(bytes);
        if (!manifest.job().equals(context.jobName()))
        {
            throw new IllegalStateException("checkpoint directory=" + files + " holds job=" + manifest.job() +
                ", not job=" + context.jobName() + ": give each job a directory of its own");
        }
        if (manifest.checkpoint() != id)
        {
            throw new DamagedFileException("it is the manifest of checkpoint=" + manifest.checkpoint());
        }
        return manifest;
    }

    private StorageFiles.WritableFile create(final String name, final byte[] bytes)
    {
        StorageFiles.WritableFile file = null;
        try
        {
            file = files.create(name);
            file.write(ByteBuffer.wrap(bytes));
            return file;
        }
        catch (final IOException exception)
        {
            discard(file, name);
            throw new CheckpointDeclinedException("cannot write " + name + " of length=" + bytes.length + " in " +
                files + ": " + exception.getMessage() +
                "; free space on its file system and see that it can be written", exception);
        }
    }

    private void discard(final StorageFiles.WritableFile file, final String name)
    {
        try
        {
            if (file != null)
            {
                file.close();
                files.delete(name);
            }
        }
        catch (final IOException ignored)
        {
            // What is left is deleted after the next complete checkpoint.
        }
    }

    private void syncDirectory(final String what)
    {
        try
        {
            if (context.syncLevel() == SyncLevel.DURABLE)
            {
                files.syncDirectory();
            }
        }
        catch (final IOException exception)
        {
            throw failed("sync the directory for " + what, exception);
        }
    }

    private RuntimeException failed(final String what, final IOException exception)
    {
        if (files.mayRecover())
        {
            return new CheckpointDeclinedException(
                "cannot " + what + " in " + files + ": " + exception.getMessage(), exception);
        }
        return new StorageFailedException("cannot " + what + " in " + files +
            ": the disk is not to be trusted; stop the job, check the disk, restart from the last checkpoint",
            exception);
    }
}
