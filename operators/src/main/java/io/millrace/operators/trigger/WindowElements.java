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
 * The elements of a window, in the order in which they came. Valid during the callback.
 *
 * <pre>
 *   for (long i = 0; i &lt; elements.count(); i++)
 *   {
 *       sum += elements.get(i).value();
 *   }
 * </pre>
 *
 * @param <V> read-only view of an element
 */
public interface WindowElements<V>
{
    /**
     * Number of elements.
     *
     * @return 1 or more
     */
    long count();

    /**
     * An element.
     *
     * @param index from 0, the one that came first, to {@link #count()} - 1
     * @return a view, valid until another element is looked at
     */
    V get(long index);

    /**
     * Event time of an element.
     *
     * @param index from 0 to {@link #count()} - 1; looks at that element
     * @return in the pipeline's unit
     */
    long timestamp(long index);
}
