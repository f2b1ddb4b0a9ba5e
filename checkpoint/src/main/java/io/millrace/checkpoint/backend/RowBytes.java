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

import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.hash.AbstractData;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.serialization.DataAccess;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;

/**
 * How a Chronicle Map takes keys and values that are arrays. It allocates nothing as long as it is handed the same array
 * again and again, whatever is in it. A map names this class in its file, so it must be on the class path of those who
 * read the map. For one thread at a time; the map copies it for each.
 */
public final class RowBytes extends AbstractData<byte[]> implements DataAccess<byte[]>
{
    private transient byte[] array;
    private transient BytesStore<?, byte[]> store;

    /** Of no array yet. */
    public RowBytes()
    {
    }

    @Override
    public Data<byte[]> getData(final byte[] instance)
    {
        if (instance != array)
        {
            array = instance;
            store = BytesStore.wrap(instance);
        }
        return this;
    }

    @Override
    public RandomDataInput bytes()
    {
        return store;
    }

    @Override
    public long offset()
    {
        return store.start();
    }

    @Override
    public long size()
    {
        return array.length;
    }

    @Override
    public byte[] get()
    {
        return array;
    }

    @Override
    public byte[] getUsing(final byte[] using)
    {
        final byte[] copy = using != null && using.length == array.length ? using : new byte[array.length];
        System.arraycopy(array, 0, copy, 0, copy.length);
        return copy;
    }

    /** Keeps the array at hand: it will come again. */
    @Override
    public void uninit()
    {
        // Nothing is held for the map.
    }

    @Override
    public DataAccess<byte[]> copy()
    {
        return new RowBytes();
    }

    @Override
    public void writeMarshallable(final WireOut wire)
    {
        // It has no settings.
    }

    @Override
    public void readMarshallable(final WireIn wire)
    {
        // It has no settings.
    }
}
