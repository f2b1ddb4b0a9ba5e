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
package io.millrace.operators.window;

import io.millrace.operators.function.TimeWindow;

/** The window that a function is handed; moved from window to window. */
public final class WindowBounds implements TimeWindow
{
    private long start;
    private long end;

    /** Bounds of nothing yet. */
    public WindowBounds()
    {
    }

    /**
     * Moves to a window.
     *
     * @param newStart included
     * @param newEnd   excluded
     * @return this
     */
    public TimeWindow of(final long newStart, final long newEnd)
    {
        start = newStart;
        end = newEnd;
        return this;
    }

    @Override
    public long start()
    {
        return start;
    }

    @Override
    public long end()
    {
        return end;
    }

    @Override
    public String toString()
    {
        return "[" + start + ", " + end + ")";
    }
}
