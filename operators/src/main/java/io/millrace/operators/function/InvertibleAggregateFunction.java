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
package io.millrace.operators.function;

/**
 * An aggregate that can take back what it added, as sums can: sliding windows deduct what has left them instead of
 * combining anew what is still in them.
 *
 * @param <V> read-only view of the records
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 */
public interface InvertibleAggregateFunction<V, B, A> extends AggregateFunction<V, B, A>
{
    /**
     * Takes back what {@link #merge} added: the accumulator's bytes must be what they would be without it.
     *
     * @param accumulator that {@code other} was merged into; valid during the call
     * @param other       what the records that leave came to; valid during the call
     */
    void deduct(A accumulator, B other);
}
