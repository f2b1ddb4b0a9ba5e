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
package io.millrace.operators.state;

/**
 * What has expired: a value, an element of a list or an entry of a map. It is not in its state any more. Valid during the
 * call of {@code onExpiry}.
 *
 * <pre>
 *   if (expired.isOf(last))
 *   {
 *       use(context.currentKey(), expired.record(last));
 *   }
 * </pre>
 */
public interface ExpiredEntry
{
    /**
     * Whether it was of a state.
     *
     * @param state as {@link StateStore} gave it
     * @return true when it was
     */
    boolean isOf(Object state);

    /**
     * When it expired: its last touch and the time to live.
     *
     * @return in the pipeline's unit
     */
    long time();

    /**
     * The record that expired.
     *
     * @param state that it was of
     * @param <V>   read-only view of the record
     * @return a view of it; null when it was of another state
     */
    <V> V record(ValueState<V, ?> state);

    /**
     * The element that expired.
     *
     * @param state that it was of
     * @param <V>   read-only view of the records
     * @return a view of it; null when it was of another state
     */
    <V> V record(ListState<V, ?> state);

    /**
     * The record of the entry that expired; {@link #longKey()} is its second key.
     *
     * @param state that it was of
     * @param <V>   read-only view of the records
     * @return a view of it; null when it was of another state
     */
    <V> V record(LongMapState<V, ?> state);

    /**
     * The record of the entry that expired; {@link #textKey()} is its second key.
     *
     * @param state that it was of
     * @param <V>   read-only view of the records
     * @return a view of it; null when it was of another state
     */
    <V> V record(TextMapState<V, ?> state);

    /**
     * What the records of the key came to.
     *
     * @param state that it was of
     * @param <V>   read-only view of the records
     * @return a view of it; null when it was of another state
     */
    <V> V record(ReducingState<V> state);

    /**
     * What the records of the key came to.
     *
     * @param state that it was of
     * @param <V>   read-only view of the accumulator
     * @return a view of it; null when it was of another state
     */
    <V> V record(AggregatingState<?, V> state);

    /**
     * The number that expired.
     *
     * @param state that it was of
     * @return the number
     * @throws IllegalArgumentException when it was of another state
     */
    long number(LongState state);

    /**
     * The number that expired.
     *
     * @param state that it was of
     * @return the number
     * @throws IllegalArgumentException when it was of another state
     */
    double number(DoubleState state);

    /**
     * Second key of the entry of a {@link LongMapState}.
     *
     * @return the key
     * @throws IllegalStateException when it was no entry of such a map
     */
    long longKey();

    /**
     * Second key of the entry of a {@link TextMapState}.
     *
     * @return a view of the key
     * @throws IllegalStateException when it was no entry of such a map
     */
    CharSequence textKey();
}
