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
        final long end = slots + (long)count * stride;
        long cause = firstCause;
        for (long slot = slots; slot != end; slot += stride)
        {
            SlotDescriptor.cause(slot, cause++);
            next.forward(slot);
        }
        count = 0;
    }
}
