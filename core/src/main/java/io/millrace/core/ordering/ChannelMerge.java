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

import io.millrace.memory.DebugMode;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;

/** The part of a merge that does not depend on which channel is next: runs, barriers, ends. */
abstract class ChannelMerge implements InputMerge
{
    final InputChannel[] channels;

    private InputChannel current;
    private int run;
    private long runLastCause;
    private byte kind;
    private boolean blocking = true;
    private int barriers;
    private int ended;

    ChannelMerge(final InputChannel[] channels)
    {
        this.channels = channels;
        this.current = channels[0];
    }

    /** Opens a run by {@link #open}, or returns 0. */
    abstract int select();

    @Override
    public final int next()
    {
        return run != 0 ? run : select();
    }

    /** Forgets what is left of a run, so that {@link #next()} selects anew: it was longer than what is to be taken of it. */
    final void closeRun()
    {
        run = 0;
    }

    @Override
    public final int channel()
    {
        return current.index;
    }

    @Override
    public final long address()
    {
        return current.address();
    }

    @Override
    public final int stride()
    {
        return current.consumer.stride();
    }

    @Override
    public final byte kind()
    {
        return kind;
    }

    @Override
    public final void consume(final int slots)
    {
        if (DebugMode.ENABLED && (slots < 0 || slots > run))
        {
            throw new IllegalStateException("slots=" + slots + " consumed but run=" + run + " " + current +
                ": consume at most what next() returned");
        }
        final InputChannel channel = current;
        run -= slots;
        if (run == 0)
        {
            channel.last = runLastCause;
        }
        channel.consume(slots);
        if (kind != SlotDescriptor.KIND_DATA && run == 0)
        {
            onControl(channel);
        }
    }

    @Override
    public final boolean aligned()
    {
        return run != 0 && (kind == SlotDescriptor.KIND_BARRIER || endsBeforeBarrier()) &&
            barriers + ended + 1 == channels.length;
    }

    private boolean endsBeforeBarrier()
    {
        return kind == SlotDescriptor.KIND_END_OF_STREAM && barriers != 0 && !current.barrier;
    }

    @Override
    public final void blocking(final boolean untilAligned)
    {
        blocking = untilAligned;
    }

    @Override
    public final boolean aligning()
    {
        return barriers != 0;
    }

    @Override
    public final void unblock()
    {
        for (final InputChannel channel : channels)
        {
            channel.held = false;
        }
    }

    @Override
    public final boolean ending()
    {
        return run != 0 && kind == SlotDescriptor.KIND_END_OF_STREAM && ended + 1 == channels.length;
    }

    @Override
    public final boolean ended()
    {
        return ended == channels.length;
    }

    @Override
    public final void release()
    {
        for (final InputChannel channel : channels)
        {
            channel.release();
        }
    }

    /**
     * Opens a run at the head of a channel: one control slot, or data slots below a limit.
     *
     * @param channel that has a head
     * @param limit   first cause that is not released
     * @return slots of the run
     */
    final int open(final InputChannel channel, final long limit)
    {
        final long first = channel.address();
        current = channel;
        kind = SlotDescriptor.kind(first);
        runLastCause = channel.head;
        run = kind == SlotDescriptor.KIND_DATA ? measure(channel, first, limit) : 1;
        return run;
    }

    private int measure(final InputChannel channel, final long first, final long limit)
    {
        final int most = Math.min(channel.contiguousSlots(), MAX_RUN_SLOTS);
        final int stride = channel.consumer.stride();
        final int slotLength = channel.consumer.slotLength();
        int slots = ProducerGraph.recordSlots(first, slotLength);
        long last = channel.head;
        long slot = first + (long)slots * stride;
        while (slots < most && SlotDescriptor.kind(slot) == SlotDescriptor.KIND_DATA)
        {
            final long cause = SlotDescriptor.cause(slot);
            if (cause >= limit)
            {
                break;
            }
            final int record = ProducerGraph.recordSlots(slot, slotLength);
            last = cause;
            slots += record;
            slot += (long)record * stride;
        }
        runLastCause = last;
        return slots;
    }

    private void onControl(final InputChannel channel)
    {
        if (kind == SlotDescriptor.KIND_BARRIER)
        {
            if (channel.barrier)
            {
                throw new IllegalStateException(channel +
                    " brings a barrier before the one under way has come on all channels: one checkpoint at a time");
            }
            channel.barrier = true;
            channel.held = blocking;
            barriers++;
        }
        else if (kind == SlotDescriptor.KIND_END_OF_STREAM)
        {
            // Not blocked, a channel may end behind a barrier that others have still to bring.
            barriers -= channel.barrier ? 1 : 0;
            channel.barrier = false;
            channel.ended = true;
            channel.head = RecordRing.NO_CAUSE;
            ended++;
        }
        if (barriers != 0 && barriers + ended == channels.length)
        {
            barriers = 0;
            for (final InputChannel each : channels)
            {
                each.barrier = false;
                each.held = false;
            }
        }
    }
}
