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
package io.millrace.operators.keyed;

import io.millrace.memory.Memory;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.CompositeKeySelector;
import io.millrace.operators.function.KeyWriter;

/**
 * Keys of several parts.
 *
 * @param <V> read-only view of the records
 */
public final class CompositeKeyEncoder<V> extends RecordKeyEncoder<V> implements KeyWriter
{
    private final CompositeKeySelector<? super V> selector;
    private long parts;
    private int length;

    /**
     * An encoder.
     *
     * @param type     of the records
     * @param selector writes the parts
     */
    public CompositeKeyEncoder(final RecordType<V, ?> type, final CompositeKeySelector<? super V> selector)
    {
        super(type);
        this.selector = selector;
    }

    @Override
    public int keyLength()
    {
        return KeyFormat.KEY_LENGTH;
    }

    @Override
    public void encode(final long slot, final long key)
    {
        Memory.zero(key, KeyFormat.KEY_LENGTH);
        parts = key + KeyFormat.TAG_LENGTH;
        length = 0;
        selector.select(view(slot), this);
        if (length == 0)
        {
            throw new IllegalArgumentException("key has no part for record=" + record() +
                ": write at least one in keyByComposite(...)");
        }
        Memory.putLong(key, length);
    }

    @Override
    public KeyWriter putLong(final long value)
    {
        Memory.putLong(room(Long.BYTES), value);
        return this;
    }

    @Override
    public KeyWriter putInt(final int value)
    {
        Memory.putInt(room(Integer.BYTES), value);
        return this;
    }

    @Override
    public KeyWriter putText(final CharSequence value)
    {
        if (value == null)
        {
            throw KeyFormat.missing("null", record());
        }
        final int start = length;
        final long tag = room(1);
        final int end = KeyFormat.putText(parts, start + 1, value);
        Memory.putByte(tag, (byte)(end - start - 1));
        length = end;
        return this;
    }

    private long room(final int bytes)
    {
        if (length + bytes > MAX_KEY_BYTES)
        {
            throw new IllegalArgumentException("key of record=" + record() + " needs more than " + MAX_KEY_BYTES +
                " bytes: use fewer or shorter parts, or map one to a number first");
        }
        final long address = parts + length;
        length += bytes;
        return address;
    }
}
