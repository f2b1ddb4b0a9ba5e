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
 * Keyed state in RocksDB, for state that is larger than memory; handed to the job's configuration. It needs the
 * optional dependency {@code org.rocksdb:rocksdbjni}.
 * <pre>
 *   new JobConfig().stateBackend(RocksDbBackend.in(directory).memory(1L << 30))
 * </pre>
 * A database an operator instance, a column family a state, no write-ahead log. The files are private to the running
 * job: they are deleted and made anew from the latest checkpoint at every start. All memory follows from one figure, and
 * counts in the job's memory limit from the start:
 * <pre>
 *   memory  = 1/4 rows that were read or written lately, which RocksDB is not asked for: as fast as off-heap state
 *           + 3/4 RocksDB's cache:  3/8 of it at most what is not in files yet (write buffers of all states together),
 *                                   the rest blocks of files, with their indexes and filters
 * </pre>
 */
public final class RocksDbBackend implements StateBackendFactory
{
    private static final long DEFAULT_MEMORY = 128 << 20;
    private static final long MIN_MEMORY = 8 << 20;

    private final Path directory;
    private long memory = DEFAULT_MEMORY;
    /** Of it, for rows in memory; 0 for a quarter. */
    private long rows;

    private RocksDbBackend(final Path directory)
    {
        this.directory = directory;
    }

    /**
     * State in a directory, which is made when it is not there.
     *
     * @param directory on a local file system from which native libraries may be loaded
     * @return the factory
     * @throws IllegalStateException when RocksDB is not on the class path
     */
    public static RocksDbBackend in(final Path directory)
    {
        OptionalLibrary.ROCKSDB.require();
        return new RocksDbBackend(Objects.requireNonNull(directory, "directory"));
    }

    /**
     * All memory of one operator instance; by default 128 MiB. Beside it a few MiB go to threads and to open files.
     *
     * @param bytes 8 MiB or more
     * @return this
     */
    public RocksDbBackend memory(final long bytes)
    {
        if (bytes < MIN_MEMORY)
        {
            throw new IllegalArgumentException("memory=" + bytes + " of RocksDB must be " + MIN_MEMORY + " or more");
        }
        memory = bytes;
        return this;
    }

    /** How much of the memory is for rows that RocksDB is not asked for. */
    RocksDbBackend rows(final long bytes)
    {
        rows = bytes;
        return this;
    }

    @Override
    public String name()
    {
        return "ROCKSDB";
    }

    @Override
    public long memory()
    {
        return memory;
    }

    @Override
    public StateBackend open(final StateContext context)
    {
        final long writeBack = rows != 0 ? rows : memory / 4;
        return StoredBackend.open(context, directory, live -> RocksDbStore.open(context, live, memory - writeBack),
            writeBack, false);
    }
}
