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

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.ReduceFunction;

/**
 * Where a function declares the states that it keeps for each key, when it opens. A name is unique for the operator, and
 * finds the state again after a restart.
 */
public interface StateStore
{
    /**
     * Where to declare states whose entries expire. Whether a state's entries do is decided for good: a checkpoint is not
     * restored into one of the other kind.
     *
     * @param ttl how long they live
     * @return declares states of the same operator
     * @throws UnsupportedOperationException where states do not outlive something that ends by itself, as a window
     */
    StateStore with(StateTtl ttl);

    /**
     * Declares a record a key.
     *
     * @param name unique for the operator
     * @param type of the record, of fixed length
     * @param <V>  read-only view of the record
     * @param <W>  flyweight that writes it
     * @return the state
     */
    <V, W extends Flyweight> ValueState<V, W> value(String name, RecordType<V, W> type);

    /**
     * Declares a whole number a key, 0 at first.
     *
     * @param name unique for the operator
     * @return the state
     */
    default LongState longValue(final String name)
    {
        return longValue(name, 0);
    }

    /**
     * Declares a whole number a key.
     *
     * @param name         unique for the operator
     * @param defaultValue what it is at first
     * @return the state
     */
    LongState longValue(String name, long defaultValue);

    /**
     * Declares a number of floating point a key, 0 at first.
     *
     * @param name unique for the operator
     * @return the state
     */
    default DoubleState doubleValue(final String name)
    {
        return doubleValue(name, 0);
    }

    /**
     * Declares a number of floating point a key.
     *
     * @param name         unique for the operator
     * @param defaultValue what it is at first
     * @return the state
     */
    DoubleState doubleValue(String name, double defaultValue);

    /**
     * Declares a list of records a key.
     *
     * @param name unique for the operator
     * @param type of the records, of fixed length
     * @param <V>  read-only view of the records
     * @param <W>  flyweight that writes them
     * @return the state
     */
    <V, W extends Flyweight> ListState<V, W> list(String name, RecordType<V, W> type);

    /**
     * Declares a map from whole numbers to records a key.
     *
     * @param name unique for the operator
     * @param type of the records, of fixed length
     * @param <V>  read-only view of the records
     * @param <W>  flyweight that writes them
     * @return the state
     */
    <V, W extends Flyweight> LongMapState<V, W> longMap(String name, RecordType<V, W> type);

    /**
     * Declares a map from texts of at most 32 bytes to records a key.
     *
     * @param name unique for the operator
     * @param type of the records, of fixed length
     * @param <V>  read-only view of the records
     * @param <W>  flyweight that writes them
     * @return the state
     */
    <V, W extends Flyweight> TextMapState<V, W> textMap(String name, RecordType<V, W> type);

    /**
     * Declares a record a key that others are combined into.
     *
     * @param name     unique for the operator
     * @param type     of the records, of fixed length
     * @param function that combines
     * @param <V>      read-only view of the records
     * @param <W>      flyweight that writes them
     * @return the state
     */
    <V, W extends Flyweight> ReducingState<V> reducing(
        String name, RecordType<V, W> type, ReduceFunction<? super V, ? super W> function);

    /**
     * Declares an accumulator a key.
     *
     * @param name     unique for the operator
     * @param type     of the accumulator, of fixed length
     * @param function that adds a record to it
     * @param <I>      read-only view of the records
     * @param <V>      read-only view of the accumulator
     * @param <W>      flyweight that writes it
     * @return the state
     */
    <I, V, W extends Flyweight> AggregatingState<I, V> aggregating(
        String name, RecordType<V, W> type, AccumulateFunction<? super I, ? super W> function);
}
