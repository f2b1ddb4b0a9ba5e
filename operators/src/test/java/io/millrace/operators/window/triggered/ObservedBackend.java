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
package io.millrace.operators.window.triggered;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A backend that shows how much is in its tables, and gives out copies of values, as backends do that keep them elsewhere:
 * what is written without a call of written() behind it is lost, and an address is of use until the next call only.
 */
final class ObservedBackend implements StateBackendFactory
{
    private final Map<String, KeyedTable> tables = new TreeMap<>();

    @Override
    public String name()
    {
        return "OBSERVED";
    }

    @Override
    public StateBackend open(final StateContext context)
    {
        tables.clear();
        return new Backend(OffHeapBackend.factory().open(context), context.account());
    }

    /** Tables with entries, and how many they have. */
    String sizes()
    {
        final StringBuilder sizes = new StringBuilder();
        tables.forEach((name, table) -> sizes.append(table.size() == 0 ? "" : name + "=" + table.size() + " "));
        return sizes.toString().trim();
    }

    private final class Backend implements StateBackend
    {
        private final StateBackend backend;
        private final MemoryAccount account;
        private final List<Region> regions = new ArrayList<>();

        private Backend(final StateBackend backend, final MemoryAccount account)
        {
            this.backend = backend;
            this.account = account;
        }

        @Override
        public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
        {
            final Region region = Region.allocate(account, "copy", valueLength);
            regions.add(region);
            final KeyedTable table =
                new CopyingTable(backend.keyedTable(name, keyLength, valueLength), region.address(), valueLength);
            tables.put(name, table);
            return table;
        }

        @Override
        public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
        {
            return backend.windowTables(name, keyLength, valueLength);
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
    }

    private static final class CopyingTable implements KeyedTable
    {
        private final KeyedTable table;
        private final long copy;
        private final int valueLength;
        private long place;

        private CopyingTable(final KeyedTable table, final long copy, final int valueLength)
        {
            this.table = table;
            this.copy = copy;
            this.valueLength = valueLength;
        }

        private void spoil()
        {
            if (place != 0)
            {
                throw new IllegalStateException("a value was given out for writing, and not handed back by written()");
            }
            Memory.fill(copy, valueLength, (byte)0x5A);
        }

        private long show(final long value)
        {
            if (value == 0)
            {
                return 0;
            }
            Memory.copyWords(value, copy, valueLength);
            return copy;
        }

        @Override
        public int upsertAll(final long keys, final int count, final long[] values, final int[] created)
        {
            return ONE_AT_A_TIME;
        }

        @Override
        public long find(final long hash, final long key)
        {
            spoil();
            return show(table.find(hash, key));
        }

        @Override
        public long upsert(final long hash, final long key)
        {
            spoil();
            place = table.upsert(hash, key);
            return show(place);
        }

        @Override
        public boolean created()
        {
            return table.created();
        }

        @Override
        public void written()
        {
            Memory.copyWords(copy, place, valueLength);
            place = 0;
        }

        @Override
        public boolean remove(final long hash, final long key)
        {
            spoil();
            return table.remove(hash, key);
        }

        @Override
        public KeyedCursor cursor()
        {
            return table.cursor();
        }

        @Override
        public long size()
        {
            return table.size();
        }

        @Override
        public void clear()
        {
            spoil();
            table.clear();
        }
    }
}
