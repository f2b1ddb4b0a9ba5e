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
package io.millrace.operators.join;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

/**
 * The elements of one side of a join, in the order of their arrival for each slice and key. {@link #load} goes to those
 * of one key; the first of them lie in place, the others are copied together.
 *
 * <pre>
 *   element:  | timestamp 8, where it is kept | record |
 * </pre>
 *
 * The task's thread.
 */
public final class JoinSide implements JoinedRecords, AutoCloseable
{
    private static final int PART_LENGTH = 256;

    private final MemoryAccount account;
    private final String owner;
    private final WindowTables parts;
    private final Region composite;
    private final int keyLength;
    private final int recordLength;
    private final int prefix;
    private final int elementLength;
    private final int countOffset;
    private final int headOffset;
    private final int inline;
    private final int partShift;
    private Region rest;
    private KeyedTable partTable;
    private long partSlice;
    private long first;
    private long afterFirst;

    JoinSide(
        final OperatorContext context,
        final String name,
        final int keyLength,
        final int recordLength,
        final boolean timed,
        final int inline,
        final int countOffset,
        final int headOffset)
    {
        this.account = context.account();
        this.owner = context.name() + ' ' + name;
        this.keyLength = keyLength;
        this.recordLength = recordLength;
        this.prefix = timed ? Long.BYTES : 0;
        this.elementLength = prefix + recordLength;
        this.countOffset = countOffset;
        this.headOffset = headOffset;
        this.inline = inline;
        this.partShift = Math.max(0, 31 - Integer.numberOfLeadingZeros(PART_LENGTH / elementLength | 1));
        context.state().describe(name, StateForm.beginningWith(keyLength));
        this.parts = context.state().windowTables(name, keyLength + Long.BYTES, elementLength << partShift);
        this.composite = Region.allocate(account, owner + " key", keyLength + Long.BYTES);
    }

    /**
     * Number of elements.
     *
     * @param head of a key
     * @return 0 or more
     */
    public int count(final long head)
    {
        return Memory.getInt(head + countOffset);
    }

    /**
     * Goes to the elements of a key.
     *
     * @param slice that they are in
     * @param key   address of its bytes
     * @param head  of the key in that slice
     * @return how many there are; valid until the head is not, or this goes to others
     */
    public int load(final long slice, final long key, final long head)
    {
        final int count = Memory.getInt(head + countOffset);
        first = head + headOffset;
        if (count > inline)
        {
            loadRest(slice, key, count);
        }
        return count;
    }

    private void loadRest(final long slice, final long key, final int count)
    {
        final int restCount = count - inline;
        final long length = (long)(restCount + (1 << partShift)) * elementLength;
        if (rest == null || rest.length() < length)
        {
            close(rest);
            rest = null;
            rest = Region.allocate(account, owner, Long.highestOneBit(length) << 1);
        }
        afterFirst = rest.address() - (long)inline * elementLength;
        final KeyedTable table = parts.find(slice);
        final int partLength = elementLength << partShift;
        final int last = restCount - 1 >> partShift;
        for (int part = 0; part <= last; part++)
        {
            final long hash = enter(key, part);
            Memory.copyWords(table.find(hash, composite.address()), rest.address() + (long)part * partLength, partLength);
        }
    }

    /** A record that {@link #load} has gone to. */
    @Override
    public long record(final int index)
    {
        return element(index) + prefix;
    }

    /**
     * The time of a record that {@link #load} has gone to, where times are kept.
     *
     * @param index from 0, in the order of arrival
     * @return event time
     */
    public long timestamp(final int index)
    {
        return Memory.getLong(element(index));
    }

    private long element(final int index)
    {
        return (index < inline ? first : afterFirst) + (long)index * elementLength;
    }

    /** Adds a record to a key, whose head was taken for writing. */
    void add(final KeyedTable heads, final long slice, final long key, final long head, final long slot)
    {
        final int count = Memory.getInt(head + countOffset);
        Memory.putInt(head + countOffset, count + 1);
        if (count < inline)
        {
            write(slot, head + headOffset + (long)count * elementLength);
            heads.written();
        }
        else
        {
            heads.written();
            addToParts(slice, key, count - inline, slot);
        }
    }

    private void addToParts(final long slice, final long key, final int index, final long slot)
    {
        if (index == Integer.MAX_VALUE - inline - 1)
        {
            throw new IllegalStateException("a key has more than 2^31 records of one side in slice=" + slice + " of " +
                owner + ": group by a finer key, or choose a shorter window");
        }
        if (partTable == null || partSlice != slice)
        {
            partTable = parts.table(slice);
            partSlice = slice;
        }
        final long hash = enter(key, index >> partShift);
        final long part = partTable.upsert(hash, composite.address());
        write(slot, part + (long)(index & (1 << partShift) - 1) * elementLength);
        partTable.written();
    }

    private void write(final long slot, final long element)
    {
        if (prefix != 0)
        {
            Memory.putLong(element, SlotDescriptor.timestamp(slot));
        }
        Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, element + prefix, recordLength);
    }

    private long enter(final long key, final int part)
    {
        Memory.copyWords(key, composite.address(), keyLength);
        Memory.putLong(composite.address() + keyLength, part);
        return KeyHash.hash(composite.address(), keyLength + Long.BYTES);
    }

    void drop(final long slice)
    {
        parts.drop(slice);
        if (partSlice == slice)
        {
            partTable = null;
        }
    }

    @Override
    public void close()
    {
        composite.close();
        close(rest);
    }

    private static void close(final Region region)
    {
        if (region != null)
        {
            region.close();
        }
    }
}
