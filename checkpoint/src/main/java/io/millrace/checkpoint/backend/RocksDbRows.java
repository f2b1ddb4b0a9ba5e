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
    public RowCursor cursor(final long hash)
    {
        return new Cursor(hash);
    }

    private final class Cursor implements RowCursor
    {
        private final long ownSlice = slice;
        private final RocksIterator iterator;

        private boolean begun;

        private Cursor(final long hash)
        {
            iterator = table.seek(slice, hash);
        }

        @Override
        public boolean next(final long key)
        {
            if (begun)
            {
                iterator.next();
            }
            begun = true;
            return table.key(iterator, ownSlice, key);
        }

        @Override
        public void value(final long value)
        {
            table.value(iterator, value);
        }

        @Override
        public void close()
        {
            iterator.close();
        }
    }
}
