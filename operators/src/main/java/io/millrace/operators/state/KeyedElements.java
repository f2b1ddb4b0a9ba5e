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

import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;

/**
 * A table with any number of entries a key of the stream, told apart by a second key of fixed length: the index of a
 * list's element, the key of a map's entry.
 *
 * <pre>
 *   | key of the stream | second key | value |
 * </pre>
 */
final class KeyedElements implements ScopedState, AutoCloseable
{
    private final String name;
    private final KeyScope scope;
    private final KeyedTable table;
    private final Region composite;
    private final int length;
    private boolean unwritten;
    private long hash;

    KeyedElements(
        final String name,
        final KeyScope scope,
        final int secondLength,
        final KeyedTable table,
        final MemoryAccount account)
    {
        this.name = name;
        this.scope = scope;
        this.table = table;
        this.length = scope.keyLength() + secondLength;
        this.composite = Region.allocate(account, name + " key", length);
    }

    /** Where to write the second key, before each of the calls below. */
    long second()
    {
        return composite.address() + scope.keyLength();
    }

    KeyedElements at(final long index)
    {
        Memory.putLong(second(), index);
        return this;
    }

    long find()
    {
        return table.find(enter(), composite.address());
    }

    long upsert()
    {
        enter();
        unwritten = true;
        return table.upsert(hash, composite.address());
    }

    boolean created()
    {
        return table.created();
    }

    boolean remove()
    {
        return table.remove(enter(), composite.address());
    }

    private long enter()
    {
        Memory.copyWords(scope.key(name), composite.address(), scope.keyLength());
        settle();
        hash = KeyHash.hash(composite.address(), length);
        return hash;
    }

    /** Hash of the whole key of the last call. */
    long hash()
    {
        return hash;
    }

    /** Address of the whole key of the last call. */
    long key()
    {
        return composite.address();
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
        composite.close();
    }
}
