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
package io.millrace.operators.source;

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What an {@link Ingress} and the {@link IngressSource} that reads it have in common. It outlives the source: after a
 * restart within the process the next one goes on where the last one stopped. Not for applications.
 */
public final class IngressChannel
{
    /** The most frames that are with the journal and not emitted yet. */
    private static final int MAX_IN_FLIGHT = 64;
    private static final int MAX_SLOT_LENGTH = 1024;

    private final String name;
    private final MemoryAccount account;
    private final RecordRing ring;
    private final int recordSlots;
    private final AtomicInteger holds = new AtomicInteger(1);
    private final AtomicReference<String> reader = new AtomicReference<>();
    private final AtomicLong durable = new AtomicLong();
    private final AtomicLong recovered = new AtomicLong(-1);
    private final FrameQueue inFlight = new FrameQueue(MAX_IN_FLIGHT);
    private final FrameQueue undurable = new FrameQueue(MAX_IN_FLIGHT);
    private volatile boolean ended;
    private long taken;
    private long emitted;

    IngressChannel(final String name, final RecordType<?, ?> type, final int capacitySlots)
    {
        this.name = name;
        this.account = new MemoryAccount(name);
        final int slotLength = Math.min(MAX_SLOT_LENGTH, SlotDescriptor.slotLength(type.maxLength(), 64));
        this.recordSlots = (SlotDescriptor.HEADER_LENGTH + type.maxLength() + slotLength - 1) / slotLength;
        if (recordSlots > 1 && recordSlots > capacitySlots / 2)
        {
            throw new IllegalArgumentException("record=" + type + " of maxLength=" + type.maxLength() +
                " takes slots=" + recordSlots + ", more than half of capacitySlots=" + capacitySlots +
                ": raise the capacity of the ingress");
        }
        this.ring = RecordRing.create(account, name, capacitySlots, slotLength, 1);
    }

    RecordRing ring()
    {
        return ring;
    }

    int recordSlots()
    {
        return recordSlots;
    }

    String name()
    {
        return name;
    }

    long recovered()
    {
        return recovered.getAcquire();
    }

    long durable()
    {
        return durable.getAcquire();
    }

    long offHeapBytes()
    {
        return account.allocatedBytes();
    }

    void end()
    {
        ended = true;
    }

    /** Gives up one hold; the last one frees the memory. */
    void release()
    {
        if (holds.decrementAndGet() == 0)
        {
            ring.close();
        }
    }

    /**
     * Makes a source the one reader.
     *
     * @param source for messages
     * @return the ring that it reads
     * @throws IllegalStateException when there is another one, or the ingress is closed
     */
    public RecordRing attach(final String source)
    {
        final String other = reader.compareAndExchange(null, source);
        if (other != null)
        {
            throw new IllegalStateException(name + " is read by " + other + " and cannot be read by " + source +
                " at the same time: create an ingress for each");
        }
        if (holds.getAndUpdate(held -> held == 0 ? 0 : held + 1) == 0)
        {
            reader.set(null);
            throw new IllegalStateException(name + " is closed and cannot be read by " + source +
                ": create another one");
        }
        return ring;
    }

    /** Ends what {@link #attach} began. */
    public void detach()
    {
        reader.set(null);
        release();
    }

    /**
     * Whether nothing more will be published. Read before the ring is polled.
     *
     * @return true after the end
     */
    public boolean ended()
    {
        return ended;
    }

    /**
     * Frames that are with the journal and not emitted, or not all of them.
     *
     * @return for the reader's thread
     */
    public FrameQueue inFlight()
    {
        return inFlight;
    }

    /**
     * Frames that are not durable yet, with the number of records taken up to the end of each.
     *
     * @return for the reader's thread
     */
    public FrameQueue undurable()
    {
        return undurable;
    }

    /**
     * Counts records that the engine took from the ring.
     *
     * @param records more than before
     * @return number of all
     */
    public long take(final int records)
    {
        taken += records;
        return taken;
    }

    /**
     * Tells the application how much is safe.
     *
     * @param position number of records
     */
    public void durable(final long position)
    {
        durable.setRelease(position);
    }

    /**
     * Tells the application how many records of earlier processes came back; only the first call counts.
     *
     * @param records the number
     */
    public void recovered(final long records)
    {
        recovered.compareAndExchangeRelease(-1, records);
    }

    /**
     * Records emitted when the last reader stopped.
     *
     * @return the number, counted from the job's first record
     */
    public long emitted()
    {
        return emitted;
    }

    /**
     * Notes what was emitted.
     *
     * @param records the number, counted from the job's first record
     */
    public void emitted(final long records)
    {
        emitted = records;
    }

    @Override
    public String toString()
    {
        return name;
    }
}
