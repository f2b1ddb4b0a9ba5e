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
package io.millrace.operators.sink;

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;
import io.millrace.memory.ring.RingProducer;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What an {@link Egress} and the {@link EgressOperator} that writes to it have in common. It outlives the operator: after a
 * restart within the process the next one writes to a ring of its own, which is polled behind the last one's. Not for
 * applications.
 */
public final class EgressChannel
{
    /** Control slot with which an operator begins: the cause, and as the timestamp the ordinal, of the record before. */
    public static final byte KIND_RESUME = SlotDescriptor.KIND_ACTIVE;

    private static final int MAX_SLOT_LENGTH = 1024;

    private final String name;
    private final MemoryAccount account;
    private final int capacity;
    private final int slotLength;
    private final ConcurrentLinkedQueue<RecordRing> rings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger holds = new AtomicInteger(1);
    private final AtomicReference<String> writer = new AtomicReference<>();
    private volatile boolean readerClosed;
    /** Whether a writer has had the last ring; guarded by being the writer. */
    private boolean used;

    EgressChannel(final String name, final RecordType<?, ?> type, final int capacitySlots)
    {
        this.name = name;
        this.account = new MemoryAccount(name);
        this.capacity = capacitySlots;
        this.slotLength = Math.min(MAX_SLOT_LENGTH, SlotDescriptor.slotLength(type.maxLength(), 64));
        final int recordSlots = (SlotDescriptor.HEADER_LENGTH + type.maxLength() + slotLength - 1) / slotLength;
        if (recordSlots > 1 && recordSlots > capacitySlots / 2)
        {
            throw new IllegalArgumentException("record=" + type + " of maxLength=" + type.maxLength() +
                " takes slots=" + recordSlots + ", more than half of capacitySlots=" + capacitySlots +
                ": raise the capacity of the egress");
        }
        rings.add(newRing());
    }

    private RecordRing newRing()
    {
        return RecordRing.create(account, name, capacity, slotLength, 1);
    }

    String name()
    {
        return name;
    }

    /** The ring to poll; the reader's thread. */
    RingConsumer consumer()
    {
        return rings.element().consumer(0);
    }

    /** Whether a ring with something to read comes after the one that is polled; then that is let go. */
    boolean nextRing()
    {
        if (rings.size() == 1 || consumer().poll() > 0)
        {
            return false;
        }
        rings.remove().close();
        return true;
    }

    int slots(final long slot)
    {
        return (SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot) + slotLength - 1) / slotLength;
    }

    long offHeapBytes()
    {
        return account.allocatedBytes();
    }

    void closeReader()
    {
        readerClosed = true;
        release();
    }

    private void release()
    {
        if (holds.decrementAndGet() == 0)
        {
            rings.forEach(RecordRing::close);
        }
    }

    /**
     * Makes an operator the one writer.
     *
     * @param sink for messages
     * @return the producer of its ring
     * @throws IllegalStateException when there is another one, or the egress is closed
     */
    public RingProducer attach(final String sink)
    {
        final String other = writer.compareAndExchange(null, sink);
        if (other != null)
        {
            throw new IllegalStateException(name + " is written by " + other + " and cannot be written by " + sink +
                " at the same time: create an egress for each");
        }
        if (holds.getAndUpdate(held -> held == 0 ? 0 : held + 1) == 0)
        {
            writer.set(null);
            throw closed();
        }
        if (used)
        {
            rings.add(newRing());
        }
        used = true;
        return lastRing().producer();
    }

    private RecordRing lastRing()
    {
        RecordRing last = null;
        for (final RecordRing ring : rings)
        {
            last = ring;
        }
        return last;
    }

    /** Ends what {@link #attach} began. */
    public void detach()
    {
        writer.set(null);
        release();
    }

    /** Fails when the application has closed the egress. */
    public void checkOpen()
    {
        if (readerClosed)
        {
            throw closed();
        }
    }

    private IllegalStateException closed()
    {
        return new IllegalStateException(name + " is closed, and what is written to it would be lost: " +
            "close the job first, then the egress");
    }

    @Override
    public String toString()
    {
        return name;
    }
}
