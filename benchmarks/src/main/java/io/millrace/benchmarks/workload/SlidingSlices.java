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

import java.util.Arrays;

/**
 * Counts and sums of sliding windows for a hand-written program: a key gets a place, found by open addressing, once and
 * for all; a slice is an array of places, and windows are a running sum of the slices that enter and those that leave.
 * Disorder is less than a slice.
 * <pre>
 *   table     | key | place + 1 | key | place + 1 | ...     place + 1 = 0: free; at most half full
 *   slice     | count | sum | count | sum | ...             by place
 *   running   | count | sum | count | sum | ...
 * </pre>
 */
final class SlidingSlices
{
    private static final long PHI = 0x9E3779B97F4A7C15L;

    private final long slide;
    private final int overlap;
    private final int mask;
    private final long[][] slices;
    private long[] running = new long[2 << 6];
    private long[] keys = new long[1 << 6];
    private long[] table = new long[4 << 6];
    private int shift = Long.SIZE - 7;
    private int places;

    /** The slice at hand, and its bounds. */
    private long[] slice;
    private long sliceStart = Long.MAX_VALUE;
    private long sliceEnd = Long.MIN_VALUE;
    /** Numbers of the slice that enters next, and of the latest one that has an event. */
    private long next;
    private long latest = -1;
    private long dueAt = Long.MIN_VALUE;
    private long dropped;

    /**
     * Without events.
     *
     * @param size  of a window, a multiple of the slide
     * @param slide from window to window
     */
    SlidingSlices(final long size, final long slide)
    {
        this.slide = slide;
        overlap = (int)(size / slide);
        // Two are open beside those of the window, and the one that leaves.
        slices = new long[Integer.highestOneBit(overlap + 2) << 1][running.length];
        mask = slices.length - 1;
    }

    void add(final long time, final long key, final long value)
    {
        if (time < sliceStart || time >= sliceEnd)
        {
            if (!select(time / slide))
            {
                return;
            }
        }
        final int at = placeOf(key) << 1;
        final long[] open = slice;
        open[at]++;
        open[at + 1] += value;
    }

    private boolean select(final long number)
    {
        if (number < next)
        {
            dropped++;
            return false;
        }
        slice = slices[(int)number & mask];
        sliceStart = number * slide;
        sliceEnd = sliceStart + slide;
        latest = Math.max(latest, number);
        return true;
    }

    private int placeOf(final long key)
    {
        final long[] entries = table;
        int index = (int)(key * PHI >>> shift) << 1;
        while (true)
        {
            final long place = entries[index + 1];
            if (place == 0)
            {
                return insert(key);
            }
            if (entries[index] == key)
            {
                return (int)place - 1;
            }
            index = index + 2 & entries.length - 2;
        }
    }

    private int insert(final long key)
    {
        if (places == keys.length)
        {
            grow();
        }
        keys[places] = key;
        put(key, ++places);
        return places - 1;
    }

    private void put(final long key, final long value)
    {
        int index = (int)(key * PHI >>> shift) << 1;
        while (table[index + 1] != 0)
        {
            index = index + 2 & table.length - 2;
        }
        table[index] = key;
        table[index + 1] = value;
    }

    private void grow()
    {
        keys = Arrays.copyOf(keys, keys.length * 2);
        running = Arrays.copyOf(running, running.length * 2);
        for (int i = 0; i < slices.length; i++)
        {
            slices[i] = Arrays.copyOf(slices[i], running.length);
        }
        slice = slices[(int)(sliceStart / slide) & mask];
        table = new long[table.length * 2];
        shift--;
        for (int i = 0; i < places; i++)
        {
            put(keys[i], i + 1);
        }
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
        final long watermark = time - Events.WATERMARK_LAG;
        long checksum = 0;
        while ((next + 1) * slide - 1 <= watermark)
        {
            checksum += fire();
        }
        return checksum;
    }

    /** Fires the window that ends with the slice that enters next. */
    private long fire()
    {
        final long[] entering = slices[(int)next & mask];
        final long[] leaving = slices[(int)(next - overlap) & mask];
        final long[] sums = running;
        final long windowEnd = (next + 1) * slide;
        long checksum = 0;
        for (int i = 0; i < places; i++)
        {
            final int at = i << 1;
            final long count = sums[at] + entering[at] - leaving[at];
            final long sum = sums[at + 1] + entering[at + 1] - leaving[at + 1];
            sums[at] = count;
            sums[at + 1] = sum;
            if (count != 0)
            {
                checksum += Checksum.mix(keys[i], windowEnd, count, sum);
            }
        }
        Arrays.fill(leaving, 0);
        next++;
        return checksum;
    }

    /** Fires everything. Gives the sum of the results' mixes. */
    long end()
    {
        if (dropped != 0)
        {
            throw new IllegalStateException("dropped=" + dropped + " events as late: none can be");
        }
        long checksum = 0;
        while (next < latest + overlap)
        {
            checksum += fire();
        }
        return checksum;
    }
}
