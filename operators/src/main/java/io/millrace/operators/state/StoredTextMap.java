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
package io.millrace.operators.state;

import io.millrace.memory.record.Flyweight;
import io.millrace.operators.keyed.KeyFormat;
import io.millrace.operators.keyed.TextKeyView;

/** Records by a second key, a text. */
final class StoredTextMap<V, W extends Flyweight> implements TextMapState<V, W>, ScopedState
{
    private final String name;
    private final MapEntries entries;
    private final StateView<V, W> view;
    private final TextKeyView keyView = new TextKeyView();

    StoredTextMap(final String name, final MapEntries entries, final StateView<V, W> view)
    {
        this.name = name;
        this.entries = entries;
        this.view = view;
    }

    private void at(final CharSequence second)
    {
        KeyFormat.putTextKey(entries.second(), second);
    }

    @Override
    public V read(final CharSequence second)
    {
        at(second);
        return view.read(entries.find());
    }

    @Override
    public W value(final CharSequence second)
    {
        at(second);
        return view.at(entries.upsert());
    }

    @Override
    public void put(final CharSequence second, final V record)
    {
        if (record == null)
        {
            throw new NullPointerException("record=null is put under key=" + second + " of state=" + name +
                ": remove(key) removes one");
        }
        view.type().copy(record, value(second));
    }

    @Override
    public boolean contains(final CharSequence second)
    {
        at(second);
        return entries.find() != 0;
    }

    @Override
    public boolean remove(final CharSequence second)
    {
        at(second);
        return entries.remove();
    }

    @Override
    public void forEach(final EntryAction<? super V> action)
    {
        final int count = entries.gather();
        for (int i = 0; i < count; i++)
        {
            final long second = entries.moveTo(i);
            action.accept(keyView.at(second), view.read(entries.find()));
        }
    }

    @Override
    public long size()
    {
        return entries.size();
    }

    @Override
    public boolean isEmpty()
    {
        return entries.size() == 0;
    }

    @Override
    public void clear()
    {
        entries.clear();
    }

    @Override
    public void leave()
    {
        view.release();
        entries.leave();
    }
}
