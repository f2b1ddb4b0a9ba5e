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
package io.millrace.core.runtime;

import io.millrace.core.time.ProcessingClock;

import java.util.concurrent.atomic.AtomicLong;

/** Processing time of one operator instance, and when it wants to be woken, which the I/O thread reads. */
final class NodeClock implements ProcessingClock
{
    private final AtomicLong due = new AtomicLong(NEVER);
    private long time = Long.MIN_VALUE;
    private long asked = NEVER;

    /** Moves the time on, before the operator is told. */
    void time(final long now)
    {
        time = now;
    }

    /** Any thread: the earliest tick that the operator waits for, {@link #NEVER} when it waits for none. */
    long due()
    {
        return due.getAcquire();
    }

    @Override
    public long time()
    {
        return time;
    }

    @Override
    public void wakeAt(final long wanted)
    {
        // A tick at the present time has been taken in already.
        final long next = wanted > time ? wanted : time + 1;
        if (next != asked)
        {
            asked = next;
            due.setRelease(next);
        }
    }
}
