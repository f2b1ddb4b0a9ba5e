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
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.Operator;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Records on their way into an operator. They are handed over when the batch is full, or when something else than a record
 * of the same input comes; behind the call their slots are poisoned.
 */
final class InputBatch implements AutoCloseable
{
    private final MemoryAccount account;
    private final Operator operator;
    private final List<CapturedOutput> outputs;
    private final Map<Integer, BatchProcessor> inputs = new HashMap<>();
    private Region slots;
    private int stride;
    private int capacity = 1;
    private int count;
    private int input;
    private boolean goOn = true;
    private boolean heedless;

    InputBatch(
        final MemoryAccount account, final Operator operator, final int maxLength, final List<CapturedOutput> outputs)
    {
        this.account = account;
        this.operator = operator;
        this.outputs = outputs;
        allocate(SlotDescriptor.slotLength(maxLength, 64));
    }

    private void allocate(final int newStride)
    {
        stride = newStride;
        slots = Region.allocate(account, "input", (long)stride * capacity);
    }

    /** Makes batches of so many records. */
    void capacity(final int records)
    {
        flush();
        slots.close();
        capacity = records;
        allocate(stride);
    }

    /** A slot of zeros for the next record. */
    long claim(final int toInput, final int maxLength)
    {
        if (toInput != input)
        {
            flush();
            input = toInput;
        }
        if (SlotDescriptor.slotLength(maxLength, 64) > stride)
        {
            flush();
            slots.close();
            allocate(SlotDescriptor.slotLength(maxLength, 64));
        }
        final long slot = slots.address() + (long)count * stride;
        Memory.zero(slot, stride);
        return slot;
    }

    /** Takes the claimed slot into the batch; what the operator said last. */
    boolean commit()
    {
        count++;
        if (count == capacity)
        {
            flush();
        }
        return goOn;
    }

    /** Hands over what is there; what the operator said last. */
    boolean flush()
    {
        if (count == 0)
        {
            return goOn;
        }
        final long[] addresses = LongStream.range(0, count).map(i -> slots.address() + i * stride).toArray();
        count = 0;
        if (operator instanceof MultipleInputOperator multiple)
        {
            goOn = hand(inputs.computeIfAbsent(input, multiple::input), addresses);
        }
        else if (operator instanceof BatchOperator batchOperator)
        {
            goOn = hand(batchOperator, addresses);
        }
        else
        {
            goOn = true;
            for (final long slot : addresses)
            {
                goOn &= hand((records, number) -> operator.process(records[0]), new long[]{slot});
            }
        }
        Memory.fill(slots.address(), slots.length(), DebugMode.POISON);
        return goOn;
    }

    private boolean hand(final BatchProcessor processor, final long[] addresses)
    {
        outputs.forEach(CapturedOutput::makeRoom);
        final boolean said = processor.processBatch(addresses, addresses.length);
        heedless |= said && outputs.stream().anyMatch(CapturedOutput::full);
        return said;
    }

    /** Whether the operator has ever said to go on when an output had said stop to it. */
    boolean heedless()
    {
        return heedless;
    }

    /** Records that were not handed over yet. */
    int waiting()
    {
        return count;
    }

    @Override
    public void close()
    {
        slots.close();
    }
}
