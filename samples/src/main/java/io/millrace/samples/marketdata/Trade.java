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
import io.millrace.memory.record.EventTime;
import io.millrace.memory.record.OffHeapRecord;

/** A trade of the tape. */
@OffHeapRecord
public interface Trade
{
    /**
     * When it was done.
     *
     * @return milliseconds of the epoch
     */
    @EventTime
    long time();

    /**
     * Place on the tape.
     *
     * @return from 1
     */
    long number();

    /**
     * Price of one unit.
     *
     * @return dollars, two decimals
     */
    @Decimal(2)
    long price();

    /**
     * What was traded.
     *
     * @return units, eight decimals
     */
    @Decimal(8)
    long amount();

    /**
     * What it is a trade of.
     *
     * @return short name
     */
    @Ascii(15)
    CharSequence instrument();
}
