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
 * Windows of one size that begin at every slide (SEMANTICS WIN-1): they overlap where the size is more than the slide,
 * and leave gaps where it is less.
 */
public final class SlidingEventTimeWindows
{
    private final Duration size;
    private final Duration slide;
    private final Duration offset;

    private SlidingEventTimeWindows(final Duration size, final Duration slide, final Duration offset)
    {
        if (size.isZero() || size.isNegative())
        {
            throw new IllegalArgumentException("size=" + size + " of sliding windows must be above 0");
        }
        if (slide.isZero() || slide.isNegative())
        {
            throw new IllegalArgumentException("slide=" + slide + " of sliding windows must be above 0");
        }
        if (offset.abs().compareTo(slide) >= 0)
        {
            throw new IllegalArgumentException("offset=" + offset + " of sliding windows must be less than slide=" +
                slide + ": take the rest of its division by the slide");
        }
        this.size = size;
        this.slide = slide;
        this.offset = offset;
    }

    /**
     * Windows that begin at multiples of the slide from the epoch.
     *
     * @param size  of each window, above 0
     * @param slide from the start of one window to the start of the next, above 0
     * @return the windows
     */
    public static SlidingEventTimeWindows of(final Duration size, final Duration slide)
    {
        return of(size, slide, Duration.ZERO);
    }

    /**
     * Windows that begin at multiples of the slide from an offset.
     *
     * @param size   of each window, above 0
     * @param slide  from the start of one window to the start of the next, above 0
     * @param offset from the epoch, less than the slide
     * @return the windows
     */
    public static SlidingEventTimeWindows of(final Duration size, final Duration slide, final Duration offset)
    {
        return new SlidingEventTimeWindows(size, slide, offset);
    }

    Duration size()
    {
        return size;
    }

    Duration slide()
    {
        return slide;
    }

    Duration offset()
    {
        return offset;
    }

    @Override
    public String toString()
    {
        return "sliding " + size + " by " + slide + (offset.isZero() ? "" : " offset " + offset);
    }
}
