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
package io.millrace.operators;

import java.time.Duration;

/**
 * Windows as long as a key's records follow each other within a gap: each record is a window from its time until the
 * gap behind it, and windows that overlap or touch are one (SEMANTICS WIN-8).
 */
public final class EventTimeSessionWindows
{
    private final Duration gap;

    private EventTimeSessionWindows(final Duration gap)
    {
        if (gap.isZero() || gap.isNegative())
        {
            throw new IllegalArgumentException("gap=" + gap + " of session windows must be above 0");
        }
        this.gap = gap;
    }

    /**
     * Sessions that end when no record comes for some time.
     *
     * @param gap above 0; records that are exactly so far apart are of one session
     * @return the windows
     */
    public static EventTimeSessionWindows withGap(final Duration gap)
    {
        return new EventTimeSessionWindows(gap);
    }

    Duration gap()
    {
        return gap;
    }

    @Override
    public String toString()
    {
        return "sessions with gap " + gap;
    }
}
