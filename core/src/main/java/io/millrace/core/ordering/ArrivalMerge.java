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
 * A merge that releases what has arrived, channel after channel. Its output depends on the threads: it is here to be
 * compared with, and for what its cost is.
 */
public final class ArrivalMerge extends ChannelMerge
{
    private int turn;

    ArrivalMerge(final InputChannel[] channels)
    {
        super(channels);
    }

    @Override
    int select()
    {
        final InputChannel[] channels = this.channels;
        for (int tried = 0; tried < channels.length; tried++)
        {
            final InputChannel channel = channels[turn];
            turn = turn + 1 == channels.length ? 0 : turn + 1;
            if (!channel.closed() && (channel.head != RecordRing.NO_CAUSE || channel.peek() != RecordRing.NO_CAUSE))
            {
                return open(channel, Long.MAX_VALUE);
            }
        }
        return 0;
    }

    @Override
    public void close()
    {
    }
}
