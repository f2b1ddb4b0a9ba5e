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

/** One window, from the beginning of time to its end. */
public final class GlobalWindowAssigner implements WindowAssigner
{
    /** An assigner. */
    public GlobalWindowAssigner()
    {
    }

    @Override
    public int maxWindows()
    {
        return 1;
    }

    @Override
    public int assign(final long timestamp, final long[] starts)
    {
        starts[0] = Long.MIN_VALUE;
        return 1;
    }

    @Override
    public long end(final long start)
    {
        return Long.MAX_VALUE;
    }

    @Override
    public long maxTimestamp(final long start)
    {
        return Long.MAX_VALUE;
    }

    @Override
    public String toString()
    {
        return "global";
    }
}
