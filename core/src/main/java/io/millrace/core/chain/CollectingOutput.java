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
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * An edge within a task behind an operator that gets its records one by one: makes batches of its results again, however
 * they come.
 */
public final class CollectingOutput implements BufferedOutput
{
    private final BatchProcessor next;
    private final long[] slots;
    /** Addresses of slots behind those that are collected. */
    private final long[] claimed = new long[BatchProcessor.MAX_BATCH];
    private int count;

    /**
     * An edge.
     *
     * @param next  operator that takes the records
     * @param slots addresses of {@link BatchProcessor#MAX_BATCH} slots of the edge's own
     */
    public CollectingOutput(final BatchProcessor next, final long[] slots)
    {
        this.next = next;
        this.slots = slots;
    }

    @Override
    public long claim()
    {
        return slots[count];
    }

    @Override
    public boolean commit()
    {
        return collected(1);
    }

    private boolean collected(final int more)
    {
        count += more;
        return count < BatchProcessor.MAX_BATCH || flush();
    }

    @Override
    public boolean forward(final long slot)
    {
        Memory.copy(slot, slots[count], SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot));
        return collected(1);
    }

    @Override
    public long[] claimBatch(final int wanted)
    {
        if (count + wanted > slots.length)
        {
            flush();
        }
        System.arraycopy(slots, count, claimed, 0, wanted);
        return claimed;
    }

    @Override
    public boolean commitBatch(final int written)
    {
        return collected(written);
    }

    @Override
    public boolean forwardBatch(final long[] records, final int number)
    {
        boolean goOn = true;
        for (int i = 0; i < number; i++)
        {
            goOn &= forward(records[i]);
        }
        return goOn;
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
        return next.processBatch(slots, collected);
    }
}
