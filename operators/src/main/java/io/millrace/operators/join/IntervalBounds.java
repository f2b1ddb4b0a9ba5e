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
package io.millrace.operators.join;

/**
 * How far the time of a right record may be from that of the left one that it is joined with, in the pipeline's time
 * unit.
 *
 * @param lower least right time minus left time, included
 * @param upper greatest right time minus left time, included
 */
public record IntervalBounds(long lower, long upper)
{
    /** The furthest that a bound may be from 0. */
    private static final long FURTHEST = Long.MAX_VALUE >> 2;
    private static final int LEAST_SLICE_SHIFT = 3;

    public IntervalBounds
    {
        if (lower > upper)
        {
            throw new IllegalArgumentException("lower=" + lower + " upper=" + upper +
                " of an interval join leave no time between them, so nothing would be joined: lower must be at most upper, " +
                "and an excluded bound takes one unit off");
        }
        if (lower < -FURTHEST || upper > FURTHEST)
        {
            throw new IllegalArgumentException("lower=" + lower + " upper=" + upper +
                " of an interval join must be from " + -FURTHEST + " to " + FURTHEST + ": choose a coarser time unit");
        }
    }

    /**
     * How time is cut into slices: they are longer than the interval, so that it touches two at most.
     *
     * @return a slice is 2 to the power of this long
     */
    public int sliceShift()
    {
        return Math.max(LEAST_SLICE_SHIFT, Long.SIZE - Long.numberOfLeadingZeros(upper - lower));
    }

    /**
     * For how long after its time a record of either side can find a partner.
     *
     * @return 0 or more
     */
    public long retention()
    {
        return Math.max(upper, -lower);
    }
}
