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

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;

/**
 * A merge that releases the lowest (cause, channel): the same runs in every replay, whatever the threads do.
 * <p>
 * The candidate is the channel with the lowest head, the first of equals. It is released when no other channel can
 * bring anything lower. What a channel without slots can bring is not below the last cause consumed on it, nor below
 * the last {@link PullScan}. The limit of a run is computed once, so a record costs a comparison. One cause may come on
 * several channels (a watermark that several tasks fired on); all of it on one channel goes before the next channel.
 * <p>
 * Bounded rings and one cause with more outputs than a ring holds make such merges wait for each other. So while a
 * merge waits at a cause, it moves slots of just that cause from full rings to {@link Lane}s. They are empty before the
 * next cause starts.
 * <p>
 * Made by {@link ProducerGraph#merge}.
 */
public class CausalMerge extends ChannelMerge
{
    private final String name;
    private final PullScan scan;
    private final MemoryAccount account;
    private final long maxLaneSlots;
    private long laneSlots;
    private long peakLaneSlots;
    private int blocker = -1;

    CausalMerge(
        final String name,
        final InputChannel[] channels,
        final PullScan scan,
        final MemoryAccount account,
        final long maxLaneSlots)
    {
        super(check(name, channels));
        this.name = name;
        this.scan = scan;
        this.account = account;
        this.maxLaneSlots = maxLaneSlots;
    }

    /**
     * The channel that the merge waits for, for the metric of its waits.
     *
     * @return a channel, or -1 when the last {@link #next()} released something or found all channels empty
     */
    public int blocker()
    {
        return blocker;
    }

    /**
     * @return the most slots that were in the lanes at once
     */
    public long peakLaneSlots()
    {
        return peakLaneSlots;
    }

    /**
     * What the merge knows of its channels.
     *
     * @return a description for people, on the merge's thread
     */
    public String explain()
    {
        final StringBuilder text = new StringBuilder("merge=").append(name);
        if (blocker >= 0)
        {
            text.append(" waits for channel=").append(blocker).append(" of task=").append(scan.producerName(blocker));
        }
        for (final InputChannel channel : channels)
        {
            text.append("\n  ").append(channel);
        }
        return text.toString();
    }

    @Override
    public void close()
    {
        for (final InputChannel channel : channels)
        {
            if (channel.lane != null)
            {
                channel.lane.close();
                channel.lane = null;
            }
        }
    }

    @Override
    int select()
    {
        blocker = -1;
        while (true)
        {
            final InputChannel candidate = candidate();
            if (candidate == null)
            {
                return 0;
            }
            final InputChannel blocking = blocking(candidate);
            if (blocking == null)
            {
                return open(candidate, limit(candidate));
            }
            if (!pull(blocking, candidate))
            {
                blocker = blocking.index;
                stash(candidate);
                return 0;
            }
        }
    }

    /** The channel with the lowest head, the first of equals, or null when all are empty. */
    InputChannel candidate()
    {
        InputChannel candidate = null;
        long lowest = Long.MAX_VALUE;
        for (final InputChannel channel : channels)
        {
            if (!channel.closed())
            {
                final long head = channel.head != RecordRing.NO_CAUSE ? channel.head : channel.peek();
                if (head != RecordRing.NO_CAUSE && head < lowest)
                {
                    lowest = head;
                    candidate = channel;
                }
            }
        }
        return candidate;
    }

    /** The first channel that may still bring something that goes before the candidate's head, or null. */
    InputChannel blocking(final InputChannel candidate)
    {
        for (final InputChannel channel : channels)
        {
            if (channel != candidate && blocks(channel, candidate))
            {
                return channel;
            }
        }
        return null;
    }

    /** The first cause that may not go before the other channels' next ones. */
    long limit(final InputChannel candidate)
    {
        long limit = Long.MAX_VALUE;
        for (final InputChannel channel : channels)
        {
            if (channel != candidate)
            {
                final long frontier = frontier(channel);
                limit = Math.min(limit, channel.index > candidate.index && frontier != Long.MAX_VALUE ? frontier + 1 : frontier);
            }
        }
        return limit;
    }

    final long frontier(final InputChannel channel)
    {
        return channel.closed() ? Long.MAX_VALUE :
            channel.head != RecordRing.NO_CAUSE ? channel.head : Math.max(channel.last, channel.bound);
    }

