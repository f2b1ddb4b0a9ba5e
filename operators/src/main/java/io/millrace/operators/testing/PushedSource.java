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
package io.millrace.operators.testing;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/** Emits what a test has pushed and released; after a restore once more, from the snapshot on. */
public final class PushedSource implements Source
{
    private final LongFunction<byte[]> records;
    private final BooleanSupplier ended;
    private long next;

    /**
     * A source.
     *
     * @param records bytes of the record with a number, null when it is not to be emitted yet
     * @param ended   whether no record will follow those that are there
     */
    public PushedSource(final LongFunction<byte[]> records, final BooleanSupplier ended)
    {
        this.records = records;
        this.ended = ended;
    }

    @Override
    public void open(final OperatorContext context)
    {
        next = 0;
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        output.nextCause(next);
        int emitted = 0;
        boolean goOn = true;
        byte[] record = records.apply(next);
        while (goOn && emitted < limit && record != null)
        {
            final long slot = output.claim();
            Memory.copyIn(record, 0, slot + SlotDescriptor.HEADER_LENGTH, record.length);
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, record.length);
            goOn = output.commit();
            next++;
            emitted++;
            record = records.apply(next);
        }
        return emitted;
    }

    @Override
    public boolean finished()
    {
        return ended.getAsBoolean() && records.apply(next) == null;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(next);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        next = reader.getLong();
    }
}
