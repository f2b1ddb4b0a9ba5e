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
package io.millrace.operators.state;

import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;

/** A list of records a key: their number in one table, each record under its index in another. */
final class StoredList<V, W extends Flyweight> implements ListState<V, W>, ScopedState
{
    private final String name;
    private final KeyedEntry head;
    private final KeyedElements elements;
    private final StateView<V, W> view;

    StoredList(final String name, final KeyedEntry head, final KeyedElements elements, final StateView<V, W> view)
    {
        this.name = name;
        this.head = head;
        this.elements = elements;
        this.view = view;
    }

    @Override
    public W add()
    {
        final long size = head.upsert();
        final long index = Memory.getLong(size);
        Memory.putLong(size, index + 1);
        return view.at(elements.at(index).upsert());
    }

    @Override
    public void add(final V record)
    {
        if (record == null)
        {
            throw new NullPointerException("record=null is added to state=" + name + ": clear() empties the list");
        }
        view.type().copy(record, add());
    }

    @Override
    public long size()
    {
        final long size = head.find();
        return size == 0 ? 0 : Memory.getLong(size);
    }

    @Override
    public V get(final long index)
    {
        return view.read(existing(index, elements.at(index).find()));
    }

    @Override
    public W value(final long index)
    {
        if (index < 0 || index >= size())
        {
            existing(index, 0);
        }
        return view.at(elements.at(index).upsert());
    }

    private long existing(final long index, final long address)
    {
        if (address == 0)
        {
            throw new IndexOutOfBoundsException("index=" + index + " of state=" + name + " with size=" + size());
        }
        return address;
    }

    @Override
    public boolean isEmpty()
    {
        return head.find() == 0;
    }

    @Override
    public void clear()
    {
        final long size = size();
        for (long index = 0; index < size; index++)
        {
            elements.at(index).remove();
        }
        head.remove();
    }

    @Override
    public void leave()
    {
        view.release();
        head.leave();
        elements.leave();
    }
}
