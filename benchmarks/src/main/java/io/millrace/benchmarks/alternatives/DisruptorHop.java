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
package io.millrace.benchmarks.alternatives;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.millrace.benchmarks.hop.Hop;

/** Over a ring buffer of the Disruptor: objects on the heap, a batch published with one ordered store. */
public final class DisruptorHop extends Hop
{
    private final RingBuffer<Slot> ring =
        RingBuffer.createSingleProducer(Slot::new, CAPACITY, new YieldingWaitStrategy());
    private final SequenceBarrier barrier = ring.newBarrier();
    private final Sequence consumed = new Sequence();

    /** What a slot of the engine holds. */
    private static final class Slot
    {
        private long timestamp;
        private long cause;
        private long ingressTime;
        private long first;
        private long second;
        private long third;
        private long fourth;
    }

    /** Starts the receiving thread. */
    public DisruptorHop()
    {
        ring.addGatingSequences(consumed);
        start();
    }

    @Override
    protected boolean trySend(final long first, final int count)
    {
        final RingBuffer<Slot> ring = this.ring;
        if (!ring.hasAvailableCapacity(count))
        {
            return false;
        }
        final long last = ring.next(count);
        final long lowest = last - count + 1;
        for (int i = 0; i < count; i++)
        {
            final Slot slot = ring.get(lowest + i);
            slot.timestamp = first;
            slot.cause = first + i;
            slot.ingressTime = first;
            slot.first = first + i;
            slot.second = first + i;
            slot.third = first + i;
            slot.fourth = first + i;
        }
        ring.publish(lowest, last);
        return true;
    }

    @Override
    protected int tryReceive()
    {
        final RingBuffer<Slot> ring = this.ring;
        final long before = consumed.get();
        final long last = barrier.getCursor();
        if (last == before)
        {
            return 0;
        }
        long sum = 0;
        for (long sequence = before + 1; sequence <= last; sequence++)
        {
            final Slot slot = ring.get(sequence);
            sum += slot.timestamp + slot.cause + slot.ingressTime +
                slot.first + slot.second + slot.third + slot.fourth;
        }
        use(sum);
        consumed.set(last);
        return (int)(last - before);
    }

    @Override
    protected void free()
    {
    }
}
