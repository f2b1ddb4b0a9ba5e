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

/** Records by a text that the broadcast side writes. */
final class BroadcastTextMap<V, W extends Flyweight> implements TextMapState<V, W>, ScopedState
{
    private final BroadcastEntries entries;
    private final StateView<V, W> view;
    private final TextKeyView keyView = new TextKeyView();

    BroadcastTextMap(final BroadcastEntries entries, final StateView<V, W> view)
    {
        this.entries = entries;
        this.view = view;
    }

    private void at(final CharSequence key)
    {
        KeyFormat.putTextKey(entries.key(), key);
    }

    @Override
    public V read(final CharSequence key)
    {
        at(key);
        return view.read(entries.find());
    }

    @Override
    public W value(final CharSequence key)
    {
        at(key);
        return view.at(entries.upsert());
    }

    @Override
    public void put(final CharSequence key, final V record)
    {
        if (record == null)
        {
            throw new NullPointerException("record=null is put under key=" + key + " of state=" + entries.name() +
                ": remove(key) removes one");
        }
        view.checkForeign(record);
        view.type().copy(record, value(key));
    }

    @Override
    public boolean contains(final CharSequence key)
    {
        at(key);
        return entries.find() != 0;
    }

    @Override
    public boolean remove(final CharSequence key)
    {
        at(key);
        return entries.remove();
    }

    @Override
    public void forEach(final EntryAction<? super V> action)
    {
        final int count = entries.sort();
        for (int i = 0; i < count; i++)
        {
            action.accept(keyView.at(entries.sortedKey(i)), view.read(entries.sortedRecord(i)));
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
