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
 * The events of one window by key and side for a hand-written loop: open addressing, linear probing, at most 65 % full; a
 * linked list for each side of a key.
 * <pre>
 *   entries   | key | first left | first right | key | first left | first right | ...      both 0: free
 *   elements  | value | next | value | next | ...                                           from 1; next 0: the last
 * </pre>
 */
final class FlatPairs
{
    private static final long PHI = 0x9E3779B97F4A7C15L;
    private static final int LOAD_PERCENT = 65;
    private static final int STRIDE = 3;
    private static final long NONE = Long.MIN_VALUE;

    private long[] entries;
    private long[] elements = new long[1 << 12];
    private int elementCount = 1;
    private int bits = 10;
    private int size;
    private long window = NONE;

    FlatPairs()
    {
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

    /** Adds an event; the side is 0 or 1. */
    void add(final long key, final int side, final long value)
    {
        final int entry = entry(key);
        if (elementCount * 2 == elements.length)
        {
            elements = Arrays.copyOf(elements, elements.length * 2);
        }
        final int element = elementCount++;
        elements[element * 2] = value;
        elements[element * 2 + 1] = entries[entry + 1 + side];
        entries[entry + 1 + side] = element;
    }

    private int entry(final long key)
    {
        final long[] table = entries;
        int index = (int)(key * PHI >>> Long.SIZE - bits) * STRIDE;
        while (true)
        {
            if ((table[index + 1] | table[index + 2]) == 0)
            {
                return insert(key, index);
            }
            if (table[index] == key)
            {
                return index;
            }
            index += STRIDE;
            index = index == table.length ? 0 : index;
        }
    }

    private int insert(final long key, final int index)
    {
        if (size >= (1L << bits) * LOAD_PERCENT / 100)
        {
            grow();
            return entry(key);
        }
        size++;
        entries[index] = key;
        return index;
    }

    private void grow()
    {
        final long[] old = entries;
        bits++;
        entries = new long[STRIDE << bits];
        for (int i = 0; i < old.length; i += STRIDE)
        {
            if ((old[i + 1] | old[i + 2]) != 0)
            {
                int index = (int)(old[i] * PHI >>> Long.SIZE - bits) * STRIDE;
                while ((entries[index + 1] | entries[index + 2]) != 0)
                {
                    index = index + STRIDE == entries.length ? 0 : index + STRIDE;
                }
                System.arraycopy(old, i, entries, index, STRIDE);
            }
        }
    }

    /** Ends the window. Gives the sum of the mixes of its pairs. */
    long fire(final long windowEnd)
    {
        final long[] table = entries;
        long checksum = 0;
        for (int i = 0; i < table.length; i += STRIDE)
        {
            final int rights = (int)table[i + 2];
            for (int left = rights == 0 ? 0 : (int)table[i + 1]; left != 0; left = (int)elements[left * 2 + 1])
            {
                for (int right = rights; right != 0; right = (int)elements[right * 2 + 1])
                {
                    checksum += Checksum.mix(table[i], windowEnd, elements[left * 2], elements[right * 2]);
                }
            }
        }
        Arrays.fill(table, 0);
        size = 0;
        elementCount = 1;
        window = NONE;
        return checksum;
    }
}
