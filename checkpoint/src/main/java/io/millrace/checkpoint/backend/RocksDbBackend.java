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
 *   new JobConfig().stateBackend(RocksDbBackend.in(directory).blockCacheBytes(1L << 30))
 * </pre>
 * A database an operator instance, a column family a state, no write-ahead log. The files are private to the running
 * job: they are deleted and made anew from the latest checkpoint at every start. What RocksDB allocates itself (block
 * cache, write buffers) is not counted in the job's memory limit.
 */
public final class RocksDbBackend implements StateBackendFactory
{
    private static final long DEFAULT_BLOCK_CACHE = 64 << 20;
    private static final long DEFAULT_WRITE_BUFFER = 32 << 20;
    private static final long MIN_LENGTH = 1 << 20;

    private final Path directory;
    private long blockCacheBytes = DEFAULT_BLOCK_CACHE;
    private long writeBufferBytes = DEFAULT_WRITE_BUFFER;

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
     * Memory for what was read from files, of each operator instance; by default 64 MiB.
     *
     * @param bytes 1 MiB or more
     * @return this
     */
    public RocksDbBackend blockCacheBytes(final long bytes)
    {
        blockCacheBytes = checked("blockCacheBytes", bytes);
        return this;
    }

    /**
     * Memory for what is not in files yet, of each state; by default 32 MiB, of which there may be two.
     *
     * @param bytes 1 MiB or more
     * @return this
     */
    public RocksDbBackend writeBufferBytes(final long bytes)
    {
        writeBufferBytes = checked("writeBufferBytes", bytes);
        return this;
    }

    private static long checked(final String what, final long bytes)
    {
        if (bytes < MIN_LENGTH)
        {
            throw new IllegalArgumentException(what + "=" + bytes + " must be " + MIN_LENGTH + " or more");
        }
        return bytes;
    }

    @Override
    public String name()
    {
        return "ROCKSDB";
    }

    @Override
    public StateBackend open(final StateContext context)
    {
        return StoredBackend.open(
            context, directory, live -> RocksDbStore.open(context, live, blockCacheBytes, writeBufferBytes));
    }
}
