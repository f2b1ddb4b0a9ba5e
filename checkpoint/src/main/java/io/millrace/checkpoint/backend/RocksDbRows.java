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

import org.rocksdb.RocksIterator;

/** The rows of one slice in a column family. */
final class RocksDbRows implements Rows
{
    private final RocksDbTable table;
    private long slice;

    RocksDbRows(final RocksDbTable table)
    {
        this.table = table;
    }

    @Override
    public void open(final long newSlice)
    {
        slice = newSlice;
    }

    @Override
    public boolean read(final long hash, final long key, final long value)
    {
        return table.read(slice, hash, key, value);
    }

    @Override
    public void reserve()
    {
        // There is no bound.
    }

    @Override
    public void write(final long hash, final long key, final long value)
    {
        table.write(slice, hash, key, value);
    }

    @Override
    public void delete(final long hash, final long key)
    {
        table.delete(slice, hash, key);
    }

    @Override
    public void deleteAll(final long count)
    {
        if (count > 0)
        {
            table.deleteAll(slice, count);
        }
    }

    @Override
    public long place(final long hash)
    {
        return hash;
    }

    @Override
    public RowCursor cursor(final long place)
    {
        return new Cursor(place);
    }

    private final class Cursor implements RowCursor
    {
        private final long ownSlice = slice;
        private final RocksIterator iterator;

        private Cursor(final long place)
        {
            iterator = table.seek(slice, place);
        }

        @Override
        public boolean next(final long entry)
        {
            return table.next(iterator, ownSlice, entry);
        }

        @Override
        public void close()
        {
            iterator.close();
        }
    }
}
