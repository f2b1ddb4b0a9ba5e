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
 * Removes the elements whose distance from the one that came last is at or above a threshold (SEMANTICS WIN-16). A
 * distance that is not a number is below.
 *
 * @param <V> read-only view of the elements
 */
public final class DeltaEvictor<V> implements Evictor<V>
{
    private final double threshold;
    private final DeltaFunction<? super V> function;
    private final boolean after;

    private DeltaEvictor(final double threshold, final DeltaFunction<? super V> function, final boolean after)
    {
        this.threshold = threshold;
        this.function = function;
        this.after = after;
    }

    /**
     * An evictor that is at work before the window's function.
     *
     * @param threshold a number
     * @param function  gives the distance of an element from the last one
     * @param <V>       read-only view of the elements
     * @return the evictor
     */
    public static <V> DeltaEvictor<V> of(final double threshold, final DeltaFunction<? super V> function)
    {
        return of(threshold, function, false);
    }

    /**
     * An evictor.
     *
     * @param threshold a number
     * @param function  gives the distance of an element from the last one
     * @param after     true to evict after the window's function has seen all elements
     * @param <V>       read-only view of the elements
     * @return the evictor
     */
    public static <V> DeltaEvictor<V> of(
        final double threshold, final DeltaFunction<? super V> function, final boolean after)
    {
        if (Double.isNaN(threshold))
        {
            throw new IllegalArgumentException("threshold=" + threshold + " of an evictor must be a number");
        }
        return new DeltaEvictor<>(threshold, function, after);
    }

    @Override
    public void evictBefore(
        final EvictableElements<V> elements, final TimeWindow window, final long currentWatermark)
    {
        if (!after)
        {
            evict(elements);
        }
    }

    @Override
    public void evictAfter(
        final EvictableElements<V> elements, final TimeWindow window, final long currentWatermark)
    {
        if (after)
        {
            evict(elements);
        }
    }

    private void evict(final EvictableElements<V> elements)
    {
        final long count = elements.count();
        final V last = elements.last();
        for (long i = 0; i < count; i++)
        {
            if (function.delta(elements.get(i), last) >= threshold)
            {
                elements.evict(i);
            }
        }
    }

    @Override
    public String toString()
    {
        return "nearer than " + threshold;
    }
}
