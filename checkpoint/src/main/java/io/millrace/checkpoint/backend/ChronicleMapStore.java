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
import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.StateContext;
import io.millrace.memory.table.SegmentPool;
import io.millrace.memory.table.TableStore;
import net.openhft.chronicle.hash.serialization.impl.ByteArraySizedReader;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A Chronicle Map a state, in a file, and the order of the keys in off-heap memory. */
final class ChronicleMapStore implements RowStore
{
    private static final long MAX_OVERHEAD_OF_AN_ENTRY = 64;
    private static final long MIN_FILE_LENGTH = 1 << 20;

    private final StateContext context;
    private final Path directory;
    private final long entries;
    private final SegmentPool pool;
    private final TableStore order;
    private final List<ChronicleMap<byte[], byte[]>> maps = new ArrayList<>();

    ChronicleMapStore(final StateContext context, final Path directory, final long entries)
    {
        this.context = context;
        this.directory = directory;
        this.entries = entries;
        pool = new SegmentPool(context.account(), "order of keys of " + context.operator() + "-" + context.subtask());
        final KeyGroupRange range = context.keyGroups();
        order = new TableStore(pool, null, range.first(), range.last() + 1, range.maxParallelism());
    }

    @Override
    public Supplier<Rows> declare(final StateShape shape)
    {
        final Path file = directory.resolve(fileName(shape.stateId()));
        checkSpace(shape);
        final ChronicleMapTable table = new ChronicleMapTable(shape, open(shape, file), entries);
        maps.add(table.map());
        return () -> new ChronicleMapRows(table, order.createTable(shape.stateId(), shape.keyLength(), 0));
    }

    static String fileName(final int stateId)
    {
        return String.format("state-%08x.map", stateId);
    }

    private ChronicleMap<byte[], byte[]> open(final StateShape shape, final Path file)
    {
        try
        {
            return ChronicleMapBuilder.of(byte[].class, byte[].class)
                .name(context.operator() + "-" + context.subtask() + " " + shape.name())
                .entries(entries)
                .keyReaderAndDataAccess(ByteArraySizedReader.INSTANCE, new RowBytes())
                .valueReaderAndDataAccess(ByteArraySizedReader.INSTANCE, new RowBytes())
                .constantKeySizeBySample(new byte[RowDescriptor.PLAIN_KEY_OFFSET + shape.keyLength()])
                .constantValueSizeBySample(new byte[ChronicleMapTable.valueLength(shape)])
                .putReturnsNull(true)
                .removeReturnsNull(true)
                // Space is taken at once: a full disk would end the process when a page of the map is first written.
                .sparseFile(false)
                .createPersistedTo(file.toFile());
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot create the Chronicle Map of state=" + shape.name() + " in " + file +
                ": there must be space for entries=" + entries + " of " + shape.entryLength() + " bytes", exception);
        }
        catch (final LinkageError error)
        {
            throw OptionalLibrary.CHRONICLE_MAP.missing(error);
        }
    }

    private void checkSpace(final StateShape shape)
    {
        try
        {
            final long usable = Files.getFileStore(directory).getUsableSpace();
            final long needed = MIN_FILE_LENGTH + entries * (shape.entryLength() + MAX_OVERHEAD_OF_AN_ENTRY);
            if (usable < needed)
            {
                throw new IllegalStateException("the Chronicle Map of state=" + shape.name() + " with entries=" +
                    entries + " may need " + needed + " bytes, usable=" + usable + " in " + directory +
                    ": free some space, name another directory, or lower ChronicleMapBackend.entries");
            }
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot tell the usable space of " + directory, exception);
        }
    }

    @Override
    public void close()
    {
        maps.forEach(ChronicleMap::close);
        order.close();
        pool.close();
    }
}
