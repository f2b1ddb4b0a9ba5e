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
 * Windows of one size, one after the other, by the engine's clock (SEMANTICS WIN-17): a record belongs to the window of the
 * time at which it came in, and no record is late.
 */
public final class TumblingProcessingTimeWindows
{
    private final TumblingEventTimeWindows windows;

    private TumblingProcessingTimeWindows(final TumblingEventTimeWindows windows)
    {
        this.windows = windows;
    }

    /**
     * Windows that begin at multiples of their size from the epoch.
     *
     * @param size above 0
     * @return the windows
     */
    public static TumblingProcessingTimeWindows of(final Duration size)
    {
        return of(size, Duration.ZERO);
    }

    /**
     * Windows that begin at multiples of their size from an offset.
     *
     * @param size   above 0
     * @param offset from the epoch, less than the size
     * @return the windows
     */
    public static TumblingProcessingTimeWindows of(final Duration size, final Duration offset)
    {
        return new TumblingProcessingTimeWindows(TumblingEventTimeWindows.of(size, offset));
    }

    Duration size()
    {
        return windows.size();
    }

    Duration offset()
    {
        return windows.offset();
    }

    @Override
    public String toString()
    {
        return windows + " by processing time";
    }
}
