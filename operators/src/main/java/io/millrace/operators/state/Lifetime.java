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
package io.millrace.operators.state;

/** How long entries of one state live, by the operator's clock. */
final class Lifetime
{
    /** The end of what never expires. */
    static final long NEVER = Long.MAX_VALUE;

    private final ExpiryClock clock;
    private final boolean eventTime;
    private final long units;
    private final boolean touchedByReads;
    private final boolean hidesExpired;

    Lifetime(
        final ExpiryClock clock,
        final boolean eventTime,
        final long units,
        final boolean touchedByReads,
        final boolean hidesExpired)
    {
        this.clock = clock;
        this.eventTime = eventTime;
        this.units = units;
        this.touchedByReads = touchedByReads;
        this.hidesExpired = hidesExpired;
    }

    long now()
    {
        return eventTime ? clock.eventTime() : clock.processingTime();
    }

    boolean isEventTime()
    {
        return eventTime;
    }

    long units()
    {
        return units;
    }

    boolean touchedByReads()
    {
        return touchedByReads;
    }

    /** When what was touched then expires; {@link #NEVER} when that is beyond the end of time. */
    long end(final long touched)
    {
        final long end = touched + units;
        return end < touched ? NEVER : end;
    }

    /** Whether reads must not see what was touched then. */
    boolean hides(final long touched)
    {
        if (!hidesExpired)
        {
            return false;
        }
        final long end = end(touched);
        return end != NEVER && end <= now();
    }
}
