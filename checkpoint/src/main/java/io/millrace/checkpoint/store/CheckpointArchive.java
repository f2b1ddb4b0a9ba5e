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

import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.memory.MemoryAccount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The checkpoints of a job to be looked at, each by its id, while the job runs or later. Nothing is written or locked: a
 * checkpoint that a running job drops meanwhile is reported as damaged.
 */
public final class CheckpointArchive
{
    private CheckpointArchive()
    {
    }

    /**
     * Which checkpoints there are.
     *
     * @param directory of the checkpoints
     * @return ids, newest first; empty when there is no such directory
     */
    public static List<Long> ids(final Path directory)
    {
        if (!Files.isDirectory(directory))
        {
            return List.of();
        }
        try
        {
            return new ManifestLog(null, new LocalFiles(directory)).list();
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot list checkpoint directory=" + directory, exception);
        }
    }

    /**
     * Opens a checkpoint, when every byte of it is as it was written.
     *
     * @param directory of the checkpoints
     * @param job       name of the job
     * @param id        of the checkpoint
     * @param account   that memory is counted in
     * @return the checkpoint, to be read and closed by the caller
     * @throws IllegalArgumentException   when there is no such checkpoint
     * @throws CheckpointDamagedException when it cannot be used
     */
    public static RestoredCheckpoint open(final Path directory, final String job, final long id, final MemoryAccount account)
    {
        final List<Long> ids = ids(directory);
        if (!ids.contains(id))
        {
            throw new IllegalArgumentException("checkpoint=" + id + " is not in " + directory + ", which has checkpoints=" + ids +
                ": take one of them, and have the job keep more with retained(n)");
        }
        final SnapshotStoreContext context =
            new SnapshotStoreContext().directory(directory).jobName(job).account(account);
        context.conclude();
        ChainReader reader = null;
        boolean good = false;
        try
        {
            final StorageFiles files = new LocalFiles(directory);
            final ManifestLog manifests = new ManifestLog(context, files);
            final Manifest manifest = manifests.decode(id, manifests.read(id));
            reader = new ChainReader(context, files, manifest.chain());
            long chunks = 0;
            while (reader.next())
            {
                chunks++;
            }
            reader.rewind();
            good = true;
            return new RestoredCheckpoint(manifest, List.of(), reader, chunks);
        }
        catch (final IOException | DamagedFileException exception)
        {
            final DamagedCheckpoint damaged = new DamagedCheckpoint(FileNames.manifest(id), exception.toString());
            throw new CheckpointDamagedException("checkpoint=" + id + " in " + directory + " cannot be used: " + damaged +
                ": take another one of " + ids, List.of(damaged));
        }
        finally
        {
            if (!good && reader != null)
            {
                close(reader, id);
            }
        }
    }

    private static void close(final ChainReader reader, final long id)
    {
        try
        {
            reader.close();
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot close a file of checkpoint=" + id, exception);
        }
    }
}
