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

import io.millrace.memory.table.DeltaReader;
import io.millrace.memory.table.SegmentPool;
import io.millrace.memory.table.TableStore;

/** Keyed state in tables of off-heap memory, entries changed in place. */
public final class OffHeapBackend implements StateBackend
{
    private static final StateBackendFactory FACTORY = new Factory();

    private final SegmentPool pool;
    private final TableStore store;
    private final DeclaredStates states;

    private OffHeapBackend(final StateContext context)
    {
        states = new DeclaredStates(context.operator(), context.subtask());
        pool = new SegmentPool(context.account(), "state of " + context.operator() + "-" + context.subtask());
        final KeyGroupRange range = context.keyGroups();
        store = new TableStore(pool, context.outlet(), range.first(), range.last() + 1, range.maxParallelism());
    }

    /**
     * The factory.
     *
     * @return opens off-heap state
     */
    public static StateBackendFactory factory()
    {
        return FACTORY;
    }

    @Override
    public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
    {
        final int stateId = states.newId(name);
        return states.keyed(stateId, new OffHeapTable(store.createTable(stateId, keyLength, valueLength)));
    }

    @Override
    public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
    {
        final int stateId = states.newId(name);
        return states.windows(stateId,
            new SliceTables(() -> new OffHeapTable(store.createTable(stateId, keyLength, valueLength))));
    }

    @Override
    public void refuse(final String name, final String reason)
    {
        states.refuse(name, reason);
    }

    @Override
    public boolean prepare()
    {
        return pool.prepare();
    }

    @Override
    public boolean barrierReady()
    {
        return store.barrierReady();
    }

    @Override
    public void barrier(final boolean full)
    {
        store.barrier(full);
    }

    @Override
    public int sweep(final int maxEntries)
    {
        return store.sweep(maxEntries);
    }

    @Override
    public boolean restore(final DeltaReader run)
    {
        return states.restore(run);
    }

    @Override
    public void close()
    {
        store.close();
        pool.close();
    }

    private static final class Factory implements StateBackendFactory
    {
        @Override
        public String name()
        {
            return "OFF_HEAP";
        }

        @Override
        public StateBackend open(final StateContext context)
        {
            return new OffHeapBackend(context);
        }
    }
}
