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
package io.millrace.memory.ring;

import com.lmax.disruptor.SingleProducerSequencer;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * The one writer of a {@link RecordRing}. One thread at a time.
 *
 * <pre>
 *   long slot = producer.claim();            // 0 when the ring is full: come back later
 *   kindAndLength(slot, KIND_DATA, length); timestamp(slot, t); cause(slot, c); ingressTime(slot, i); ... the payload
 *   producer.commit();                       // part of the batch
 *   ...
 *   producer.publish();                      // one ordered store for the whole batch
 * </pre>
 *
 * A claim that is not committed costs nothing: the next claim returns the same slot. A claimed slot holds what was there a lap ago, so the
 * writer sets every field. The consumed sequences are read only when the slots that were known to be free are used up.
 */
public final class RingProducer extends RingPadding
{
    private final RecordRing ring;
    private final SingleProducerSequencer sequencer;
    private final RingAuditor auditor;
    private final int capacity;
    private final int stride;
    private final long base;
    private final long end;
    private long next;
    private long limit;
    private long published = -1;
    private long address;
    private int padding;

    RingProducer(final RecordRing ring)
    {
        this.ring = ring;
        this.sequencer = ring.sequencer;
        this.capacity = ring.capacity;
        this.stride = ring.stride;
        this.base = ring.address(0);
        this.end = base + (long)capacity * stride;
        this.address = base;
        this.limit = capacity - 1L;
        this.auditor = DebugMode.ENABLED ? new RingAuditor(ring) : null;
    }

    /**
     * Claims one slot.
     *
     * @return its address, or 0 when the ring is full
     */
    public long claim()
    {
        padding = 0;
        if (DebugMode.ENABLED)
        {
            return claim(1);
        }
        return next <= limit || refresh() >= next ? address : 0;
    }

    /**
     * Claims slots that lie one behind the other, for one record. When they would wrap around the end of the ring, they start at slot 0 and
     * the commit puts padding in between.
     *
     * @param slots from 1 to {@link RecordRing#maxRecordSlots()}
     * @return address of the first, or 0 when they are not free
     * @throws IllegalArgumentException when the record can never fit
     */
    public long claim(final int slots)
    {
        if (slots < 1 || slots > ring.maxRecordSlots())
        {
            throw neverFits(slots);
        }
        final int toEnd = (int)(capacity - (next & capacity - 1));
        final int before = slots > toEnd ? toEnd : 0;
        final long last = next + before + slots - 1;
        if ((last > limit || DebugMode.ENABLED) && refresh() < last)
        {
            padding = 0;
            return 0;
        }
        padding = before;
        if (DebugMode.ENABLED)
        {
            auditor.claim(next + before, slots);
        }
        return before == 0 ? address : base;
    }

    /** Makes the claimed slot part of the batch, with what was written to it. */
    public void commit()
    {
        if (padding != 0 || DebugMode.ENABLED)
        {
            commit(1);
            return;
        }
        next++;
        final long following = address + stride;
        address = following == end ? base : following;
    }

    /**
     * Makes claimed slots part of the batch, with what was written to them.
     *
     * @param slots that the record takes by its length, {@link RecordRing#slots(int)}, and at most what was claimed; the rest is claimed
     *              again next time
     */
    public void commit(final int slots)
    {
        final int padding = this.padding;
        if (padding != 0)
        {
            writePadding(padding);
            next += padding;
            address = base;
            this.padding = 0;
        }
        if (DebugMode.ENABLED)
        {
            auditor.commit(next, slots);
        }
        next += slots;
        final long following = address + (long)slots * stride;
        address = following == end ? base : following;
    }

    /**
     * Claims slots for records of one slot each; they may go around the end of the ring.
     *
     * @param slots to put the addresses into
     * @param count of slots, from 1 to the length of the array
     * @return false when they are not all free; then nothing is claimed
     */
    public boolean claimBatch(final long[] slots, final int count)
    {
        padding = 0;
        if (DebugMode.ENABLED ? refresh() - next + 1 < count : !hasRoom(count))
        {
            return false;
        }
        final long base = this.base;
        final int stride = this.stride;
        final int mask = capacity - 1;
        final int first = (int)next;
        for (int i = 0; i < count; i++)
        {
            slots[i] = base + (long)(first + i & mask) * stride;
        }
        if (DebugMode.ENABLED)
        {
            auditor.claim(next, count);
        }
        return true;
    }

