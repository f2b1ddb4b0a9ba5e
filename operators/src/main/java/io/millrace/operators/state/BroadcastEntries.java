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
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;

/**
 * The entries of a broadcast map: one instance's copy. The keys are of all key groups, so the order in which the table of an
 * instance with some of them shows them means nothing: they are sorted when somebody wants to see all, and kept so until
 * one comes or goes.
 */
final class BroadcastEntries implements ScopedState, AutoCloseable
{
    private final String name;
    private final InstanceScope scope;
    private final KeyedTable table;
    private final int keyLength;
    private final Region key;
    private final SortedKeys keys;
    private boolean sorted;
    private boolean unwritten;

    BroadcastEntries(
        final String name,
        final InstanceScope scope,
        final int keyLength,
        final KeyedTable table,
        final MemoryAccount account)
    {
        this.name = name;
        this.scope = scope;
        this.table = table;
        this.keyLength = keyLength;
        this.key = Region.allocate(account, name + " key", keyLength);
        this.keys = new SortedKeys(account, keyLength);
    }

    String name()
    {
        return name;
    }

    /** Where to write the key before {@link #find}, {@link #upsert} and {@link #remove}. */
    long key()
    {
        return key.address();
    }

    private long hash()
    {
        return KeyHash.hash(key.address(), keyLength);
    }

    /** Address of the record, to be read only; 0 when there is none. */
    long find()
    {
        scope.check(name);
        settle();
        return table.find(hash(), key.address());
    }

    /** Address of the record, zeros at first. */
    long upsert()
    {
        checkWritable();
        unwritten = true;
        final long record = table.upsert(hash(), key.address());
        sorted &= !table.created();
        return record;
    }

    boolean remove()
    {
        checkWritable();
        final boolean removed = table.remove(hash(), key.address());
        sorted &= !removed;
        return removed;
    }

    void clear()
    {
        checkWritable();
        sorted = false;
        table.clear();
    }

    private void checkWritable()
    {
        scope.check(name);
        scope.checkWritable(name);
        settle();
    }

    long size()
    {
        scope.check(name);
        return table.size();
    }

    /** Puts the keys in order; {@link #sortedKey} and {@link #sortedRecord} show each. */
    int sort()
    {
        scope.check(name);
        settle();
        if (!sorted)
        {
            keys.begin(Math.toIntExact(table.size()));
            final KeyedCursor cursor = table.cursor();
            while (cursor.next())
            {
                keys.add(cursor.key());
            }
            keys.sort();
            sorted = true;
        }
        return keys.count();
    }

    /** Address of one of the keys in order. */
    long sortedKey(final int index)
    {
        return keys.get(index);
    }

    /** Address of the record of one of the keys in order. */
    long sortedRecord(final int index)
    {
        settle();
        final long shown = keys.get(index);
        return table.find(KeyHash.hash(shown, keyLength), shown);
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

    @Override
    public void close()
    {
        key.close();
        keys.close();
    }
}
