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

/**
 * A well-made table of longs for a hand-written loop: open addressing, linear probing, key and value side by side, at
 * most 60 % full. It doubles when it must, all at once.
 * <pre>
 *   | key | value | key | value | ...     key 0: free; the value of key 0 is a field
 * </pre>
 */
final class FlatTable
{
    private static final long PHI = 0x9E3779B97F4A7C15L;
    private static final int LOAD_PERCENT = 60;

    private long[] entries;
    private int shift;
    private int left;
    private long valueOfZero;

    FlatTable()
    {
        resize(10);
    }

    /** Adds to the value of a key, and gives the sum. */
    long add(final long key, final long amount)
    {
        final long[] table = entries;
        final int mask = table.length - 2;
        int index = (int)(key * PHI >>> shift) << 1;
        while (true)
        {
            final long stored = table[index & mask];
            if (stored == key && key != 0)
            {
                return table[index & mask | 1] += amount;
            }
            if (stored == 0)
            {
                return key == 0 ? valueOfZero += amount : insert(key, amount);
            }
            index += 2;
        }
    }

    private long insert(final long key, final long value)
    {
        if (left == 0)
        {
            final long[] old = entries;
            resize(Long.SIZE - shift + 1);
            for (int i = 0; i < old.length; i += 2)
            {
                if (old[i] != 0)
                {
                    put(old[i], old[i + 1]);
                }
            }
        }
        put(key, value);
        return value;
    }

    private void put(final long key, final long value)
    {
        int index = (int)(key * PHI >>> shift) << 1;
        while (entries[index] != 0)
        {
            index = index + 2 & entries.length - 2;
        }
        entries[index] = key;
        entries[index + 1] = value;
        left--;
    }

    private void resize(final int bits)
    {
        entries = new long[2 << bits];
        shift = Long.SIZE - bits;
        left = (1 << bits) * LOAD_PERCENT / 100;
    }
}
