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
import io.millrace.core.operator.RescalableSource;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Emits what a {@link Generator} describes. With several instances, each emits every n-th record. After a change of their number
 * each goes through the numbers from the least that an instance of before had not emitted, and leaves out what they had:
 * <pre>
 *   position: | next number | while something is left out: number of changes | instances, next number of each | ... |
 * </pre>
 *
 * @param <W> flyweight that writes the records
 */
public final class GeneratorSource<W extends Flyweight> implements RescalableSource
{
    private final RecordType<?, W> type;
    private final long count;
    private final Generator.GeneratorFunction<? super W> function;
    private final boolean fixedLength;
    private W flyweight;
    private String name;
    private long next;
    private int step;
    /** Next numbers of the instances before each change of their number; none when nothing from here on was emitted then. */
    private List<long[]> earlier = List.of();

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
        final boolean leavesOut = !earlier.isEmpty() && leaveOut();
        final long first = next;
        final long left = (count - first + step - 1) / step;
        final int batch = (int)Math.min(Math.min(leavesOut ? 1 : limit, BatchProcessor.MAX_BATCH), left);
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

    /** Goes to the next number that was not emitted; false when nothing behind it was, either. */
    private boolean leaveOut()
    {
        long last = 0;
        for (final long[] numbers : earlier)
        {
            for (final long number : numbers)
            {
                last = Math.max(last, number);
            }
        }
        while (next < last && emittedBefore(next))
        {
            next += step;
        }
        if (next >= last)
        {
            earlier = List.of();
        }
        return next < last;
    }

    private boolean emittedBefore(final long number)
    {
        for (final long[] numbers : earlier)
        {
            if (number < numbers[(int)(number % numbers.length)])
            {
                return true;
            }
        }
        return false;
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
        if (!earlier.isEmpty())
        {
            writer.putInt(earlier.size());
            for (final long[] numbers : earlier)
            {
                writer.putInt(numbers.length);
                for (final long number : numbers)
                {
                    writer.putLong(number);
                }
            }
        }
    }

    @Override
    public void restore(final BlobReader reader)
    {
        next = reader.getLong();
        earlier = readEarlier(reader);
    }

    private static List<long[]> readEarlier(final BlobReader reader)
    {
        final List<long[]> read = new ArrayList<>();
        final int changes = reader.remaining() > 0 ? reader.getInt() : 0;
        for (int i = 0; i < changes; i++)
        {
            final long[] numbers = new long[reader.getInt()];
            for (int j = 0; j < numbers.length; j++)
            {
                numbers[j] = reader.getLong();
            }
            read.add(numbers);
        }
        return read;
    }

    @Override
    public void restoreRescaled(final List<BlobReader> positions)
    {
        final List<long[]> changes = new ArrayList<>();
        final long[] last = new long[positions.size()];
        long least = Long.MAX_VALUE;
        for (int i = 0; i < last.length; i++)
        {
            last[i] = positions.get(i).getLong();
            least = Math.min(least, last[i]);
            for (final long[] numbers : readEarlier(positions.get(i)))
            {
                if (changes.stream().noneMatch(known -> Arrays.equals(known, numbers)))
                {
                    changes.add(numbers);
                }
            }
        }
        changes.add(last);
        earlier = changes;
        // This instance's numbers are those that leave the same rest as its first one.
        next += (Math.max(least - next, 0) + step - 1) / step * step;
    }
}
