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

import io.millrace.checkpoint.files.DirectoryLock;
import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checkpoints in a directory of the local file system. The order of its steps, which the power-loss tests hold it to:
 * <pre>
 *   data file: create, write ..., fsync     fsync directory
 *   manifest:  create .tmp, write, fsync    rename    fsync directory    <- complete
 *   files that no retained checkpoint needs: delete
 * </pre>
 * At level PROCESS the fsyncs are left out and everything else stays.
 */
public final class LocalSnapshotStore implements SnapshotStore
{
    private final SnapshotStoreContext context;
    private final StorageFiles files;
    private final DirectoryLock lock;
    private final ManifestLog manifests;

    // Good manifests, oldest first; the last one is the latest complete checkpoint.
    private final Deque<Manifest> retained = new ArrayDeque<>();
    private String latestHash = "";
    private long highestId;
    private long highestBase;
    private boolean restored;
    private boolean closed;
    private boolean fullRequired = true;
    private CheckpointWriter writer;
    private Compaction compaction;
    private List<DataFile> compactedChain = List.of();
    private DataFile compactedBase;
    private StorageFailedException failure;

    private LocalSnapshotStore(final SnapshotStoreContext context, final StorageFiles files, final DirectoryLock lock)
    {
        this.context = context;
        this.files = files;
        this.lock = lock;
        manifests = new ManifestLog(context, files);
    }

    /**
     * Opens a job's checkpoint directory and locks it.
     *
     * @param context with directory, job name and account
     * @return the store, to be closed by the caller
     * @throws IllegalStateException  when another process uses the directory; the message says which
     * @throws StorageFailedException when the directory cannot be made or read
     */
    public static LocalSnapshotStore open(final SnapshotStoreContext context)
    {
        context.conclude();
        if (context.files() != null)
        {
            return new LocalSnapshotStore(context, context.files(), null);
        }
        final DirectoryLock lock = DirectoryLock.acquire(context.directory(), "checkpoint");
        try
        {
            return new LocalSnapshotStore(context, new LocalFiles(context.directory()), lock);
        }
        catch (final IOException exception)
        {
            lock.close();
            throw new StorageFailedException("cannot open checkpoint directory=" + context.directory(), exception);
        }
    }

    @Override
    public RestoredCheckpoint restoreLatest()
    {
        checkUsable();
        if (restored)
        {
            throw new IllegalStateException("restoreLatest was called before: open the store again");
        }
        final List<DamagedCheckpoint> damaged = new ArrayList<>();
        try
        {
            noteNames();
            final List<Long> ids = manifests.list();
            Manifest newer = null;
            for (int i = 0; i < ids.size(); i++)
            {
                final long id = ids.get(i);
                try
                {
                    final byte[] bytes = manifests.read(id);
                    final Manifest manifest = manifests.decode(id, bytes);
                    checkHash(newer, manifest, bytes);
                    newer = manifest;
                    final RestoredCheckpoint checkpoint = verify(manifest, damaged);
                    retain(ids.subList(i + 1, ids.size()), manifest);
                    latestHash = Manifest.hash(bytes);
                    fullRequired = false;
                    restored = true;
                    return checkpoint;
                }
                catch (final IOException | DamagedFileException exception)
                {
                    damaged.add(new DamagedCheckpoint(FileNames.manifest(id), exception.toString()));
                }
            }
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot list checkpoint directory=" + files, exception);
        }
        if (!damaged.isEmpty())
        {
            throw new CheckpointDamagedException("no checkpoint in " + files + " can be used: " + damaged +
                ": restore the directory from a copy, or move it away to start without state", damaged);
        }
        restored = true;
        return null;
    }

    @Override
    public long highestId()
    {
        return highestId;
    }

    @Override
    public long latestId()
    {
        return retained.isEmpty() ? 0 : retained.getLast().checkpoint();
    }

    @Override
    public long oldestId()
    {
        return retained.isEmpty() ? 0 : retained.getFirst().checkpoint();
    }

    @Override
    public int chainLength()
    {
        return chain().size();
    }

    @Override
    public long chainBytes()
    {
        return chain().stream().mapToLong(DataFile::size).sum();
    }

    @Override
    public boolean fullRequired()
    {
        return fullRequired;
    }

