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

import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * What debug mode checks, on the producer's thread: canaries behind slots when they are committed and again when they are reused, headers,
 * causes that do not decrease. Slots that all consumers released are filled with {@link DebugMode#POISON}. It is the producer that fills
 * them: a scan may read a slot until the consumed sequence has moved.
 */
final class RingAuditor
{
    private final RecordRing ring;
    private final boolean[] inside;
    private long reusable;
    private long claimed;
    private int claimedSlots;
    private long cause = Long.MIN_VALUE;

    RingAuditor(final RecordRing ring)
    {
        this.ring = ring;
        this.inside = new boolean[ring.capacity];
        this.reusable = ring.capacity - 1L;
        for (long sequence = 0; sequence <= reusable; sequence++)
        {
            poison(ring.address(sequence));
        }
    }

    void reuse(final long limit)
    {
        while (reusable < limit)
        {
            final long sequence = ++reusable;
            final long slot = ring.address(sequence);
            final int index = (int)(sequence & ring.capacity - 1);
            if (!inside[index] && !ring.sealed(slot))
            {
                throw overrun(sequence - ring.capacity, 1, "after it was published");
            }
            inside[index] = false;
            poison(slot);
        }
    }

    void claim(final long sequence, final int slots)
    {
        claimed = sequence;
        claimedSlots = slots;
        for (int i = 0; i < slots; i++)
        {
            ring.seal(ring.address(sequence + i));
        }
    }

    void commit(final long sequence, final int slots)
    {
        requireClaimed(sequence, slots);
        final int last = slots - 1;
        final long slot = ring.address(sequence);
        if (!ring.sealed(ring.address(sequence + last)))
        {
            throw overrun(sequence, slots, "before it was committed");
        }
        checkHeader(slot, sequence, slots);
        for (int i = 0; i < last; i++)
        {
            inside[(int)(sequence + i & ring.capacity - 1)] = true;
        }
        claimedSlots = 0;
    }

    void commitBatch(final long sequence, final int count)
    {
        requireClaimed(sequence, count);
        for (int i = 0; i < count; i++)
        {
            claimed = sequence + i;
            claimedSlots = 1;
            commit(claimed, 1);
        }
    }

    private void requireClaimed(final long sequence, final int slots)
    {
        if (sequence != claimed || slots < 1 || slots > claimedSlots)
        {
            throw new IllegalStateException("slots=" + slots + " committed to ring=" + ring.name + " at sequence=" + sequence +
                " but claimed=" + (sequence == claimed ? claimedSlots : 0) + ": claim slots before each commit");
        }
    }

    private void checkHeader(final long slot, final long sequence, final int slots)
    {
        final byte kind = SlotDescriptor.kind(slot);
        final int length = SlotDescriptor.length(slot);
        if (kind < SlotDescriptor.KIND_DATA || kind > SlotDescriptor.KIND_TICK || kind == SlotDescriptor.KIND_PADDING ||
            length < 0 || length > slots * ring.slotLength - SlotDescriptor.HEADER_LENGTH)
        {
            throw new IllegalStateException("kind=" + kind + " length=" + length + " committed to ring=" + ring.name + " at sequence=" +
                sequence + " slots=" + slots + " slotLength=" + ring.slotLength +
                ": write the header before the commit, and claim enough slots");
        }
        final int needed = (SlotDescriptor.HEADER_LENGTH + length + ring.slotLength - 1) / ring.slotLength;
        if (slots != needed)
        {
            throw new IllegalStateException("slots=" + slots + " committed to ring=" + ring.name + " at sequence=" + sequence +
                " but length=" +
                length + " takes slots=" + needed + ": readers find the next record by the length, commit as many slots as it needs");
        }
        final long cause = SlotDescriptor.cause(slot);
        if (cause < this.cause)
        {
            throw new IllegalStateException("cause=" + cause + " committed to ring=" + ring.name + " after cause=" + this.cause +
                ": causes on a ring never decrease, an output carries the cause of the slot being processed");
        }
        this.cause = cause;
    }

    private void poison(final long slot)
    {
        Memory.fill(slot, ring.slotLength, DebugMode.POISON);
        ring.seal(slot);
    }

    private IllegalStateException overrun(final long sequence, final int slots, final String when)
    {
        return new IllegalStateException("canary overwritten behind sequence=" + sequence + " slots=" + slots + " of ring=" + ring.name +
            " " + when + ": a writer left its slot of slotLength=" + ring.slotLength + ", claim more slots or raise the slot length");
    }
}
