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
package io.millrace.benchmarks.workload;

import java.util.Arrays;

/**
 * The latest events of each key of one side for a hand-written interval join: an array a key, from its first event that
 * may still find a partner.
 * <pre>
 *   | time | value | time | value | ...      in the order of arrival
 * </pre>
 */
final class RecentEvents
{
    private final long[][] events;
    private final int[] starts;
    private final int[] ends;

    RecentEvents(final int keys)
    {
        events = new long[keys][16];
        starts = new int[keys];
        ends = new int[keys];
    }

    void add(final int key, final long time, final long value)
    {
        int end = ends[key];
        if (end == events[key].length)
        {
            end = makeRoom(key);
        }
        events[key][end] = time;
        events[key][end + 1] = value;
        ends[key] = end + 2;
    }

    private int makeRoom(final int key)
    {
        final int start = starts[key];
        final int end = ends[key];
        if (start == 0)
        {
            events[key] = Arrays.copyOf(events[key], end * 2);
            return end;
        }
        System.arraycopy(events[key], start, events[key], 0, end - start);
        starts[key] = 0;
        ends[key] = end - start;
        return end - start;
    }

    /** Forgets events of a key before a time, up to the first that is not. */
    void forget(final int key, final long before)
    {
        final long[] own = events[key];
        final int end = ends[key];
        int start = starts[key];
        while (start < end && own[start] < before)
        {
            start += 2;
        }
        starts[key] = start;
    }

    long[] events(final int key)
    {
        return events[key];
    }

    int start(final int key)
    {
        return starts[key];
    }

    int end(final int key)
    {
        return ends[key];
    }
}
