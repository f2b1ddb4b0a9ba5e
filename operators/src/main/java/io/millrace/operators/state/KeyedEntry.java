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

import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;

/** A table with one entry a key of the stream. What was written is handed back at the end of the callback. */
class KeyedEntry implements ScopedState
{
    private final String name;
    private final KeyScope scope;
    private final KeyedTable table;
    private boolean unwritten;

    KeyedEntry(final String name, final KeyScope scope, final KeyedTable table)
    {
        this.name = name;
        this.scope = scope;
        this.table = table;
    }

    /** Address of the value, to be read only; 0 when there is none. */
    long find()
    {
        final long key = scope.key(name);
        settle();
        return table.find(scope.hash(), key);
    }

    /** Whether there is a value, without a look at it. */
    boolean exists()
    {
        return find() != 0;
    }

    /** Address of the value, zeros at first. */
    long upsert()
    {
        final long key = scope.key(name);
        settle();
        unwritten = true;
        return table.upsert(scope.hash(), key);
    }

    /** Whether the last upsert made the entry. */
    boolean created()
    {
        return table.created();
    }

    final KeyScope scope()
    {
        return scope;
    }

    final String name()
    {
        return name;
    }

    boolean remove()
    {
        final long key = scope.key(name);
        settle();
        return table.remove(scope.hash(), key);
    }

    /** Copies the keys, which come in their order. */
    int gather(final SortedKeys keys)
    {
        settle();
        keys.begin(Math.toIntExact(table.size()));
        final KeyedCursor cursor = table.cursor();
        while (cursor.next())
        {
            keys.add(cursor.key());
        }
        return keys.count();
    }

    private void settle()
    {
        if (unwritten)
        {
            unwritten = false;
            table.written();
        }
    }

    @Override
    public void leave()
    {
        settle();
    }
}
