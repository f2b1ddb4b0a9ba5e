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
package io.millrace.core.exchange;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RingProducer;

/**
 * Writes records and control slots into one ring, and into an overflow buffer while the ring is full. A batch is
 * published when it has {@value #PUBLISH_AT} slots, or when the task's input is empty. One task's thread.
 */
public final class RingWriter implements AutoCloseable
{
    private static final int PUBLISH_AT = 64;

    private final RingProducer producer;
    private final OverflowBuffer overflow;
    private final long emptyHeader;
    private final int slotLength;
    private final int recordSlots;
    private boolean overflowing;

    /**
     * A writer.
     *
     * @param producer of the ring
     * @param type     of the records
     * @param account  that the overflow is counted in
     */
    public RingWriter(final RingProducer producer, final RecordType<?, ?> type, final MemoryAccount account)
    {
        this.producer = producer;
        this.slotLength = producer.ring().slotLength();
        this.recordSlots = slots(SlotDescriptor.HEADER_LENGTH + type.maxLength());
        this.overflow = new OverflowBuffer(account, producer.ring().name(), recordSlots * slotLength);
        this.emptyHeader = (long)type.blockLength() << 32 | SlotDescriptor.KIND_DATA;
    }

    /**
     * A slot in the ring, or in the overflow buffer.
     *
     * @return address of the slot, with kind and block length set
     */
    public long claim()
    {
        long slot = overflowing ? 0 : recordSlots == 1 ? producer.claim() : producer.claim(recordSlots);
        if (slot == 0)
        {
            overflowing = true;
            slot = overflow.claim();
        }
        Memory.putLong(slot, emptyHeader);
        return slot;
    }

    /**
     * Sends the claimed slot.
     *
     * @param slot as claimed
     * @return true to go on, false when the ring is full
     */
    public boolean commit(final long slot)
    {
        if (overflowing)
        {
            overflow.append();
            return false;
        }
        if (recordSlots == 1)
        {
            producer.commit();
        }
        else
        {
            producer.commit(slots(SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot)));
        }
        if (producer.batch() >= PUBLISH_AT)
        {
            producer.publish();
        }
        return true;
    }

    /**
     * Slots in the ring for a batch of records of one slot each.
     *
     * @param slots to put their addresses into; kind and block length of each are set
     * @param count number of records
     * @return false when the ring has no room for all, or a record may take several slots: write elsewhere, and
     *         {@link #copy}
     */
    public boolean claimBatch(final long[] slots, final int count)
    {
        if (overflowing || recordSlots != 1 || !producer.claimBatch(slots, count))
        {
            return false;
        }
        final long emptyHeader = this.emptyHeader;
        for (int i = 0; i < count; i++)
        {
            Memory.putLong(slots[i], emptyHeader);
        }
        return true;
    }

    /**
     * Sends the first of the slots that {@link #claimBatch} gave.
     *
     * @param count number of records
     * @return true, since they are in the ring
     */
    public boolean commitBatch(final int count)
    {
        producer.commitBatch(count);
        if (producer.batch() >= PUBLISH_AT)
        {
            producer.publish();
        }
        return true;
    }

    /**
     * Copies a slot in, header and all.
     *
     * @param from address of the slot to copy
     * @return true to go on, false when the ring is full
     */
    public boolean copy(final long from)
    {
        final long slot = claim();
        Memory.copy(from, slot, SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(from));
        return commit(slot);
    }

    /**
     * Moves what overflowed into the ring, as far as it goes.
     *
     * @return number of slots moved; {@link #drained()} tells whether any is left
     */
    public int drain()
    {
        if (!overflowing)
        {
            return 0;
        }
        int moved = 0;
        while (!overflow.isEmpty())
        {
            final long from = overflow.first();
            final int length = SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(from);
            final long slot = producer.claim(slots(length));
            if (slot == 0)
            {
                return moved;
            }
            Memory.copy(from, slot, length);
            producer.commit(slots(length));
            overflow.removeFirst();
            moved++;
        }
        overflowing = false;
        return moved;
    }

    /**
     * Records that fit for certain.
     *
     * @return 0 when the ring is full
     */
    public int room()
    {
        return overflowing ? 0 : producer.free() / recordSlots;
    }

    /**
     * Whether nothing has overflowed.
     *
     * @return true when everything is in the ring
     */
    public boolean drained()
    {
        return !overflowing;
    }

    /**
     * Cause of the first slot that is not in the ring.
     *
     * @return the lowest cause that overflowed; {@link #drained()} is false
     */
    public long firstOverflowCause()
    {
        return SlotDescriptor.cause(overflow.first());
    }

    /** Shows everything in the ring to its consumers. */
    public void publish()
    {
        producer.publish();
    }

    private int slots(final int length)
    {
        return (length + slotLength - 1) / slotLength;
    }

    @Override
    public void close()
    {
        overflow.close();
    }
}
