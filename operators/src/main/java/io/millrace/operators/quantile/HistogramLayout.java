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
package io.millrace.operators.quantile;

/**
 * How values are cut into intervals, each with a count: the arithmetic of HdrHistogram (Gil Tene, hdrhistogram.org). Each
 * power of two is cut into as many intervals of equal width, so an interval's width is at most a fixed part of its values.
 * <pre>
 *   half = 2^halfBits, unit = 2^unitBits
 *   value     0 ...          2 half units      4 half units           8 half units
 *   width       1 unit           2 units            4 units
 *   index     0 ...          2 half            3 half                 4 half
 *
 *   | count 8 | below 8 | above 8 | counts of the intervals from that of lowest to that of highest, 4 or 8 each |
 * </pre>
 *
 * @param lowest      value of the range, 0 or more
 * @param highest     value of the range, above the lowest
 * @param halfBits    how finely a power of two is cut
 * @param countLength bytes of an interval's count: 4 or 8
 */
record HistogramLayout(long lowest, long highest, int halfBits, int countLength)
{
    static final int COUNT_OFFSET = 0;
    static final int BELOW_OFFSET = 8;
    static final int ABOVE_OFFSET = 16;
    static final int COUNTS_OFFSET = 24;

    int unitBits()
    {
        return Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, lowest)) - halfBits);
    }

    /** Number of the interval of a value from 0 on, counted from that of 0. */
    int index(final long value)
    {
        final long units = value >>> unitBits();
        final int shift = Long.SIZE - 1 - halfBits - Long.numberOfLeadingZeros(units | (2L << halfBits) - 1);
        return (shift << halfBits) + (int)(units >>> shift);
    }

    /** The middle of an interval: no value in it is farther away than half of its width. */
    long middle(final int index)
    {
        final int shift = Math.max(0, (index >> halfBits) - 1);
        final long least = (long)(index - (shift << halfBits)) << shift + unitBits();
        return Math.max(lowest, Math.min(highest, least + ((1L << shift + unitBits()) - 1 >>> 1)));
    }

    int intervals()
    {
        return index(highest) - index(lowest) + 1;
    }

    int length()
    {
        return COUNTS_OFFSET + (intervals() * countLength + Long.BYTES - 1 & -Long.BYTES);
    }
}
