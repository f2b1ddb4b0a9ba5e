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
 * Counts of values, from which quantiles are read. What {@link Quantiles} says holds: a value is off by at most so many
 * percent, and one out of the range counts as the end of the range that it is beyond. Valid during the callback.
 */
public interface Histogram
{
    /**
     * Number of values, those out of the range included.
     *
     * @return 0 or more
     */
    long count();

    /**
     * Number of values below the range, which count as its lowest.
     *
     * @return 0 or more
     */
    long below();

    /**
     * Number of values above the range, which count as its highest.
     *
     * @return 0 or more
     */
    long above();

    /**
     * The value that so much of all values are at or below. It takes a walk over the counts.
     *
     * @param quantile from 0, the least value, to 1, the greatest; 0.5 is the median
     * @return middle of the counted interval that has it
     * @throws IllegalArgumentException when it is not from 0 to 1
     * @throws IllegalStateException    when there is no value
     */
    long valueAt(double quantile);
}
