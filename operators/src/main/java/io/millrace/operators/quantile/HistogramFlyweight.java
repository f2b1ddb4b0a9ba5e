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

import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.FieldKind;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordField;
import io.millrace.memory.record.RecordType;

import java.util.List;

/** A {@link Histogram} in off-heap memory, and its writer. Its layout is that of {@link Quantiles#type()}. */
public final class HistogramFlyweight extends Flyweight implements Histogram
{
    private final RecordType<Histogram, HistogramFlyweight> type;
    private final HistogramLayout layout;
    private final long lowest;
    private final long highest;
    private final int halfBits;
    private final int unitBits;
    private final int first;
    private final boolean wide;

    private HistogramFlyweight(final Shape shape)
    {
        type = shape.type;
        layout = shape.layout;
        lowest = layout.lowest();
        highest = layout.highest();
        halfBits = layout.halfBits();
        unitBits = layout.unitBits();
        first = layout.index(lowest);
        wide = layout.countLength() == Long.BYTES;
    }

    static RecordType<Histogram, HistogramFlyweight> type(final HistogramLayout layout)
    {
        return new Shape(layout).type;
    }

    void add(final long value)
    {
        if (DebugMode.ENABLED)
        {
            checkAccess("add");
        }
        long counted = value;
        if (value < lowest || value > highest)
        {
            counted = outOfRange(value);
        }
        final long units = counted >>> unitBits;
        final int shift = Long.SIZE - 1 - halfBits - Long.numberOfLeadingZeros(units | (2L << halfBits) - 1);
        addTo((shift << halfBits) + (int)(units >>> shift) - first, 1);
        Memory.putLong(address + HistogramLayout.COUNT_OFFSET, Memory.getLong(address + HistogramLayout.COUNT_OFFSET) + 1);
    }

    private long outOfRange(final long value)
    {
        final boolean below = value < lowest;
        final long counter = address + (below ? HistogramLayout.BELOW_OFFSET : HistogramLayout.ABOVE_OFFSET);
        Memory.putLong(counter, Memory.getLong(counter) + 1);
        return below ? lowest : highest;
    }

    private void addTo(final int interval, final long amount)
    {
        if (wide)
        {
            final long place = address + HistogramLayout.COUNTS_OFFSET + (long)interval * Long.BYTES;
            Memory.putLong(place, Memory.getLong(place) + amount);
            return;
        }
        final long place = address + HistogramLayout.COUNTS_OFFSET + (long)interval * Integer.BYTES;
        final long sum = Integer.toUnsignedLong(Memory.getInt(place)) + amount;
        if (sum >>> Integer.SIZE != 0)
        {
            throw new ArithmeticException("count=" + sum + " of values near " + layout.middle(first + interval) +
                " is more than 4 bytes hold: use Quantiles.withWideCounts()");
        }
        Memory.putInt(place, (int)sum);
    }

    private long countOf(final int interval)
    {
        return wide ? Memory.getLong(address + HistogramLayout.COUNTS_OFFSET + (long)interval * Long.BYTES) :
            Integer.toUnsignedLong(Memory.getInt(address + HistogramLayout.COUNTS_OFFSET + (long)interval * Integer.BYTES));
    }

    /** Adds the counts of another of the same layout so many times: 1, or -1 to take them back. */
    void add(final HistogramFlyweight other, final int times)
    {
        if (DebugMode.ENABLED)
        {
            checkAccess("add");
            other.checkAccess("merge");
        }
        for (int offset = HistogramLayout.COUNT_OFFSET; offset < HistogramLayout.COUNTS_OFFSET; offset += Long.BYTES)
        {
            Memory.putLong(address + offset, Memory.getLong(address + offset) + times * Memory.getLong(other.address + offset));
        }
        final int intervals = layout.intervals();
        for (int i = 0; i < intervals; i++)
        {
            final long count = other.countOf(i);
            if (count != 0)
            {
                addTo(i, times * count);
            }
        }
    }

    @Override
    public long count()
    {
        return number("count", HistogramLayout.COUNT_OFFSET);
    }

    @Override
    public long below()
    {
        return number("below", HistogramLayout.BELOW_OFFSET);
    }

    @Override
    public long above()
    {
        return number("above", HistogramLayout.ABOVE_OFFSET);
    }

    private long number(final String field, final int offset)
    {
        if (DebugMode.ENABLED)
        {
            checkAccess(field);
        }
        return Memory.getLong(address + offset);
    }

    @Override
    public long valueAt(final double quantile)
    {
        if (!(quantile >= 0 && quantile <= 1))
        {
            throw new IllegalArgumentException("quantile=" + quantile + " must be from 0 to 1: 0.99 for the 99th percentile");
        }
        final long count = count();
        if (count == 0)
        {
            throw new IllegalStateException("quantile=" + quantile + " of no values: ask for count() first");
        }
        final long wanted = Math.max(1, Math.min(count, (long)Math.ceil(quantile * count)));
        long seen = 0;
        int interval = -1;
        while (seen < wanted)
        {
            interval++;
            seen += countOf(interval);
        }
        return layout.middle(first + interval);
    }

    @Override
    public int blockLength()
    {
        return type.blockLength();
    }

    @Override
    public RecordType<Histogram, HistogramFlyweight> type()
    {
        return type;
    }

    @Override
    public String toString()
    {
        return address == 0 ? "Histogram[]" : count() == 0 ? "Histogram[count=0]" : "Histogram[count=" + count() +
            ", below=" + below() + ", above=" + above() + ", median=" + valueAt(0.5) + ']';
    }

    /** What histograms of one layout have in common. */
    private static final class Shape
    {
        private final HistogramLayout layout;
        private final RecordType<Histogram, HistogramFlyweight> type;

        private Shape(final HistogramLayout layout)
        {
            this.layout = layout;
            final int length = layout.length();
            type = new RecordType<>("Histogram_" + layout.lowest() + "_" + layout.highest() + "_" + layout.halfBits(),
                length, length, List.of(
                    new RecordField("count", FieldKind.LONG, HistogramLayout.COUNT_OFFSET, Long.BYTES, 0, false),
                    new RecordField("below", FieldKind.LONG, HistogramLayout.BELOW_OFFSET, Long.BYTES, 0, false),
                    new RecordField("above", FieldKind.LONG, HistogramLayout.ABOVE_OFFSET, Long.BYTES, 0, false),
                    new RecordField("counts", FieldKind.BYTES, HistogramLayout.COUNTS_OFFSET,
                        length - HistogramLayout.COUNTS_OFFSET, length - HistogramLayout.COUNTS_OFFSET, false)),
                () -> new HistogramFlyweight(this));
        }
    }
}
