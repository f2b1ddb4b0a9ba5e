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

/** Exact arithmetic on scaled longs; what does not fit is an error, never a wrong number. */
final class AveragePrice
{
    /** Decimals of a notional less those of a volume. */
    private static final int QUOTIENT_DECIMALS = 2;
    private static final int DECIMALS = 8;
    private static final long PRICE_TO_AVERAGE = 1_000_000;

    private AveragePrice()
    {
    }

    /**
     * Notional over volume by long division, digit by digit: the product with a power of ten would not fit into 63
     * bits. The tape has trades of nothing; where there are no others the average is the last price.
     *
     * @param notional with ten decimals, 0 or more
     * @param volume   with eight decimals, 0 or more
     * @param price    of the last trade, with two decimals
     * @return with eight decimals, rounded half up
     * @throws ArithmeticException when the result, or a remainder times ten, does not fit
     */
    static long of(final long notional, final long volume, final long price)
    {
        if (volume == 0)
        {
            return Math.multiplyExact(price, PRICE_TO_AVERAGE);
        }
        long quotient = notional / volume;
        long remainder = notional % volume;
        for (int digit = QUOTIENT_DECIMALS; digit < DECIMALS; digit++)
        {
            remainder = Math.multiplyExact(remainder, 10);
            quotient = Math.addExact(Math.multiplyExact(quotient, 10), remainder / volume);
            remainder %= volume;
        }
        return remainder >= volume - remainder ? Math.addExact(quotient, 1) : quotient;
    }
}
