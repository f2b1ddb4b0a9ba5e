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
package io.millrace.benchmarks.hop;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;
import io.millrace.memory.ring.RingProducer;

/** Over the engine's ring: off-heap slots, a batch published with one ordered store. */
public final class RecordRingHop extends Hop
{
    private final RecordRing ring = RecordRing.create(new MemoryAccount("hop", Long.MAX_VALUE), "hop", CAPACITY,
        SlotDescriptor.HEADER_LENGTH + PAYLOAD_LENGTH, 1);
    private final RingProducer producer = ring.producer();
    private final RingConsumer consumer = ring.consumer(0);

    /** Starts the receiving thread. */
    public RecordRingHop()
    {
        start();
    }

    @Override
    protected boolean trySend(final long first, final int count)
    {
        final RingProducer producer = this.producer;
        if (!producer.hasRoom(count))
        {
            return false;
        }
        for (int i = 0; i < count; i++)
        {
            final long slot = producer.claim();
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, PAYLOAD_LENGTH);
            SlotDescriptor.timestamp(slot, first);
            SlotDescriptor.cause(slot, first + i);
            SlotDescriptor.ingressTime(slot, first);
            final long payload = slot + SlotDescriptor.HEADER_LENGTH;
            for (int offset = 0; offset < PAYLOAD_LENGTH; offset += Long.BYTES)
            {
                Memory.putLong(payload + offset, first + i);
            }
            producer.commit();
        }
        producer.publish();
        return true;
    }

    @Override
    protected int tryReceive()
    {
        final RingConsumer consumer = this.consumer;
        final int count = consumer.poll();
        if (count > 0)
        {
            final int stride = consumer.stride();
            long slot = consumer.address();
            long sum = 0;
            for (int i = 0; i < count; i++)
            {
                sum += SlotDescriptor.timestamp(slot) + SlotDescriptor.cause(slot) + SlotDescriptor.ingressTime(slot);
                final long payload = slot + SlotDescriptor.HEADER_LENGTH;
                for (int offset = 0; offset < PAYLOAD_LENGTH; offset += Long.BYTES)
                {
                    sum += Memory.getLong(payload + offset);
                }
                slot += stride;
            }
            use(sum);
            consumer.consume(count);
            consumer.release();
        }
        return count;
    }

    @Override
    protected void free()
    {
        ring.close();
    }
}
