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
package io.millrace.memory.record;

import io.millrace.memory.Memory;

import java.util.Objects;

/**
 * A reusable view of a {@link FixedBytes} or {@link VarBytes} field. Each flyweight holds one for each of them, and its
 * getter moves it to the record; it is valid as long as the record view is, and until the record is written. Not
 * thread-safe.
 */
public final class BytesView extends FieldView implements ByteView
{
    /**
     * A view that is not on a field yet. Generated flyweights make theirs.
     *
     * @param owner flyweight that it is part of
     * @param field for messages
     */
    public BytesView(final Flyweight owner, final String field)
    {
        super(owner, field);
    }

    /**
     * Moves the view to fixed bytes.
     *
     * @param address of the first byte
     * @param length  in bytes
     * @return this
     */
    public BytesView wrap(final long address, final int length)
    {
        set(address, length);
        return this;
    }

    /**
     * Moves the view to the bytes that a variable field has behind the fixed block.
     *
     * @param record address of the record
     * @param field  offset of the field
     * @return this
     */
    public BytesView wrapVariable(final long record, final int field)
    {
        set(VarBytesCodec.bytes(record, field), VarBytesCodec.length(record, field));
        return this;
    }

    @Override
    public int length()
    {
        return byteLength();
    }

    @Override
    public byte byteAt(final int index)
    {
        Objects.checkIndex(index, byteLength());
        return Memory.getByte(bytesAddress() + index);
    }

    @Override
    public void copyTo(final byte[] destination, final int offset)
    {
        Objects.checkFromIndexSize(offset, byteLength(), destination.length);
        Memory.copyOut(bytesAddress(), destination, offset, byteLength());
    }

    /**
     * @param other bytes
     * @return true when both have the same bytes
     */
    public boolean contentEquals(final ByteView other)
    {
        final int length = byteLength();
        if (length != other.length())
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (byteAt(i) != other.byteAt(i))
            {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        FieldCodec.appendBytes(text, this);
        return text.toString();
    }
}
