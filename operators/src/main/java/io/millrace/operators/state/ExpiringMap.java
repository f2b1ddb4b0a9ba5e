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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;

/**
 * The entries of a map a key, each of which expires.
 *
 * <pre>
 *   head     key of the stream             -> | number of entries 8 | no entry was touched before 8 |
 *   entries  key of the stream, second key -> | position 8 | record | last touch 8 |
 *   order    key of the stream, position   -> | second key |
 * </pre>
 */
final class ExpiringMap extends MapEntries implements ExpiringState
{
    static final int HEAD_LENGTH = 16;

    private static final int EARLIEST_OFFSET = 8;

    private final ExpiringTable expiring;
    private final Lifetime lifetime;
    private final int touchedOffset;
    private final int secondLength;

    ExpiringMap(
        final KeyedEntry head,
        final KeyedElements entries,
        final KeyedElements order,
        final int secondLength,
        final MemoryAccount account,
        final ExpiringTable expiring)
    {
        super(head, entries, order, secondLength, account);
        this.expiring = expiring;
        this.lifetime = expiring.lifetime();
        this.touchedOffset = POSITION_LENGTH + expiring.valueLength();
        this.secondLength = secondLength;
    }

    @Override
    long find()
    {
        final long address = findVisible();
        if (address == 0)
        {
            return 0;
        }
        if (lifetime.touchedByReads() && Memory.getLong(address + touchedOffset) < lifetime.now())
        {
            final long touched = entries().upsert();
            Memory.putLong(touched + touchedOffset, lifetime.now());
            return touched + POSITION_LENGTH;
        }
        return address + POSITION_LENGTH;
    }

    private long findVisible()
    {
        final long address = entries().find();
        if (address != 0 && lifetime.hides(Memory.getLong(address + touchedOffset)))
        {
            expire(address);
            return 0;
        }
        return address;
    }

    /** Removes the entry that was just found, and tells of it. */
    private void expire(final long address)
    {
        tell(address);
        removeFound(address);
    }

    private void tell(final long address)
    {
        expiring.tell(entries().key(), address + POSITION_LENGTH, Memory.getLong(address + touchedOffset));
    }

    @Override
    long upsert()
    {
        final long address = entries().upsert();
        final long now = lifetime.now();
        if (entries().created())
        {
            final long hash = entries().hash();
            Memory.putLong(address + touchedOffset, now);
            append(address);
            final long count = head().upsert();
            if (Memory.getLong(count) == 1 || now < Memory.getLong(count + EARLIEST_OFFSET))
            {
                Memory.putLong(count + EARLIEST_OFFSET, now);
            }
            expiring.index().born(hash, entries().key(), lifetime.end(now));
            return address + POSITION_LENGTH;
        }
        final long touched = Memory.getLong(address + touchedOffset);
        if (lifetime.hides(touched))
        {
            tell(address);
            Memory.zero(address + POSITION_LENGTH, expiring.valueLength());
        }
        Memory.putLong(address + touchedOffset, Math.max(touched, now));
        return address + POSITION_LENGTH;
    }

    @Override
    boolean remove()
    {
        final long address = findVisible();
        if (address == 0)
        {
            return false;
        }
        removeFound(address);
        return true;
    }

    @Override
    long size()
    {
        dropHidden();
        return count();
    }

    @Override
    int gather()
    {
        dropHidden();
        return super.gather();
    }

    @Override
    void clear()
    {
        dropHidden();
        super.clear();
    }

    /** From the last position on, since that is the one that moves to where an entry is removed. */
    private void dropHidden()
    {
        final long count = head().find();
        if (count == 0 || !lifetime.hides(Memory.getLong(count + EARLIEST_OFFSET)))
        {
            return;
        }
        long earliest = Long.MAX_VALUE;
        for (long position = Memory.getLong(count) - 1; position >= 0; position--)
        {
            moveToPosition(position);
            final long address = entries().find();
            final long touched = Memory.getLong(address + touchedOffset);
            if (lifetime.hides(touched))
            {
                expire(address);
            }
            else
            {
                earliest = Math.min(earliest, touched);
            }
        }
        if (count() > 0)
        {
            Memory.putLong(head().upsert() + EARLIEST_OFFSET, earliest);
        }
    }

    @Override
    public void due(final long key, final long end)
    {
        Memory.copyWords(key + expiring.keyLength() - secondLength, second(), secondLength);
        final long address = entries().find();
        if (address == 0)
        {
            return;
        }
        final long actual = lifetime.end(Memory.getLong(address + touchedOffset));
        if (actual == end)
        {
            expire(address);
        }
        else
        {
            expiring.index().note(entries().hash(), key, actual);
        }
    }

    @Override
    public ExpiringTable expiring()
    {
        return expiring;
    }
}
