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
package io.millrace.core.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Where a task shows how far its event time has got. Its thread writes a word when a watermark comes or has gone through,
 * never for a record, and without a fence; any thread reads. What is read together may be of different moments.
 */
final class WatermarkBoard
{
    private static final int ARRIVING = 0;
    private static final int TAKEN = 1;
    private static final int CHANNELS = 2;
    private static final int WORDS_OF_CHANNEL = 2;
    private static final long COUNTS = 0;
    private static final long IDLE = 1;
    private static final long CATCHING_UP = 2;

    private AtomicLongArray words = words(1);
    /** Nameless until they are given. */
    private List<Sender> senders = List.of();
    private volatile SourceState sourceState = SourceState.ACTIVE;

    /**
     * What sends on a channel.
     *
     * @param input    that the channel feeds
     * @param operator that sends
     * @param task     that it runs in
     */
    record Sender(int input, String operator, String task)
    {
    }

    /** Names the channels, before the job runs. */
    void channels(final List<Sender> channels)
    {
        senders = List.copyOf(channels);
        words = words(channels.size());
    }

    private static AtomicLongArray words(final int channels)
    {
        final AtomicLongArray words = new AtomicLongArray(CHANNELS + WORDS_OF_CHANNEL * channels);
        words.setPlain(ARRIVING, Long.MIN_VALUE);
        words.setPlain(TAKEN, Long.MIN_VALUE);
        for (int i = 0; i < channels; i++)
        {
            words.setPlain(watermarkOf(i), Long.MIN_VALUE);
        }
        return words;
    }

    private static int watermarkOf(final int channel)
    {
        return CHANNELS + WORDS_OF_CHANNEL * channel;
    }

    /** A watermark came on a channel, or the channel became idle or active. */
    void channel(final int channel, final long watermark, final boolean idle, final boolean aligned)
    {
        words.setOpaque(watermarkOf(channel), watermark);
        words.setOpaque(watermarkOf(channel) + 1, idle ? IDLE : aligned ? COUNTS : CATCHING_UP);
    }

    /** The operators begin to take a watermark. */
    void arriving(final long watermark)
    {
        words.setOpaque(ARRIVING, watermark);
    }

    /** Every operator has taken the watermark. */
    void taken(final long watermark)
    {
        words.setOpaque(TAKEN, watermark);
    }

    /** What the source does now; seldom another. */
    void sourceState(final SourceState state)
    {
        sourceState = state;
    }

    /** Any thread. */
    long arriving()
    {
        return words.getOpaque(ARRIVING);
    }

    /** Any thread. */
    long taken()
    {
        return words.getOpaque(TAKEN);
    }

    /** Any thread. */
    SourceState sourceState()
    {
        return sourceState;
    }

    /** The channels, and which of them hold the task's watermark back; any thread. */
    List<ChannelWatermark> channels()
    {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < senders.size(); i++)
        {
            if (words.getOpaque(watermarkOf(i) + 1) == COUNTS)
            {
                least = Math.min(least, words.getOpaque(watermarkOf(i)));
            }
        }
        final List<ChannelWatermark> channels = new ArrayList<>();
        for (int i = 0; i < senders.size(); i++)
        {
            final Sender sender = senders.get(i);
            final long watermark = words.getOpaque(watermarkOf(i));
            final long state = words.getOpaque(watermarkOf(i) + 1);
            channels.add(new ChannelWatermark(sender.input, sender.operator, sender.task, watermark, state == IDLE,
                state == COUNTS, state == COUNTS && watermark <= least && watermark != Long.MAX_VALUE));
        }
        return channels;
    }
}
