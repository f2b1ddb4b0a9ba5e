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
import io.millrace.operators.function.CompositeKey;

/** Shows the parts of a key. */
public final class CompositeKeyView implements KeyView<CompositeKey>, CompositeKey
{
    private final TextKeyView text = new TextKeyView();
    private long position;
    private long end;

    /** A view. */
    public CompositeKeyView()
    {
    }

    @Override
    public CompositeKey at(final long key)
    {
        position = key + KeyFormat.TAG_LENGTH;
        end = position + Memory.getLong(key);
        return this;
    }

    @Override
    public long getLong()
    {
        return Memory.getLong(part(Long.BYTES));
    }

    @Override
    public int getInt()
    {
        return Memory.getInt(part(Integer.BYTES));
    }

    @Override
    public CharSequence getText()
    {
        final int length = Memory.getByte(part(1));
        return text.over(part(length), length);
    }

    private long part(final int length)
    {
        if (position + length > end)
        {
            throw new IllegalStateException("part of length=" + length + " is beyond the end of the key, remaining=" +
                (end - position) + ": read the parts in the order in which they were written");
        }
        final long part = position;
        position += length;
        return part;
    }
}
