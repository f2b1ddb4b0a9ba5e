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

import io.millrace.core.state.HashedBackend;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaReader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens OFF_HEAP state that a test can look into. Where it copies, values are given out one at a time as copies, as
 * backends on libraries do it: what was not {@link KeyedTable#written()} is lost, and a copy is overwritten as soon as it
 * may be.
 */
final class WatchedState implements StateBackendFactory
{
    private final boolean copying;
    private final Map<String, KeyedTable> tables = new HashMap<>();
    private final Map<String, WindowTables> windows = new HashMap<>();
    private HashedBackend backend;

    WatchedState(final boolean copying)
    {
        this.copying = copying;
    }

    /** What the state that was opened last holds, as a number. */
    long hash()
    {
        return backend.hash();
    }

    KeyedTable table(final String name)
    {
        return tables.get(name);
    }

    WindowTables windows(final String name)
    {
        return windows.get(name);
    }

    @Override
    public String name()
    {
        return "WATCHED";
    }

    @Override
    public StateBackend open(final StateContext context)
    {
        backend = new HashedBackend(OffHeapBackend.factory().open(context), context.operator());
        return new Watched(context.account());
    }

    /** Remembers what was declared. */
    private final class Watched implements StateBackend
    {
        private final MemoryAccount account;
        private final List<Copies> copies = new ArrayList<>();

        Watched(final MemoryAccount account)
        {
            this.account = account;
        }

        @Override
        public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
        {
            final KeyedTable table = backend.keyedTable(name, keyLength, valueLength);
            tables.put(name, table);
            return copies(table, keyLength, valueLength);
        }

        private KeyedTable copies(final KeyedTable table, final int keyLength, final int valueLength)
        {
            if (!copying || table == null)
            {
                return table;
            }
            copies.add(new Copies(table, keyLength, valueLength, account));
            return copies.get(copies.size() - 1);
        }

        @Override
        public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
        {
            final WindowTables slices = backend.windowTables(name, keyLength, valueLength);
            final Map<KeyedTable, KeyedTable> shown = new HashMap<>();
            windows.put(name, slices);
            return new WindowTables()
            {
                @Override
                public KeyedTable table(final long slice)
                {
                    return shown.computeIfAbsent(slices.table(slice), table -> copies(table, keyLength, valueLength));
                }

                @Override
                public KeyedTable find(final long slice)
                {
                    return slices.find(slice) == null ? null : table(slice);
                }

                @Override
                public long firstSlice(final long from)
                {
                    return slices.firstSlice(from);
                }

                @Override
                public void drop(final long slice)
                {
                    slices.drop(slice);
                }
            };
        }

        @Override
        public boolean prepare()
        {
            return backend.prepare();
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
            copies.forEach(Copies::close);
            backend.close();
        }
    }

    /** A table that shows copies. */
    private static final class Copies implements KeyedTable, AutoCloseable
    {
        private final KeyedTable table;
        private final int keyLength;
        private final int valueLength;
        private final Region region;
        private final long found;
        private final long given;
        private final long key;
        private long hash;
        private boolean created;

        Copies(final KeyedTable table, final int keyLength, final int valueLength, final MemoryAccount account)
        {
            this.table = table;
            this.keyLength = keyLength;
            this.valueLength = valueLength;
            region = Region.allocate(account, "copies", 2L * valueLength + keyLength);
            found = region.address();
            given = found + valueLength;
            key = given + valueLength;
        }

        private void forget()
        {
            Memory.fill(found, 2L * valueLength, DebugMode.POISON);
        }

        @Override
        public int upsertAll(final long keys, final int count, final long[] values, final int[] created)
        {
            return ONE_AT_A_TIME;
        }

        @Override
        public long find(final long hash, final long key)
        {
            final long value = table.find(hash, key);
            Memory.fill(found, valueLength, DebugMode.POISON);
            if (value == 0)
            {
                return 0;
            }
            Memory.copyWords(value, found, valueLength);
            return found;
        }

        @Override
        public long upsert(final long newHash, final long newKey)
        {
            final long value = table.upsert(newHash, newKey);
            created = table.created();
            forget();
            hash = newHash;
            Memory.copyWords(newKey, key, keyLength);
            Memory.copyWords(value, given, valueLength);
            return given;
        }

        @Override
        public boolean created()
        {
            return created;
        }

        @Override
        public void written()
        {
            Memory.copyWords(given, table.upsert(hash, key), valueLength);
            table.written();
        }

        @Override
        public boolean remove(final long hash, final long key)
        {
            forget();
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
            forget();
            table.clear();
        }

        @Override
        public void close()
        {
            region.close();
        }
    }
}
