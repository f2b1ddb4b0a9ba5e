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

import java.time.Duration;

/**
 * Keeps the elements that are less than a duration older than the newest one (SEMANTICS WIN-16).
 *
 * @param <V> read-only view of the elements
 */
public final class TimeEvictor<V> implements Evictor<V>
{
    private final Duration duration;
    private final boolean after;
    /** In the pipeline's unit; 0 until that is known. */
    private final long units;

    private TimeEvictor(final Duration duration, final boolean after, final long units)
    {
        this.duration = duration;
        this.after = after;
        this.units = units;
    }

    /**
     * An evictor that is at work before the window's function.
     *
     * @param duration that is kept, above 0
     * @param <V>      read-only view of the elements
     * @return the evictor
     */
    public static <V> TimeEvictor<V> of(final Duration duration)
    {
        return of(duration, false);
    }

    /**
     * An evictor.
     *
     * @param duration that is kept, above 0
     * @param after    true to evict after the window's function has seen all elements
     * @param <V>      read-only view of the elements
     * @return the evictor
     */
    public static <V> TimeEvictor<V> of(final Duration duration, final boolean after)
    {
        if (duration.isZero() || duration.isNegative())
        {
            throw new IllegalArgumentException("duration=" + duration + " of an evictor must be above 0");
        }
        return new TimeEvictor<>(duration, after, 0);
    }

    @Override
    public TimeEvictor<V> in(final PipelineTime time)
    {
        return new TimeEvictor<>(duration, after, time.units("duration", duration));
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
        long newest = Long.MIN_VALUE;
        for (long i = 0; i < count; i++)
        {
            newest = Math.max(newest, elements.timestamp(i));
        }
        if (newest < Long.MIN_VALUE + units)
        {
            return;
        }
        for (long i = 0; i < count; i++)
        {
            if (elements.timestamp(i) <= newest - units)
            {
                elements.evict(i);
            }
        }
    }

    @Override
    public String toString()
    {
        return "newest " + duration;
    }
}
