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
package io.millrace.checkpoint.savepoint;

import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.PrivateFiles;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartKind;
import io.millrace.core.savepoint.SavepointRequest;
import io.millrace.core.state.StateIds;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.table.DeltaDescriptor;
import io.millrace.memory.table.DeltaReader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes one savepoint from the chunks of a full checkpoint: takes all of them, then goes on in small steps, as other work of the
 * I/O thread waits meanwhile. Its thread.
 * <pre>
 *   append ... append ---> step ... step (true) ---> complete        or close() at any time, which deletes what was written
 * </pre>
 */
public final class SavepointWriter implements AutoCloseable
{
    /** Set by the engine in the namespace of a part that decides nothing. */
    private static final long INSTANCE_MASK = (1L << 32) - 1;

    private final SavepointRequest request;
    private final long checkpointId;
    private final JobDescription job;
    private final MemoryAccount account;
    private final Path directory;
    private final StorageFiles files;
    private final SpoolFile spool;
    private final DeltaReader reader = new DeltaReader();
    private final Map<Integer, Owner> owners = new HashMap<>();
    private final Map<Integer, PartOwner> partOwners = new HashMap<>();
    private final List<EntryBuckets[]> states = new ArrayList<>();
    private final List<TreeMap<PartPlace, byte[]>> parts = new ArrayList<>();
    private final List<OperatorFile> written = new ArrayList<>();
    private SectionWriter section;
    private int operator;
    private int state;
    private int bucket;
    private boolean turned;
    private boolean completed;

    private record Owner(int operator, int state, int subtask)
    {
    }

    private record PartOwner(int operator, int part)
    {
    }

    private record PartPlace(int part, int instance) implements Comparable<PartPlace>
    {
        @Override
        public int compareTo(final PartPlace other)
        {
            return part != other.part ? Integer.compare(other.part, part) : Integer.compare(instance, other.instance);
        }
    }

    /**
     * Begins a savepoint.
     *
     * @param request      what and where
     * @param checkpointId of the savepoint
     * @param account      that memory is counted in
     * @throws IOException           when the directory cannot be made
     * @throws IllegalStateException when the directory is there, or its name cannot be
     */
    public SavepointWriter(final SavepointRequest request, final long checkpointId, final MemoryAccount account) throws IOException
    {
        this(request, checkpointId, account, files(request.directory()));
    }

    SavepointWriter(
        final SavepointRequest request, final long checkpointId, final MemoryAccount account, final StorageFiles files)
        throws IOException
    {
        this.request = request;
        this.checkpointId = checkpointId;
        this.job = request.job();
        this.account = account;
        this.directory = request.directory();
        this.files = files;
        this.spool = new SpoolFile(files);
        own();
    }

