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

import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.core.state.StateContext;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** A RocksDB of one operator instance, a column family a state. Every native object is closed after those that use it. */
final class RocksDbStore implements RowStore
{
    private static final String REMEDY =
        ": check the disk and its free space, then start again: the latest checkpoint holds";
    private static final int BLOOM_BITS = 10;
    private static final int SHARD_BITS = 2;
    /** Of the cache, kept for indexes and filters when blocks come in. */
    private static final double PART_FOR_INDEXES = 0.2;
    /** Of a write buffer, for the filter that tells new keys. */
    private static final double PART_FOR_FILTER = 0.05;
    private static final long MIN_WRITE_BUFFER = 1 << 20;
    private static final long MAX_WRITE_BUFFER = 64 << 20;
    private static final long ARENA_BLOCK = 128 << 10;
    private static final int BACKGROUND_JOBS = 2;
    private static final int MAX_OPEN_FILES = 512;
    private static final int BATCH_BYTES = 64 << 10;

    private final StateContext context;
    private final Path directory;
    /** The last one opened is the first one closed. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final WriteOptions writeOptions;
    private final ReadOptions readOptions;
    private final ColumnFamilyOptions familyOptions;
    private final RocksDB database;
    private final WriteBatch batch;
    private boolean uncommitted;
    private boolean closed;

    private RocksDbStore(final StateContext context, final Path directory, final long cacheBytes)
        throws RocksDBException
    {
        this.context = context;
        this.directory = directory;
        try
        {
            reserve(cacheBytes);
            final LRUCache cache = opened(new LRUCache(cacheBytes, SHARD_BITS, false, PART_FOR_INDEXES));
            final long writeBufferBytes = cacheBytes / 8 * 3;
            final WriteBufferManager buffers = opened(new WriteBufferManager(writeBufferBytes, cache));
            final BloomFilter filter = opened(new BloomFilter(BLOOM_BITS));
            familyOptions = opened(familyOptions(cache, filter, writeBufferBytes));
            final DBOptions options = opened(new DBOptions())
                .setCreateIfMissing(true)
                .setWriteBufferManager(buffers)
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                // What is not in files is in the checkpoint.
                .setAvoidFlushDuringShutdown(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(1)
                .setStatsDumpPeriodSec(0);
            writeOptions = opened(new WriteOptions()).setDisableWAL(true);
            readOptions = opened(new ReadOptions());
            final List<ColumnFamilyHandle> handles = new ArrayList<>();
            database = opened(RocksDB.open(options, directory.toString(),
                List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions)), handles));
            handles.forEach(this::opened);
            batch = opened(new WriteBatch(BATCH_BYTES));
        }
        catch (final RocksDBException | RuntimeException | Error failure)
        {
            closeAll();
            throw failure;
        }
    }

    private void reserve(final long bytes)
    {
        final String owner = "RocksDB of " + context.operator() + "-" + context.subtask();
        context.account().reserve(owner, bytes);
        opened.push(() -> context.account().release(owner, bytes));
    }

    /** For rows of fixed length that are read by their keys, seldom in order, and rewritten as a whole. */
    private static ColumnFamilyOptions familyOptions(
        final LRUCache cache, final BloomFilter filter, final long writeBufferBytes)
    {
        return new ColumnFamilyOptions()
            .setWriteBufferSize(Math.max(MIN_WRITE_BUFFER, Math.min(MAX_WRITE_BUFFER, writeBufferBytes / 2)))
            // Each state takes a block at once; with many states small blocks leave more to each.
            .setArenaBlockSize(ARENA_BLOCK)
            .setMemtableWholeKeyFiltering(true)
            .setMemtablePrefixBloomSizeRatio(PART_FOR_FILTER)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setTableFormatConfig(new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(filter)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true));
    }

    private <T extends AutoCloseable> T opened(final T closeable)
    {
        opened.push(closeable);
        return closeable;
    }

    /** Opens an empty database in an empty, private directory, where the native library is unpacked as well. */
    static RocksDbStore open(final StateContext context, final Path live, final long cacheBytes)
    {
        try
        {
            loadLibrary(live);
            return new RocksDbStore(context, live.resolve("rocksdb"), cacheBytes);
        }
        catch (final RocksDBException exception)
        {
            throw new StorageFailedException("cannot open RocksDB of operator " + context.operator() + "-" +
                context.subtask() + " in " + live + ": " + exception.getMessage() +
                ": it must be a directory on a local disk with free space", exception);
        }
        catch (final NoClassDefFoundError error)
        {
            throw OptionalLibrary.ROCKSDB.missing(error);
        }
    }

    private static void loadLibrary(final Path live)
    {
        try
        {
            final Path unpacked = Files.createDirectory(live.resolve("native"));
            NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
            RocksDB.loadLibrary();
        }
        catch (final IOException | UnsatisfiedLinkError failure)
        {
            throw new IllegalStateException("RocksDB's native library cannot be loaded from " + live +
                ": the file system must have space and must not be mounted noexec; or install the library and name " +
                "its directory in -Djava.library.path", failure);
        }
    }

    /** What is written or deleted, until it is committed. */
    WriteBatch batch()
    {
        requireOpen();
        uncommitted = true;
        return batch;
    }

    @Override
    public void commit()
    {
        if (uncommitted)
        {
            requireOpen();
            uncommitted = false;
            try
            {
                database.write(writeOptions, batch);
                batch.clear();
            }
            catch (final RocksDBException exception)
            {
                throw new StorageFailedException("RocksDB cannot write rows of operator " + context.operator() + "-" +
                    context.subtask() + " in " + directory + ": " + exception.getMessage() + REMEDY, exception);
            }
        }
    }

    /** RocksDB ends the process when it is used after it was closed. */
    private void requireOpen()
    {
        if (closed)
        {
            throw new IllegalStateException("RocksDB in " + directory +
                " is closed: do not use the state after the job has ended");
        }
    }

    RocksDB database()
    {
        requireOpen();
        return database;
    }

    WriteOptions writeOptions()
    {
        return writeOptions;
    }

    ReadOptions readOptions()
    {
        return readOptions;
    }

    @Override
    public Supplier<Rows> declare(final StateShape shape)
    {
        try
        {
            // The prefix keeps a state that is called default apart from RocksDB's own family.
            final byte[] name = ("state-" + shape.name()).getBytes(StandardCharsets.UTF_8);
            final ColumnFamilyHandle family =
                opened(database.createColumnFamily(new ColumnFamilyDescriptor(name, familyOptions)));
            final RocksDbTable table = opened(new RocksDbTable(this, shape, family, context.account()));
            return () -> new RocksDbRows(table);
        }
        catch (final RocksDBException exception)
        {
            throw failed("declare", shape, exception);
        }
    }

    /** An error of the library while it did something for a state. */
    StorageFailedException failed(final String what, final StateShape shape, final RocksDBException exception)
    {
        return new StorageFailedException("RocksDB cannot " + what + " state=" + shape.name() + " of operator " +
            context.operator() + "-" + context.subtask() + " in " + directory + ": " + exception.getMessage() +
            REMEDY, exception);
    }

    @Override
    public void close()
    {
        closed = true;
        closeAll();
    }

    private void closeAll()
    {
        RuntimeException failure = null;
        while (!opened.isEmpty())
        {
            try
            {
                opened.pop().close();
            }
            catch (final Exception exception)
            {
                if (failure == null)
                {
                    failure = new IllegalStateException("RocksDB in " + directory + " was not closed well", exception);
                }
                else
                {
                    failure.addSuppressed(exception);
                }
            }
        }
        if (failure != null)
        {
            throw failure;
        }
    }
}
