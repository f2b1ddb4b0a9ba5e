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

import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.SingleProducerSequencer;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;

/**
 * A ring of fixed-stride off-heap slots with one producer and one or several consumers, each of which sees every slot.
 * <p>
 * Slot {@code sequence & (capacity - 1)} starts at {@code base + index * stride}; the base lies on a cache line, so slot lengths that are
 * multiples of 64 keep slots on lines of their own. Sequences count slots from 0. The cursor and the consumed sequences are the
 * Disruptor's {@code Sequence}s: ordered stores, acquiring loads, each on its own cache lines.
 * <p>
 * The ring owns its memory; whoever created it closes it after the producer, the consumers and all threads that scan it have stopped.
 * In debug mode there is a canary word behind every slot, so the stride is 8 bytes longer, and a slot that all consumers
 * released is filled with {@link DebugMode#POISON} when the producer next claims.
 */
public final class RecordRing implements AutoCloseable
{
    /** What {@link RingConsumer#pendingCause()} returns when nothing is pending. Causes are never negative. */
    public static final long NO_CAUSE = -1L;

    static final int CANARY_LENGTH = DebugMode.ENABLED ? Long.BYTES : 0;
    static final long CANARY = 0xCA4A_27CA_4A27_CA4AL;

    final String name;
    final int capacity;
    final int slotLength;
    final int stride;
    final SingleProducerSequencer sequencer;

    private final Region region;
    private final RingConsumer[] consumers;
    private final RingProducer producer;

    private RecordRing(
        final MemoryAccount account,
        final String name,
        final int capacity,
        final int slotLength,
        final int consumers,
        final Runnable signal)
    {
        this.name = name;
        this.capacity = capacity;
        this.slotLength = slotLength;
        this.stride = slotLength + CANARY_LENGTH;
        this.sequencer = new SingleProducerSequencer(capacity, new SignalWaitStrategy(signal));
        this.consumers = new RingConsumer[consumers];
        this.region = Region.allocate(account, name, (long)capacity * stride);
        final SequenceBarrier barrier = sequencer.newBarrier();
        for (int i = 0; i < consumers; i++)
        {
            this.consumers[i] = new RingConsumer(this, i, barrier);
            sequencer.addGatingSequences(this.consumers[i].sequence());
        }
        this.producer = new RingProducer(this);
    }

    /**
     * What a ring takes.
     *
     * @param capacitySlots a power of two
     * @param slotLength    in bytes with the header
     * @return bytes, without what they are aligned with
     */
    public static long bytes(final int capacitySlots, final int slotLength)
    {
        return (long)capacitySlots * (slotLength + CANARY_LENGTH);
    }

    /**
     * Creates a ring that signals nobody: its consumers poll.
     *
     * @param account       that the memory is counted in
     * @param name          for messages
     * @param capacitySlots a power of two
     * @param slotLength    in bytes with the header, a multiple of 8
     * @param consumers     at least 1
     * @return the ring, to be closed by the caller
     * @throws IllegalArgumentException when a number is out of its range
     */
    public static RecordRing create(
        final MemoryAccount account, final String name, final int capacitySlots, final int slotLength, final int consumers)
    {
        return create(account, name, capacitySlots, slotLength, consumers, RecordRing::signalNobody);
    }

