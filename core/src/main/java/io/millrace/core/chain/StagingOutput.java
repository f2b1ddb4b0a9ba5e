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
import io.millrace.core.operator.Output;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Collects a batch of a source before its place among the batches of all sources is known, and sends it on with that.
 */
public final class StagingOutput implements Output
{
    /** The most records of a batch. */
    public static final int CAPACITY = 256;

    private final Output next;
    private final long slots;
    private final int stride;
    /** Addresses of some of the slots, for a call. */
    private final long[] run = new long[BatchProcessor.MAX_BATCH];
    private int count;

    /**
     * An output.
     *
     * @param next   takes the records once their cause is known
     * @param slots  address of {@link #CAPACITY} slots of the output's own
     * @param stride length of a slot
     */
    public StagingOutput(final Output next, final long slots, final int stride)
    {
        this.next = next;
        this.slots = slots;
        this.stride = stride;
    }

    @Override
    public long claim()
    {
        return slots + (long)count * stride;
    }

    @Override
    public boolean commit()
    {
        return ++count < CAPACITY;
    }

    @Override
    public boolean forward(final long slot)
    {
        Memory.copy(slot, claim(), SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot));
        return commit();
    }

    @Override
    public long[] claimBatch(final int wanted)
    {
        address(count, wanted);
        return run;
    }

    @Override
    public boolean commitBatch(final int written)
    {
        count += written;
        return count < CAPACITY;
    }

    @Override
    public boolean forwardBatch(final long[] records, final int number)
    {
        boolean goOn = true;
        for (int i = 0; i < number; i++)
        {
            goOn = forward(records[i]);
        }
        return goOn;
    }

    private void address(final int first, final int number)
    {
        for (int i = 0; i < number; i++)
        {
            run[i] = slots + (long)(first + i) * stride;
        }
    }

    /**
     * Number of records that wait.
     *
     * @return from 0 to {@link #CAPACITY}
     */
    public int count()
    {
        return count;
    }

    /**
     * Sends the batch on.
     *
     * @param firstCause cause of its first record; the others follow
     */
    public void send(final long firstCause)
    {
        sendOn(firstCause);
    }

    /**
     * Sends the batch on with an event time.
     *
     * @param firstCause cause of its first record; the others follow
     * @param timestamp  event time of all of them
     */
    public void send(final long firstCause, final long timestamp)
    {
        for (int i = 0; i < count; i++)
        {
            SlotDescriptor.timestamp(slots + (long)i * stride, timestamp);
        }
        sendOn(firstCause);
    }

    private void sendOn(final long firstCause)
    {
        for (int first = 0; first < count; first += BatchProcessor.MAX_BATCH)
        {
            final int number = Math.min(BatchProcessor.MAX_BATCH, count - first);
            address(first, number);
            for (int i = 0; i < number; i++)
            {
                SlotDescriptor.cause(run[i], firstCause + first + i);
            }
            next.forwardBatch(run, number);
        }
        count = 0;
    }
}
