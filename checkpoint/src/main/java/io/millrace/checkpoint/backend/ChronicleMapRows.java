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

import io.millrace.memory.Memory;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableCursor;

/**
 * The entries of one slice in a Chronicle Map, and their keys in order: the map cannot say in which slice or order they
 * are without a walk over all of it.
 */
final class ChronicleMapRows implements Rows
{
    private final ChronicleMapTable table;
    private final SegmentedTable order;
    private final int keyLength;
    private long slice;

    /** The order is a closed table without values. */
    ChronicleMapRows(final ChronicleMapTable table, final SegmentedTable order)
    {
        this.table = table;
        this.order = order;
        keyLength = table.shape().keyLength();
    }

    @Override
    public void open(final long newSlice)
    {
        if (order.isOpen())
        {
            order.drop();
        }
        order.open(newSlice);
        slice = newSlice;
    }

    @Override
    public boolean read(final long hash, final long key, final long value)
    {
        if (order.find(hash, key) == 0)
        {
            return false;
        }
        table.read(slice, key, value);
        return true;
    }

    @Override
    public void reserve()
    {
        table.reserve();
    }

    @Override
    public void release(final long count)
    {
        table.release(count);
    }

    @Override
    public void write(final long hash, final long key, final long value)
    {
        order.upsert(hash, key);
        table.write(slice, key, value);
    }

    @Override
    public void delete(final long hash, final long key)
    {
        table.delete(slice, key);
        order.remove(hash, key);
    }

    @Override
    public void deleteAll(final long count)
    {
        final TableCursor cursor = new TableCursor().wrap(order);
        while (cursor.next())
        {
            table.delete(slice, cursor.keyAddress());
        }
        order.clear();
    }

    @Override
    public RowCursor cursor(final long hash)
    {
        return new Cursor(hash);
    }

    private final class Cursor implements RowCursor
    {
        private final TableCursor place = new TableCursor();

        private Cursor(final long hash)
        {
            place.wrap(order, hash);
        }

        @Override
        public boolean next(final long key)
        {
            if (!place.next())
            {
                return false;
            }
            Memory.copyWords(place.keyAddress(), key, keyLength);
            return true;
        }

        @Override
        public void value(final long value)
        {
            table.read(slice, place.keyAddress(), value);
        }

        @Override
        public void close()
        {
            // Nothing is held.
        }
    }
}
