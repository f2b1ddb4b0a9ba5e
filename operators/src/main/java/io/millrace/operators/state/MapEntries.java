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
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.KeyOrder;

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
    private static final int INITIAL_CAPACITY = 16;

    private final MemoryAccount account;
    private final KeyedEntry head;
    private final KeyedElements entries;
    private final KeyedElements order;
    private final int secondLength;
    private Region shown;
    private long[] sorted = new long[INITIAL_CAPACITY];

    MapEntries(
        final KeyedEntry head,
        final KeyedElements entries,
        final KeyedElements order,
        final int secondLength,
        final MemoryAccount account)
    {
        this.account = account;
        this.head = head;
        this.entries = entries;
        this.order = order;
        this.secondLength = secondLength;
        this.shown = Region.allocate(account, "second keys", (long)secondLength * INITIAL_CAPACITY);
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
        if (count > sorted.length)
        {
            final int capacity = Math.max(count, sorted.length * 2);
            shown.close();
            shown = Region.allocate(account, "second keys", (long)secondLength * capacity);
            sorted = new long[capacity];
        }
        for (int i = 0; i < count; i++)
        {
            sorted[i] = shown.address() + (long)i * secondLength;
            Memory.copyWords(order.at(i).find(), sorted[i], secondLength);
        }
        sort(count);
        return count;
    }

    /**
     * Goes to one of the gathered entries.
     *
     * @return address of its second key
     */
    long moveTo(final int index)
    {
        Memory.copyWords(sorted[index], entries.second(), secondLength);
        return sorted[index];
    }

    /** Heapsort: no memory of its own. */
    private void sort(final int count)
    {
        for (int i = count / 2 - 1; i >= 0; i--)
        {
            sink(i, count);
        }
        for (int end = count - 1; end > 0; end--)
        {
            final long greatest = sorted[0];
            sorted[0] = sorted[end];
            sorted[end] = greatest;
            sink(0, end);
        }
    }

    private void sink(final int start, final int count)
    {
        final long moved = sorted[start];
        int hole = start;
        int child = 2 * hole + 1;
        while (child < count)
        {
            if (child + 1 < count && compare(sorted[child + 1], sorted[child]) > 0)
            {
                child++;
            }
            if (compare(sorted[child], moved) <= 0)
            {
                break;
            }
            sorted[hole] = sorted[child];
            hole = child;
            child = 2 * hole + 1;
        }
        sorted[hole] = moved;
    }

    private int compare(final long left, final long right)
    {
        return KeyOrder.compare(
            KeyHash.hash(left, secondLength), left, KeyHash.hash(right, secondLength), right, secondLength);
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
