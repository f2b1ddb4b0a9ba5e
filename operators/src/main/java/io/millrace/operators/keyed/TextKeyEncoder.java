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

import io.millrace.memory.record.RecordType;

import java.util.function.Function;

/**
 * Keys of one text.
 *
 * @param <V> read-only view of the records
 */
public final class TextKeyEncoder<V> extends RecordKeyEncoder<V>
{
    private final Function<? super V, ? extends CharSequence> selector;

    /**
     * An encoder.
     *
     * @param type     of the records
     * @param selector gives the key
     */
    public TextKeyEncoder(final RecordType<V, ?> type, final Function<? super V, ? extends CharSequence> selector)
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
        final CharSequence text = selector.apply(view(slot));
        if (text == null || text.isEmpty())
        {
            throw KeyFormat.missing(text == null ? "null" : "empty", record());
        }
        KeyFormat.putTextKey(key, text);
    }
}
