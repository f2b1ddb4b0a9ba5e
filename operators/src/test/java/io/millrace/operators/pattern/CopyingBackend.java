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
package io.millrace.operators.pattern;

import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaReader;

import java.util.ArrayList;
import java.util.List;

/**
 * A backend that shows copies, as those do that keep state elsewhere, and spoils each as soon as it is no longer valid;
 * what was changed without {@link KeyedTable#written()} is lost.
 */
final class CopyingBackend implements StateBackend, StateBackendFactory
{
    private static final byte SPOILT = (byte)0xA5;

    private StateBackend backend;
    private StateContext context;
    private final List<Copies> tables = new ArrayList<>();

    @Override
    public String name()
    {
        return "COPYING";
    }

    @Override
    public StateBackend open(final StateContext newContext)
    {
        context = newContext;
        backend = OffHeapBackend.factory().open(newContext);
        return this;
    }

    /** Rows of all tables. */
    long rows()
    {
        return tables.stream().mapToLong(Copies::size).sum();
    }

    @Override
    public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
    {
        final Copies copies = new Copies(backend.keyedTable(name, keyLength, valueLength),
            Region.allocate(context.account(), name, keyLength + 2L * valueLength), keyLength, valueLength);
        tables.add(copies);
        return copies;
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
        tables.forEach(table -> table.region.close());
        backend.close();
    }

    private static final class Copies implements KeyedTable
    {
        private final KeyedTable table;
        private final Region region;
        private final int keyLength;
        private final int valueLength;
        private final long key;
        private final long found;
        private final long changed;
        private long hash;
        private boolean changing;
        private boolean created;

        private Copies(final KeyedTable table, final Region region, final int keyLength, final int valueLength)
        {
            this.table = table;
            this.region = region;
            this.keyLength = keyLength;
            this.valueLength = valueLength;
            key = region.address();
            found = key + keyLength;
            changed = found + valueLength;
        }

        private void spoil()
        {
            Memory.fill(found, 2L * valueLength, SPOILT);
            changing = false;
        }

        @Override
        public int upsertAll(final long keys, final int count, final long[] values, final int[] news)
        {
            return ONE_AT_A_TIME;
        }

        @Override
        public long find(final long keyHash, final long keyAddress)
        {
            final long value = table.find(keyHash, keyAddress);
            Memory.fill(found, valueLength, SPOILT);
            if (value == 0)
            {
                return 0;
            }
            Memory.copy(value, found, valueLength);
            return found;
        }

        @Override
        public long upsert(final long keyHash, final long keyAddress)
        {
            spoil();
            final long value = table.upsert(keyHash, keyAddress);
            created = table.created();
            Memory.copy(value, changed, valueLength);
            Memory.copy(keyAddress, key, keyLength);
            hash = keyHash;
            changing = true;
            return changed;
        }

        @Override
        public boolean created()
        {
            return created;
        }

        @Override
        public void written()
        {
            if (!changing)
            {
                throw new IllegalStateException("written() without upsert() before it");
            }
            Memory.copy(changed, table.upsert(hash, key), valueLength);
            table.written();
        }

        @Override
        public boolean remove(final long keyHash, final long keyAddress)
        {
            spoil();
            return table.remove(keyHash, keyAddress);
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
