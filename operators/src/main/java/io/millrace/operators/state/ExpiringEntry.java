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

/**
 * A table with one entry a key of the stream, which expires.
 *
 * <pre>
 *   key of the stream -> | value | last touch 8 |
 * </pre>
 */
final class ExpiringEntry extends KeyedEntry implements ExpiringState
{
    private final ExpiringTable expiring;
    private final Lifetime lifetime;
    private final int length;
    private boolean created;

    ExpiringEntry(final String name, final KeyScope scope, final KeyedTable table, final ExpiringTable expiring)
    {
        super(name, scope, table);
        this.expiring = expiring;
        this.lifetime = expiring.lifetime();
        this.length = expiring.valueLength();
    }

    @Override
    long find()
    {
        final long address = findVisible();
        if (address != 0 && lifetime.touchedByReads() && Memory.getLong(address + length) < lifetime.now())
        {
            final long touched = super.upsert();
            Memory.putLong(touched + length, lifetime.now());
            return touched;
        }
        return address;
    }

    private long findVisible()
    {
        final long address = super.find();
        if (address != 0 && lifetime.hides(Memory.getLong(address + length)))
        {
            tell(address);
            super.remove();
            return 0;
        }
        return address;
    }

    private void tell(final long address)
    {
        expiring.tell(scope().key(name()), address, Memory.getLong(address + length));
    }

    @Override
    boolean exists()
    {
        return findVisible() != 0;
    }

    @Override
    long upsert()
    {
        final long address = super.upsert();
        final long now = lifetime.now();
        created = super.created();
        if (created)
        {
            Memory.putLong(address + length, now);
            expiring.index().born(scope().hash(), scope().key(name()), lifetime.end(now));
            return address;
        }
        final long touched = Memory.getLong(address + length);
        if (lifetime.hides(touched))
        {
            tell(address);
            Memory.zero(address, length);
            created = true;
        }
        Memory.putLong(address + length, Math.max(touched, now));
        return address;
    }

    @Override
    boolean created()
    {
        return created;
    }

    @Override
    boolean remove()
    {
        return findVisible() != 0 && super.remove();
    }

    @Override
    public void due(final long key, final long end)
    {
        final long address = super.find();
        if (address == 0)
        {
            return;
        }
        final long actual = lifetime.end(Memory.getLong(address + length));
        if (actual == end)
        {
            tell(address);
            super.remove();
        }
        else
        {
            expiring.index().note(scope().hash(), key, actual);
        }
    }

    @Override
    public ExpiringTable expiring()
    {
        return expiring;
    }
}
