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
package io.millrace.checkpoint.backend;

import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Keyed state in Chronicle Maps, a file a state, which other processes of the machine can read while the job runs;
 * handed to the job's configuration. It needs the optional dependency {@code net.openhft:chronicle-map}.
 * <pre>
 *   new JobConfig().stateBackend(ChronicleMapBackend.in(directory).entries(5_000_000))
 * </pre>
 * The files are private to the running job and its readers: they are deleted and made anew from the latest checkpoint
 * at every start. The keys of a state are kept a second time, in order, in off-heap memory.
 * <p>
 * Rows that were read or written lately are in memory before the maps. A changed row is in its map, for others to read,
 * after at most 8 records for each row that is in that memory, and at once when the task has nothing else to do; a
 * deleted one is gone from the map at once.
 */
public final class ChronicleMapBackend implements StateBackendFactory
{
    private static final long DEFAULT_ENTRIES = 1_000_000;
    private static final long DEFAULT_MEMORY = 64 << 20;
    private static final long MAX_ENTRIES = 1L << 40;

    private final Path directory;
    private long entries = DEFAULT_ENTRIES;
    private long memory = DEFAULT_MEMORY;

    private ChronicleMapBackend(final Path directory)
    {
        this.directory = directory;
    }

    /**
     * State in a directory, which is made when it is not there.
     *
     * @param directory on a local file system
     * @return the factory
     * @throws IllegalStateException when Chronicle Map is not on the class path
     */
    public static ChronicleMapBackend in(final Path directory)
    {
        OptionalLibrary.CHRONICLE_MAP.require();
        return new ChronicleMapBackend(Objects.requireNonNull(directory, "directory"));
    }

    /**
     * Bound on the entries of one state of one operator instance, all live window slices together; by default
     * 1,000,000. The file is made for so many at the start, and a job that needs more fails.
     *
     * @param count from 1 to 2^40
     * @return this
     */
    public ChronicleMapBackend entries(final long count)
    {
        if (count < 1 || count > MAX_ENTRIES)
        {
            throw new IllegalArgumentException("entries=" + count + " of a state must be from 1 to " + MAX_ENTRIES);
        }
        entries = count;
        return this;
    }

    /**
     * Memory of one operator instance for rows that were read or written lately, which the maps are not asked for; by
     * default 64 MiB. It is taken as it is needed.
     *
     * @param bytes 64 KiB or more
     * @return this
     */
    public ChronicleMapBackend memory(final long bytes)
    {
        if (bytes < WriteBack.MIN_BYTES)
        {
            throw new IllegalArgumentException(
                "memory=" + bytes + " before a Chronicle Map must be " + WriteBack.MIN_BYTES + " or more");
        }
        memory = bytes;
        return this;
    }

    @Override
    public String name()
    {
        return "CHRONICLE_MAP";
    }

    @Override
    public StateBackend open(final StateContext context)
    {
        return StoredBackend.open(context, directory, live -> new ChronicleMapStore(context, live, entries),
            memory, true);
    }
}
