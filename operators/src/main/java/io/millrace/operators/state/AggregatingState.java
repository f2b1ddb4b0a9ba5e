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
 * An accumulator a key, that records of another type are added to. For use in callbacks of the function that declared
 * it.
 *
 * @param <I> read-only view of the records
 * @param <V> read-only view of the accumulator
 */
public interface AggregatingState<I, V>
{
    /**
     * What the records came to.
     *
     * @return a view of it, valid until the next call of this state or the end of the callback; null when there is none
     */
    V read();

    /**
     * Adds a record to the accumulator, all zeros at first.
     *
     * @param record to add
     */
    void add(I record);

    /**
     * Whether there is none.
     *
     * @return false when {@link #read()} gives one
     */
    boolean isEmpty();

    /** Removes it. */
    void clear();
}
