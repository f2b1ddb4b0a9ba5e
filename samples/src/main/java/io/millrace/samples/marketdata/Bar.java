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

import io.millrace.memory.record.Ascii;
import io.millrace.memory.record.Decimal;
import io.millrace.memory.record.OffHeapRecord;

/** The trades of one instrument in one second or minute. */
@OffHeapRecord
public interface Bar
{
    /**
     * First millisecond behind the bar.
     *
     * @return milliseconds of the epoch
     */
    long end();

    /**
     * Length of the bar.
     *
     * @return milliseconds
     */
    long length();

    /**
     * Price of the last trade.
     *
     * @return dollars, two decimals
     */
    @Decimal(2)
    long price();

    /**
     * Volume-weighted average price, rounded half up.
     *
     * @return dollars, eight decimals
     */
    @Decimal(8)
    long averagePrice();

    /**
     * Sum of the amounts.
     *
     * @return units, eight decimals
     */
    @Decimal(8)
    long volume();

    /**
     * Number of trades.
     *
     * @return 1 or more
     */
    long trades();

    /**
     * What was traded.
     *
     * @return short name
     */
    @Ascii(15)
    CharSequence instrument();
}
