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
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

/**
 * Records that wait for the watermark to pass their time, by key and time; those of one key and time in the order of
 * their arrival.
 *
 * <pre>
 *   heads   | key | time 8 |            --&gt;  | count 8 | first record |
 *   rest    | key | time 8 | number 8 | --&gt;  | record |                    from 1
 * </pre>
 *
 * The task's thread.
 */
public final class WaitingRecords implements AutoCloseable
{
    private final KeyedTable heads;
    private final KeyedTable rest;
    private final Region added;
    private final Region taken;
    private final int headKeyLength;
    private final int recordLength;
    private long count;
    private long number;

    /**
     * No records yet.
     *
     * @param context   of the operator
     * @param keyLength bytes of a key
     * @param type      of the records, of fixed length
     */
    public WaitingRecords(final OperatorContext context, final int keyLength, final RecordType<?, ?> type)
    {
        headKeyLength = keyLength + Long.BYTES;
        recordLength = type.blockLength();
        final StateForm form = StateForm.beginningWith(keyLength);
        context.state().describe("waiting", form.withRecord(type, Long.BYTES));
        context.state().describe("waiting behind", form.withRecord(type, 0));
        heads = context.state().keyedTable("waiting", headKeyLength, Long.BYTES + recordLength);
        rest = context.state().keyedTable("waiting behind", headKeyLength + Long.BYTES, recordLength);
        added = Region.allocate(context.account(), context.name() + " waiting key", headKeyLength + Long.BYTES);
        taken = Region.allocate(context.account(), context.name() + " taken key", headKeyLength + Long.BYTES);
    }

    /**
     * Adds a record.
     *
     * @param key  address of its key's bytes
     * @param slot address of its slot
     */
    public void add(final long key, final long slot)
    {
        final long composite = added.address();
        enter(composite, key, SlotDescriptor.timestamp(slot));
        final long head = heads.upsert(KeyHash.hash(composite, headKeyLength), composite);
        final long index = Memory.getLong(head);
        Memory.putLong(head, index + 1);
        if (index == 0)
        {
            Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, head + Long.BYTES, recordLength);
        }
        heads.written();
        if (index != 0)
        {
            Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, rest.upsert(enterRest(composite, index), composite),
                recordLength);
            rest.written();
        }
    }

    /**
     * Begins to take those of a key and time out; {@link #next()} takes one after the other.
     *
     * @param key  address of the key's bytes
     * @param time event time
     */
    public void begin(final long key, final long time)
    {
        enter(taken.address(), key, time);
        final long head = heads.find(KeyHash.hash(taken.address(), headKeyLength), taken.address());
        count = head == 0 ? 0 : Memory.getLong(head);
        number = 0;
    }

    /**
     * Takes the next record out.
     *
     * @return address of its fields, valid until the next call, or 0 when there is none
     */
    public long next()
    {
        final long composite = taken.address();
        if (number > 1)
        {
            rest.remove(enterRest(composite, number - 1), composite);
        }
        if (number == count)
        {
            if (count != 0)
            {
                heads.remove(KeyHash.hash(composite, headKeyLength), composite);
            }
            count = 0;
            number = 0;
            return 0;
        }
        final long index = number++;
        return index == 0 ? heads.find(KeyHash.hash(composite, headKeyLength), composite) + Long.BYTES :
            rest.find(enterRest(composite, index), composite);
    }

    private void enter(final long composite, final long key, final long time)
    {
        Memory.copyWords(key, composite, headKeyLength - Long.BYTES);
        Memory.putLong(composite + headKeyLength - Long.BYTES, time);
    }

    private long enterRest(final long composite, final long index)
    {
        Memory.putLong(composite + headKeyLength, index);
        return KeyHash.hash(composite, headKeyLength + Long.BYTES);
    }

    @Override
    public void close()
    {
        added.close();
        taken.close();
    }
}
