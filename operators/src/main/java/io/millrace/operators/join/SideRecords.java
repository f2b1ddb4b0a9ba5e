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
package io.millrace.operators.join;

import io.millrace.operators.function.RecordList;

/**
 * The records that a side of a join has gone to, as a user's function is handed them.
 *
 * @param <V> read-only view of the records
 */
public final class SideRecords<V> implements RecordList<V>
{
    private final JoinedRecords side;
    private final JoinedView<V> view;
    private int size;

    /**
     * No records yet.
     *
     * @param side that has the records
     * @param view to show them by
     */
    public SideRecords(final JoinedRecords side, final JoinedView<V> view)
    {
        this.side = side;
        this.view = view;
    }

    /**
     * Begins a call of the function.
     *
     * @param newSize number of records
     * @return this
     */
    public SideRecords<V> enter(final int newSize)
    {
        size = newSize;
        return this;
    }

    /** Ends the call. */
    public void leave()
    {
        size = 0;
        view.leave();
    }

    @Override
    public int size()
    {
        return size;
    }

    @Override
    public V get(final int index)
    {
        if (index < 0 || index >= size)
        {
            throw new IndexOutOfBoundsException("index=" + index + " of records with size=" + size +
                (size == 0 ? ", as it is when the callback has returned" : ""));
        }
        view.leave();
        return view.at(side.record(index));
    }
}
