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
package io.millrace.samples.marketdata;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AveragePriceTest
{
    @Test
    void shouldRoundHalfUp()
    {
        // 1 unit at 900.00 and 2 units at 901.00: 2702 / 3 = 900.666...
        assertEquals(90_066_666_667L, AveragePrice.of(27_020_000_000_000L, 300_000_000L, 90_100));
        // Behind the eighth decimal: 0.0125, 0.5, 0.49, 1.49, 1.5
        assertEquals(0, AveragePrice.of(1, 8_0000_0000L, 1));
        assertEquals(1, AveragePrice.of(50, 1_0000_0000L, 1));
        assertEquals(0, AveragePrice.of(49, 1_0000_0000L, 1));
        assertEquals(1, AveragePrice.of(149, 1_0000_0000L, 1));
        assertEquals(2, AveragePrice.of(150, 1_0000_0000L, 1));
    }

    @Test
    void shouldBeThePriceOfASingleTrade()
    {
        assertEquals(99_900_000_000L, AveragePrice.of(99_900L * 1, 1, 99_900));
        assertEquals(99_900_000_000L, AveragePrice.of(99_900L * 123_456_789, 123_456_789, 99_900));
    }

    @Test
    void shouldBeTheLastPriceWhereNothingWasTraded()
    {
        assertEquals(99_900_000_000L, AveragePrice.of(0, 0, 99_900));
    }

    @Test
    void shouldFailRatherThanOverflow()
    {
        assertThrows(ArithmeticException.class, () -> AveragePrice.of(0, 0, Long.MAX_VALUE));
        assertThrows(ArithmeticException.class, () -> AveragePrice.of(Long.MAX_VALUE, 1, 1));
        assertThrows(ArithmeticException.class, () -> AveragePrice.of(Long.MAX_VALUE - 1, Long.MAX_VALUE, 1));
    }

    @Test
    void shouldEqualDecimalsOfAnyLengthOrFail()
    {
        final long seed = Long.getLong("millrace.seed", System.nanoTime());
        final SplittableRandom random = new SplittableRandom(seed);
        int failed = 0;
        for (int i = 0; i < 200_000; i++)
        {
            final long notional = random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
            final long volume = 1 + (random.nextLong(Long.MAX_VALUE - 1) >>> random.nextInt(63));
            final BigDecimal expected = BigDecimal.valueOf(notional, 10)
                .divide(BigDecimal.valueOf(volume, 8), 8, RoundingMode.HALF_UP);
            final boolean fits = expected.unscaledValue().bitLength() < 64;
            try
            {
                final long average = AveragePrice.of(notional, volume, 1);
                assertEquals(expected, BigDecimal.valueOf(average, 8),
                    () -> "seed=" + seed + " notional=" + notional + " volume=" + volume);
            }
            catch (final ArithmeticException exception)
            {
                failed++;
                assertTrue(!fits || volume > Long.MAX_VALUE / 10,
                    () -> "seed=" + seed + " notional=" + notional + " volume=" + volume + " fits, but " + exception);
            }
        }
        assertTrue(failed > 0, "no overflow was met");
    }
}
