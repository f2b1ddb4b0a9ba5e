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

import io.millrace.core.state.ForwardingBackend;
import io.millrace.core.state.HashedBackend;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.state.WindowTables;
import io.millrace.core.testing.CopyingBackend;

import java.util.Map;
import java.util.TreeMap;

/** Opens state that a test can look into, on a backend that copies or one that does not. */
public final class WatchedState implements StateBackendFactory
{
    private final StateBackendFactory factory;
    private final Map<String, KeyedTable> tables = new TreeMap<>();
    private final Map<String, WindowTables> windows = new TreeMap<>();
    private HashedBackend backend;

    /** State that is not opened yet. */
    public WatchedState(final boolean copying)
    {
        factory = copying ? CopyingBackend.factory() : OffHeapBackend.factory();
    }

    /** What the state that was opened last holds, as a number. */
    public long hash()
    {
        return backend.hash();
    }

    public KeyedTable table(final String name)
    {
        return tables.get(name);
    }

    public WindowTables windows(final String name)
    {
        return windows.get(name);
    }

    /** Entries of all tables without slices. */
    public long entries()
    {
        return tables.values().stream().mapToLong(KeyedTable::size).sum();
    }

    /** Tables without slices that have entries, and how many they have. */
    public String sizes()
    {
        final StringBuilder sizes = new StringBuilder();
        tables.forEach((name, table) -> sizes.append(table.size() == 0 ? "" : name + "=" + table.size() + " "));
        return sizes.toString().trim();
    }

    @Override
    public String name()
    {
        return "WATCHED";
    }

    @Override
    public StateBackend open(final StateContext context)
    {
        tables.clear();
        windows.clear();
        backend = new HashedBackend(factory.open(context), context.operator());
        return new Watched(backend);
    }

    /** Remembers what was declared. */
    private final class Watched extends ForwardingBackend
    {
        private Watched(final StateBackend behind)
        {
            super(behind);
        }

        @Override
        public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
        {
            tables.put(name, super.keyedTable(name, keyLength, valueLength));
            return tables.get(name);
        }

        @Override
        public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
        {
            windows.put(name, super.windowTables(name, keyLength, valueLength));
            return windows.get(name);
        }
    }
}
