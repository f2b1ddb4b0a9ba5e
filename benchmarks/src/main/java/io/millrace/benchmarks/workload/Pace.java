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

/**
 * Which events a {@link PacedSource} may emit, and when they were due. The thread that steps the job sets it between steps.
 * Public, since an isolated source reads it.
 */
public final class Pace
{
    private final long keys;
    private final KeyChoice choice;
    private long allowed;
    private long emitted;
    private long first;
    private long firstDue;
    private long interval;

    Pace(final long keys, final KeyChoice choice)
    {
        this.keys = keys;
        this.choice = choice;
    }

    /** Begins a stretch of events that are due one after the other. */
    void begin(final long dueNanos, final long intervalNanos)
    {
        first = allowed;
        firstDue = dueNanos;
        interval = intervalNanos;
    }

    /** Lets the source emit what is due by now. */
    void allowDue(final long nowNanos)
    {
        allowed = Math.max(allowed, first + (nowNanos - firstDue) / interval + 1);
    }

    /** Lets the source emit so many more, all due now. */
    void allowMore(final long events, final long nowNanos)
    {
        begin(nowNanos, 0);
        allowed += events;
    }

    /** Whether the source has nothing to emit. */
    boolean satisfied()
    {
        return emitted == allowed;
    }

    long keys()
    {
        return keys;
    }

    /** Events emitted so far. */
    long emitted()
    {
        return emitted;
    }

    /**
     * Number behind the last event that may be emitted.
     *
     * @return the number
     */
    public long allowed()
    {
        return allowed;
    }

    /**
     * Tells how far the source is.
     *
     * @param number of the next event
     */
    public void emitted(final long number)
    {
        emitted = number;
    }

    /**
     * Goes on where an earlier life of the job was.
     *
     * @param number of the next event
     */
    public void restored(final long number)
    {
        emitted = number;
        allowed = number;
    }

    /**
     * When an event was due.
     *
     * @param number of the event
     * @return as of {@link System#nanoTime()}
     */
    public long due(final long number)
    {
        return firstDue + (number - first) * interval;
    }

    /**
     * Key of an event: the first events bring in every key once, the ones after them are random.
     *
     * @param number of the event
     * @return the key
     */
    public long key(final long number)
    {
        if (number < keys)
        {
            return number;
        }
        return choice.key(Events.mixed(number), keys);
    }
}
