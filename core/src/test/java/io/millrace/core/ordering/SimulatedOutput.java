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
package io.millrace.core.ordering;

import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingProducer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The rings that a source or task writes, and what it has still to write. */
final class SimulatedOutput
{
    private final List<RecordRing> rings = new ArrayList<>();
    private final Deque<long[]> pending = new ArrayDeque<>();
    private long unpublished = IngressClock.NONE;
    private int next;

    void add(final RecordRing ring)
    {
        rings.add(ring);
    }

    int size()
    {
        return rings.size();
    }

    void emit(final long value, final long cause)
    {
        pending.add(new long[]{SimulationPlan.bucket(value, rings.size()), SlotDescriptor.KIND_DATA, value, cause});
    }

    void emitToAll(final byte kind, final long value, final long cause)
    {
        for (int i = 0; i < rings.size(); i++)
        {
            pending.add(new long[]{i, kind, value, cause});
        }
    }

    boolean isEmpty()
    {
        return pending.isEmpty();
    }

    /** Cause of the first slot that is not on its ring, {@link IngressClock#NONE} when all are. */
    long firstPending()
    {
        return pending.isEmpty() ? IngressClock.NONE : pending.peek()[3];
    }

    /** Lowest cause that nobody can see yet. */
    long lowestHidden()
    {
        return Math.min(unpublished, firstPending());
    }

    /** Writes some of what is pending; false when nothing could be written. */
    boolean write(final int most)
    {
        int written = 0;
        while (written < most && !pending.isEmpty() && put(pending.peek()))
        {
            pending.remove();
            written++;
        }
        return written != 0;
    }

    /** Publishes one more ring; true when none is left. */
    boolean publishOne()
    {
        if (next == rings.size())
        {
            next = 0;
            unpublished = IngressClock.NONE;
            return true;
        }
        rings.get(next++).producer().publish();
        return false;
    }

    /** Publishes all rings; true when that showed something. */
    boolean publish()
    {
        next = 0;
        unpublished = IngressClock.NONE;
        boolean shown = false;
        for (final RecordRing ring : rings)
        {
            shown |= ring.producer().batch() != 0;
            ring.producer().publish();
        }
        return shown;
    }

    boolean hasRoom(final int slots)
    {
        return rings.stream().allMatch(ring -> ring.producer().free() >= slots);
    }

    private boolean put(final long[] slot)
    {
        final RingProducer producer = rings.get((int)slot[0]).producer();
        if (slot[1] != SlotDescriptor.KIND_DATA)
        {
            if (!producer.control((byte)slot[1], slot[2], slot[3], 0))
            {
                return false;
            }
        }
        else
        {
            final long address = producer.claim();
            if (address == 0)
            {
                return false;
            }
            SlotDescriptor.kindAndLength(address, SlotDescriptor.KIND_DATA, Long.BYTES);
            SlotDescriptor.cause(address, slot[3]);
            Memory.putLong(address + SlotDescriptor.HEADER_LENGTH, slot[2]);
            producer.commit();
        }
        unpublished = Math.min(unpublished, slot[3]);
        return true;
    }

    @Override
    public String toString()
    {
        return "pending=" + pending.size() + " first=" + firstPending() + " " + rings;
    }
}
