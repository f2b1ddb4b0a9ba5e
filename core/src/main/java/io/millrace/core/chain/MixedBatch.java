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
package io.millrace.core.chain;

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.ReadAheadOperator;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/** A queue of records for an operator, a batch at most, each with the input that it is for. */
public final class MixedBatch implements Meeting
{
    private final BatchProcessor[] processors;
    private final ReadAheadOperator ahead;
    private final long[] slots;
    private final int[] inputs = new int[BatchProcessor.MAX_BATCH];
    private final long[] run = new long[BatchProcessor.MAX_BATCH];
    private int count;

    /**
     * An empty queue.
     *
     * @param processors take the records of each input
     * @param ahead      is told what will be processed
     * @param slots      addresses of {@link BatchProcessor#MAX_BATCH} slots, long enough for the records of every input
     */
    public MixedBatch(final BatchProcessor[] processors, final ReadAheadOperator ahead, final long[] slots)
    {
        this.processors = processors;
        this.ahead = ahead;
        this.slots = slots;
    }

    @Override
    public boolean take(final long slot, final int input)
    {
        Memory.copy(slot, slots[count], SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot));
        inputs[count] = input;
        count++;
        return count != BatchProcessor.MAX_BATCH || flush();
    }

    @Override
    public boolean takeBatch(final long[] records, final int number, final int input)
    {
        flush();
        return processors[input].processBatch(records, number);
    }

    @Override
    public boolean flush()
    {
        final int collected = count;
        if (collected == 0)
        {
            return true;
        }
        count = 0;
        ahead.readAhead(slots, inputs, collected);
        boolean goOn = true;
        int from = 0;
        while (from < collected)
        {
            final int input = inputs[from];
            int length = 0;
            while (from < collected && inputs[from] == input)
            {
                run[length] = slots[from];
                length++;
                from++;
            }
            goOn &= processors[input].processBatch(run, length);
        }
        return goOn;
    }
}
