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
 * Windows of one size that begin at every slide, by the engine's clock (SEMANTICS WIN-17): a record belongs to the windows
 * of the time at which it came in, and no record is late.
 */
public final class SlidingProcessingTimeWindows
{
    private final SlidingEventTimeWindows windows;

    private SlidingProcessingTimeWindows(final SlidingEventTimeWindows windows)
    {
        this.windows = windows;
    }

    /**
     * Windows that begin at multiples of the slide from the epoch.
     *
     * @param size  above 0
     * @param slide from the start of one window to the start of the next, above 0
     * @return the windows
     */
    public static SlidingProcessingTimeWindows of(final Duration size, final Duration slide)
    {
        return of(size, slide, Duration.ZERO);
    }

    /**
     * Windows that begin at multiples of the slide from an offset.
     *
     * @param size   above 0
     * @param slide  from the start of one window to the start of the next, above 0
     * @param offset from the epoch, less than the slide
     * @return the windows
     */
    public static SlidingProcessingTimeWindows of(final Duration size, final Duration slide, final Duration offset)
    {
        return new SlidingProcessingTimeWindows(SlidingEventTimeWindows.of(size, slide, offset));
    }

    Duration size()
    {
        return windows.size();
    }

    Duration slide()
    {
        return windows.slide();
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
