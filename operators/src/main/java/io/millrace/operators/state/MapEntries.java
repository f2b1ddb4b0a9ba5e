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
 * The entries of a map a key, and a dense list of their second keys, so that they can be shown and removed all.
 *
 * <pre>
 *   head     key of the stream             -> | number of entries 8 |
 *   entries  key of the stream, second key -> | position 8 | record |
 *   order    key of the stream, position   -> | second key |
 * </pre>
 *
 * A removed entry's position goes to the last one.
 */
class MapEntries implements ScopedState, AutoCloseable
{
    static final int POSITION_LENGTH = Long.BYTES;

    private final KeyedEntry head;
    private final KeyedElements entries;
    private final KeyedElements order;
    private final int secondLength;
    private final SortedKeys shown;

    MapEntries(
        final KeyedEntry head,
        final KeyedElements entries,
        final KeyedElements order,
        final int secondLength,
        final MemoryAccount account)
    {
        this.head = head;
        this.entries = entries;
        this.order = order;
        this.secondLength = secondLength;
        this.shown = new SortedKeys(account, secondLength);
    }

    /** Where to write the second key before each of the calls below. */
    long second()
    {
        return entries.second();
    }

    /** Address of the record, 0 when there is none. */
    long find()
    {
        final long address = entries.find();
        return address == 0 ? 0 : address + POSITION_LENGTH;
    }

    long upsert()
    {
        final long address = entries.upsert();
        if (entries.created())
        {
            append(address);
        }
        return address + POSITION_LENGTH;
    }

    /** Gives a new entry the last position. */
    final void append(final long entry)
    {
        final long count = head.upsert();
        final long position = Memory.getLong(count);
        Memory.putLong(count, position + 1);
        Memory.putLong(entry, position);
        Memory.copyWords(entries.second(), order.at(position).upsert(), secondLength);
    }

    boolean remove()
    {
        final long address = entries.find();
        if (address == 0)
        {
            return false;
        }
        removeFound(address);
        return true;
    }

    /** Removes the entry that was just found. */
    final void removeFound(final long address)
    {
        final long position = Memory.getLong(address);
        entries.remove();
        final long last = count() - 1;
        if (position != last)
        {
            move(last, position);
        }
        order.at(last).remove();
        if (last == 0)
        {
            head.remove();
        }
        else
        {
            Memory.putLong(head.upsert(), last);
        }
    }

    private void move(final long from, final long to)
    {
        moveToPosition(from);
        Memory.copyWords(entries.second(), order.at(to).upsert(), secondLength);
        Memory.putLong(entries.upsert(), to);
    }

    long size()
    {
        return count();
    }

    final long count()
    {
        final long count = head.find();
        return count == 0 ? 0 : Memory.getLong(count);
    }

    final KeyedEntry head()
    {
        return head;
    }

    final KeyedElements entries()
    {
        return entries;
    }

    /** Goes to the entry at a position. */
    final void moveToPosition(final long position)
    {
        Memory.copyWords(order.at(position).find(), entries.second(), secondLength);
    }

    void clear()
    {
        for (long position = count() - 1; position >= 0; position--)
        {
            moveToPosition(position);
            entries.remove();
            order.at(position).remove();
        }
        head.remove();
    }

    /** Gathers the second keys in the order of hash and bytes; {@link #moveTo} goes to each. */
    int gather()
    {
        final int count = Math.toIntExact(count());
        shown.begin(count);
        for (int i = 0; i < count; i++)
        {
            shown.add(order.at(i).find());
        }
        shown.sort();
        return count;
    }

    /**
     * Goes to one of the gathered entries.
     *
     * @return address of its second key
     */
    long moveTo(final int index)
    {
        final long second = shown.get(index);
        Memory.copyWords(second, entries.second(), secondLength);
        return second;
    }

    @Override
    public void leave()
    {
        head.leave();
        entries.leave();
        order.leave();
    }

    @Override
    public void close()
    {
        shown.close();
    }
}
