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

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How far the thread is that makes the events, for one that waits. Published at every 1,024th event or once a batch, so
 * that it costs next to nothing to tell. Public, since an isolated source tells it.
 */
public final class Progress
{
    private static final long GRAIN = 1024;
    private static final long PARK_NANOS = 200_000;

    private final AtomicLong made = new AtomicLong();

    /**
     * Tells of an event; the making thread.
     *
     * @param number of the event
     */
    public void at(final long number)
    {
        if ((number & GRAIN - 1) == 0)
        {
            made.setRelease(number);
        }
    }

    /**
     * Tells how far the making thread is, at the end of a batch.
     *
     * @param number of the next event
     */
    public void reached(final long number)
    {
        made.setRelease(number);
    }

    /**
     * Waits for an event.
     *
     * @param number of the event
     * @param alive  false when no more are made
     * @return number of an event that is made, at least the one waited for when the thread is alive
     */
    long await(final long number, final BooleanSupplier alive)
    {
        long now = made.getAcquire();
        while (now < number && alive.getAsBoolean())
        {
            LockSupport.parkNanos(PARK_NANOS);
            now = made.getAcquire();
        }
        return Math.max(now, number);
    }
}
