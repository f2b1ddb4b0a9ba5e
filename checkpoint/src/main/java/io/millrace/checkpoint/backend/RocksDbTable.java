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

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

import java.nio.ByteBuffer;

/** The column family of one state, reached without a copy on the heap. For the task's thread. */
final class RocksDbTable implements AutoCloseable
{
    /** Above it, one range is deleted instead of rows: many range deletions would slow every read down. */
    private static final int MAX_SINGLE_DELETES = 1024;

    private final RocksDbStore store;
    private final StateShape shape;
    private final ColumnFamilyHandle family;
    private final Region region;
    private final AddressBuffer rowBuffer = new AddressBuffer();
    private final AddressBuffer valueBuffer = new AddressBuffer();
    private final int rowLength;
    /** The row's key that is asked for, and the one that an iterator shows. */
    private final long row;
    private final long shownRow;

    RocksDbTable(
        final RocksDbStore store, final StateShape shape, final ColumnFamilyHandle family, final MemoryAccount account)
    {
        this.store = store;
        this.shape = shape;
        this.family = family;
        rowLength = RowDescriptor.ORDERED_KEY_OFFSET + shape.keyLength();
        region = Region.allocate(account, "row keys of state " + shape.name(), 2L * rowLength);
        row = region.address();
        shownRow = row + rowLength;
    }

    boolean read(final long slice, final long hash, final long key, final long destination)
    {
        try
        {
            final int length = store.database().get(family, store.readOptions(), row(slice, hash, key),
                valueBuffer.wrap(destination, shape.valueLength()));
            checkLength(length == RocksDB.NOT_FOUND ? shape.valueLength() : length);
            return length != RocksDB.NOT_FOUND;
        }
        catch (final RocksDBException exception)
        {
            throw store.failed("read", shape, exception);
        }
    }

    void write(final long slice, final long hash, final long key, final long source)
    {
        try
        {
            store.batch().put(family, row(slice, hash, key), valueBuffer.wrap(source, shape.valueLength()));
        }
        catch (final RocksDBException exception)
        {
            throw store.failed("write", shape, exception);
        }
    }

    void delete(final long slice, final long hash, final long key)
    {
        try
        {
            store.batch().delete(family, row(slice, hash, key));
        }
        catch (final RocksDBException exception)
        {
            throw store.failed("delete from", shape, exception);
        }
    }

    void deleteAll(final long slice, final long count)
    {
        try
        {
            // The last slice of all has no row behind it that could end its range.
            if (count <= MAX_SINGLE_DELETES || slice == Long.MAX_VALUE)
            {
                deleteEach(slice);
            }
            else
            {
                store.database().deleteRange(family, store.writeOptions(), bound(slice), bound(slice + 1));
            }
        }
        catch (final RocksDBException exception)
        {
            throw store.failed("delete from", shape, exception);
        }
    }

    private void deleteEach(final long slice) throws RocksDBException
    {
        try (RocksIterator iterator = seek(slice, 0))
        {
            while (isAt(iterator, slice))
            {
                store.database().delete(family, store.writeOptions(), rowBuffer.wrap(shownRow, rowLength));
                iterator.next();
            }
        }
    }

    private static byte[] bound(final long slice)
    {
        final long word = RowDescriptor.orderedSlice(slice);
        return ByteBuffer.allocate(RowDescriptor.SLICE_LENGTH).putLong(Long.reverseBytes(word)).array();
    }

    /** An iterator on the first row of a slice that has at least a hash, closed by the caller. */
    RocksIterator seek(final long slice, final long hash)
    {
        final RocksIterator iterator = store.database().newIterator(family, store.readOptions());
        RowDescriptor.orderedSlice(row, slice);
        RowDescriptor.orderedHash(row, hash);
        iterator.seek(rowBuffer.wrap(row, RowDescriptor.ORDERED_KEY_OFFSET));
        return iterator;
    }

    /** Whether the iterator is on a row of the slice; shows the row's key then. */
    private boolean isAt(final RocksIterator iterator, final long slice)
    {
        if (!iterator.isValid())
        {
            try
            {
                iterator.status();
                return false;
            }
            catch (final RocksDBException exception)
            {
                throw store.failed("iterate over", shape, exception);
            }
        }
        iterator.key(rowBuffer.wrap(shownRow, rowLength));
        return Memory.getLong(shownRow + RowDescriptor.SLICE_OFFSET) == RowDescriptor.orderedSlice(slice);
    }

    /** Copies the key out that the iterator is on; false when it is behind the slice. */
    boolean key(final RocksIterator iterator, final long slice, final long key)
    {
        if (!isAt(iterator, slice))
        {
            return false;
        }
        Memory.copyWords(shownRow + RowDescriptor.ORDERED_KEY_OFFSET, key, shape.keyLength());
        return true;
    }

    /** Copies the value out that the iterator is on. */
    void value(final RocksIterator iterator, final long value)
    {
        checkLength(iterator.value(valueBuffer.wrap(value, shape.valueLength())));
    }

    private ByteBuffer row(final long slice, final long hash, final long key)
    {
        RowDescriptor.orderedSlice(row, slice);
        RowDescriptor.orderedHash(row, hash);
        Memory.copyWords(key, row + RowDescriptor.ORDERED_KEY_OFFSET, shape.keyLength());
        return rowBuffer.wrap(row, rowLength);
    }

    private void checkLength(final int length)
    {
        if (length != shape.valueLength())
        {
            throw new IllegalStateException("state=" + shape.name() + " has a value of length=" + length +
                " instead of " + shape.valueLength() + ": somebody else writes in the directory of the live state");
        }
    }

    @Override
    public void close()
    {
        region.close();
    }
}
