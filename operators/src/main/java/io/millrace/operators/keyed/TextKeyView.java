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

import java.nio.charset.StandardCharsets;

/** Shows a key of one text. Allocates only for text beyond ASCII. */
public final class TextKeyView implements KeyView<CharSequence>, CharSequence
{
    private long bytes;
    private int length;
    private String decoded;

    /** A view. */
    public TextKeyView()
    {
    }

    @Override
    public CharSequence at(final long key)
    {
        return over(key + KeyFormat.TAG_LENGTH, (int)Memory.getLong(key));
    }

    /**
     * Moves the view to text.
     *
     * @param address of its first byte
     * @param count   of bytes
     * @return this
     */
    public CharSequence over(final long address, final int count)
    {
        bytes = address;
        length = count;
        decoded = null;
        for (int i = 0; i < count; i++)
        {
            if (Memory.getByte(address + i) < 0)
            {
                decoded = decode();
                break;
            }
        }
        return this;
    }

    private String decode()
    {
        final byte[] copy = new byte[length];
        Memory.copyOut(bytes, copy, 0, length);
        return new String(copy, StandardCharsets.UTF_8);
    }

    @Override
    public int length()
    {
        return decoded == null ? length : decoded.length();
    }

    @Override
    public char charAt(final int index)
    {
        if (decoded != null)
        {
            return decoded.charAt(index);
        }
        if (index < 0 || index >= length)
        {
            throw new IndexOutOfBoundsException("index=" + index + " length=" + length);
        }
        return (char)Memory.getByte(bytes + index);
    }

    @Override
    public CharSequence subSequence(final int start, final int end)
    {
        return toString().subSequence(start, end);
    }

    @Override
    public String toString()
    {
        return decoded == null ? decode() : decoded;
    }
}
