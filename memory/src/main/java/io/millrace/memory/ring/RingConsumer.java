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

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * One reader of a {@link RecordRing}.
 *
 * <pre>
 *   final int slots = consumer.poll();                       // one acquiring load, linear addresses
 *   long slot = consumer.address();
 *   for (int i = 0; i &lt; slots &amp;&amp; kind(slot) == KIND_DATA; i++, slot += consumer.stride()) { ... }
 *   consumer.consume(i);                                     // local
 *   outputs.publish();                                       // outputs first
 *   consumer.release();                                      // then the consumed sequence, one ordered store
 * </pre>
 *
 * {@code poll}, {@code address}, {@code consume} and {@code release} are for the consumer's thread; {@link #consumed()},
 * {@link #published()} and {@link #pendingCause()} for any.
 */
public final class RingConsumer extends RingPadding
{
    private final RecordRing ring;
    private final int index;
    private final SequenceBarrier barrier;
    private final Sequence consumed = new Sequence();
    private final int capacity;
    private final int stride;
    private final long base;
    private final long end;
    private long position;
    private long released;
    private long address;
    private int polled;

    RingConsumer(final RecordRing ring, final int index, final SequenceBarrier barrier)
    {
        this.ring = ring;
        this.index = index;
        this.barrier = barrier;
        this.capacity = ring.capacity;
        this.stride = ring.stride;
        this.base = ring.address(0);
        this.end = base + (long)capacity * stride;
        this.position = consumed.get();
        this.released = position;
        this.address = base;
    }

    /**
     * Looks for slots that were not consumed yet. They lie one after the other from {@link #address()}, {@link #stride()} bytes apart; what
     * wraps around the end of the ring is for the next call. A record of several slots is never cut. Padding at the front is
     * skipped; padding at the end may be part of the run, so a loop stops at every kind that it does not know.
     *
     * @return number of slots, 0 when there is none
     */
    public int poll()
    {
        final long available = barrier.getCursor() - position;
        if (available <= 0)
        {
            return 0;
        }
        if (SlotDescriptor.kind(address) == SlotDescriptor.KIND_PADDING)
        {
            return pollBehindPadding(available);
        }
        final int slots = (int)Math.min(available, capacity - (position + 1 & capacity - 1));
        if (DebugMode.ENABLED)
        {
            polled = slots;
        }
        return slots;
    }

    /**
     * @return address of the first slot that was not consumed; it may be read when {@link #poll()} returned more than 0
     */
    public long address()
    {
        return address;
    }

    /**
     * @return bytes from slot to slot
     */
    public int stride()
    {
        return stride;
    }

    /**
     * @return bytes of a slot, header included
     */
    public int slotLength()
    {
        return ring.slotLength;
    }

    /**
     * Moves on by whole records. Local to this thread: the producer learns of it by {@link #release()}.
     *
     * @param slots at most what the last {@link #poll()} returned and was not consumed since
     */
    public void consume(final int slots)
    {
        if (DebugMode.ENABLED)
        {
            checkConsume(slots);
        }
        position += slots;
        final long next = address + (long)slots * stride;
        address = next == end ? base : next;
    }

    /**
     * Gives the consumed slots back to the producer, with one ordered store. Outputs that they caused must have been published before: who
     * scans the graph finds every record in at least one place.
     */
    public void release()
    {
        final long position = this.position;
        if (position != released)
        {
            released = position;
            consumed.set(position);
        }
    }

    /**
     * Any thread; an acquiring load.
     *
     * @return sequence of the last released slot, -1 at first
     */
    public long consumed()
    {
        return consumed.get();
    }

    /**
     * Any thread; an acquiring load.
     *
     * @return sequence of the last published slot, -1 at first
     */
    public long published()
    {
        return barrier.getCursor();
    }

    /**
     * The cause of the first slot that is not released. Any thread. The consumed sequence is read, then the cursor, the slot, and the
     * consumed sequence again; when it has moved, the slot may be the producer's again, and the reads are repeated.
     *
     * @return the cause, or {@link RecordRing#NO_CAUSE} when everything that was published was released
     */
    public long pendingCause()
    {
        while (true)
        {
            final long sequence = consumed.get();
            if (barrier.getCursor() <= sequence)
            {
                return RecordRing.NO_CAUSE;
            }
            final long slot = base + (sequence + 1 & capacity - 1) * stride;
            final long cause = Memory.getLongVolatile(slot + SlotDescriptor.CAUSE_OFFSET);
            Memory.loadFence();
            if (consumed.get() == sequence)
            {
                return cause;
            }
        }
    }

    /**
     * @return the ring that is read
     */
    public RecordRing ring()
    {
        return ring;
    }

    @Override
    public String toString()
    {
        return ring.name + " consumer=" + index + " consumed=" + consumed() + " published=" + published();
    }

    Sequence sequence()
    {
        return consumed;
    }

    /** Makes poll return 0 for ever. */
    void detach()
    {
        position = Long.MAX_VALUE;
        released = position;
        address = 0;
    }

    private int pollBehindPadding(final long available)
    {
        final int padding = (int)(capacity - (position + 1 & capacity - 1));
        position += padding;
        address = base;
        // The record that needed the padding was published with it.
        final int slots = (int)Math.min(available - padding, capacity);
        if (DebugMode.ENABLED)
        {
            polled = slots;
        }
        return slots;
    }

    private void checkConsume(final int slots)
    {
        if (slots < 0 || slots > polled)
        {
            throw new IllegalStateException("slots=" + slots + " consumed from ring=" + ring.name + " consumer=" + index +
                " but polled=" + polled + ": consume at most what poll() returned");
        }
        polled -= slots;
    }
}
