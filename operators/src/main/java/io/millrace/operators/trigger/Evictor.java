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

import io.millrace.operators.function.TimeWindow;

/**
 * Removes elements from a window that fires. They are gone for good: later firings do not see them either. Where all are
 * removed beforehand, the window does not fire. One object serves all keys, windows and parallel instances of an
 * operator, so it keeps nothing in fields.
 * <p>
 * A window with an evictor keeps its elements, even where an aggregate alone would need none of them (SEMANTICS WIN-16).
 *
 * @param <V> read-only view of the elements
 */
public interface Evictor<V>
{
    /**
     * Removes elements before the window's function sees them.
     *
     * @param elements         of the window
     * @param window           that fires; valid during the call
     * @param currentWatermark event time
     */
    void evictBefore(EvictableElements<V> elements, TimeWindow window, long currentWatermark);

    /**
     * Removes elements after the window's function has seen them.
     *
     * @param elements         of the window
     * @param window           that fires; valid during the call
     * @param currentWatermark event time
     */
    void evictAfter(EvictableElements<V> elements, TimeWindow window, long currentWatermark);

    /**
     * The same evictor, with its durations in the unit of a pipeline.
     *
     * @param time the pipeline's
     * @return this, when it has no durations
     */
    default Evictor<V> in(final PipelineTime time)
    {
        return this;
    }
}
