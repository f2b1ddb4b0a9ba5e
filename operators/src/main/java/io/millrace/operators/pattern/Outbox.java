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
package io.millrace.operators.pattern;

import java.util.Arrays;

/** Matches and timed-out partial matches of a step that are to be emitted; each refers to its last node. */
final class Outbox
{
    private int count;
    private int sent;
    private long[] nodes = new long[16];
    private long[] times = new long[16];
    private boolean[] timedOut = new boolean[16];

    void clear()
    {
        count = 0;
        sent = 0;
    }

    void add(final long node, final long time, final boolean isTimedOut)
    {
        if (count == nodes.length)
        {
            nodes = Arrays.copyOf(nodes, count * 2);
            times = Arrays.copyOf(times, count * 2);
            timedOut = Arrays.copyOf(timedOut, count * 2);
        }
        nodes[count] = node;
        times[count] = time;
        timedOut[count] = isTimedOut;
        count++;
    }

    boolean isEmpty()
    {
        return sent == count;
    }

    long node()
    {
        return nodes[sent];
    }

    long time()
    {
        return times[sent];
    }

    boolean isTimedOut()
    {
        return timedOut[sent];
    }

    void removeFirst()
    {
        sent++;
    }
}
