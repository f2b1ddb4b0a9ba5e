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

import java.util.Arrays;
import java.util.Objects;

/** Bytes that nobody can change, with equality by content: what a generated value holds for a byte field. */
public final class BytesValue implements ByteView
{
    private final byte[] bytes;

    private BytesValue(final byte[] bytes)
    {
        this.bytes = bytes;
    }

    /**
     * @param bytes to copy
     * @return a value
     */
    public static BytesValue of(final byte... bytes)
    {
        return new BytesValue(bytes.clone());
    }

    /**
     * @param view to copy
     * @return a value
     */
    public static BytesValue copyOf(final ByteView view)
    {
        if (view instanceof BytesValue value)
        {
            return value;
        }
        final byte[] copy = new byte[view.length()];
        view.copyTo(copy, 0);
        return new BytesValue(copy);
    }

    @Override
    public int length()
    {
        return bytes.length;
    }

    @Override
    public byte byteAt(final int index)
    {
        return bytes[index];
    }

    @Override
    public void copyTo(final byte[] destination, final int offset)
    {
        Objects.checkFromIndexSize(offset, bytes.length, destination.length);
        System.arraycopy(bytes, 0, destination, offset, bytes.length);
    }

    /**
     * @return a copy
     */
    public byte[] toArray()
    {
        return bytes.clone();
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof BytesValue that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode()
    {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        FieldCodec.appendBytes(text, this);
        return text.toString();
    }
}
