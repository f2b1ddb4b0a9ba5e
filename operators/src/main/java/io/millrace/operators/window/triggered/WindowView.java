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
package io.millrace.operators.window.triggered;

import io.millrace.operators.function.TimeWindow;

/** The window that a callback is handed; moved from window to window. */
final class WindowView implements TimeWindow
{
    private final WindowAssigner assigner;
    private long start;
    /** Whether the end is one of its own. */
    private boolean extended;
    private long end;

    WindowView(final WindowAssigner assigner)
    {
        this.assigner = assigner;
    }

    void start(final long newStart)
    {
        start = newStart;
        extended = false;
    }

    /** A window that others have merged into. */
    void extent(final long newStart, final long newEnd)
    {
        start = newStart;
        end = newEnd;
        extended = true;
    }

    @Override
    public long start()
    {
        return start;
    }

    @Override
    public long end()
    {
        return extended ? end : assigner.end(start);
    }

    @Override
    public long maxTimestamp()
    {
        return extended ? end - 1 : assigner.maxTimestamp(start);
    }

    @Override
    public String toString()
    {
        return "[" + start + ", " + end() + ")";
    }
}
