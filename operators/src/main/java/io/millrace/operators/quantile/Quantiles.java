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

import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AggregateFunction;

import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * What is counted for quantiles: a value of each record, in a declared range, within a declared error.
 * <pre>
 *   Quantiles.of(Request::nanos).between(1_000, 10_000_000_000L).withinPercent(4)
 * </pre>
 * A histogram takes the same bytes whatever is counted: {@link #length()}, which grows with the logarithm of
 * {@code highest / lowest} and with the precision, and must be at most {@link AggregateFunction#MAX_ACCUMULATOR_LENGTH}.
 * Which fit, with counts of 4 bytes, and where the lowest is not below 32:
 * <pre>
 *   withinPercent    4      2      1      0.5
 *   highest / lowest 2^29   2^14   2^7    2^3
 * </pre>
 * A quantile is the middle of an interval of values, which no value in it is farther away from than so many percent of
 * itself. Values out of the range count as its lowest or highest, and are counted apart: a quantile is then the end of
 * the range, rather than too good. Immutable; any thread may call it.
 *
 * @param <V> read-only view of the records
 */
public final class Quantiles<V>
{
    private static final int MIN_HALF_BITS = 1;
    private static final int MAX_HALF_BITS = 12;

    private final ToLongFunction<? super V> value;
    private final HistogramLayout layout;

    private Quantiles(final ToLongFunction<? super V> value, final HistogramLayout layout)
    {
        this.value = value;
        this.layout = layout;
    }

    /**
     * Quantiles of a field of whole numbers or decimals: from 1 to 1,000,000 within 4 percent, as long as nothing else is
     * said. One of floating point is scaled: {@code record -> Math.round(record.seconds() * 1e6)}.
     *
     * @param value reads it
     * @param <V>   read-only view of the records
     * @return what is counted
     */
    public static <V> Quantiles<V> of(final ToLongFunction<? super V> value)
    {
        return new Quantiles<V>(
            Objects.requireNonNull(value, "value"), new HistogramLayout(1, 1_000_000, MIN_HALF_BITS, Integer.BYTES))
            .withinPercent(4);
    }

    /**
     * Declares the range.
     *
     * @param lowest  value of interest, 0 or more; with 0 or 1, every whole number is told apart near to it
     * @param highest value of interest, above the lowest
     * @return the same with this range
     */
    public Quantiles<V> between(final long lowest, final long highest)
    {
        if (lowest < 0 || highest <= lowest)
        {
            throw new IllegalArgumentException("lowest=" + lowest + " highest=" + highest +
                " of quantiles: the lowest must be 0 or more, and the highest above it");
        }
        return new Quantiles<>(value, new HistogramLayout(lowest, highest, layout.halfBits(), layout.countLength()));
    }

    /**
     * Declares the error.
     *
     * @param percent that a quantile may be off the value that it stands for, above 0; at least 0.0123
     * @return the same with this error, or the next smaller one of 100 / 2^n
     */
    public Quantiles<V> withinPercent(final double percent)
    {
        int halfBits = MIN_HALF_BITS;
        while (halfBits <= MAX_HALF_BITS && !(100.0 / (2 << halfBits) <= percent))
        {
            halfBits++;
        }
        if (halfBits > MAX_HALF_BITS)
        {
            throw new IllegalArgumentException("percent=" + percent + " that quantiles may be off must be at least " +
                100.0 / (2 << MAX_HALF_BITS) + ": allow more");
        }
        return new Quantiles<>(
            value, new HistogramLayout(layout.lowest(), layout.highest(), halfBits, layout.countLength()));
    }

    /**
     * Counts with 8 bytes instead of 4, so that more than 4,294,967,295 values may be nearly equal. Else that is an error.
     *
     * @return the same with these counts
     */
    public Quantiles<V> withWideCounts()
    {
        return new Quantiles<>(
            value, new HistogramLayout(layout.lowest(), layout.highest(), layout.halfBits(), Long.BYTES));
    }

    /**
     * The most that a quantile is off the value that it stands for.
     *
     * @return in percent of the value
     */
    public double percent()
    {
        return 100.0 / (2 << layout.halfBits());
    }

    /**
     * Bytes of a histogram.
     *
     * @return a multiple of 8
     */
    public int length()
    {
        return layout.length();
    }

    /**
     * The type of the histograms.
     *
     * @return a type of fixed length
     * @throws IllegalArgumentException when a histogram is longer than an accumulator may be
     */
    public RecordType<Histogram, HistogramFlyweight> type()
    {
        if (layout.length() > AggregateFunction.MAX_ACCUMULATOR_LENGTH)
        {
            throw new IllegalArgumentException("quantiles between lowest=" + layout.lowest() + " and highest=" +
                layout.highest() + " withinPercent=" + percent() + " take length=" + layout.length() + " bytes, at most " +
                AggregateFunction.MAX_ACCUMULATOR_LENGTH + " are possible: " + remedy());
        }
        return HistogramFlyweight.type(layout);
    }

    private String remedy()
    {
        for (int bits = layout.halfBits() - 1; bits >= MIN_HALF_BITS; bits--)
        {
            if (new HistogramLayout(layout.lowest(), layout.highest(), bits, layout.countLength()).length() <=
                AggregateFunction.MAX_ACCUMULATOR_LENGTH)
            {
                return "allow withinPercent(" + 100.0 / (2 << bits) + "), or a narrower range";
            }
        }
        return "allow a narrower range";
    }

    /**
     * What counts the records' values.
     *
     * @return the function; it can take back what it added, so sliding windows deduct
     */
    public HistogramAggregate<V> aggregate()
    {
        return new HistogramAggregate<>(value);
    }
}
