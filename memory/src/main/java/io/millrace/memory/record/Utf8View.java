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

/**
 * A reusable view of a {@link Utf8} field. The first use of a character decodes the whole text into a buffer that is
 * kept, so that reading allocates only while longer texts turn up than any before.
 */
public final class Utf8View extends TextView
{
    private static final int INITIAL_LENGTH = 32;
    private static final int NOT_DECODED = -1;

    private final int bound;
    private char[] chars = {};
    private int length = NOT_DECODED;

    /**
     * A view that is not on a field yet. Generated flyweights make theirs.
     *
     * @param owner flyweight that it is part of
     * @param field for messages
     * @param bound of the field
     */
    public Utf8View(final Flyweight owner, final String field, final int bound)
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
    public Utf8View wrap(final long field)
    {
        set(field + FieldDescriptor.textPrefixLength(bound), FieldCodec.textLength(field, bound));
        length = NOT_DECODED;
        return this;
    }

    @Override
    public int length()
    {
        checkAccess();
        if (length == NOT_DECODED)
        {
            decode();
        }
        return length;
    }

    @Override
    public char charAt(final int index)
    {
        Objects.checkIndex(index, length());
        return chars[index];
    }

    @Override
    public String toString()
    {
        final int count = length();
        return new String(chars, 0, count);
    }

    private void decode()
    {
        final int bytes = byteLength();
        if (chars.length < bytes)
        {
            chars = Arrays.copyOf(chars, Math.max(INITIAL_LENGTH, Math.min(bound, 2 * bytes)));
        }
        length = FieldCodec.decodeUtf8(bytesAddress(), bytes, chars);
    }
}
