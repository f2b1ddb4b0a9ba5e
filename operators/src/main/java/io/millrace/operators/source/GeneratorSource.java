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
package io.millrace.operators.source;

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Emits what a {@link Generator} describes. With several instances, each emits every n-th record.
 *
 * @param <W> flyweight that writes the records
 */
public final class GeneratorSource<W extends Flyweight> implements Source
{
    private final RecordType<?, W> type;
    private final long count;
    private final Generator.GeneratorFunction<? super W> function;
    private final boolean fixedLength;
    private W flyweight;
    private String name;
    private long next;
    private int step;

    /**
     * A source.
     *
     * @param type     of the records
     * @param count    of the records
     * @param function that writes them
     */
    public GeneratorSource(
        final RecordType<?, W> type, final Long count, final Generator.GeneratorFunction<? super W> function)
    {
        this.type = type;
        this.count = count;
        this.function = function;
        this.fixedLength = type.fixedLength();
        this.flyweight = type.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context)
    {
        name = context.name();
        next = context.subtask();
        step = context.parallelism();
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        final W out = flyweight;
        // Asked for here, where the flyweight is of one class, it is a constant to the compiler: so zeros that the
        // function overwrites cost nothing.
        final int blockLength = out.blockLength();
        final int step = this.step;
        final long first = next;
        final long left = (count - first + step - 1) / step;
        final int batch = (int)Math.min(Math.min(limit, BatchProcessor.MAX_BATCH), left);
        if (batch <= 0)
        {
            return 0;
        }
        output.nextCause(first);
        final long[] slots = output.claimBatch(batch);
        int made = 0;
        long number = first;
        try
        {
            while (made < batch)
            {
                Memory.zero(slots[made] + SlotDescriptor.HEADER_LENGTH, blockLength);
                generate(out, slots[made], number);
                number += step;
                made++;
            }
        }
        catch (final RuntimeException | Error failure)
        {
            if (made == 0)
            {
                throw failure;
            }
            // What was made before goes on its way; the next poll begins with the record that fails.
        }
        final int taken = output.commitBatch(made);
        next = first + (long)taken * step;
        return taken;
    }

    private void generate(final W out, final long slot, final long number)
    {
        if (DebugMode.ENABLED)
        {
            flyweight = type.newFlyweight();
            flyweight.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
            function.generate(number, flyweight);
            setLength(slot, flyweight);
            flyweight.release(name);
            return;
        }
        out.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        function.generate(number, out);
        setLength(slot, out);
    }

    private void setLength(final long slot, final W out)
    {
        if (!fixedLength)
        {
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, out.encodedLength());
        }
    }

    @Override
    public boolean finished()
    {
        return next >= count;
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
