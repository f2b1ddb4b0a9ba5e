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
package io.millrace.operators.transform;

import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.MapFunction;

/**
 * Makes one record out of each.
 *
 * @param <V> read-only view of the input
 * @param <W> flyweight that writes the results
 */
public final class MapOperator<V, W extends Flyweight> extends RecordOperator<V> implements SkippingOperator, BatchOperator
{
    private final MapFunction<? super V, ? super W> function;
    private final RecordWriter<W> writer;
    private final boolean fixedLength;

    /**
     * An operator.
     *
     * @param inputType  of the records
     * @param outputType of the results
     * @param function   that makes them
     */
    public MapOperator(
        final RecordType<V, ?> inputType,
        final RecordType<?, W> outputType,
        final MapFunction<? super V, ? super W> function)
    {
        super(inputType);
        this.function = function;
        this.writer = new RecordWriter<>(outputType);
        this.fixedLength = outputType.fixedLength();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        final Output output = output();
        final long[] results = output.claimBatch(count);
        if (DebugMode.ENABLED)
        {
            mapChecked(slots, results, count);
        }
        else
        {
            map(slots, results, count);
        }
        return output.commitBatch(count);
    }

    /** What {@link RecordWriter} does, over flyweights that the compiler knows to stay the same. */
    private void map(final long[] slots, final long[] results, final int count)
    {
        final MapFunction<? super V, ? super W> function = this.function;
        final boolean fixedLength = this.fixedLength;
        final Flyweight record = flyweight();
        final V view = view();
        final W result = writer.flyweight();
        final int blockLength = result.blockLength();
        for (int i = 0; i < count; i++)
        {
            final long slot = slots[i];
            final long claimed = results[i];
            SlotDescriptor.inherit(slot, claimed);
            record.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
            result.wrapUnchecked(claimed + SlotDescriptor.HEADER_LENGTH);
            Memory.zero(claimed + SlotDescriptor.HEADER_LENGTH, blockLength);
            function.map(view, result);
            if (!fixedLength)
            {
                SlotDescriptor.kindAndLength(claimed, SlotDescriptor.KIND_DATA, result.encodedLength());
            }
        }
    }

    private void mapChecked(final long[] slots, final long[] results, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            function.map(view(slots[i]), writer.begin(results[i], slots[i], writer.flyweight().blockLength()));
            releaseView();
            writer.end(name());
        }
    }
}
