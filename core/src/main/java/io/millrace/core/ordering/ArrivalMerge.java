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

import io.millrace.memory.ring.RecordRing;

/**
 * A merge that releases what has arrived, channel after channel, or the channel that it is {@link #follow told} to. What it
 * releases depends on the threads, so its runs are logged: see {@link OrderLog#KIND_RUN}.
 */
public final class ArrivalMerge extends ChannelMerge
{
    private static final int ANY = -1;

    private int turn;
    private int followed = ANY;

    ArrivalMerge(final InputChannel[] channels)
    {
        super(channels);
    }

    /**
     * Has the next run be of a channel, however long that takes. What is left of the run before is no run any more: more may
     * lie in the ring than when the order that is followed was made.
     *
     * @param channel from 0
     */
    public void follow(final int channel)
    {
        followed = channel;
        closeRun();
    }

    /** Has the next runs be of any channel. */
    public void followNone()
    {
        followed = ANY;
    }

    /**
     * Whether the channel that it is told to take brought its barrier, and is held until the others have.
     *
     * @return true when {@link #next()} waits for that
     */
    public boolean followsHeld()
    {
        return followed != ANY && channels[followed].held;
    }

    @Override
    int select()
    {
        final InputChannel[] channels = this.channels;
        if (followed != ANY)
        {
            return has(channels[followed]) ? open(channels[followed], Long.MAX_VALUE) : 0;
        }
        for (int tried = 0; tried < channels.length; tried++)
        {
            final InputChannel channel = channels[turn];
            turn = turn + 1 == channels.length ? 0 : turn + 1;
            if (has(channel))
            {
                return open(channel, Long.MAX_VALUE);
            }
        }
        return 0;
    }

    private static boolean has(final InputChannel channel)
    {
        return !channel.closed() && (channel.head != RecordRing.NO_CAUSE || channel.peek() != RecordRing.NO_CAUSE);
    }

    @Override
    public void close()
    {
    }
}
