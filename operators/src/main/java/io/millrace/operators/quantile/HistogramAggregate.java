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

import io.millrace.operators.function.InvertibleAggregateFunction;

import java.util.function.ToLongFunction;

/**
 * Counts a value of each record. Any thread may call it.
 *
 * @param <V> read-only view of the records
 */
public final class HistogramAggregate<V> implements InvertibleAggregateFunction<V, Histogram, HistogramFlyweight>
{
    private final ToLongFunction<? super V> value;

    HistogramAggregate(final ToLongFunction<? super V> value)
    {
        this.value = value;
    }

    @Override
    public void add(final HistogramFlyweight accumulator, final V record)
    {
        accumulator.add(value.applyAsLong(record));
    }

    @Override
    public void merge(final HistogramFlyweight accumulator, final Histogram other)
    {
        accumulator.add((HistogramFlyweight)other, 1);
    }

    @Override
    public void deduct(final HistogramFlyweight accumulator, final Histogram other)
    {
        accumulator.add((HistogramFlyweight)other, -1);
    }
}
