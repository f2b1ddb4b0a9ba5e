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
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

/**
 * The records of one side of sessions, in the order of their arrival; where sessions have become one, those of the
 * earlier session are first. {@link #load} copies those of one session together.
 *
 * <pre>
 *   | key | part 8 |  --&gt;  a part: see {@link JoinedSessionDescriptor}
 * </pre>
 *
 * The task's thread.
 */
public final class SessionSide implements JoinedRecords, AutoCloseable
{
    private static final int PART_LENGTH = 128;

    private final MemoryAccount account;
    private final String owner;
    private final KeyedTable parts;
    private final Region composite;
    private final int keyLength;
    private final int recordLength;
    private final int sideOffset;
    private final int partCapacity;
    private Region loaded;

    SessionSide(
        final OperatorContext context, final String name, final int keyLength, final int recordLength, final int sideOffset)
    {
        this.account = context.account();
        this.owner = context.name() + ' ' + name;
        this.keyLength = keyLength;
        this.recordLength = recordLength;
        this.sideOffset = sideOffset;
        this.partCapacity = Math.max(1, PART_LENGTH / recordLength);
        context.state().describe(name, StateForm.beginningWith(keyLength));
        this.parts = context.state().keyedTable(
            name, keyLength + Long.BYTES, JoinedSessionDescriptor.RECORDS_OFFSET + partCapacity * recordLength);
        this.composite = Region.allocate(account, owner + " key", keyLength + Long.BYTES);
    }

    /**
     * Adds a record.
     *
     * @param key     address of its key's bytes
     * @param latest  the latest session of the key, taken for writing
     * @param session that the record is of, taken for writing
     * @param slot    address of its slot
     */
    void add(final long key, final long latest, final long session, final long slot)
    {
        final long side = JoinedSessionDescriptor.side(session, sideOffset);
        final long count = JoinedSessionDescriptor.count(side);
        if (count == Integer.MAX_VALUE)
        {
            throw new IllegalStateException("a session has 2^31 records of " + owner +
                ": group by a finer key, or choose a shorter gap");
        }
        JoinedSessionDescriptor.count(side, count + 1);
        final long last = JoinedSessionDescriptor.last(side);
        long part = last == 0 ? 0 : parts.upsert(enter(key, last), composite.address());
        if (part == 0 || JoinedSessionDescriptor.partCount(part) == partCapacity)
        {
            part = begin(key, latest, side, last, part);
        }
        final int index = JoinedSessionDescriptor.partCount(part);
        JoinedSessionDescriptor.partCount(part, index + 1);
        Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH,
            part + JoinedSessionDescriptor.RECORDS_OFFSET + (long)index * recordLength, recordLength);
        parts.written();
    }

    private long begin(final long key, final long latest, final long side, final long last, final long lastPart)
    {
        final long number = JoinedSessionDescriptor.partsBegun(latest) + 1;
        JoinedSessionDescriptor.partsBegun(latest, number);
        JoinedSessionDescriptor.last(side, number);
        if (last == 0)
        {
            JoinedSessionDescriptor.first(side, number);
        }
        else
        {
            JoinedSessionDescriptor.next(lastPart, number);
            parts.written();
        }
        return parts.upsert(enter(key, number), composite.address());
    }

    /** Puts what an earlier session has before what a session has, both taken for writing. */
    void takeIn(final long key, final long session, final long earlier)
    {
        final long side = JoinedSessionDescriptor.side(session, sideOffset);
        final long other = JoinedSessionDescriptor.side(earlier, sideOffset);
        final long first = JoinedSessionDescriptor.first(side);
        if (JoinedSessionDescriptor.first(other) == 0)
        {
            return;
        }
        if (first == 0)
        {
            JoinedSessionDescriptor.last(side, JoinedSessionDescriptor.last(other));
        }
        else
        {
            JoinedSessionDescriptor.next(
                parts.upsert(enter(key, JoinedSessionDescriptor.last(other)), composite.address()), first);
            parts.written();
        }
        JoinedSessionDescriptor.first(side, JoinedSessionDescriptor.first(other));
        JoinedSessionDescriptor.count(side, JoinedSessionDescriptor.count(side) + JoinedSessionDescriptor.count(other));
    }

    /**
     * Goes to the records of a session.
     *
     * @param key     address of its key's bytes
     * @param session address of its first byte
     * @return how many there are; valid until this goes to others
     */
    public int load(final long key, final long session)
    {
        final long side = JoinedSessionDescriptor.side(session, sideOffset);
        final int count = (int)JoinedSessionDescriptor.count(side);
        makeRoom((long)count * recordLength);
        long to = loaded.address();
        long part;
        for (long number = JoinedSessionDescriptor.first(side); number != 0; number = JoinedSessionDescriptor.next(part))
        {
            part = parts.find(enter(key, number), composite.address());
            final int length = JoinedSessionDescriptor.partCount(part) * recordLength;
            Memory.copyWords(part + JoinedSessionDescriptor.RECORDS_OFFSET, to, length);
            to += length;
        }
        return count;
    }

    private void makeRoom(final long length)
    {
        if (loaded == null || loaded.length() < length)
        {
            close(loaded);
            loaded = null;
            loaded = Region.allocate(account, owner, Math.max(PART_LENGTH, Long.highestOneBit(length) << 1));
        }
    }

    @Override
    public long record(final int index)
    {
        return loaded.address() + (long)index * recordLength;
    }

    /** Removes the records of a session. */
    void remove(final long key, final long session)
    {
        long number = JoinedSessionDescriptor.first(JoinedSessionDescriptor.side(session, sideOffset));
        while (number != 0)
        {
            final long hash = enter(key, number);
            number = JoinedSessionDescriptor.next(parts.find(hash, composite.address()));
            parts.remove(hash, composite.address());
        }
    }

    void clear()
    {
        parts.clear();
    }

    private long enter(final long key, final long part)
    {
        Memory.copyWords(key, composite.address(), keyLength);
        Memory.putLong(composite.address() + keyLength, part);
        return KeyHash.hash(composite.address(), keyLength + Long.BYTES);
    }

    @Override
    public void close()
    {
        composite.close();
        close(loaded);
    }

    private static void close(final Region region)
    {
        if (region != null)
        {
            region.close();
        }
    }
}
