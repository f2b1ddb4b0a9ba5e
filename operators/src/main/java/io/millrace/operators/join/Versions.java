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
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

/**
 * The versions of each key in the order of their time, from the one that is in force on. Those before it go when the key is
 * looked at, or at last when the watermark has passed the slice of time in which they were followed by another.
 *
 * <pre>
 *   ranges     | key |            --&gt;  | first 8 | end 8 |
 *   versions   | key | number 8 | --&gt;  | time 8 | record |     from first to end - 1
 *   changes    slice --&gt; | key |                                keys with a version in the slice that follows another
 * </pre>
 *
 * The task's thread.
 */
public final class Versions implements AutoCloseable
{
    private static final int END_OFFSET = Long.BYTES;

    private final KeyedTable ranges;
    private final KeyedTable versions;
    private final WindowTables changes;
    private final long sliceLength;
    private final Region composite;
    private final Region moved;
    private final int keyLength;
    private final int recordLength;

    /**
     * No versions yet.
     *
     * @param context     of the operator
     * @param keyLength   bytes of a key
     * @param type        of the versions, of fixed length
     * @param sliceLength from one look for versions that are out of force to the next
     */
    public Versions(
        final OperatorContext context, final int keyLength, final RecordType<?, ?> type, final long sliceLength)
    {
        this.keyLength = keyLength;
        this.recordLength = type.blockLength();
        this.sliceLength = sliceLength;
        changes = context.state().windowTables("version changes", keyLength, Long.BYTES);
        ranges = context.state().keyedTable("version ranges", keyLength, 2 * Long.BYTES);
        context.state().describe("versions", StateForm.beginningWith(keyLength).withRecord(type, Long.BYTES));
        versions = context.state().keyedTable("versions", keyLength + Long.BYTES, Long.BYTES + recordLength);
        composite = Region.allocate(context.account(), context.name() + " version key", keyLength + Long.BYTES);
        moved = Region.allocate(context.account(), context.name() + " moved version", Long.BYTES + recordLength);
    }

    /**
     * Takes a version. One of the same time is replaced; one that is older than what is in force at the watermark is of no
     * use, and left out.
     *
     * @param key       address of its key's bytes
     * @param slot      address of its slot
     * @param watermark at or below which all is joined
     */
    public void put(final long key, final long slot, final long watermark)
    {
        final long time = SlotDescriptor.timestamp(slot);
        final long hash = KeyHash.hash(key, keyLength);
        final long range = ranges.upsert(hash, key);
        final long first = Memory.getLong(range);
        final long end = Memory.getLong(range + END_OFFSET);
        long number = end;
        while (number > first && time(key, number - 1) > time)
        {
            number--;
        }
        if (number > first && time(key, number - 1) == time)
        {
            write(key, number - 1, slot);
        }
        else if (number > first || end == first || time(key, first) > watermark)
        {
            insert(key, number, end, slot);
            if (number > first)
            {
                changes(hash, key, time);
            }
            if (number < end)
            {
                changes(hash, key, time(key, number + 1));
            }
            Memory.putLong(range + END_OFFSET, end + 1);
        }
        ranges.written();
    }

    private void changes(final long hash, final long key, final long time)
    {
        final KeyedTable table = changes.table(Math.floorDiv(time, sliceLength));
        table.upsert(hash, key);
        table.written();
    }

    private void insert(final long key, final long number, final long end, final long slot)
    {
        final int length = Long.BYTES + recordLength;
        for (long i = end; i > number; i--)
        {
            Memory.copyWords(find(key, i - 1), moved.address(), length);
            Memory.copyWords(moved.address(), versions.upsert(enter(key, i), composite.address()), length);
            versions.written();
        }
        write(key, number, slot);
    }

    private void write(final long key, final long number, final long slot)
    {
        final long version = versions.upsert(enter(key, number), composite.address());
        Memory.putLong(version, SlotDescriptor.timestamp(slot));
        Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, version + Long.BYTES, recordLength);
        versions.written();
    }

    /**
     * Looks for the version in force at a time, and removes those before it.
     *
     * @param key  address of the key's bytes
     * @param time that no later call goes behind
     * @return address of its fields, valid until the next call, or 0 when there is none
     */
    public long at(final long key, final long time)
    {
        final long hash = KeyHash.hash(key, keyLength);
        final long range = ranges.find(hash, key);
        if (range == 0)
        {
            return 0;
        }
        final long first = Memory.getLong(range);
        final long end = Memory.getLong(range + END_OFFSET);
        long number = first;
        while (number + 1 < end && time(key, number + 1) <= time)
        {
            versions.remove(enter(key, number), composite.address());
            number++;
        }
        if (number > first)
        {
            Memory.putLong(ranges.upsert(hash, key), number);
            ranges.written();
        }
        final long version = find(key, number);
        return Memory.getLong(version) <= time ? version + Long.BYTES : 0;
    }

    /**
     * Removes versions that are out of force.
     *
     * @param now watermark, up to which all is joined
     */
    public void clean(final long now)
    {
        long slice = changes.firstSlice(Long.MIN_VALUE);
        while (slice != Long.MAX_VALUE && lastTime(slice) <= now)
        {
            final KeyedCursor cursor = changes.find(slice).cursor();
            while (cursor.next())
            {
                at(cursor.key(), lastTime(slice));
            }
            changes.drop(slice);
            slice = changes.firstSlice(slice + 1);
        }
    }

    private long lastTime(final long slice)
    {
        return slice == Math.floorDiv(Long.MAX_VALUE, sliceLength) ? Long.MAX_VALUE : (slice + 1) * sliceLength - 1;
    }

    private long time(final long key, final long number)
    {
        return Memory.getLong(find(key, number));
    }

    private long find(final long key, final long number)
    {
        return versions.find(enter(key, number), composite.address());
    }

    private long enter(final long key, final long number)
    {
        Memory.copyWords(key, composite.address(), keyLength);
        Memory.putLong(composite.address() + keyLength, number);
        return KeyHash.hash(composite.address(), keyLength + Long.BYTES);
    }

    @Override
    public void close()
    {
        composite.close();
        moved.close();
    }
}
