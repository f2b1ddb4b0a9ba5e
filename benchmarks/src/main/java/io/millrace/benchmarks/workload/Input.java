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
package io.millrace.benchmarks.workload;

import io.millrace.core.operator.StreamSource;
import io.millrace.operators.source.Generator;

/**
 * The events of one trial: made one by one, or read from memory, where they were written before. Closed by whoever made
 * it.
 */
public final class Input implements AutoCloseable
{
    private final long count;
    private final PreloadedEvents preloaded;

    private Input(final long count, final PreloadedEvents preloaded)
    {
        this.count = count;
        this.preloaded = preloaded;
    }

    /**
     * Events that are made when they are needed.
     *
     * @param count of the events
     * @return the input
     */
    public static Input generated(final long count)
    {
        return new Input(count, null);
    }

    /**
     * Events that lie in memory, which is read again and again, with later times, until there were enough.
     *
     * @param count    of the events
     * @param bytes    that they take at least
     * @param workload that they are for
     * @return the input
     */
    public static Input preloaded(final long count, final long bytes, final Workload workload)
    {
        return new Input(count, new PreloadedEvents(bytes, workload.keys()));
    }

    long count()
    {
        return count;
    }

    /** The events in memory, or null when they are made. */
    PreloadedEvents preloaded()
    {
        return preloaded;
    }

    /**
     * The source of the engine's programs.
     *
     * @param function that makes an event, where they are made
     * @param progress that a source of events in memory tells, or null; the function tells by itself
     */
    StreamSource<Event> source(
        final Generator.GeneratorFunction<EventFlyweight> function, final Progress progress)
    {
        return preloaded == null ? Generator.of(EventFlyweight.TYPE, count, function) :
            preloaded.source(count, progress == null ? new Progress() : progress);
    }

    @Override
    public void close()
    {
        if (preloaded != null)
        {
            preloaded.close();
        }
    }
}
