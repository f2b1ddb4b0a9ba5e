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
package io.millrace.core.time;

import java.util.Arrays;

/**
 * Merges the watermarks of several channels: the least of those that are active and aligned, forwarded only when it grows (SEMANTICS
 * WM-5 to WM-7; Flink's {@code StatusWatermarkValve}). One thread.
 * <p>
 * A channel that becomes active again counts only once its watermark has reached what was emitted. When the last active channel goes idle
 * and it was the one that held the others back, the greatest watermark of all channels is emitted first.
 */
public final class WatermarkValve
{
    private static final int IDLE = 1;
    private static final int ALIGNED = 2;

    private final long[] watermarks;
    private final boolean[] idle;
    private final boolean[] aligned;
    private long output = Long.MIN_VALUE;
    private boolean outputIdle;

    /**
     * A valve with all channels active and without watermarks.
     *
     * @param channels number of channels, 1 or more
     */
    public WatermarkValve(final int channels)
    {
        watermarks = new long[channels];
        idle = new boolean[channels];
        aligned = new boolean[channels];
        Arrays.fill(watermarks, Long.MIN_VALUE);
        Arrays.fill(aligned, true);
    }

    /**
     * Takes a watermark.
     *
     * @param channel   that it came on
     * @param watermark that came
     * @return true when {@link #output()} has grown
     */
    public boolean watermark(final int channel, final long watermark)
    {
        if (idle[channel] || watermark <= watermarks[channel])
        {
            return false;
        }
        watermarks[channel] = watermark;
        aligned[channel] |= watermark >= output;
        return aligned[channel] && emitLeast();
    }

    /**
     * Takes note that a channel is idle.
     *
     * @param channel that went idle
     * @return true when {@link #output()} has grown
     */
    public boolean idle(final int channel)
    {
        if (idle[channel])
        {
            return false;
        }
        idle[channel] = true;
        aligned[channel] = false;
        final boolean heldBack = watermarks[channel] == output;
        if (anyActive())
        {
            return heldBack && emitLeast();
        }
        outputIdle = true;
        return heldBack && emit(Arrays.stream(watermarks).max().orElse(Long.MIN_VALUE));
    }

    /**
     * Takes note that a channel is active again.
     *
     * @param channel that became active
     */
    public void active(final int channel)
    {
        if (idle[channel])
        {
            idle[channel] = false;
            aligned[channel] = watermarks[channel] >= output;
            outputIdle = false;
        }
    }

    /**
     * The merged watermark.
     *
     * @return {@link Long#MIN_VALUE} before the first
     */
    public long output()
    {
        return output;
    }

    /**
     * Whether all channels are idle.
     *
     * @return true to tell those downstream not to wait
     */
    public boolean isIdle()
    {
        return outputIdle;
    }

    /**
     * Number of channels.
     *
     * @return as given
     */
    public int channels()
    {
        return watermarks.length;
    }

    /**
     * A channel's watermark, a part of the snapshot.
     *
     * @param channel from 0
     * @return {@link Long#MIN_VALUE} before the first
     */
    public long channelWatermark(final int channel)
    {
        return watermarks[channel];
    }

    /**
     * Whether a channel counts, a part of the snapshot.
     *
     * @param channel from 0
     * @return bit 0 when it is idle, bit 1 when it is aligned
     */
    public int channelStatus(final int channel)
    {
        return (idle[channel] ? IDLE : 0) | (aligned[channel] ? ALIGNED : 0);
    }

    /**
     * Whether a channel is left out as long as it is idle.
     *
     * @param channel from 0
     * @return as it said last
     */
    public boolean channelIdle(final int channel)
    {
        return idle[channel];
    }

    /**
     * Whether a channel counts: it is not idle, and has caught up since it was.
     *
     * @param channel from 0
     * @return true when the merged watermark waits for it
     */
    public boolean channelAligned(final int channel)
    {
        return aligned[channel];
    }

    /**
     * Goes on from a snapshot.
     *
     * @param watermark as {@link #output()} gave
     */
    public void restore(final long watermark)
    {
        output = watermark;
    }

    /**
     * Goes on from a snapshot; to be called for each channel.
     *
     * @param channel   from 0
     * @param watermark as {@link #channelWatermark} gave
     * @param status    as {@link #channelStatus} gave
     */
    public void restore(final int channel, final long watermark, final int status)
    {
        watermarks[channel] = watermark;
        idle[channel] = (status & IDLE) != 0;
        aligned[channel] = (status & ALIGNED) != 0;
        outputIdle = !anyActive();
    }

    private boolean anyActive()
    {
        for (final boolean each : idle)
        {
            if (!each)
            {
                return true;
            }
        }
        return false;
    }

    private boolean emitLeast()
    {
        long least = Long.MAX_VALUE;
        boolean any = false;
        for (int i = 0; i < watermarks.length; i++)
        {
            if (aligned[i])
            {
                least = Math.min(least, watermarks[i]);
                any = true;
            }
        }
        return any && emit(least);
    }

    private boolean emit(final long watermark)
    {
        if (watermark <= output)
        {
            return false;
        }
        output = watermark;
        return true;
    }
}
