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
 * One record a key (SEMANTICS ST-1, ST-2, ST-4). For use in callbacks of the function that declared it, where it is the
 * record of the callback's key. A view is valid until the next call of this state or the end of the callback.
 *
 * @param <V> read-only view of the record
 * @param <W> flyweight that writes it
 */
public interface ValueState<V, W extends Flyweight>
{
    /**
     * The record.
     *
     * @return a view of it, or null when there is none
     */
    V read();

    /**
     * The record, to be changed in place.
     *
     * @return its flyweight; all zeros when there was none, which there is now
     */
    W value();

    /**
     * Replaces the record by a copy of another.
     *
     * @param record to copy; null removes the record
     */
    void update(V record);

    /**
     * Whether there is none.
     *
     * @return false when {@link #read()} gives one
     */
    boolean isEmpty();

    /** Removes the record, and the key when this was the last of it. */
    void clear();
}
