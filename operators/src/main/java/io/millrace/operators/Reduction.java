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
package io.millrace.operators;

import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.ReduceFunction;

/**
 * A reduce function as an aggregate: it reduces records, and what others were reduced to, which is such a record too. The
 * operator starts an accumulator with its first record.
 *
 * @param function that combines
 * @param <V>      read-only view of the records
 * @param <W>      flyweight that writes them
 */
record Reduction<V, W>(ReduceFunction<? super V, ? super W> function) implements AggregateFunction<V, V, W>
{
    @Override
    public void add(final W accumulator, final V record)
    {
        function.reduce(accumulator, record);
    }

    @Override
    public void merge(final W accumulator, final V other)
    {
        function.reduce(accumulator, other);
    }
}