    /**
     * Creates a ring.
     *
     * @param account       that the memory is counted in
     * @param name          for messages
     * @param capacitySlots a power of two
     * @param slotLength    in bytes with the header, a multiple of 8
     * @param consumers     at least 1
     * @param signal        run by the producer's thread after each publication, to wake parked consumers. The cursor was written with
     *                      an ordered store only: a signal that reads a "parked" flag first needs a full fence before that read
     * @return the ring, to be closed by the caller
     * @throws IllegalArgumentException when a number is out of its range
     */
    public static RecordRing create(
        final MemoryAccount account,
        final String name,
        final int capacitySlots,
        final int slotLength,
        final int consumers,
        final Runnable signal)
    {
        if (Integer.bitCount(capacitySlots) != 1 || capacitySlots < 0)
        {
            throw new IllegalArgumentException("capacitySlots=" + capacitySlots + " of ring=" + name +
                " is not a power of two: " + (capacitySlots < 1 ? "use at least 1" : capacitySlots > 1 << 30 ? "use at most " + (1 << 30) :
                "round it up to " + Integer.highestOneBit(capacitySlots) * 2));
        }
        if (slotLength < SlotDescriptor.HEADER_LENGTH)
        {
            throw new IllegalArgumentException("slotLength=" + slotLength + " of ring=" + name +
                " is shorter than the header: use at least " + SlotDescriptor.HEADER_LENGTH);
        }
        if ((slotLength & 7) != 0)
        {
            throw new IllegalArgumentException("slotLength=" + slotLength + " of ring=" + name +
                " is not a multiple of 8: round it up to " + (slotLength + 7 & -8));
        }
        if (consumers < 1)
        {
            throw new IllegalArgumentException("consumers=" + consumers + " of ring=" + name +
                ": a ring without a consumer would overwrite what nobody read, use at least 1");
        }
        return new RecordRing(account, name, capacitySlots, slotLength, consumers, signal);
    }

    /**
     * @return the one producer; one thread at a time
     */
    public RingProducer producer()
    {
        return producer;
    }

    /**
     * @param index from 0
     * @return that consumer; one thread at a time
     */
    public RingConsumer consumer(final int index)
    {
        return consumers[index];
    }

    /**
     * @return number of consumers
     */
    public int consumers()
    {
        return consumers.length;
    }

    /**
     * @return for messages
     */
    public String name()
    {
        return name;
    }

    /**
     * @return in slots
     */
    public int capacity()
    {
        return capacity;
    }

    /**
     * @return bytes of a slot, header included
     */
    public int slotLength()
    {
        return slotLength;
    }

    /**
     * @return bytes from the start of a slot to the start of the next: the slot's length, and in debug mode a canary
     */
    public int stride()
    {
        return stride;
    }

    /**
     * The most slots that one record may take: half of the ring, so that it still fits when padding comes before it.
     *
     * @return in slots, at least 1
     */
    public int maxRecordSlots()
    {
        return Math.max(1, capacity >> 1);
    }

    /**
     * @param payloadLength of a record in bytes
     * @return slots that the record takes
     */
    public int slots(final int payloadLength)
    {
        final int length = SlotDescriptor.HEADER_LENGTH + payloadLength;
        return length <= slotLength ? 1 : (length + slotLength - 1) / slotLength;
    }

    /**
     * The cursor. Any thread; an acquiring load.
     *
     * @return sequence of the last published slot, -1 at first
     */
    public long published()
    {
        return sequencer.getCursor();
    }

    /**
     * @param sequence of a slot
     * @return its address
     */
    long address(final long sequence)
    {
        return region.address() + (sequence & capacity - 1) * stride;
    }

    boolean closed()
    {
        return region.address() == 0;
    }

    IllegalStateException closedException()
    {
        return new IllegalStateException("ring=" + name + " is closed: stop its tasks before closing it");
    }

    /** Frees the memory. Afterwards the producer claims with an exception and the consumers poll nothing. */
    @Override
    public void close()
    {
        if (!closed())
        {
            producer.detach();
            for (final RingConsumer consumer : consumers)
            {
                consumer.detach();
            }
            region.close();
        }
    }

    @Override
    public String toString()
    {
        return name + " capacity=" + capacity + " slotLength=" + slotLength + " published=" + published() +
            " consumed=" + sequencer.getMinimumSequence();
    }

    private static void signalNobody()
    {
    }

    /** Writes the canary behind a slot. */
    void seal(final long slot)
    {
        Memory.putLong(slot + slotLength, CANARY);
    }

    boolean sealed(final long slot)
    {
        return Memory.getLong(slot + slotLength) == CANARY;
    }
}