    /**
     * Scans the producers of an empty channel, then looks at its ring again.
     *
     * @return true when a slot has come or the channel does not block the candidate any more: choose again
     */
    boolean pull(final InputChannel channel, final InputChannel candidate)
    {
        final long bound = scan.bound(channel.index);
        if (channel.peek() != RecordRing.NO_CAUSE)
        {
            return true;
        }
        channel.bound = Math.max(channel.bound, bound);
        return !blocks(channel, candidate);
    }

    /** Whether a channel may still bring something that goes before the candidate's head. */
    boolean blocks(final InputChannel channel, final InputChannel candidate)
    {
        final long frontier = frontier(channel);
        return frontier < candidate.head || frontier == candidate.head && channel.index < candidate.index;
    }

    /** Moves slots of the cause that the merge waits at out of rings that are full of them, once nothing lower can come. */
    void stash(final InputChannel candidate)
    {
        final long cause = candidate.head;
        boolean lowest = false;
        for (final InputChannel channel : channels)
        {
            if (channel.head == cause && isFull(channel))
            {
                lowest = lowest || isLowest(candidate);
                if (!lowest)
                {
                    return;
                }
                move(channel, cause);
            }
        }
    }

    /** Whether the producer may be stuck. One of records of several slots is, when padding and record do not fit. */
    private static boolean isFull(final InputChannel channel)
    {
        if (channel.closed() || channel.dirty)
        {
            return false;
        }
        final long used = channel.consumer.published() - channel.consumer.consumed();
        final int capacity = channel.consumer.ring().capacity();
        return used >= Math.max(1, Math.min(capacity - (capacity >> 2), capacity - 2 * channel.recordSlots + 2));
    }

    /** Whether the merge waits for more of the candidate's cause, not for a lower one: looks upstream of all empty channels. */
    private boolean isLowest(final InputChannel candidate)
    {
        final long cause = candidate.head;
        for (final InputChannel channel : channels)
        {
            if (frontier(channel) < cause)
            {
                pull(channel, candidate);
                if (frontier(channel) < cause)
                {
                    return false;
                }
            }
        }
        return true;
    }

    private void move(final InputChannel channel, final long cause)
    {
        final int stride = channel.consumer.stride();
        final int slotLength = channel.consumer.slotLength();
        if (channel.available == 0 || SlotDescriptor.kind(channel.consumer.address()) == SlotDescriptor.KIND_PADDING)
        {
            channel.available = channel.consumer.poll();
        }
        final int available = channel.available;
        long slot = channel.consumer.address();
        int moved = 0;
        while (moved < available && SlotDescriptor.cause(slot) == cause && mayWait(SlotDescriptor.kind(slot)))
        {
            final int slots = ProducerGraph.recordSlots(slot, slotLength);
            add(channel, slot, slots);
            moved += slots;
            slot += (long)slots * stride;
        }
        if (moved != 0)
        {
            channel.consumer.consume(moved);
            channel.available -= moved;
            handOver(channel, cause);
        }
    }

    /** The slots show in the lane before the ring forgets them. */
    void handOver(final InputChannel channel, final long cause)
    {
        channel.laneCause(cause);
        channel.consumer.release();
    }

    private void add(final InputChannel channel, final long slot, final int slots)
    {
        Lane lane = channel.lane;
        if (lane == null)
        {
            lane = new Lane(account, "lane of " + name, channel.consumer.stride(), channel.recordSlots);
            channel.lane = lane;
        }
        lane.add(slot, slots);
        laneSlots = 0;
        for (final InputChannel each : channels)
        {
            laneSlots += each.lane == null ? 0 : each.lane.slots();
        }
        peakLaneSlots = Math.max(peakLaneSlots, laneSlots);
        if (laneSlots > maxLaneSlots)
        {
            throw new IllegalStateException("lanes of merge=" + name + " hold slots=" + laneSlots + " of one cause=" + channel.head +
                ", maxLaneSlots=" + maxLaneSlots + ": let one record or watermark upstream of " + channel +
                " cause fewer outputs, or raise the limit");
        }
    }

    /** Barriers and ends come alone with their causes; padding stays where it is. */
    private static boolean mayWait(final byte kind)
    {
        return kind != SlotDescriptor.KIND_BARRIER && kind != SlotDescriptor.KIND_END_OF_STREAM && kind != SlotDescriptor.KIND_PADDING;
    }

    private static InputChannel[] check(final String name, final InputChannel[] channels)
    {
        if (channels.length < 2)
        {
            throw new IllegalArgumentException("merge=" + name + " has channels=" + channels.length +
                ": a task with a single channel reads its ring, no merge");
        }
        return channels;
    }
}