    private static StorageFiles files(final Path directory) throws IOException
    {
        checkName(directory);
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS))
        {
            throw new IllegalStateException("savepoint=" + directory + " is there already: name a directory that is not");
        }
        return new LocalFiles(directory);
    }

    static void checkName(final Path directory)
    {
        final Path name = directory.getFileName();
        if (name == null || !SavepointDescriptor.isName(name.toString()))
        {
            throw new IllegalStateException("savepoint=" + directory + " has a name that cannot be: its last part must match " +
                SavepointDescriptor.namePattern());
        }
    }

    private void own()
    {
        for (int i = 0; i < job.operators().size(); i++)
        {
            final OperatorDescription each = job.operators().get(i);
            final EntryBuckets[] buckets = new EntryBuckets[each.states().size()];
            for (int j = 0; j < buckets.length; j++)
            {
                buckets[j] = new EntryBuckets(
                    each.uid(), each.states().get(j), each.parallelism(), job.maxParallelism(), spool, account);
                for (int subtask = 0; subtask < each.parallelism(); subtask++)
                {
                    require(owners.put(StateIds.of(each.uid(), each.states().get(j).name(), subtask), new Owner(i, j, subtask)), each);
                }
            }
            states.add(buckets);
            parts.add(new TreeMap<>());
            for (int j = 0; j < each.parts().size(); j++)
            {
                require(partOwners.put(StateIds.of(each.parts().get(j).key(), ""), new PartOwner(i, j)), each);
            }
        }
    }

    private static void require(final Object other, final OperatorDescription operator)
    {
        if (other != null)
        {
            throw new IllegalStateException("a state of uid=" + operator.uid() +
                " has the number of another state: give the operator another uid");
        }
    }

    /**
     * Takes a chunk of the full checkpoint.
     *
     * @param address of its first byte, valid during the call
     * @param length  in bytes
     * @throws IOException when it cannot be spooled
     */
    public void append(final long address, final int length) throws IOException
    {
        reader.wrap(address, length);
        while (reader.nextRun())
        {
            if (reader.kind() == DeltaDescriptor.BLOB)
            {
                reader.nextEntry();
                takePart();
            }
            else if (reader.kind() == DeltaDescriptor.UPSERT)
            {
                final Owner owner = owners.get(reader.stateId());
                if (owner == null)
                {
                    throw unknown();
                }
                states.get(owner.operator)[owner.state].take(reader, owner.subtask);
            }
            // What was removed is not among all that there is.
        }
    }

    private void takePart()
    {
        final PartOwner owner = partOwners.get(reader.stateId());
        if (owner == null)
        {
            throw unknown();
        }
        final byte[] bytes = new byte[reader.blobLength()];
        Memory.copyOut(reader.blobAddress(), bytes, 0, bytes.length);
        if (bytes.length > 0)
        {
            parts.get(owner.operator).put(new PartPlace(owner.part, (int)(reader.namespace() & INSTANCE_MASK)), bytes);
        }
    }

    private IllegalStateException unknown()
    {
        return new IllegalStateException("stateId=" + reader.stateId() + " of job " + job.name() +
            " is of no operator that was described: a bug, report it");
    }

    /**
     * Goes on, once all chunks were taken.
     *
     * @return true when all files but the manifest are written
     * @throws IOException when something cannot be written
     */
    public boolean step() throws IOException
    {
        if (!turned)
        {
            turned = true;
            spool.turn();
        }
        if (operator == job.operators().size())
        {
            return true;
        }
        if (section == null)
        {
            section = new SectionWriter(files, SavepointDescriptor.operatorFile(operator), account);
            for (final Map.Entry<PartPlace, byte[]> part : parts.get(operator).entrySet())
            {
                section.part(part.getKey().part, part.getKey().instance, part.getValue());
            }
            state = 0;
            bucket = 0;
        }
        final EntryBuckets[] buckets = states.get(operator);
        if (state < buckets.length)
        {
            writeBucket(buckets[state], bucket);
            bucket++;
            if (bucket == buckets[state].count())
            {
                bucket = 0;
                state++;
            }
            return false;
        }
        final List<Long> entries = new ArrayList<>();
        for (final EntryBuckets each : buckets)
        {
            entries.add(each.entries());
        }
        written.add(section.finish(entries));
        section.close();
        section = null;
        operator++;
        return operator == job.operators().size();
    }

    private void writeBucket(final EntryBuckets buckets, final int number) throws IOException
    {
        final long[] entries = buckets.load(number);
        final int length = buckets.state().entryLength();
        final EntrySort order = new EntrySort(buckets.state().keyLength());
        int next = 0;
        while (next < entries.length)
        {
            final int group = Memory.getInt(entries[next] + EntrySort.GROUP_OFFSET);
            section.begin(state, group);
            while (next < entries.length && Memory.getInt(entries[next] + EntrySort.GROUP_OFFSET) == group)
            {
                next = writeRun(entries, next, length, order);
            }
            section.end();
        }
        buckets.release(number);
    }

    /** Writes the entries of one slice and key group; index of the entry behind. */
    private int writeRun(final long[] entries, final int first, final int length, final EntrySort order) throws IOException
    {
        final long slice = Memory.getLong(entries[first] + EntrySort.SLICE_OFFSET);
        final int group = Memory.getInt(entries[first] + EntrySort.GROUP_OFFSET);
        int end = first + 1;
        while (end < entries.length && Memory.getLong(entries[end] + EntrySort.SLICE_OFFSET) == slice &&
            Memory.getInt(entries[end] + EntrySort.GROUP_OFFSET) == group)
        {
            if (order.compare(entries[end - 1], entries[end]) == 0)
            {
                throw new IllegalStateException("state=" + states.get(operator)[state].state().name() + " of uid=" +
                    job.operators().get(operator).uid() + " gave a key twice: a bug of its backend, report it");
            }
            end++;
        }
        section.putLong(slice);
        section.putLong(end - first);
        for (int i = first; i < end; i++)
        {
            section.put(entries[i] + EntrySort.ENTRY_OFFSET, length);
        }
        return end;
    }

    /**
     * Makes the savepoint complete, once {@link #step()} said true: directory, manifest, sync, rename, directory.
     *
     * @return the directory
     * @throws IOException when it is not
     */
    public Path complete() throws IOException
    {
        checkSources();
        spool.close();
        files.syncDirectory();
        final byte[] bytes = new SavepointManifest(job, checkpointId, request.drained(), written).encode();
        try (StorageFiles.WritableFile manifest = files.create(SavepointDescriptor.TEMPORARY))
        {
            manifest.write(ByteBuffer.wrap(bytes));
            manifest.sync();
        }
        files.rename(SavepointDescriptor.TEMPORARY, SavepointDescriptor.MANIFEST);
        files.syncDirectory();
        completed = true;
        closeMemory();
        return directory;
    }

    /** A source always writes a position: where there is none, its task had ended. */
    private void checkSources()
    {
        for (int i = 0; i < job.operators().size(); i++)
        {
            final OperatorDescription each = job.operators().get(i);
            final int part = each.parts().indexOf(each.part(PartKind.OWN));
            for (int instance = 0; each.source() && instance < each.parallelism(); instance++)
            {
                if (!parts.get(i).containsKey(new PartPlace(part, instance)))
                {
                    throw new IllegalStateException("source uid=" + each.uid() + " instance=" + instance + " of job " + job.name() +
                        " has ended: ask for savepoints before the end of the input, or use the last checkpoint");
                }
            }
        }
    }

    private void closeMemory()
    {
        for (final EntryBuckets[] each : states)
        {
            for (final EntryBuckets buckets : each)
            {
                buckets.close();
            }
        }
    }

    /** Gives a savepoint up that is not complete: deletes its files and its directory. */
    @Override
    public void close()
    {
        if (completed)
        {
            return;
        }
        closeMemory();
        try
        {
            if (section != null)
            {
                section.close();
                section = null;
            }
            spool.close();
            discard();
        }
        catch (final IOException ignored)
        {
            // What is left has no manifest, and is none.
        }
    }

    /** Deletes a complete savepoint that the job could not stop with. */
    public void discard() throws IOException
    {
        files.delete(SavepointDescriptor.MANIFEST);
        files.delete(SavepointDescriptor.TEMPORARY);
        for (int i = 0; i <= Math.min(operator, job.operators().size() - 1); i++)
        {
            files.delete(SavepointDescriptor.operatorFile(i));
        }
        if (files instanceof LocalFiles)
        {
            Files.deleteIfExists(directory);
            PrivateFiles.syncDirectory(directory.toAbsolutePath().getParent());
        }
    }
}
