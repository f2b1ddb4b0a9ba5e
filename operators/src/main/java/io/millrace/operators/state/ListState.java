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

/**
 * A list of records, of a key or of an instance, in the order of their addition (SEMANTICS ST-1, ST-2). For use in
 * callbacks of the function that declared it. A view is valid until the next call of this state or the end of the
 * callback.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes them
 */
public interface ListState<V, W extends Flyweight>
{
    /**
     * Appends a record of zeros.
     *
     * @return its flyweight, to write it with
     */
    W add();

    /**
     * Appends a copy of a record.
     *
     * @param record to copy
     */
    void add(V record);

    /**
     * Number of records.
     *
     * @return 0 or more
     */
    long size();

    /**
     * One record.
     *
     * @param index from 0
     * @return a view of it
     * @throws IndexOutOfBoundsException when there is none
     */
    V get(long index);

    /**
     * One record, to be changed in place.
     *
     * @param index from 0
     * @return its flyweight
     * @throws IndexOutOfBoundsException when there is none
     */
    W value(long index);

    /**
     * Whether there are none.
     *
     * @return true when {@link #size()} is 0
     */
    boolean isEmpty();

    /** Removes all. */
    void clear();
}
