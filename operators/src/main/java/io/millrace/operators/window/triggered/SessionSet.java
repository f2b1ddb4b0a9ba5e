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

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;

import java.util.Arrays;

/**
 * The sessions of each key, in no order. A session is named by the start that it began with, whatever it has merged with
 * since: no other of its key begins there, since sessions that touch are one.
 *
 * <pre>
 *   numbers    | key |              --&gt;  | sessions of the key 8 |
 *   sessions   | key | place 8 |    --&gt;  | name 8 | start 8 | end 8 |     places from 0 on
 * </pre>
 *
 * One key is looked at at a time. The task's thread.
 */
final class SessionSet implements AutoCloseable
{
    private static final int NAME_OFFSET = 0;
    private static final int START_OFFSET = 8;
    private static final int END_OFFSET = 16;
    private static final int LENGTH = 24;

    private final KeyedTable numbers;
    private final KeyedTable sessions;
    private final int keyLength;
    private final Region composite;
    /** Sessions of the key that is looked at. */
    private long[] names = new long[8];
    private long[] starts = new long[8];
    private long[] ends = new long[8];
    private int count;

    SessionSet(final OperatorContext context, final int keyLength)
    {
        this.keyLength = keyLength;
        numbers = context.state().keyedTable("session numbers", keyLength, Long.BYTES);
        sessions = context.state().keyedTable("sessions", keyLength + Long.BYTES, LENGTH);
        composite = Region.allocate(context.account(), context.name() + " key and place", keyLength + Long.BYTES);
    }

    /** Looks at a key. */
    void load(final long key)
    {
        final long number = numbers.find(KeyHash.hash(key, keyLength), key);
        count = number == 0 ? 0 : (int)Memory.getLong(number);
        if (count > names.length)
        {
            final int length = Math.max(count, 2 * names.length);
            names = Arrays.copyOf(names, length);
            starts = Arrays.copyOf(starts, length);
            ends = Arrays.copyOf(ends, length);
        }
        Memory.copyWords(key, composite.address(), keyLength);
        for (int place = 0; place < count; place++)
        {
            final long session = sessions.find(at(place), composite.address());
            names[place] = Memory.getLong(session + NAME_OFFSET);
            starts[place] = Memory.getLong(session + START_OFFSET);
            ends[place] = Memory.getLong(session + END_OFFSET);
        }
    }

    private long at(final int place)
    {
        Memory.putLong(composite.address() + keyLength, place);
        return KeyHash.hash(composite.address(), keyLength + Long.BYTES);
    }

    int count()
    {
        return count;
    }

    /** Place of a session of the key by its name; -1 when there is none. */
    int find(final long name)
    {
        for (int place = 0; place < count; place++)
        {
            if (names[place] == name)
            {
                return place;
            }
        }
        return -1;
    }

    long name(final int place)
    {
        return names[place];
    }

    long start(final int place)
    {
        return starts[place];
    }

    long end(final int place)
    {
        return ends[place];
    }

    /** Whether a session of the key touches a window (WIN-8). */
    boolean touches(final int place, final long start, final long end)
    {
        return starts[place] <= end && start <= ends[place];
    }

    /** Adds a session to the key; its place is the last. */
    void add(final long name, final long start, final long end)
    {
        put(count, name, start, end);
        count++;
        writeCount();
    }

    /** Gives a session another extent. */
    void extend(final int place, final long start, final long end)
    {
        put(place, names[place], start, end);
        starts[place] = start;
        ends[place] = end;
    }

    /** Removes a session; the last one takes its place. */
    void remove(final int place)
    {
        final int last = count - 1;
        if (place != last)
        {
            put(place, names[last], starts[last], ends[last]);
            names[place] = names[last];
            starts[place] = starts[last];
            ends[place] = ends[last];
        }
        sessions.remove(at(last), composite.address());
        count = last;
        writeCount();
    }

    private void put(final int place, final long name, final long start, final long end)
    {
        final long session = sessions.upsert(at(place), composite.address());
        Memory.putLong(session + NAME_OFFSET, name);
        Memory.putLong(session + START_OFFSET, start);
        Memory.putLong(session + END_OFFSET, end);
        sessions.written();
    }

    private void writeCount()
    {
        final long hash = KeyHash.hash(composite.address(), keyLength);
        if (count == 0)
        {
            numbers.remove(hash, composite.address());
        }
        else
        {
            Memory.putLong(numbers.upsert(hash, composite.address()), count);
            numbers.written();
        }
    }

    @Override
    public void close()
    {
        composite.close();
    }
}
