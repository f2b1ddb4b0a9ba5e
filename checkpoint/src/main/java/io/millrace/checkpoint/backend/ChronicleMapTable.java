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

import io.millrace.memory.Memory;
import net.openhft.chronicle.map.ChronicleMap;

/** The map of one state, keys and values as bytes, and how many entries it has. For the task's thread. */
final class ChronicleMapTable
{
    private final StateShape shape;
    private final ChronicleMap<byte[], byte[]> map;
    private final long limit;
    private final byte[] row;
    private byte[] value;
    private long count;

    ChronicleMapTable(final StateShape shape, final ChronicleMap<byte[], byte[]> map, final long limit)
    {
        this.shape = shape;
        this.map = map;
        this.limit = limit;
        row = new byte[RowDescriptor.PLAIN_KEY_OFFSET + shape.keyLength()];
        value = new byte[valueLength(shape)];
    }

    /** A map has no values without bytes. */
    static int valueLength(final StateShape shape)
    {
        return Math.max(Long.BYTES, shape.valueLength());
    }

    StateShape shape()
    {
        return shape;
    }

    ChronicleMap<byte[], byte[]> map()
    {
        return map;
    }

    void reserve()
    {
        if (count >= limit)
        {
            throw full(null);
        }
        count++;
    }

    void release(final long rows)
    {
        count -= rows;
    }

    void read(final long slice, final long key, final long destination)
    {
        final byte[] read = map.getUsing(row(slice, key), value);
        if (read == null)
        {
            throw new IllegalStateException("state=" + shape.name() + " slice=" + slice +
                " has lost an entry: somebody else writes to the Chronicle Map, readers only may open it");
        }
        value = read;
        Memory.copyIn(read, 0, destination, shape.valueLength());
    }

    void write(final long slice, final long key, final long source)
    {
        Memory.copyOut(source, value, 0, shape.valueLength());
        try
        {
            map.put(row(slice, key), value);
        }
        catch (final IllegalStateException exception)
        {
            throw full(exception);
        }
    }

    void delete(final long slice, final long key)
    {
        map.remove(row(slice, key));
    }

    private byte[] row(final long slice, final long key)
    {
        RowDescriptor.plainSlice(row, slice);
        Memory.copyOut(key, row, RowDescriptor.PLAIN_KEY_OFFSET, shape.keyLength());
        return row;
    }

    private StateFullException full(final Throwable cause)
    {
        return new StateFullException("the Chronicle Map of state=" + shape.name() + " is full: entries=" + count +
            " limit=" + limit + ": raise ChronicleMapBackend.entries and start again, the latest checkpoint holds",
            cause);
    }
}
