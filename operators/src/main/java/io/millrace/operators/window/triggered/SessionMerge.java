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

import java.util.Arrays;

/** The sessions of a key that merge with a record's, as they were, and the extent of what they become. The task's thread. */
final class SessionMerge
{
    private final int stateLength;
    private int count;
    private long start;
    private long end;
    private long[] names = new long[4];
    private long[] starts = new long[4];
    private long[] ends = new long[4];
    private long[] firsts = new long[4];
    private long[] endIndexes = new long[4];
    private long[] unfired = new long[4];
    private long[] states;

    SessionMerge(final int stateLength)
    {
        this.stateLength = stateLength;
        states = new long[4 * stateLength];
    }

    /** Looks for sessions of the key that is looked at which a record's own touches. */
    void look(final SessionSet sessions, final long newStart, final long newEnd)
    {
        count = 0;
        start = newStart;
        end = newEnd;
        for (int place = 0; place < sessions.count(); place++)
        {
            if (sessions.touches(place, newStart, newEnd))
            {
                add(sessions.name(place), sessions.start(place), sessions.end(place));
            }
        }
    }

    private void add(final long name, final long oldStart, final long oldEnd)
    {
        if (count == names.length)
        {
            names = Arrays.copyOf(names, 2 * count);
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            firsts = Arrays.copyOf(firsts, 2 * count);
            endIndexes = Arrays.copyOf(endIndexes, 2 * count);
            unfired = Arrays.copyOf(unfired, 2 * count);
            states = Arrays.copyOf(states, 2 * states.length);
        }
        names[count] = name;
        starts[count] = oldStart;
        ends[count] = oldEnd;
        count++;
        start = Math.min(start, oldStart);
        end = Math.max(end, oldEnd);
    }

    int count()
    {
        return count;
    }

    /** Whether what they become is another than the one that there is. */
    boolean grows()
    {
        return count > 1 || start != starts[0] || end != ends[0];
    }

    /** Name of what they become. */
    long name()
    {
        return names[0];
    }

    long start()
    {
        return start;
    }

    long end()
    {
        return end;
    }

    long name(final int index)
    {
        return names[index];
    }

    long start(final int index)
    {
        return starts[index];
    }

    long end(final int index)
    {
        return ends[index];
    }

    void keep(final int index, final long first, final long endIndex, final long notFired)
    {
        firsts[index] = first;
        endIndexes[index] = endIndex;
        unfired[index] = notFired;
    }

    long first(final int index)
    {
        return firsts[index];
    }

    long endIndex(final int index)
    {
        return endIndexes[index];
    }

    long unfired(final int index)
    {
        return unfired[index];
    }

    void keepState(final int session, final int index, final long value)
    {
        states[session * stateLength + index] = value;
    }

    long state(final int session, final int index)
    {
        if (session < 0 || session >= count)
        {
            throw new IndexOutOfBoundsException("session=" + session + " of those that merge, which are merged=" + count);
        }
        return states[session * stateLength + index];
    }
}
