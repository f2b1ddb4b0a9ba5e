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
 * Records of a key of the stream by a second key, a whole number; a broadcast map has no key of the stream. For use in
 * callbacks of the function that declared it. A view is valid until the next call of this state or the end of the
 * callback.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes them
 */
public interface LongMapState<V, W extends Flyweight>
{
    /**
     * The record of a second key.
     *
     * @param second key
     * @return a view of it, or null when there is none
     */
    V read(long second);

    /**
     * The record of a second key, to be changed in place.
     *
     * @param second key
     * @return its flyweight; all zeros when there was none, which there is now
     */
    W value(long second);

    /**
     * Replaces the record of a second key by a copy of another.
     *
     * @param second key
     * @param record to copy; not null
     */
    void put(long second, V record);

    /**
     * Whether there is a record.
     *
     * @param second key
     * @return true when {@link #read} gives one
     */
    boolean contains(long second);

    /**
     * Removes a record.
     *
     * @param second key
     * @return true when there was one
     */
    boolean remove(long second);

    /**
     * Shows all records, in the order of the hashes of their second keys' bytes, then of the bytes: the same on every
     * backend and after a restart. The map must not be changed meanwhile.
     *
     * @param action takes second key and record, both valid during its call
     */
    void forEach(EntryAction<? super V> action);

    /**
     * Number of records.
     *
     * @return 0 or more
     */
    long size();

    /**
     * Whether there are none.
     *
     * @return true when {@link #size()} is 0
     */
    boolean isEmpty();

    /** Removes all. */
    void clear();

    /**
     * Takes an entry.
     *
     * @param <V> read-only view of the records
     */
    @FunctionalInterface
    interface EntryAction<V>
    {
        /**
         * Takes an entry.
         *
         * @param second key
         * @param record valid during the call
         */
        void accept(long second, V record);
    }
}
