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
package io.millrace.core.checkpoint;

import io.millrace.memory.record.SlotDescriptor;

/**
 * Records that entered together, in slots one behind the other. A frame without records is the end of the input. A view
 * that is moved from frame to frame; who moves it says how long the memory stays.
 *
 * <pre>
 *   address                       + stride * slots of the record
 *   | header 32 | payload ...     | header 32 | payload ...     | ...
 * </pre>
 *
 * A record takes as many slots as its header and payload need. Of the header only the length counts: time, cause and
 * ingress time are set when the record is emitted, the cause being {@code number << 16 | index}.
 */
public final class IngressFrame
{
    private long number;
    private long address;
    private int records;
    private int slotLength;
    private int stride;

    /** A view of nothing yet. */
    public IngressFrame()
    {
    }

    /**
     * Moves to a frame.
     *
     * @param newNumber     of the frame; numbers are dense from 0 over all lives of the job
     * @param newAddress    of the first slot
     * @param newRecords    number of records, up to {@link SlotDescriptor#MAX_BATCH_RECORDS}; 0 for the end of the
     *                      input
     * @param newSlotLength bytes of a slot
     * @param newStride     bytes from a slot to the next one
     * @return this
     */
    public IngressFrame wrap(
        final long newNumber, final long newAddress, final int newRecords, final int newSlotLength, final int newStride)
    {
        number = newNumber;
        address = newAddress;
        records = newRecords;
        slotLength = newSlotLength;
        stride = newStride;
        return this;
    }

    /**
     * Which frame it is.
     *
     * @return from 0, without gaps
     */
    public long number()
    {
        return number;
    }

    /**
     * How many records it has.
     *
     * @return 0 for the end of the input
     */
    public int records()
    {
        return records;
    }

    /**
     * The first record's slot.
     *
     * @return its address
     */
    public long first()
    {
        return address;
    }

    /**
     * The slot behind a record.
     *
     * @param slot address of the record's slot
     * @return address of the next record's slot
     */
    public long next(final long slot)
    {
        return slot + (long)slots(slot) * stride;
    }

    /**
     * How many slots a record takes.
     *
     * @param slot address of the record's slot
     * @return 1 or more
     */
    public int slots(final long slot)
    {
        return (SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot) + slotLength - 1) / slotLength;
    }

    @Override
    public String toString()
    {
        return "frame=" + number + " records=" + records;
    }
}
