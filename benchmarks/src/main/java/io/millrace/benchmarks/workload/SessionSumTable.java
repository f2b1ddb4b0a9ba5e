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
 * Sessions of a hand-written loop, counts and sums: open addressing, linear probing, at most 65 % full. The latest session
 * of a key lies beside it, earlier ones that are not fired yet in a pool, the later before the earlier. Keys stay. A
 * watermark looks at every key, which is less work than to keep times in order: 1 key to 4 events.
 * <pre>
 *   entries: | key | start | end | count | sum | earlier | key | ...      count 0: free; end NONE: no session now
 *   pool:    | start | end | count | sum | earlier | start | ...          earlier: index in the pool, 0 for none
 * </pre>
 */
final class SessionSumTable
{
    private static final long PHI = 0x9E3779B97F4A7C15L;
    private static final int LOAD_PERCENT = 65;
    private static final int STRIDE = 6;
    private static final int START = 1;
    private static final int END = 2;
    private static final int COUNT = 3;
    private static final int SUM = 4;
    private static final int EARLIER = 5;
    private static final int POOL_STRIDE = 5;
    private static final long NONE = Long.MIN_VALUE;

    private final long gap;
    private long[] entries;
    private int bits = 10;
    private int size;
    /** A place in it is an entry without its key: what lies at index + START there is the start, and so on. */
    private long[] pool = new long[POOL_STRIDE << 10];
    private int poolEnd = POOL_STRIDE;
    private long free;
    private long dueAt = Long.MIN_VALUE;
    private long watermark = Long.MIN_VALUE;
    private long dropped;

    SessionSumTable(final long gap)
    {
        this.gap = gap;
        entries = new long[STRIDE << bits];
    }

    void add(final long time, final long key, final long amount)
    {
        final long[] table = entries;
        int index = (int)(key * PHI >>> Long.SIZE - bits) * STRIDE;
        while (true)
        {
            if (table[index + COUNT] == 0)
            {
                insert(time, key, amount);
                return;
            }
            if (table[index] == key)
            {
                break;
            }
            index += STRIDE;
            index = index == table.length ? 0 : index;
        }
        final long end = table[index + END];
        if (time < table[index + START] || time > end)
        {
            addApart(index, time, amount);
            return;
        }
        table[index + END] = Math.max(end, time + gap);
        table[index + COUNT]++;
        table[index + SUM] += amount;
    }

    private void insert(final long time, final long key, final long amount)
    {
        if (size >= (1L << bits) * LOAD_PERCENT / 100)
        {
            grow();
        }
        final int index = freeIndex(key);
        entries[index] = key;
        size++;
        open(entries, index, time, amount, 0);
    }

    private int freeIndex(final long key)
    {
        int index = (int)(key * PHI >>> Long.SIZE - bits) * STRIDE;
        while (entries[index + COUNT] != 0)
        {
            index = index + STRIDE == entries.length ? 0 : index + STRIDE;
        }
        return index;
    }

    private void grow()
    {
        final long[] old = entries;
        bits++;
        entries = new long[STRIDE << bits];
        for (int i = 0; i < old.length; i += STRIDE)
        {
            if (old[i + COUNT] != 0)
            {
                System.arraycopy(old, i, entries, freeIndex(old[i]), STRIDE);
            }
        }
    }

    private void open(final long[] array, final int index, final long time, final long amount, final long earlier)
    {
        dropped += time + gap - 1 <= watermark ? 1 : 0;
        array[index + START] = time;
        array[index + END] = time + gap;
        array[index + COUNT] = 1;
        array[index + SUM] = amount;
        array[index + EARLIER] = earlier;
    }

    /** Adds to a key with an event that is not within its latest session. */
    private void addApart(final int index, final long time, final long amount)
    {
        final long[] table = entries;
        if (table[index + END] == NONE)
        {
            open(table, index, time, amount, 0);
        }
        else if (time > table[index + END])
        {
            final int place = newPlace();
            System.arraycopy(table, index + START, pool, place + START, POOL_STRIDE);
            open(table, index, time, amount, place);
        }
        else if (time + gap >= table[index + START])
        {
            extend(table, index, time, amount);
        }
        else
        {
            addEarlier(table, index, time, amount);
        }
    }

