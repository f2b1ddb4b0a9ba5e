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

import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;

/**
 * One input of a task: the ring that it reads, the producer behind it, and, when the task merges, the lane beside the
 * ring.
 * <p>
 * The task's thread owns everything but {@link #pendingCause()}, {@link #laneCause()}: those are what scans of other
 * threads read, the ring before the lane, for that is how slots move.
 */
final class InputChannel
{
    final int index;
    final int producer;
    final RingConsumer consumer;
    final int recordSlots;

    /** Cause of the first slot that was not consumed, {@link RecordRing#NO_CAUSE} when none is known of. */
    long head = RecordRing.NO_CAUSE;
    /** Cause of the last slot that was consumed: what may come is not lower. */
    long last = RecordRing.NO_CAUSE;
    /** What the last scan said: what may come is not lower. */
    long bound = RecordRing.NO_CAUSE;
    /** Slots that the ring holds one after the other, as last polled. */
    int available;
    /** The barrier under way has come on the channel. */
    boolean barrier;
    /** Nothing behind that barrier is taken until it has come on all channels. */
    boolean held;
    boolean ended;
    /** Slots were consumed and not released. */
    boolean dirty;
    Lane lane;

    private final PaddedLong laneCause = new PaddedLong(RecordRing.NO_CAUSE);

    InputChannel(final int index, final int producer, final RingConsumer consumer, final int recordSlots)
    {
        this.index = index;
        this.producer = producer;
        this.consumer = consumer;
        this.recordSlots = recordSlots;
    }

    /** Any thread: cause of the first slot in the ring that is not released, or {@link RecordRing#NO_CAUSE}. */
    long pendingCause()
    {
        return consumer.pendingCause();
    }

    /** Any thread: the one cause of the slots in the lane, or {@link RecordRing#NO_CAUSE}. */
    long laneCause()
    {
        return laneCause.getAcquire();
    }

    void laneCause(final long cause)
    {
        laneCause.setRelease(cause);
    }

    boolean laneHolds()
    {
        return lane != null && lane.slots() != 0;
    }

    /** Looks for a head, in the lane and then in the ring. */
    long peek()
    {
        if (laneHolds())
        {
            head = SlotDescriptor.cause(lane.address());
            return head;
        }
        if (available == 0 || SlotDescriptor.kind(consumer.address()) == SlotDescriptor.KIND_PADDING)
        {
            available = consumer.poll();
        }
        head = available == 0 ? RecordRing.NO_CAUSE : SlotDescriptor.cause(consumer.address());
        return head;
    }

    long address()
    {
        return laneHolds() ? lane.address() : consumer.address();
    }

    /** Slots from {@link #address()} on. */
    int contiguousSlots()
    {
        return laneHolds() ? lane.contiguousSlots() : available;
    }

    void consume(final int slots)
    {
        if (laneHolds())
        {
            lane.consume(slots);
        }
        else
        {
            consumer.consume(slots);
            available -= slots;
        }
        dirty = true;
        peek();
    }

    /** The outputs are published: shows that the slots were consumed. */
    void release()
    {
        if (dirty)
        {
            dirty = false;
            if (lane != null && lane.slots() == 0 && laneCause.getAcquire() != RecordRing.NO_CAUSE)
            {
                laneCause.setRelease(RecordRing.NO_CAUSE);
                lane.reset();
            }
            consumer.release();
        }
    }

    /** Whether nothing more comes, or nothing more is taken for now. */
    boolean closed()
    {
        return held | ended;
    }

    @Override
    public String toString()
    {
        return "channel=" + index + " head=" + head + " last=" + last + " bound=" + bound + (held ? " held" : "") +
            (ended ? " ended" : "") + (lane == null ? "" : " lane=" + lane.slots()) + " ring=" + consumer;
    }
}
