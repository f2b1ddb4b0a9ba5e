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
 * Collects records in slots of its own, and hands them to the next operator when they fill a batch or the task flushes.
 */
public final class BatchedOutput implements BufferedOutput
{
    private final BatchProcessor next;
    private final long slots;
    private final int stride;
    private final long end;
    private long position;

    /**
     * An edge.
     *
     * @param next   operator that takes the records
     * @param slots  address of {@link BatchProcessor#MAX_BATCH} slots of the edge's own
     * @param stride length of a slot
     */
    public BatchedOutput(final BatchProcessor next, final Long slots, final Integer stride)
    {
        this.next = next;
        this.slots = slots;
        this.stride = stride;
        this.end = slots + (long)stride * BatchProcessor.MAX_BATCH;
        this.position = slots;
    }

    @Override
    public long claim()
    {
        return position;
    }

    @Override
    public boolean commit()
    {
        position += stride;
        return position != end || flush();
    }

    @Override
    public boolean forward(final long slot)
    {
        Memory.copy(slot, position, SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot));
        return commit();
    }

    @Override
    public boolean flush()
    {
        final int count = (int)((position - slots) / stride);
        if (count == 0)
        {
            return true;
        }
        position = slots;
        return next.processBatch(slots, count, stride);
    }
}
