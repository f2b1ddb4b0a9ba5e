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
 * Keys that have passed, each until an event-time horizon, for a hand-written program: a set, and a list of the keys for
 * each millisecond in which they go.
 */
final class KeyHorizons
{
    private static final int WHEEL = 2048;

    private final long horizon;
    private final FlatKeys passed;
    private final long[][] leaving = new long[WHEEL][64];
    private final int[] counts = new int[WHEEL];
    private long dueAt = Long.MIN_VALUE;
    private long watermark;

    /**
     * No keys yet.
     *
     * @param keys    at most
     * @param horizon milliseconds that a key stays
     */
    KeyHorizons(final long keys, final long horizon)
    {
        this.passed = new FlatKeys(keys);
        this.horizon = horizon;
    }

    /** Whether a key passes: it is new within the horizon. */
    boolean passes(final long key, final long time)
    {
        if (!passed.add(key + 1))
        {
            return false;
        }
        final int slot = (int)(time + horizon) & WHEEL - 1;
        if (counts[slot] == leaving[slot].length)
        {
            leaving[slot] = Arrays.copyOf(leaving[slot], counts[slot] * 2);
        }
        leaving[slot][counts[slot]++] = key + 1;
        return true;
    }

    /** Event time at which a watermark is due. */
    long dueAt()
    {
        return dueAt;
    }

    /** Lets the keys go that the watermark of a time passes. */
    void advanceWatermark(final long time)
    {
        dueAt = time + Events.WATERMARK_STEP;
        final long now = time - Events.WATERMARK_LAG;
        while (watermark < now)
        {
            watermark++;
            final int slot = (int)watermark & WHEEL - 1;
            for (int i = 0; i < counts[slot]; i++)
            {
                passed.remove(leaving[slot][i]);
            }
            counts[slot] = 0;
        }
    }
}