    /**
     * Makes the first of the slots that {@link #claimBatch} gave part of the batch, with what was written to them.
     *
     * @param count of slots, each with a record; the rest is given up
     */
    public void commitBatch(final int count)
    {
        if (DebugMode.ENABLED)
        {
            auditor.commitBatch(next, count);
        }
        next += count;
        address = ring.address(next);
    }

    /**
     * Writes a control slot into the batch.
     *
     * @param kind        of the slot, a constant of {@link SlotDescriptor}
     * @param value       for the timestamp field: a watermark, a checkpoint id, a clock
     * @param cause       of the slot
     * @param ingressTime of the record that caused it, in {@code System.nanoTime()}
     * @return false when the ring is full and nothing was written
     */
    public boolean control(final byte kind, final long value, final long cause, final long ingressTime)
    {
        final long slot = claim();
        if (slot == 0)
        {
            return false;
        }
        SlotDescriptor.kindAndLength(slot, kind, 0);
        SlotDescriptor.timestamp(slot, value);
        SlotDescriptor.cause(slot, cause);
        SlotDescriptor.ingressTime(slot, ingressTime);
        commit();
        return true;
    }

    /** Shows the batch to the consumers, with one ordered store, and signals them. Nothing happens when the batch is empty. */
    public void publish()
    {
        final long last = next - 1;
        if (last != published)
        {
            published = last;
            sequencer.claim(last);
            sequencer.publish(last);
        }
    }

    /**
     * Counts the slots that can be claimed now, by a look at the consumed sequences. A record of several slots may need padding as well.
     *
     * @return from 0 to the capacity
     */
    public int free()
    {
        return (int)(refresh() - next + 1);
    }

    /**
     * Tells whether slots are free; the consumed sequences are read only when those known to be free do not suffice.
     *
     * @param slots to be claimed, padding included
     * @return true when that many can be claimed
     */
    public boolean hasRoom(final int slots)
    {
        return limit - next + 1 >= slots || refresh() - next + 1 >= slots;
    }

    /**
     * @return number of slots in the batch: committed and not published
     */
    public int batch()
    {
        return (int)(next - 1 - published);
    }

    /**
     * @return the ring that is written
     */
    public RecordRing ring()
    {
        return ring;
    }

    @Override
    public String toString()
    {
        return ring.name + " producer next=" + next + " published=" + published;
    }

    /** Makes every claim an error. */
    void detach()
    {
        limit = -1;
        next = Long.MAX_VALUE;
        published = next - 1;
        address = 0;
    }

    private long refresh()
    {
        if (ring.closed())
        {
            throw ring.closedException();
        }
        final long limit = sequencer.getMinimumSequence() + capacity;
        // The slots are written after the consumed sequences were read: a scan that sees the writes sees that the slots were released.
        Memory.storeFence();
        if (DebugMode.ENABLED)
        {
            auditor.reuse(limit);
        }
        this.limit = limit;
        return limit;
    }

    private void writePadding(final int slots)
    {
        final long cause = SlotDescriptor.cause(base);
        for (long slot = address, last = address + (long)slots * stride; slot < last; slot += stride)
        {
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_PADDING, 0);
            SlotDescriptor.cause(slot, cause);
        }
    }

    private IllegalArgumentException neverFits(final int slots)
    {
        return new IllegalArgumentException("slots=" + slots + " claimed from ring=" + ring.name + " of capacity=" + capacity +
            ": a record takes 1 to " + ring.maxRecordSlots() + " slots, " +
            (slots < 1 ? "claim at least 1" : "use a capacity of at least " + (Integer.highestOneBit(2 * slots - 1) << 1)));
    }
}
