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
package io.millrace.operators;

import io.millrace.memory.table.KeyHash;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sliding windows as SEMANTICS.md has them, and nothing else: an accumulator on the heap for each window and key, each
 * record added to each of its windows.
 */
final class SlidingWindowModel
{
    private final long size;
    private final long slide;
    private final long offset;
    private final long lateness;
    private final TreeMap<Long, TreeMap<Long, long[]>> windows = new TreeMap<>();
    private final List<String> fired = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;
    private long cause = -1;

    SlidingWindowModel(final long size, final long slide, final long offset, final long lateness)
    {
        this.size = size;
        this.slide = slide;
        this.offset = offset;
        this.lateness = lateness;
    }

    void add(final long time, final long key, final long value)
    {
        cause++;
        boolean inAny = false;
        boolean accepted = false;
        for (long start = time - Math.floorMod(time - offset, slide); start > time - size; start -= slide)
        {
            inAny = true;
            if (start + size - 1 + lateness > watermark)
            {
                accepted = true;
                final long[] sum = windows
                    .computeIfAbsent(start, none -> new TreeMap<>(SlidingWindowModel::compareKeys))
                    .computeIfAbsent(key, none -> new long[]{0, 0, Long.MIN_VALUE});
                sum[0]++;
                sum[1] += value;
                sum[2] = Math.max(sum[2], value);
                if (start + size - 1 <= watermark)
                {
                    fire(start, key, sum);
                }
            }
        }
        if (inAny ? !accepted : time + lateness <= watermark)
        {
            late.add(value + " @" + time + " cause=" + cause);
        }
    }

    private static int compareKeys(final long one, final long other)
    {
        return Long.compareUnsigned(KeyHash.hash(one), KeyHash.hash(other));
    }

    void watermark(final long now)
    {
        for (final Map.Entry<Long, TreeMap<Long, long[]>> window : windows.entrySet())
        {
            final long last = window.getKey() + size - 1;
            if (last > watermark && last <= now)
            {
                window.getValue().forEach((key, sum) -> fire(window.getKey(), key, sum));
            }
        }
        watermark = Math.max(watermark, now);
        final Iterator<Long> starts = windows.keySet().iterator();
        while (starts.hasNext())
        {
            if (starts.next() + size - 1 + lateness <= watermark)
            {
                starts.remove();
            }
        }
    }

    /** The harness counts causes from 0 in each life. */
    void restarted()
    {
        cause = -1;
    }

    private void fire(final long start, final long key, final long[] sum)
    {
        fired.add(key + " [" + start + "," + (start + size) + ") " + sum[0] + " " + sum[1] + " " + sum[2] + " @" +
            (start + size - 1) + " cause=" + cause);
    }

    List<String> fired()
    {
        return fired;
    }

    List<String> late()
    {
        return late;
    }
}
