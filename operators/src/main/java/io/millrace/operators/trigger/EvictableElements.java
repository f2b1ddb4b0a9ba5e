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
package io.millrace.operators.trigger;

/**
 * The elements of a window as an evictor sees them. Valid during the callback.
 *
 * @param <V> read-only view of an element
 */
public interface EvictableElements<V> extends WindowElements<V>
{
    /**
     * The element that came last, beside the one that {@link #get} shows.
     *
     * @return a view, valid during the callback
     */
    V last();

    /**
     * Has an element removed when the callback ends; until then it keeps its index.
     *
     * @param index from 0 to {@link #count()} - 1
     */
    void evict(long index);
}
