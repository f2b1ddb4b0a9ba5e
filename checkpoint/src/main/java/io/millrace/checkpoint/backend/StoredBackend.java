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

import io.millrace.core.state.DeclaredStates;
import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.SliceTables;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateContext;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.table.DeltaReader;
import io.millrace.memory.table.SegmentPool;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableStore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keyed state in a library's rows. Snapshots as off-heap state makes them (after CALC: Ren, Diamond, Abadi, Thomson,
 * SIGMOD'16): at a barrier the sets of changed keys change hands, then a sweep reads the rows of those keys, and the
 * first change of one that is not swept yet saves its image.
 */
final class StoredBackend implements StateBackend
{
    private final StateContext context;
    private final RowStore store;
    private final WriteBack writeBack;
    /** Whether others read the rows, so that changes must reach them soon. */
    private final boolean published;
    private final LiveDirectory directory;
    private final DeltaLedger ledger;
    private final SegmentPool pool;
    private final TableStore changes;
    private final DeclaredStates states;
    private final List<StoredTable> tables = new ArrayList<>();
    private int sweptTable;
    private boolean closed;

    /** Owns the store and the directory. */
    private StoredBackend(
        final StateContext context,
        final RowStore store,
        final LiveDirectory directory,
        final long writeBackBytes,
        final boolean published)
    {
        this.published = published;
        this.context = context;
        this.store = store;
        this.directory = directory;
        states = new DeclaredStates(context.operator(), context.subtask());
        ledger = new DeltaLedger(context.outlet());
        pool = new SegmentPool(context.account(), "changed keys of " + context.operator() + "-" + context.subtask());
        final KeyGroupRange range = context.keyGroups();
        writeBack = new WriteBack(context, store, writeBackBytes);
        changes = ledger.enabled() ?
            new TableStore(pool, null, range.first(), range.last() + 1, range.maxParallelism()) : null;
    }

    /**
     * Opens an empty backend.
     *
     * @param context   of the operator instance
     * @param directory that the user named
     * @param stores    opens the library's part in an empty directory
     * @param writeBackBytes bound on the memory before the library
     * @param published      whether others read the rows
     */
    static StoredBackend open(
        final StateContext context,
        final Path directory,
        final Function<Path, RowStore> stores,
        final long writeBackBytes,
        final boolean published)
    {
        final LiveDirectory live = LiveDirectory.open(directory, context);
        try
        {
            return new StoredBackend(context, stores.apply(live.path()), live, writeBackBytes, published);
        }
        catch (final RuntimeException | Error failure)
        {
            live.close();
            throw failure;
        }
    }

    @Override
    public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
    {
        final StateShape shape = shape(name, keyLength, valueLength);
        return states.keyed(shape.stateId(), newTable(shape, store.declare(shape)));
    }

    @Override
    public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
    {
        final StateShape shape = shape(name, keyLength, valueLength);
        final Supplier<Rows> rows = store.declare(shape);
        return states.windows(shape.stateId(), new SliceTables(() -> newTable(shape, rows)));
    }

    private StateShape shape(final String name, final int keyLength, final int valueLength)
    {
        requireOpen();
        final int stateId = states.newId(name);
        if (keyLength < 8 || keyLength > SegmentedTable.MAX_KEY_LENGTH || (keyLength & 7) != 0 || valueLength < 0 || (valueLength & 7) != 0)
        {
            throw new IllegalArgumentException("keyLength=" + keyLength + " valueLength=" + valueLength + " of state=" +
                name + " must be multiples of 8, the key from 8 to " + SegmentedTable.MAX_KEY_LENGTH +
                ": pad them with zeros");
        }
        return new StateShape(stateId, name, keyLength, valueLength);
    }

    private StoredTable newTable(final StateShape shape, final Supplier<Rows> rows)
    {
        requireOpen();
        final ChangedKeys changed = changes == null ? null : new ChangedKeys(changes, shape);
        final StoredTable table = new StoredTable(
            shape, writeBack.newRows(shape, rows.get()), ledger, changed, context.account());
        tables.add(table);
        return table;
    }

    @Override
    public void refuse(final String name, final String reason)
    {
        states.refuse(name, reason);
    }

    @Override
    public boolean prepare()
    {
        return changes != null && pool.prepare();
    }

    @Override
    public boolean barrierReady()
    {
        return ledger.barrierReady();
    }

    @Override
    public void barrier(final boolean full)
    {
        requireOpen();
        ledger.barrier();
        for (int i = 0; i < tables.size(); i++)
        {
            tables.get(i).barrier(full);
        }
        sweptTable = 0;
    }

    @Override
    public int sweep(final int maxEntries)
    {
        requireOpen();
        writeBack.sweep(maxEntries);
        if (published)
        {
            writeBack.publish(maxEntries);
        }
        if (changes == null)
        {
            return 0;
        }
        int budget = maxEntries;
        if (ledger.isSweeping())
        {
            while (sweptTable < tables.size() && budget > 0)
            {
                budget -= tables.get(sweptTable).sweep(budget);
                sweptTable += tables.get(sweptTable).left() == 0 ? 1 : 0;
            }
            final int left = left();
            if (left > 0)
            {
                return left;
            }
            ledger.finish();
        }
        changes.sweep(budget);
        return 0;
    }

    private int left()
    {
        long left = 0;
        for (int i = sweptTable; i < tables.size(); i++)
        {
            left += tables.get(i).left();
        }
        return (int)Math.min(left, Integer.MAX_VALUE);
    }

    @Override
    public boolean writeBack()
    {
        requireOpen();
        if (published)
        {
            writeBack.publishIdle();
        }
        return published && writeBack.changedRows() > 0;
    }

    @Override
    public boolean restore(final DeltaReader run)
    {
        requireOpen();
        return states.restore(run);
    }

    /** Cursors first, then the library, then the memory and files that it used. */
    @Override
    public void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        tables.forEach(StoredTable::close);
        ledger.close();
        try
        {
            store.close();
        }
        finally
        {
            if (changes != null)
            {
                changes.close();
            }
            writeBack.close();
            pool.close();
            directory.close();
        }
    }

    private void requireOpen()
    {
        if (closed)
        {
            throw new IllegalStateException("the state of operator " + context.operator() + "-" + context.subtask() +
                " is closed: do not use it after the job has ended");
        }
    }
}
