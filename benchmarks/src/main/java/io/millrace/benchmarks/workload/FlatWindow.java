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
 * Counts and sums of one window for a hand-written loop: open addressing, linear probing, at most 65 % full.
 * <pre>
 *   | key | count | sum | key | count | sum | ...     count 0: free
 * </pre>
 */
final class FlatWindow
{
    private static final long PHI = 0x9E3779B97F4A7C15L;
    private static final int LOAD_PERCENT = 65;
    private static final int STRIDE = 3;
    private static final long NONE = Long.MIN_VALUE;

    private long[] entries;
    private int bits;
    private int size;
    private long window = NONE;

    FlatWindow()
    {
        bits = 10;
        entries = new long[STRIDE << bits];
    }

    /** Number of the window that it holds, or {@link Long#MIN_VALUE}. */
    long window()
    {
        return window;
    }

    void open(final long newWindow)
    {
        window = newWindow;
    }

    void add(final long key, final long amount)
    {
        final long[] table = entries;
        int index = (int)(key * PHI >>> Long.SIZE - bits) * STRIDE;
        while (true)
        {
            if (table[index + 1] == 0)
            {
                insert(key, 1, amount);
                return;
            }
            if (table[index] == key)
            {
                table[index + 1]++;
                table[index + 2] += amount;
                return;
            }
            index += STRIDE;
            index = index == table.length ? 0 : index;
        }
    }

    /** Ends the window. Gives the sum of its results' mixes. */
    long fire(final long windowEnd)
    {
        final long[] table = entries;
        long checksum = 0;
        for (int i = 0; i < table.length; i += STRIDE)
        {
            if (table[i + 1] != 0)
            {
                checksum += Checksum.mix(table[i], windowEnd, table[i + 1], table[i + 2]);
            }
        }
        Arrays.fill(table, 0);
        size = 0;
        window = NONE;
        return checksum;
    }

    private void insert(final long key, final long count, final long sum)
    {
        if (size >= (1L << bits) * LOAD_PERCENT / 100)
        {
            grow();
        }
        int index = (int)(key * PHI >>> Long.SIZE - bits) * STRIDE;
        while (entries[index + 1] != 0)
        {
            index = index + STRIDE == entries.length ? 0 : index + STRIDE;
        }
        entries[index] = key;
        entries[index + 1] = count;
        entries[index + 2] = sum;
        size++;
    }

    private void grow()
    {
        final long[] old = entries;
        bits++;
        size = 0;
        entries = new long[STRIDE << bits];
        for (int i = 0; i < old.length; i += STRIDE)
        {
            if (old[i + 1] != 0)
            {
                insert(old[i], old[i + 1], old[i + 2]);
            }
        }
    }
}
