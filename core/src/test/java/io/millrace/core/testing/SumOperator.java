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
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

/** Emits for each reading the sum of its key's values so far, and keeps how many it saw outside of the table. */
public final class SumOperator implements BatchOperator
{
    private static final int KEY_OFFSET = SlotDescriptor.HEADER_LENGTH + ReadingFlyweight.TYPE.fields().stream()
        .filter(field -> field.name().equals("key")).findFirst().orElseThrow().offset();

    private final ReadingFlyweight in = new ReadingFlyweight();
    private final ReadingFlyweight out = new ReadingFlyweight();
    private KeyedTable table;
    private Output output;
    private long seen;

    /** An operator. */
    public SumOperator()
    {
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
        table = context.state().keyedTable("sums", Long.BYTES, Long.BYTES);
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            goOn &= add(slots[i]);
        }
        return goOn;
    }

    private boolean add(final long slot)
    {
        seen++;
        in.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        final long key = slot + KEY_OFFSET;
        final long value = table.upsert(KeyHash.hash(key, Long.BYTES), key);
        final long sum = Memory.getLong(value) + in.value();
        Memory.putLong(value, sum);
        table.written();
        final long claimed = output.claim();
        SlotDescriptor.inherit(slot, claimed);
        out.wrapUnchecked(claimed + SlotDescriptor.HEADER_LENGTH);
        out.time(in.time()).key(in.key()).value(sum);
        return output.commit();
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(seen);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        seen = reader.getLong();
    }
}
