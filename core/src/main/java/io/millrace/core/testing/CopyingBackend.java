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
package io.millrace.core.testing;

import io.millrace.core.state.ForwardingBackend;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.MemoryAccount;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * State that holds an operator to the word of {@link KeyedTable}. It hands out copies of values, one at a time, as backends
 * do that keep state in a library: what is changed without {@link KeyedTable#written()} is lost, a value that is used behind
 * the call that ends its validity is poison, and so is a cursor.
 */
public final class CopyingBackend extends ForwardingBackend
{
    private static final StateBackendFactory FACTORY = new Factory();

    private final MemoryAccount account;
    private final List<CopyingTable> tables = new ArrayList<>();

    private CopyingBackend(final StateContext context)
    {
        super(OffHeapBackend.factory().open(context));
        account = context.account();
    }

    /**
     * The factory.
     *
     * @return opens state that copies
     */
    public static StateBackendFactory factory()
    {
        return FACTORY;
    }

    @Override
    public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
    {
        return copying(name, super.keyedTable(name, keyLength, valueLength), keyLength, valueLength);
    }

    private CopyingTable copying(
        final String name, final KeyedTable table, final int keyLength, final int valueLength)
    {
        final CopyingTable copying = new CopyingTable(name, table, keyLength, valueLength, account);
        tables.add(copying);
        return copying;
    }

    @Override
    public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
    {
        return new CopyingSlices(name, super.windowTables(name, keyLength, valueLength), keyLength, valueLength);
    }

    @Override
    public void barrier(final boolean full)
    {
        tables.forEach(CopyingTable::forget);
        super.barrier(full);
    }

    @Override
    public void close()
    {
        tables.forEach(CopyingTable::close);
        super.close();
    }

    /** Tables of slices, each with its copies; a table that is used again keeps them. */
    private final class CopyingSlices implements WindowTables
    {
        private final String name;
        private final WindowTables slices;
        private final int keyLength;
        private final int valueLength;
        private final IdentityHashMap<KeyedTable, CopyingTable> shown = new IdentityHashMap<>();

        private CopyingSlices(
            final String name, final WindowTables slices, final int keyLength, final int valueLength)
        {
            this.name = name;
            this.slices = slices;
            this.keyLength = keyLength;
            this.valueLength = valueLength;
        }

        @Override
        public KeyedTable table(final long slice)
        {
            return shown.computeIfAbsent(slices.table(slice), table -> copying(name, table, keyLength, valueLength));
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
            final CopyingTable dropped = shown.get(slices.find(slice));
            if (dropped != null)
            {
                dropped.forget();
            }
            slices.drop(slice);
        }
    }

    private static final class Factory implements StateBackendFactory
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
    }
}
