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
package io.millrace.operators;

import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaReader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A backend for tests that hands out copies of values, as one does whose state lies in a library: a copy that is found is
 * overwritten by the next that is, and what is changed is lost unless it is said to be written.
 */
final class CopyingBackend implements StateBackend
{
    private final StateBackend backend;
    private final MemoryAccount account;
    private final List<Region> regions = new ArrayList<>();

    private CopyingBackend(final StateContext context)
    {
        backend = OffHeapBackend.factory().open(context);
        account = context.account();
    }

    static StateBackendFactory factory()
    {
        return new StateBackendFactory()
        {
            @Override
            public String name()
            {
                return "COPYING";
            }

            @Override
            public StateBackend open(final StateContext context)
            {
                return new CopyingBackend(context);
            }
        };
    }

    @Override
    public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
    {
        return new Copying(backend.keyedTable(name, keyLength, valueLength), keyLength, valueLength);
    }

    @Override
    public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
    {
        final WindowTables tables = backend.windowTables(name, keyLength, valueLength);
        final Map<Long, KeyedTable> known = new HashMap<>();
        return new WindowTables()
        {
            @Override
            public KeyedTable table(final long slice)
            {
                final KeyedTable table = tables.table(slice);
                return known.computeIfAbsent(slice, start -> new Copying(table, keyLength, valueLength));
            }

            @Override
            public KeyedTable find(final long slice)
            {
                return tables.find(slice) == null ? null : table(slice);
            }

            @Override
            public long firstSlice(final long from)
            {
                return tables.firstSlice(from);
            }

            @Override
            public void drop(final long slice)
            {
                tables.drop(slice);
                known.remove(slice);
            }
        };
    }

    @Override
    public void refuse(final String name, final String reason)
    {
        backend.refuse(name, reason);
    }

    @Override
    public boolean barrierReady()
    {
        return backend.barrierReady();
    }

    @Override
    public void barrier(final boolean full)
    {
        backend.barrier(full);
    }

    @Override
    public int sweep(final int maxEntries)
    {
        return backend.sweep(maxEntries);
    }

    @Override
    public boolean restore(final DeltaReader run)
    {
        return backend.restore(run);
    }

    @Override
    public void close()
    {
        backend.close();
        regions.forEach(Region::close);
    }

    /** A table that copies. */
    private final class Copying implements KeyedTable, KeyedCursor
    {
        private final KeyedTable table;
        private final int keyLength;
        private final int valueLength;
        private final long found;
        private final long shown;
        private final long updated;
        private final long key;
        private KeyedCursor cursor;
        private long hash;

        private Copying(final KeyedTable table, final int keyLength, final int valueLength)
        {
            this.table = table;
            this.keyLength = keyLength;
            this.valueLength = valueLength;
            final Region region = Region.allocate(account, "copies", keyLength + 3L * valueLength);
            regions.add(region);
            key = region.address();
            found = key + keyLength;
            shown = found + valueLength;
            updated = shown + valueLength;
        }

        private long copy(final long from, final long to)
        {
            if (from != 0)
            {
                Memory.copyWords(from, to, valueLength);
            }
            return from == 0 ? 0 : to;
        }

        @Override
        public int upsertAll(final long keys, final int count, final long[] values, final int[] created)
        {
            return ONE_AT_A_TIME;
        }

        @Override
        public long find(final long newHash, final long newKey)
        {
            Memory.fill(found, valueLength, (byte)0x5A);
            return copy(table.find(newHash, newKey), found);
        }

        @Override
        public long upsert(final long newHash, final long newKey)
        {
            hash = newHash;
            Memory.copyWords(newKey, key, keyLength);
            return copy(table.upsert(newHash, newKey), updated);
        }

        @Override
        public boolean created()
        {
            return table.created();
        }

        @Override
        public void written()
        {
            Memory.copyWords(updated, table.upsert(hash, key), valueLength);
        }

        @Override
        public boolean remove(final long oldHash, final long oldKey)
        {
            Memory.fill(updated, valueLength, (byte)0x5A);
            return table.remove(oldHash, oldKey);
        }

        @Override
        public KeyedCursor cursor()
        {
            cursor = table.cursor();
            return this;
        }

        @Override
        public long place(final long placedHash)
        {
            return table.place(placedHash);
        }

        @Override
        public KeyedCursor cursor(final long place)
        {
            cursor = table.cursor(place);
            return this;
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

        @Override
        public boolean next()
        {
            return cursor.next();
        }

        @Override
        public long key()
        {
            return cursor.key();
        }

        @Override
        public long value()
        {
            return copy(cursor.value(), shown);
        }
    }
}
