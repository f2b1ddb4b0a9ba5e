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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.operators.function.AggregateFunction;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HistogramTest
{
    /** HdrHistogram of 1 significant digit has 16 intervals to a power of two, of 2 digits 128. */
    @ParameterizedTest
    @CsvSource({"1, 4", "2, 7", "3, 10"})
    void shouldCutValuesAsHdrHistogramDoes(final int digits, final int halfBits)
    {
        final Histogram histogram = new Histogram(1, 1L << 50, digits);
        final HistogramLayout layout = new HistogramLayout(1, 1L << 50, halfBits, Integer.BYTES);
        final SplittableRandom random = new SplittableRandom(digits);
        for (int i = 0; i < 100_000; i++)
        {
            final long value = 1 + (random.nextLong() & (1L << 50) - 1) >>> random.nextInt(50);
            final long least = Math.max(1, histogram.lowestEquivalentValue(value));
            final long width = histogram.sizeOfEquivalentValueRange(value);
            final long middle = Math.min(1L << 50, histogram.lowestEquivalentValue(value) + (width - 1) / 2);
            assertEquals(Math.max(least, middle), layout.middle(layout.index(value)), () -> "value=" + value);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1000000, 4", "0, 1000000, 4", "1000, 10000000000, 4", "100000, 1000000000, 2", "5, 9, 0.05",
        "9000000000000000000, 9223372036854775807, 0.4", "0, 9223372036854775807, 13", "32, 4096, 1", "1, 4000, 1"})
    void shouldKeepTheDeclaredError(final long lowest, final long highest, final double percent)
    {
        final Quantiles<Long> quantiles = Quantiles.of(Long::longValue).between(lowest, highest).withinPercent(percent);
        assertTrue(quantiles.percent() <= percent && quantiles.percent() * 2 > percent);
        final SplittableRandom random = new SplittableRandom(highest);
        final HistogramFlyweight histogram = quantiles.type().newFlyweight();
        final MemoryAccount account = new MemoryAccount("histogram");
        try (Region region = Region.allocate(account, "histogram", quantiles.length()))
        {
            for (int round = 0; round < 200; round++)
            {
                Memory.zero(region.address(), quantiles.length());
                histogram.wrap(region.address(), quantiles.length());
                final long[] values = new long[1 + random.nextInt(60)];
                for (int i = 0; i < values.length; i++)
                {
                    values[i] = Math.max(lowest, random.nextLong(highest - lowest) + 1 + lowest >>> random.nextInt(20));
                    quantiles.aggregate().add(histogram, values[i]);
                }
                Arrays.sort(values);
                assertEquals(values.length, histogram.count());
                for (final double quantile : new double[] {0, 0.1, 0.5, 0.9, 0.99, 1})
                {
                    final long expected = values[(int)Math.max(1, Math.ceil(quantile * values.length)) - 1];
                    final double off = Math.abs((double)histogram.valueAt(quantile) - expected);
                    assertTrue(off <= expected * quantiles.percent() / 100 * 1.000001,
                        () -> "value=" + expected + " quantile=" + quantile + " off=" + off);
                }
            }
        }
    }

    @Test
    void shouldCountValuesOutOfTheRangeAsItsEnds()
    {
        final Quantiles<Long> quantiles = Quantiles.of(Long::longValue).between(100, 2_000).withinPercent(1);
        final MemoryAccount account = new MemoryAccount("histogram");
        try (Region region = Region.allocate(account, "histogram", quantiles.length()))
        {
            Memory.zero(region.address(), quantiles.length());
            final HistogramFlyweight histogram = quantiles.type().newFlyweight();
            histogram.wrap(region.address(), quantiles.length());
            for (final long value : new long[] {Long.MIN_VALUE, -1, 0, 99, 100, 2_000, 2_001, Long.MAX_VALUE})
            {
                quantiles.aggregate().add(histogram, value);
            }
            assertEquals(8, histogram.count());
            assertEquals(4, histogram.below());
            assertEquals(2, histogram.above());
            assertEquals(100, histogram.valueAt(0.5));
            assertTrue(Math.abs(histogram.valueAt(0.9) - 2_000) <= 20);
            assertTrue(histogram.valueAt(1) <= 2_000);
            assertTrue(histogram.toString().contains("count=8, below=4, above=2"), histogram.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeBackWhatWasMerged(final boolean wide)
    {
        final Quantiles<Long> counts = Quantiles.of(Long::longValue).between(0, 500);
        final Quantiles<Long> quantiles = wide ? counts.withWideCounts() : counts;
        final int length = quantiles.length();
        assertNotEquals(wide ? counts.length() : 0, length);
        final MemoryAccount account = new MemoryAccount("histograms");
        try (Region region = Region.allocate(account, "histograms", 3L * length))
        {
            Memory.zero(region.address(), 3 * length);
            final HistogramFlyweight one = quantiles.type().newFlyweight();
            final HistogramFlyweight other = quantiles.type().newFlyweight();
            final HistogramFlyweight sum = quantiles.type().newFlyweight();
            one.wrap(region.address(), length);
            other.wrap(region.address() + length, length);
            sum.wrap(region.address() + 2L * length, length);
            final SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 1_000; i++)
            {
                quantiles.aggregate().add(i % 2 == 0 ? one : other, random.nextLong(700) - 100);
            }
            quantiles.aggregate().merge(sum, one);
            quantiles.aggregate().merge(sum, other);
            assertEquals(1_000, sum.count());
            assertEquals(one.below() + other.below(), sum.below());
            quantiles.aggregate().deduct(sum, one);
            for (int offset = 0; offset < length; offset += Long.BYTES)
            {
                assertEquals(Memory.getLong(other.address() + offset), Memory.getLong(sum.address() + offset));
            }
        }
    }

    @Test
    void shouldFailWhenACountIsMoreThanItsBytesHold()
    {
        final Quantiles<Long> quantiles = Quantiles.of(Long::longValue).between(0, 500);
        final MemoryAccount account = new MemoryAccount("histogram");
        try (Region region = Region.allocate(account, "histogram", quantiles.length()))
        {
            Memory.zero(region.address(), quantiles.length());
            final HistogramFlyweight histogram = quantiles.type().newFlyweight();
            histogram.wrap(region.address(), quantiles.length());
            Memory.putInt(region.address() + HistogramLayout.COUNTS_OFFSET + 7 * Integer.BYTES, -2);
            Memory.putLong(region.address(), 0xFFFF_FFFEL);
            quantiles.aggregate().add(histogram, 7L);
            assertEquals(7, histogram.valueAt(0.3));
            final String message = assertThrows(ArithmeticException.class, () ->
                quantiles.aggregate().add(histogram, 7L)).getMessage();
            assertTrue(message.contains("count=4294967296") && message.contains("withWideCounts"), message);
        }
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        final Quantiles<Long> quantiles = Quantiles.of(Long::longValue);
        assertTrue(quantiles.length() <= AggregateFunction.MAX_ACCUMULATOR_LENGTH && quantiles.percent() == 3.125);
        for (final long[] range : new long[][] {{-1, 5}, {5, 5}, {6, 5}})
        {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> quantiles.between(range[0], range[1])).getMessage()
                .contains("lowest=" + range[0] + " highest=" + range[1]));
        }
        for (final double percent : new double[] {0, -1, 0.01, Double.NaN})
        {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> quantiles.withinPercent(percent)).getMessage()
                .contains("percent=" + percent));
        }
        final String message = assertThrows(IllegalArgumentException.class, () ->
            quantiles.between(1_000, 10_000_000_000L).withinPercent(1).type()).getMessage();
        assertTrue(message.contains("withinPercent=0.78125") && message.contains("length=5968") &&
            message.contains("allow withinPercent(3.125)"), message);
        quantiles.between(1_000, 10_000_000_000L).withinPercent(3.125).type();
        final HistogramFlyweight histogram = quantiles.type().newFlyweight();
        final MemoryAccount account = new MemoryAccount("histogram");
        try (Region region = Region.allocate(account, "histogram", quantiles.length()))
        {
            Memory.zero(region.address(), quantiles.length());
            histogram.wrap(region.address(), quantiles.length());
            assertTrue(assertThrows(IllegalStateException.class, () -> histogram.valueAt(0.5)).getMessage()
                .contains("no values"));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> histogram.valueAt(99)).getMessage()
                .contains("quantile=99.0"));
        }
    }

    @Test
    void shouldFitWhatTheTableSays()
    {
        assertEquals(29, widestBits(4));
        assertEquals(14, widestBits(2));
        assertEquals(7, widestBits(1));
        assertEquals(3, widestBits(0.5));
        quantiles(4, 29).type().checkReadable(quantiles(4, 29).type().schema());
    }

    private static int widestBits(final double percent)
    {
        int bits = 1;
        while (quantiles(percent, bits + 1).length() <= AggregateFunction.MAX_ACCUMULATOR_LENGTH)
        {
            bits++;
        }
        return bits;
    }

    private static Quantiles<Long> quantiles(final double percent, final int bits)
    {
        return Quantiles.of(Long::longValue).between(1_024, 1_024L << bits).withinPercent(percent);
    }
}
