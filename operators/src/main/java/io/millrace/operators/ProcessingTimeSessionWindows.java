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
 * Windows as long as a key's records come in within a gap of each other by the engine's clock (SEMANTICS WIN-8, WIN-17).
 */
public final class ProcessingTimeSessionWindows
{
    private final EventTimeSessionWindows windows;

    private ProcessingTimeSessionWindows(final EventTimeSessionWindows windows)
    {
        this.windows = windows;
    }

    /**
     * Sessions that end when no record comes for some time. The last time of a session is one unit before the gap
     * behind its last record is over, and it fires then.
     *
     * @param gap 2 units of the pipeline's time or more
     * @return the windows
     */
    public static ProcessingTimeSessionWindows withGap(final Duration gap)
    {
        return new ProcessingTimeSessionWindows(EventTimeSessionWindows.withGap(gap));
    }

    EventTimeSessionWindows windows()
    {
        return windows;
    }

    @Override
    public String toString()
    {
        return windows + " by processing time";
    }
}
