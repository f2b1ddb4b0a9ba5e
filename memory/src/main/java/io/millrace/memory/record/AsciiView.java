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

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A reusable view of an {@link Ascii} field: each byte is a character. */
public final class AsciiView extends TextView
{
    private final int bound;

    /**
     * A view that is not on a field yet. Generated flyweights make theirs.
     *
     * @param owner flyweight that it is part of
     * @param field for messages
     * @param bound of the field
     */
    public AsciiView(final Flyweight owner, final String field, final int bound)
    {
        super(owner, field);
        this.bound = bound;
    }

    /**
     * Moves the view.
     *
     * @param field address of the field
     * @return this
     */
    public AsciiView wrap(final long field)
    {
        set(field + FieldDescriptor.textPrefixLength(bound), FieldCodec.textLength(field, bound));
        return this;
    }

    @Override
    public int length()
    {
        return byteLength();
    }

    @Override
    public char charAt(final int index)
    {
        Objects.checkIndex(index, byteLength());
        return (char)(Memory.getByte(bytesAddress() + index) & 0xFF);
    }

    @Override
    public String toString()
    {
        final byte[] copy = new byte[byteLength()];
        Memory.copyOut(bytesAddress(), copy, 0, copy.length);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }
}