    @Override
    public CheckpointWriter begin(final long id, final boolean full)
    {
        checkUsable();
        if (!restored || writer != null)
        {
            throw new IllegalStateException(restored ? "checkpoint=" + writer.id() +
                " is being written: complete or abort it first" :
                "call restoreLatest first: it finds what the next checkpoint is built on");
        }
        if (id <= highestId)
        {
            throw new IllegalArgumentException("checkpoint id=" + id + " was used: go on above highestId=" + highestId);
        }
        if (!full && fullRequired)
        {
            throw new IllegalStateException("checkpoint id=" + id + " must be full: " + (latestId() == 0 ?
                "there is none before it" : "an aborted checkpoint took changes that no later delta has"));
        }
        highestId = id;
        writer = new CheckpointWriter(
            this, id, full, new BlockFileWriter(context, files, FileNames.delta(id), BlockDescriptor.MAGIC_DELTA, id));
        fullRequired = true;
        return writer;
    }

    @Override
    public Compaction beginCompaction()
    {
        checkUsable();
        final List<DataFile> chain = chain();
        if (chain.isEmpty() || compaction != null)
        {
            throw new IllegalStateException(chain.isEmpty() ? "there is no complete checkpoint to compact" :
                "a compaction runs: finish or abort it first");
        }
        dropCompacted();
        highestBase++;
        final BlockFileWriter blocks = new BlockFileWriter(
            context, files, FileNames.base(highestBase), BlockDescriptor.MAGIC_BASE, highestBase);
        try
        {
            compaction = new Compaction(this, chain, new ChainReader(context, files, chain), blocks);
            return compaction;
        }
        finally
        {
            if (compaction == null)
            {
                blocks.abandon();
            }
        }
    }

    @Override
    public boolean wasClean()
    {
        return lock == null || lock.wasClean();
    }

    @Override
    public void markClean()
    {
        checkUsable();
        if (lock != null)
        {
            lock.markClean();
        }
    }

    @Override
    public void close()
    {
        closed = true;
        try
        {
            if (writer != null)
            {
                writer.abort();
            }
        }
        finally
        {
            closeCompaction();
        }
    }

    private void closeCompaction()
    {
        try
        {
            if (compaction != null)
            {
                compaction.abort();
            }
        }
        finally
        {
            if (lock != null)
            {
                lock.close();
            }
        }
    }

    void publish(final CheckpointWriter completing, final CheckpointMetadata metadata)
    {
        boolean complete = false;
        writer = null;
        try
        {
            checkUsable();
            final DataFile delta = completing.blocks().finish();
            final List<DataFile> chain = nextChain(completing.full(), delta);
            final Manifest manifest = new Manifest(
                context.jobName(), completing.id(), latestId(), latestHash, metadata, chain);
            final byte[] bytes = manifest.encode();
            if (bytes.length > Manifest.MAX_LENGTH)
            {
                throw new CheckpointDeclinedException("manifest of checkpoint=" + completing.id() + " has length=" +
                    bytes.length + ", the most is " + Manifest.MAX_LENGTH + ": compact the chain of length=" +
                    chainLength(), null);
            }
            manifests.publish(manifest, bytes);
            complete = true;
            retained.addLast(manifest);
            latestHash = Manifest.hash(bytes);
            fullRequired = false;
            dropCompacted();
        }
        catch (final CheckpointDeclinedException exception)
        {
            completing.blocks().abandon();
            throw exception;
        }
        catch (final StorageFailedException exception)
        {
            // Nothing is deleted: the manifest may be there.
            failure = exception;
            throw exception;
        }
        finally
        {
            if (!complete)
            {
                completing.blocks().release();
            }
        }
        while (retained.size() > context.retained())
        {
            retained.removeFirst();
        }
        deleteUnneeded();
    }

    void abandon(final CheckpointWriter aborted)
    {
        writer = null;
        aborted.blocks().abandon();
    }

    void compacted(final Compaction finished)
    {
        compaction = null;
        boolean complete = false;
        try
        {
            checkUsable();
            compactedBase = finished.blocks().finish();
            compactedChain = finished.chain();
            complete = true;
        }
        catch (final CheckpointDeclinedException exception)
        {
            finished.blocks().abandon();
            throw exception;
        }
        catch (final StorageFailedException exception)
        {
            failure = exception;
            throw exception;
        }
        finally
        {
            if (!complete)
            {
                finished.blocks().release();
            }
        }
    }

