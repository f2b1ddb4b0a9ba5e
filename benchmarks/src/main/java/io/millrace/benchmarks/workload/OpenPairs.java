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
package io.millrace.benchmarks.workload;

/**
 * The windows of a hand-written join, as many as can be open at a time and more: each lies where the last bits of its
 * number say.
 */
final class OpenPairs
{
    private static final int MASK = 7;

    private final long size;
    private final FlatPairs[] windows = new FlatPairs[MASK + 1];
    private long dueAt = Long.MIN_VALUE;
    private long watermark = Long.MIN_VALUE;

    OpenPairs(final long size)
    {
        if (size * MASK < Events.WATERMARK_STEP + Events.WATERMARK_LAG + Events.DISORDER)
        {
            throw new IllegalArgumentException("size=" + size + " has more than " + MASK + " windows open at a time");
        }
        this.size = size;
        for (int i = 0; i <= MASK; i++)
        {
            windows[i] = new FlatPairs();
        }
    }

    /** Adds an event; the side is 0 or 1. */
    void add(final long time, final long key, final int side, final long value)
    {
        final long number = time / size;
        final FlatPairs window = windows[(int)number & MASK];
        if (window.window() != number)
        {
            open(window, number);
        }
        window.add(key, side, value);
    }

    private void open(final FlatPairs window, final long number)
    {
        if ((number + 1) * size - 1 <= watermark || window.window() >= 0)
        {
            throw new IllegalStateException("window=" + number + " is late at watermark=" + watermark + ": none can be");
        }
        window.open(number);
    }

    /** Event time at which a watermark is due. */
    long dueAt()
    {
        return dueAt;
    }

    /**
     * Fires what the watermark of a time passes.
     *
     * @param time of the latest event
     * @return sum of the results' mixes
     */
    long advanceWatermark(final long time)
    {
        dueAt = time + Events.WATERMARK_STEP;
        watermark = time - Events.WATERMARK_LAG;
        return fire();
    }

    /** Fires everything. Gives the sum of the results' mixes. */
    long end()
    {
        watermark = Long.MAX_VALUE;
        return fire();
    }

    private long fire()
    {
        long checksum = 0;
        for (final FlatPairs window : windows)
        {
            final long windowEnd = (window.window() + 1) * size;
            checksum += window.window() >= 0 && windowEnd - 1 <= watermark ? window.fire(windowEnd) : 0;
        }
        return checksum;
    }
}
