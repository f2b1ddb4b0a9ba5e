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
package io.millrace.core.state;

import io.millrace.memory.Memory;
import io.millrace.memory.table.DeltaReader;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableCursor;
import io.millrace.memory.table.TableRestore;

/** A segmented table as a keyed state. */
final class OffHeapTable implements SliceTable, KeyedCursor
{
    private final SegmentedTable table;
    private final boolean longKeys;
    private final TableCursor cursor = new TableCursor();

    OffHeapTable(final SegmentedTable table)
    {
        this.table = table;
        this.longKeys = table.keyLength() == Long.BYTES;
    }

    @Override
    public void open(final long slice)
    {
        table.open(slice);
    }

    @Override
    public void drop()
    {
        table.drop();
    }

    @Override
    public void restoreDrop()
    {
        new TableRestore(table).drop();
    }

    @Override
    public void restore(final DeltaReader run)
    {
        new TableRestore(table).apply(run);
    }

    @Override
    public int upsertAll(final long keys, final int count, final long[] values, final int[] created)
    {
        return longKeys ?
            table.upsertAllLong(keys, count, values, created) : table.upsertAll(keys, count, values, created);
    }

    @Override
    public long prefetch(final long hash)
    {
        return table.prefetch(hash);
    }

    @Override
    public long prefetch(final long hash, final long key, final int length)
    {
        final long value = find(hash, key);
        long read = 0;
        if (value != 0)
        {
            for (int offset = 0; offset < length; offset += Memory.CACHE_LINE_LENGTH)
            {
                read ^= Memory.getLong(value + offset);
            }
        }
        return read;
    }

    @Override
    public long find(final long hash, final long key)
    {
        return longKeys ? table.findLong(hash, Memory.getLong(key)) : table.find(hash, key);
    }

    @Override
    public long upsert(final long hash, final long key)
    {
        return longKeys ? table.upsertLong(hash, Memory.getLong(key)) : table.upsert(hash, key);
    }

    @Override
    public boolean created()
    {
        return table.created();
    }

    @Override
    public void written()
    {
        // The value was changed in place.
    }

    @Override
    public boolean remove(final long hash, final long key)
    {
        return table.remove(hash, key);
    }

    @Override
    public KeyedCursor cursor()
    {
        cursor.wrap(table);
        return this;
    }

    @Override
    public long place(final long hash)
    {
        return table.place(hash);
    }

    @Override
    public KeyedCursor cursor(final long place)
    {
        cursor.wrapAt(table, place);
        return this;
    }

    @Override
    public boolean next()
    {
        return cursor.next();
    }

    @Override
    public long key()
    {
        return cursor.keyAddress();
    }

    @Override
    public long value()
    {
        return cursor.valueAddress();
    }

    @Override
    public long size()
    {
        return table.size();
    }

    @Override
    public void clear()
    {
        table.clear();
    }
}
