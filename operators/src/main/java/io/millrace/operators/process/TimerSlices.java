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
package io.millrace.operators.process;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;

/**
 * What timers there are, by slices of their time: a table a slice, from key and time to the sequence of registration. A
 * slice is dropped whole when all of it has passed, so that a timer that fires need not be removed; until then timers that
 * have fired lie there too.
 * <p>
 * A slice is at most a 128th of the time from now to the end of its level: 16 units of time for timers less than 2,048
 * ahead, 256 for those less than 32,768 ahead, and so on, 16 times wider with each level. So there are at most 144 or so
 * in a level, whatever the unit is, and what has passed is at most an eighth of what a level holds. A timer that is
 * registered again nearer to its time would belong to another level, so it is looked for in all that have slices.
 *
 * <pre>
 *   slice:  | level, 4 bits | time with its sign bit turned, shifted right by 4 (level + 1), 60 bits |
 * </pre>
 */
final class TimerSlices
{
    static final long ABSENT = -1;

    private static final int LEVEL_SHIFT = 60;
    private static final int LEVEL_BITS = 4;
    private static final long INDEX_MASK = (1L << LEVEL_SHIFT) - 1;
    /** Bits of the longest delay of level 0. */
    private static final int FIRST_LEVEL_BITS = 11;
    private static final int CACHED = 16;

    private final WindowTables tables;
    private final int timeOffset;
    private final long[] cachedSlices = new long[CACHED];
    private final KeyedTable[] cachedTables = new KeyedTable[CACHED];
    /** Bit l: level l may have slices. */
    private int levels;

    /**
     * No timers yet.
     *
     * @param context   of the operator
     * @param name      of the state
     * @param keyLength bytes of a key of the stream
     */
    TimerSlices(final OperatorContext context, final String name, final int keyLength)
    {
        context.state().describe(name, StateForm.beginningWith(keyLength));
        tables = context.state().windowTables(name, keyLength + Long.BYTES, Long.BYTES);
        timeOffset = keyLength;
    }

    /**
     * Takes a timer in, unless it is there.
     *
     * @param delay    from now to its time, unsigned
     * @param hash     of key and time
     * @param timer    address of key and time
     * @param sequence of its registration, from 0
     * @return false when it was there
     */
    boolean add(final long delay, final long hash, final long timer, final long sequence)
    {
        final int level = level(delay);
        if ((levels & ~(1 << level)) != 0 && find(hash, timer) != ABSENT)
        {
            return false;
        }
        levels |= 1 << level;
        final KeyedTable table = table(slice(level, Memory.getLong(timer + timeOffset)));
        final long value = table.upsert(hash, timer);
        final boolean created = table.created();
        if (created)
        {
            Memory.putLong(value, sequence);
        }
        table.written();
        return created;
    }

    /**
     * Brings near what {@link #add} will need.
     *
     * @return any number: use it, or the compiler leaves the read out
     */
    long prefetch(final long delay, final long hash, final long time)
    {
        final long slice = slice(level(delay), time);
        final int place = (int)slice & CACHED - 1;
        final KeyedTable table = cachedTables[place];
        return table == null || cachedSlices[place] != slice ? 0 : table.prefetch(hash);
    }

    /** The sequence of a timer, or {@link #ABSENT}. */
    long find(final long hash, final long timer)
    {
        final long time = Memory.getLong(timer + timeOffset);
        for (int left = levels; left != 0; left &= left - 1)
        {
            final KeyedTable table = tables.find(slice(Integer.numberOfTrailingZeros(left), time));
            final long value = table == null ? 0 : table.find(hash, timer);
            if (value != 0)
            {
                return Memory.getLong(value);
            }
        }
        return ABSENT;
    }

    /** Removes a timer; false when it was not there. */
    boolean remove(final long hash, final long timer)
    {
        final long time = Memory.getLong(timer + timeOffset);
        for (int left = levels; left != 0; left &= left - 1)
        {
            final KeyedTable table = tables.find(slice(Integer.numberOfTrailingZeros(left), time));
            if (table != null && table.remove(hash, timer))
            {
                return true;
            }
        }
        return false;
    }

    /** Drops the slices that have passed. */
    void drop(final long now)
    {
        for (int left = levels; left != 0; left &= left - 1)
        {
            final int level = Integer.numberOfTrailingZeros(left);
            long slice = firstSlice(level);
            while (slice != Long.MAX_VALUE && lastTime(slice) <= now)
            {
                forget(slice);
                tables.drop(slice);
                slice = firstSlice(level);
            }
            if (slice == Long.MAX_VALUE)
            {
                levels &= ~(1 << level);
            }
        }
    }

    /** Puts the timers that a snapshot has brought and that have not passed into a queue. */
    void restore(final long now, final TimerQueue queue)
    {
        for (int level = 0; level < 1 << LEVEL_BITS; level++)
        {
            long slice = firstSlice(level);
            while (slice != Long.MAX_VALUE)
            {
                levels |= 1 << level;
                addAll(tables.find(slice), now, queue);
                slice = slice == Long.MAX_VALUE - 1 ? Long.MAX_VALUE : sameLevel(level, tables.firstSlice(slice + 1));
            }
        }
    }

    private void addAll(final KeyedTable table, final long now, final TimerQueue queue)
    {
        final KeyedCursor cursor = table.cursor();
        while (cursor.next())
        {
            final long time = Memory.getLong(cursor.key() + timeOffset);
            if (time > now)
            {
                queue.add(time, Memory.getLong(cursor.value()), cursor.key());
            }
        }
    }

    private KeyedTable table(final long slice)
    {
        final int place = (int)slice & CACHED - 1;
        KeyedTable table = cachedTables[place];
        if (table == null || cachedSlices[place] != slice)
        {
            table = tables.table(slice);
            cachedTables[place] = table;
            cachedSlices[place] = slice;
        }
        return table;
    }

    private void forget(final long slice)
    {
        final int place = (int)slice & CACHED - 1;
        if (cachedSlices[place] == slice)
        {
            cachedTables[place] = null;
        }
    }

    private long firstSlice(final int level)
    {
        return sameLevel(level, tables.firstSlice((long)level << LEVEL_SHIFT));
    }

    private static long sameLevel(final int level, final long slice)
    {
        return slice >>> LEVEL_SHIFT == level ? slice : Long.MAX_VALUE;
    }

    private static int level(final long delay)
    {
        return Long.SIZE - Long.numberOfLeadingZeros(delay >>> FIRST_LEVEL_BITS) + LEVEL_BITS - 1 >>> 2;
    }

    private static int shift(final int level)
    {
        return (level + 1) << 2;
    }

    private static long slice(final int level, final long time)
    {
        return (long)level << LEVEL_SHIFT | (time ^ Long.MIN_VALUE) >>> shift(level);
    }

    private static long lastTime(final long slice)
    {
        final int shift = shift((int)(slice >>> LEVEL_SHIFT));
        return ((slice & INDEX_MASK) << shift | (1L << shift) - 1) ^ Long.MIN_VALUE;
    }
}
