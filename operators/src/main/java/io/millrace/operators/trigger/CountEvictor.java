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
 * Keeps the elements that came last, up to a number of them.
 *
 * @param <V> read-only view of the elements
 */
public final class CountEvictor<V> implements Evictor<V>
{
    private final long maxCount;
    private final boolean after;

    private CountEvictor(final long maxCount, final boolean after)
    {
        this.maxCount = maxCount;
        this.after = after;
    }

    /**
     * An evictor that is at work before the window's function.
     *
     * @param maxCount elements to keep, above 0
     * @param <V>      read-only view of the elements
     * @return the evictor
     */
    public static <V> CountEvictor<V> of(final long maxCount)
    {
        return of(maxCount, false);
    }

    /**
     * An evictor.
     *
     * @param maxCount elements to keep, above 0
     * @param after    true to evict after the window's function has seen all elements
     * @param <V>      read-only view of the elements
     * @return the evictor
     */
    public static <V> CountEvictor<V> of(final long maxCount, final boolean after)
    {
        if (maxCount <= 0)
        {
            throw new IllegalArgumentException("count=" + maxCount + " of an evictor must be above 0");
        }
        return new CountEvictor<>(maxCount, after);
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
        final long tooMany = elements.count() - maxCount;
        for (long i = 0; i < tooMany; i++)
        {
            elements.evict(i);
        }
    }

    @Override
    public String toString()
    {
        return "last " + maxCount;
    }
}
