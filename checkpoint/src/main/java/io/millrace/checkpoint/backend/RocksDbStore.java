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
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
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
    private static final int BLOOM_BITS = 10;

    private final StateContext context;
    private final Path directory;
    /** The last one opened is the first one closed. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final WriteOptions writeOptions;
    private final ReadOptions readOptions;
    private final ColumnFamilyOptions familyOptions;
    private final RocksDB database;

    private RocksDbStore(
        final StateContext context, final Path directory, final long blockCacheBytes, final long writeBufferBytes)
        throws RocksDBException
    {
        this.context = context;
        this.directory = directory;
        try
        {
            final LRUCache cache = opened(new LRUCache(blockCacheBytes));
            final BloomFilter filter = opened(new BloomFilter(BLOOM_BITS));
            familyOptions = opened(new ColumnFamilyOptions())
                .setWriteBufferSize(writeBufferBytes)
                .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
            final DBOptions options = opened(new DBOptions())
                .setCreateIfMissing(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(1)
                .setStatsDumpPeriodSec(0);
            writeOptions = opened(new WriteOptions()).setDisableWAL(true);
            readOptions = opened(new ReadOptions());
            final List<ColumnFamilyHandle> handles = new ArrayList<>();
            database = opened(RocksDB.open(options, directory.toString(),
                List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions)), handles));
            handles.forEach(this::opened);
        }
        catch (final RocksDBException | RuntimeException | Error failure)
        {
            closeAll();
            throw failure;
        }
    }

    private <T extends AutoCloseable> T opened(final T closeable)
    {
        opened.push(closeable);
        return closeable;
    }

    /** Opens an empty database in an empty, private directory, where the native library is unpacked as well. */
    static RocksDbStore open(
        final StateContext context, final Path live, final long blockCacheBytes, final long writeBufferBytes)
    {
        try
        {
            loadLibrary(live);
            return new RocksDbStore(context, live.resolve("rocksdb"), blockCacheBytes, writeBufferBytes);
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

    RocksDB database()
    {
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
            ": check the disk and its free space, then start again: the latest checkpoint holds", exception);
    }

    @Override
    public void close()
    {
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
