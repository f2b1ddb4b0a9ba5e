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
 * Three kinds of events of a key one after the other within a time, for a hand-written program: events wait in a wheel by
 * their time until a watermark passes them; what begins with an event of the first kind is a long in an array of its key,
 * first those that wait for the second kind, then those that wait for the third.
 */
final class KeySequences
{
    /** Kind of an event: 0, 1 and 2 are the steps, others are nothing. */
    static final int KIND_SHIFT = 9;

    private static final int WHEEL = 512;
    private static final int VALUE_BITS = 12;
    private static final long VALUE_MASK = (1L << VALUE_BITS) - 1;
    private static final int STEPS = 3;

    private final long within;
    private final long[][] waiting = new long[WHEEL][64];
    private final int[] waitingCounts = new int[WHEEL];
    /** Time and value of the first event of those that wait for the second kind, in order of time. */
    private final long[][] firsts;
    private final int[] firstCounts;
    /** Time of the first event and values of both of those that wait for the third kind, in order of time. */
    private final long[][] seconds;
    private final int[] secondCounts;
    private long dueAt = Long.MIN_VALUE;
    private long watermark = -1;

    /**
     * No events yet.
     *
     * @param keys   at most
     * @param within milliseconds that the last event is less behind the first
     */
    KeySequences(final int keys, final long within)
    {
        this.within = within;
        firsts = new long[keys][8];
        firstCounts = new int[keys];
        seconds = new long[keys][8];
        secondCounts = new int[keys];
    }

    /** Takes an event, which is ahead of the watermark. */
    void add(final long time, final long key, final long value)
    {
        if (value >>> KIND_SHIFT >= STEPS)
        {
            return;
        }
        final int slot = (int)time & WHEEL - 1;
        if (waitingCounts[slot] == waiting[slot].length)
        {
            waiting[slot] = Arrays.copyOf(waiting[slot], waitingCounts[slot] * 2);
        }
        waiting[slot][waitingCounts[slot]++] = key << VALUE_BITS | value;
    }

    /** Event time at which a watermark is due. */
    long dueAt()
    {
        return dueAt;
    }

    /** Looks at the events that the watermark of a time passes; gives the checksum of the sequences that they end. */
    long advanceWatermark(final long time)
    {
        dueAt = time + Events.WATERMARK_STEP;
        return advance(time - Events.WATERMARK_LAG);
    }

    /** The same for all events. */
    long end()
    {
        return advance(watermark + WHEEL);
    }

    private long advance(final long now)
    {
        long checksum = 0;
        while (watermark < now)
        {
            watermark++;
            final int slot = (int)watermark & WHEEL - 1;
            final long[] events = waiting[slot];
            for (int i = 0; i < waitingCounts[slot]; i++)
            {
                final long value = events[i] & VALUE_MASK;
                final int key = (int)(events[i] >>> VALUE_BITS);
                switch ((int)(value >>> KIND_SHIFT))
                {
                    case 0 -> begin(key, value);
                    case 1 -> goOn(key, value);
                    default -> checksum += finish(key, value);
                }
            }
            waitingCounts[slot] = 0;
        }
        return checksum;
    }

    private void begin(final int key, final long value)
    {
        final int gone = expired(firsts[key], firstCounts[key], VALUE_BITS);
        long[] list = firsts[key];
        final int left = firstCounts[key] - gone;
        System.arraycopy(list, gone, list, 0, left);
        if (left == list.length)
        {
            list = Arrays.copyOf(list, left * 2);
            firsts[key] = list;
        }
        list[left] = watermark << VALUE_BITS | value;
        firstCounts[key] = left + 1;
    }

    private void goOn(final int key, final long value)
    {
        final int count = firstCounts[key];
        if (count == 0)
        {
            return;
        }
        final int gone = expired(seconds[key], secondCounts[key], 2 * VALUE_BITS);
        long[] list = seconds[key];
        int left = secondCounts[key] - gone;
        System.arraycopy(list, gone, list, 0, left);
        if (left + count > list.length)
        {
            list = Arrays.copyOf(list, (left + count) * 2);
            seconds[key] = list;
        }
        final long[] from = firsts[key];
        for (int i = expired(from, count, VALUE_BITS); i < count; i++)
        {
            list[left++] = from[i] << VALUE_BITS | value;
        }
        secondCounts[key] = left;
        firstCounts[key] = 0;
    }

    private long finish(final int key, final long value)
    {
        final int count = secondCounts[key];
        final long[] list = seconds[key];
        long checksum = 0;
        for (int i = expired(list, count, 2 * VALUE_BITS); i < count; i++)
        {
            checksum += mix(key, list[i] >>> VALUE_BITS & VALUE_MASK, list[i] & VALUE_MASK, value);
        }
        secondCounts[key] = 0;
        return checksum;
    }

    /** How many at the beginning of a list began too long ago. */
    private int expired(final long[] list, final int count, final int timeShift)
    {
        int gone = 0;
        while (gone < count && watermark - (list[gone] >>> timeShift) >= within)
        {
            gone++;
        }
        return gone;
    }

    static long mix(final long key, final long first, final long second, final long third)
    {
        return Checksum.mix(key, first, second, third);
    }
}
