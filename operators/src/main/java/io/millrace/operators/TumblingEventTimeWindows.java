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
 * Windows of one size, one after the other (SEMANTICS WIN-1).
 */
public final class TumblingEventTimeWindows
{
    private final Duration size;
    private final Duration offset;

    private TumblingEventTimeWindows(final Duration size, final Duration offset)
    {
        if (size.isZero() || size.isNegative())
        {
            throw new IllegalArgumentException("size=" + size + " of windows must be above 0");
        }
        if (offset.abs().compareTo(size) >= 0)
        {
            throw new IllegalArgumentException("offset=" + offset + " of windows must be less than size=" + size);
        }
        this.size = size;
        this.offset = offset;
    }

    /**
     * Windows that begin at multiples of their size from the epoch.
     *
     * @param size above 0
     * @return the windows
     */
    public static TumblingEventTimeWindows of(final Duration size)
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
    public static TumblingEventTimeWindows of(final Duration size, final Duration offset)
    {
        return new TumblingEventTimeWindows(size, offset);
    }

    Duration size()
    {
        return size;
    }

    Duration offset()
    {
        return offset;
    }

    @Override
    public String toString()
    {
        return "tumbling " + size + (offset.isZero() ? "" : " offset " + offset);
    }
}
