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

import io.millrace.memory.table.DeltaDescriptor;
import io.millrace.memory.table.DeltaReader;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A table for each live slice, in the order of their starts; tables of dropped slices are used again. For backends.
 */
public final class SliceTables implements WindowTables
{
    private final Supplier<? extends SliceTable> factory;
    private long[] starts = new long[8];
    private SliceTable[] tables = new SliceTable[8];
    private int live;

    /**
     * No slices yet.
     *
     * @param factory makes a table that is not open
     */
    public SliceTables(final Supplier<? extends SliceTable> factory)
    {
        this.factory = factory;
    }

    @Override
    public KeyedTable table(final long slice)
    {
        final int found = Arrays.binarySearch(starts, 0, live, slice);
        return found >= 0 ? tables[found] : insert(-found - 1, slice);
    }

    private SliceTable insert(final int index, final long slice)
    {
        if (live == starts.length)
        {
            starts = Arrays.copyOf(starts, live * 2);
            tables = Arrays.copyOf(tables, live * 2);
        }
        final SliceTable table = tables[live] != null ? tables[live] : factory.get();
        System.arraycopy(starts, index, starts, index + 1, live - index);
        System.arraycopy(tables, index, tables, index + 1, live - index);
        starts[index] = slice;
        tables[index] = table;
        live++;
        table.open(slice);
        return table;
    }

    @Override
    public KeyedTable find(final long slice)
    {
        final int found = Arrays.binarySearch(starts, 0, live, slice);
        return found >= 0 ? tables[found] : null;
    }

    @Override
    public long firstSlice(final long from)
    {
        final int found = Arrays.binarySearch(starts, 0, live, from);
        final int index = found >= 0 ? found : -found - 1;
        return index < live ? starts[index] : Long.MAX_VALUE;
    }

    @Override
    public void drop(final long slice)
    {
        final int index = Arrays.binarySearch(starts, 0, live, slice);
        if (index >= 0)
        {
            tables[index].drop();
            remove(index);
        }
    }

    /** Takes note that a slice's table is closed, to be used again. */
    private void remove(final int index)
    {
        final SliceTable table = tables[index];
        live--;
        System.arraycopy(starts, index + 1, starts, index, live - index);
        System.arraycopy(tables, index + 1, tables, index, live - index);
        tables[live] = table;
    }

    /**
     * Puts back what a snapshot holds of the state.
     *
     * @param run set on a run of this state, before its first entry
     */
    public void restore(final DeltaReader run)
    {
        if (run.kind() == DeltaDescriptor.DROP)
        {
            final int index = Arrays.binarySearch(starts, 0, live, run.namespace());
            if (index >= 0)
            {
                tables[index].restoreDrop();
                remove(index);
            }
        }
        else
        {
            ((SliceTable)table(run.namespace())).restore(run);
        }
    }
}
