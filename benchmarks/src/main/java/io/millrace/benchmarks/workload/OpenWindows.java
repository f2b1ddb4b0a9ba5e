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
 * The windows of a hand-written program. Disorder is less than a window, so that two are open at a time: one of an even
 * number, one of an odd number. A table that a late event would find taken or gone is the way to tell that it is late.
 */
final class OpenWindows
{
    private final long size;
    private final FlatWindow even = new FlatWindow();
    private final FlatWindow odd = new FlatWindow();
    private long dueAt = Long.MIN_VALUE;
    private long watermark = Long.MIN_VALUE;
    private long dropped;

    OpenWindows(final long size)
    {
        this.size = size;
    }

    /** The window of a time, or null when it has been fired. */
    FlatWindow of(final long time)
    {
        final long number = time / size;
        final FlatWindow window = (number & 1) == 0 ? even : odd;
        return window.window() == number ? window : opened(window, number);
    }

    private FlatWindow opened(final FlatWindow window, final long number)
    {
        if ((number + 1) * size - 1 <= watermark)
        {
            dropped++;
            return null;
        }
        window.open(number);
        return window;
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
        return fire(even) + fire(odd);
    }

    private long fire(final FlatWindow window)
    {
        final long windowEnd = (window.window() + 1) * size;
        return window.window() >= 0 && windowEnd - 1 <= watermark ? window.fire(windowEnd) : 0;
    }

    /** Fires everything. Gives the sum of the results' mixes. */
    long end()
    {
        if (dropped != 0)
        {
            throw new IllegalStateException("dropped=" + dropped + " events as late: none can be");
        }
        watermark = Long.MAX_VALUE;
        return fire(even) + fire(odd);
    }
}