    /** Extends a session backwards, or forwards, and takes in the one before it if they touch. */
    private void extend(final long[] array, final int index, final long time, final long amount)
    {
        array[index + END] = Math.max(array[index + END], time + gap);
        array[index + COUNT]++;
        array[index + SUM] += amount;
        if (time >= array[index + START])
        {
            return;
        }
        array[index + START] = time;
        final int earlier = (int)array[index + EARLIER];
        if (earlier != 0 && pool[earlier + END] >= time)
        {
            array[index + START] = Math.min(time, pool[earlier + START]);
            array[index + COUNT] += pool[earlier + COUNT];
            array[index + SUM] += pool[earlier + SUM];
            array[index + EARLIER] = pool[earlier + EARLIER];
            free(earlier);
        }
    }

    private void addEarlier(final long[] table, final int index, final long time, final long amount)
    {
        long[] array = table;
        int later = index;
        int place = (int)table[index + EARLIER];
        while (place != 0 && pool[place + START] > time + gap)
        {
            array = pool;
            later = place;
            place = (int)pool[place + EARLIER];
        }
        if (place != 0 && pool[place + END] >= time)
        {
            extend(pool, place, time, amount);
            return;
        }
        final boolean latest = array == table;
        final int opened = newPlace();
        open(pool, opened, time, amount, place);
        (latest ? table : pool)[later + EARLIER] = opened;
    }

    private int newPlace()
    {
        if (free != 0)
        {
            final int place = (int)free;
            free = pool[place + EARLIER];
            return place;
        }
        poolEnd += POOL_STRIDE;
        if (poolEnd + POOL_STRIDE >= pool.length)
        {
            pool = Arrays.copyOf(pool, pool.length * 2);
        }
        return poolEnd - POOL_STRIDE;
    }

    private void free(final int place)
    {
        pool[place + EARLIER] = free;
        free = place;
    }

    /** Event time at which a watermark is due. */
    long dueAt()
    {
        return dueAt;
    }

    /**
     * Fires what the watermark of a time passes.
     *
     * @param time of the latest event
     * @return sum of the results' mixes
     */
    long advanceWatermark(final long time)
    {
        dueAt = time + Events.WATERMARK_STEP;
        watermark = time - Events.WATERMARK_LAG;
        return fire();
    }

    private long fire()
    {
        final long[] table = entries;
        final long lastEnd = watermark == Long.MAX_VALUE ? watermark : watermark + 1;
        long checksum = 0;
        for (int i = 0; i < table.length; i += STRIDE)
        {
            if (table[i + COUNT] == 0 || table[i + END] == NONE)
            {
                continue;
            }
            if (table[i + EARLIER] != 0)
            {
                checksum += fireEarlier(table, i, lastEnd);
            }
            if (table[i + END] <= lastEnd)
            {
                checksum += Checksum.mix(table[i], table[i + END], table[i + COUNT], table[i + SUM]);
                table[i + END] = NONE;
            }
        }
        return checksum;
    }

    private long fireEarlier(final long[] table, final int index, final long lastEnd)
    {
        final long key = table[index];
        long checksum = 0;
        long[] array = table;
        int later = index;
        int place = (int)table[index + EARLIER];
        while (place != 0)
        {
            final int earlier = (int)pool[place + EARLIER];
            if (pool[place + END] <= lastEnd)
            {
                checksum += Checksum.mix(key, pool[place + END], pool[place + COUNT], pool[place + SUM]);
                array[later + EARLIER] = earlier;
                free(place);
            }
            else
            {
                array = pool;
                later = place;
            }
            place = earlier;
        }
        return checksum;
    }

    /** Fires everything. Gives the sum of the results' mixes. */
    long end()
    {
        if (dropped != 0)
        {
            throw new IllegalStateException("dropped=" + dropped + " events as late: none can be");
        }
        watermark = Long.MAX_VALUE;
        return fire();
    }
}
