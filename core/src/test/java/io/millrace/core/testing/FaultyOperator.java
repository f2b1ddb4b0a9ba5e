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
package io.millrace.core.testing;

import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

/**
 * Keeps the greatest value of each key, emits every value that is a multiple of 10 at once to a side output, and at each
 * watermark all keys with their greatest value and the number of records so far. In one way or another it does it wrong.
 */
public final class FaultyOperator implements BatchOperator
{
    private static final int KEY_OFFSET = SlotDescriptor.HEADER_LENGTH + ReadingFlyweight.KEY_OFFSET;

    private final Fault fault;
    private final ReadingFlyweight in = new ReadingFlyweight();
    private final ReadingFlyweight out = new ReadingFlyweight();
    private KeyedTable table;
    private Output output;
    private Output tens;
    private Region region;
    private long number;
    private long emitted;
    private long kept;

    /**
     * An operator.
     *
     * @param fault what is wrong
     */
    public FaultyOperator(final Fault fault)
    {
        this.fault = fault;
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
        tens = context.sideOutput("tens");
        table = context.state().keyedTable("greatest", Long.BYTES, Long.BYTES);
        region = Region.allocate(context.account(), "keys", Long.BYTES);
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            final long slot = slots[fault == Fault.TURNS_BATCHES ? count - 1 - i : i];
            goOn &= add(slot, (fault == Fault.ONE_KEY_PER_BATCH ? slots[0] : slot) + KEY_OFFSET);
        }
        return goOn || fault == Fault.HEEDLESS;
    }

    private boolean add(final long slot, final long key)
    {
        number++;
        in.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        final long hash = KeyHash.hash(key, Long.BYTES);
        final long found = table.find(hash, key);
        final long value = table.upsert(hash, key);
        final long before = fault == Fault.KEEPS_ADDRESS && found != 0 ? Memory.getLong(found) : Memory.getLong(value);
        Memory.putLong(value, fault == Fault.LAST_VALUE ? in.value() : Math.max(before, in.value()));
        if (fault != Fault.FORGETS_WRITTEN)
        {
            table.written();
        }
        final long last = kept;
        kept = slot;
        if (in.value() % 10 != 0)
        {
            return true;
        }
        final long shown = fault == Fault.KEEPS_SLOT && last != 0 ? last : slot;
        return tens.forward(shown);
    }

    @Override
    public boolean watermark(final long slot)
    {
        long index = 0;
        final KeyedCursor cursor = table.cursor();
        while (cursor.next())
        {
            if (index++ < emitted && fault != Fault.STARTS_OVER)
            {
                continue;
            }
            emitted = Math.max(emitted, index);
            final boolean goOn = emit(slot, cursor);
            if (fault == Fault.REMOVES_DURING_ITERATION && Memory.getLong(cursor.key()) == 3)
            {
                Memory.putLong(region.address(), 3);
                table.remove(KeyHash.hash(region.address(), Long.BYTES), region.address());
            }
            if (!goOn)
            {
                if (fault == Fault.STOPS_SHORT || fault == Fault.STARTS_OVER && emitted == table.size())
                {
                    break;
                }
                return false;
            }
        }
        emitted = 0;
        return true;
    }

    private boolean emit(final long slot, final KeyedCursor cursor)
    {
        final long claimed = output.claim();
        SlotDescriptor.inherit(slot, claimed);
        out.wrapUnchecked(claimed + SlotDescriptor.HEADER_LENGTH);
        out.key(Memory.getLong(cursor.key())).value(Memory.getLong(cursor.value())).time(number);
        return output.commit();
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(fault == Fault.FORGETS_NUMBER ? 0 : number);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        number = reader.getLong();
    }

    @Override
    public void close()
    {
        if (region != null && fault != Fault.LEAKS)
        {
            region.close();
        }
    }
}