    void abandon(final Compaction aborted)
    {
        compaction = null;
        aborted.blocks().abandon();
    }

    CheckpointDamagedException chainDamaged(final Exception reason)
    {
        fullRequired = true;
        final DamagedCheckpoint damaged = new DamagedCheckpoint(FileNames.manifest(latestId()), reason.toString());
        return new CheckpointDamagedException("the chain of the latest checkpoint in " + files + " is damaged: " +
            damaged + ": take a full checkpoint at once and check the disk", List.of(damaged));
    }

    private List<DataFile> chain()
    {
        return retained.isEmpty() ? List.of() : retained.getLast().chain();
    }

    private List<DataFile> nextChain(final boolean full, final DataFile delta)
    {
        final List<DataFile> chain = new ArrayList<>();
        if (!full)
        {
            final List<DataFile> before = chain();
            final int merged = compactedChain.size();
            if (compactedBase != null && merged <= before.size() && before.subList(0, merged).equals(compactedChain))
            {
                chain.add(compactedBase);
                chain.addAll(before.subList(merged, before.size()));
            }
            else
            {
                chain.addAll(before);
            }
        }
        if (full || delta.blocks() > 0)
        {
            chain.add(delta);
        }
        return List.copyOf(chain);
    }

    private void dropCompacted()
    {
        compactedBase = null;
        compactedChain = List.of();
    }

    private void noteNames() throws IOException
    {
        for (final String name : files.list())
        {
            highestId = Math.max(highestId, FileNames.checkpoint(name));
            highestBase = Math.max(highestBase, FileNames.baseNumber(name));
        }
    }

    /** A manifest names the one before it by its hash: an old copy of that one is not it. */
    private static void checkHash(final Manifest newer, final Manifest manifest, final byte[] bytes)
        throws DamagedFileException
    {
        if (newer != null && newer.previous() == manifest.checkpoint() &&
            !newer.previousHash().equals(Manifest.hash(bytes)))
        {
            throw new DamagedFileException("it is not the manifest that checkpoint=" + newer.checkpoint() +
                " was built on");
        }
    }

    private RestoredCheckpoint verify(final Manifest manifest, final List<DamagedCheckpoint> damaged)
        throws IOException, DamagedFileException
    {
        final ChainReader reader = new ChainReader(context, files, manifest.chain());
        boolean good = false;
        try
        {
            long chunks = 0;
            while (reader.next())
            {
                chunks++;
            }
            reader.rewind();
            good = true;
            return new RestoredCheckpoint(manifest, damaged, reader, chunks);
        }
        finally
        {
            if (!good)
            {
                reader.close();
            }
        }
    }

    /** Older checkpoints keep their files as long as their manifest can be read. */
    private void retain(final List<Long> olderIds, final Manifest latest)
    {
        retained.addLast(latest);
        for (final long id : olderIds)
        {
            try
            {
                if (retained.size() < context.retained())
                {
                    retained.addFirst(manifests.decode(id, manifests.read(id)));
                }
            }
            catch (final IOException | DamagedFileException exception)
            {
                // It would be of no use, so that its files need not be kept.
            }
        }
    }

    private void deleteUnneeded()
    {
        final Set<String> needed = new HashSet<>();
        for (final Manifest manifest : retained)
        {
            needed.add(FileNames.manifest(manifest.checkpoint()));
            manifest.chain().forEach(file -> needed.add(file.name()));
        }
        if (compaction != null)
        {
            needed.add(FileNames.base(highestBase));
            compaction.chain().forEach(file -> needed.add(file.name()));
        }
        try
        {
            for (final String name : files.list())
            {
                if (FileNames.isOurs(name) && !needed.contains(name))
                {
                    files.delete(name);
                }
            }
        }
        catch (final IOException ignored)
        {
            // Only space: the next complete checkpoint tries again.
        }
    }

    private void checkUsable()
    {
        if (closed)
        {
            throw new IllegalStateException("checkpoint storage in " + files + " is closed: open it again");
        }
        if (failure != null)
        {
            throw new StorageFailedException("checkpoint storage in " + files + " failed before: stop the job",
                failure);
        }
    }
}
