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
 * The events of all workloads: each a pure function of its number, the same code for both sides.
 * <p>
 * 200,000 events to a second of event time, in milliseconds; an event is up to 49 ms ahead of the time that its number
 * says, so none is 50 ms behind the latest before it. Keys are uniform. A step of SplitMix64 makes the randomness.
 */
final class Events
{
    /** Events to a millisecond of event time. */
    static final long PER_MILLISECOND = 200;
    /** Events are less than so many milliseconds out of order. */
    static final long DISORDER = 50;
    /** Milliseconds of event time from one watermark to the next. */
    static final long WATERMARK_STEP = 200;
    /** By how much a watermark is behind the latest event: none at it or below will follow. */
    static final long WATERMARK_LAG = DISORDER + 1;

    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private Events()
    {
    }

    /**
     * The randomness of an event, which the other functions take their share of.
     *
     * @param number of the event, from 0
     * @return 64 random bits
     */
    static long mixed(final long number)
    {
        final long seeded = (number + 1) * GAMMA;
        final long once = (seeded ^ seeded >>> 30) * 0xBF58476D1CE4E5B9L;
        final long twice = (once ^ once >>> 27) * 0x94D049BB133111EBL;
        return twice ^ twice >>> 31;
    }

    static long time(final long number, final long mixed)
    {
        return number / PER_MILLISECOND + ((mixed & 0xFFFF) * DISORDER >>> 16);
    }

    static long key(final long mixed, final long keys)
    {
        return Math.multiplyHigh(mixed >>> 1, keys << 1);
    }

    /**
     * A key of a skewed choice, for experiments beside the workloads.
     *
     * @return the eighth power of a uniform number, in parts of the keys: a fifth of them gets 82 %
     */
    static long skewedKey(final long mixed, final long keys)
    {
        final double uniform = (mixed >>> 11) * 0x1p-53;
        final double squared = uniform * uniform;
        final double fourth = squared * squared;
        return (long)(fourth * fourth * keys);
    }

    static long value(final long mixed)
    {
        return mixed >>> 16 & 0xFFF;
    }
}
