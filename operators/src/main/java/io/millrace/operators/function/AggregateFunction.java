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
 * Adds records to an accumulator, and accumulators to each other: what windows need that overlap or merge. The result
 * must not depend on how the records were divided among accumulators, nor on the order of the merges.
 *
 * @param <V> read-only view of the records
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 */
public interface AggregateFunction<V, B, A> extends AccumulateFunction<V, A>
{
    /**
     * The most bytes that an accumulator may have in windows of any kind, with keys of any kind: a segment of a table holds
     * a few entries at least.
     */
    int MAX_ACCUMULATOR_LENGTH = 1_888;

    /**
     * Adds what other records came to.
     *
     * @param accumulator all zeros at first; valid during the call
     * @param other       what the other records came to; valid during the call
     */
    void merge(A accumulator, B other);
}
