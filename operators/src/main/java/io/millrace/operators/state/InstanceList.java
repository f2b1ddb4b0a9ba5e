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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.table.KeyHash;

/**
 * A list of records of one operator instance: a table, so that a snapshot writes what has changed only.
 *
 * <pre>
 *   | index 8 |  -&gt;  | record |      indexes from 0 to size - 1
 * </pre>
 */
final class InstanceList<V, W extends Flyweight> implements ListState<V, W>, ScopedState, AutoCloseable
{
    private final String name;
    private final InstanceScope scope;
    private final KeyedTable table;
    private final StateView<V, W> view;
    private final int recordLength;
    private final Region key;
    private boolean unwritten;

    InstanceList(
        final String name,
        final InstanceScope scope,
        final KeyedTable table,
        final StateView<V, W> view,
        final MemoryAccount account)
    {
        this.name = name;
        this.scope = scope;
        this.table = table;
        this.view = view;
        this.recordLength = view.type().blockLength();
        this.key = Region.allocate(account, name + " index", Long.BYTES);
    }

    @Override
    public W add()
    {
        scope.check(name);
        return view.at(upsert(table.size()));
    }

    @Override
    public void add(final V record)
    {
        if (record == null)
        {
            throw new NullPointerException("record=null is added to state=" + name + ": clear() empties the list");
        }
        view.checkForeign(record);
        view.type().copy(record, add());
    }

    @Override
    public long size()
    {
        scope.check(name);
        return table.size();
    }

    @Override
    public V get(final long index)
    {
        check(index);
        return view.read(find(index));
    }

    @Override
    public W value(final long index)
    {
        check(index);
        return view.at(upsert(index));
    }

    private void check(final long index)
    {
        final long size = size();
        if (index < 0 || index >= size)
        {
            throw new IndexOutOfBoundsException("index=" + index + " of state=" + name + " with size=" + size);
        }
    }

    private long find(final long index)
    {
        settle();
        Memory.putLong(key.address(), index);
        return table.find(KeyHash.hash(index), key.address());
    }

    private long upsert(final long index)
    {
        settle();
        Memory.putLong(key.address(), index);
        unwritten = true;
        return table.upsert(KeyHash.hash(index), key.address());
    }

    @Override
    public boolean isEmpty()
    {
        return size() == 0;
    }

    @Override
    public void clear()
    {
        scope.check(name);
        settle();
        table.clear();
    }

    /** Writes all elements, for the other instances. */
    void write(final BlobWriter blob)
    {
        final byte[] record = new byte[recordLength];
        final long size = table.size();
        blob.putText(name).putLong(size);
        for (long index = 0; index < size; index++)
        {
            Memory.copyOut(find(index), record, 0, recordLength);
            blob.putBytes(record);
        }
    }

    /** Forgets what {@link #write} has written. */
    void empty()
    {
        table.clear();
    }

    /** Appends what another instance wrote. */
    void read(final BlobReader blob)
    {
        final String writer = blob.getText();
        if (!writer.equals(name))
        {
            throw new IllegalStateException("state=" + writer + " of another instance is read as state=" + name +
                ": declare the same states in the same order in open() of every instance");
        }
        final long count = blob.getLong();
        for (long i = 0; i < count; i++)
        {
            Memory.copyIn(blob.getBytes(), 0, upsert(table.size()), recordLength);
        }
        settle();
    }

    private void settle()
    {
        if (unwritten)
        {
            unwritten = false;
            table.written();
        }
    }

    @Override
    public void leave()
    {
        view.release();
        settle();
    }

    @Override
    public void close()
    {
        key.close();
    }
}
