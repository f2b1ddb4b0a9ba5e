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
 * A well-made set of keys above 0 for a hand-written program: open addressing, linear probing, a key that goes lets those
 * behind it move up.
 */
final class FlatKeys
{
    private static final long PHI = 0x9E3779B97F4A7C15L;

    private final long[] keys;
    private final int shift;

    /**
     * A set.
     *
     * @param most keys at a time
     */
    FlatKeys(final long most)
    {
        final int bits = Long.SIZE - Long.numberOfLeadingZeros(most * 5 / 3);
        keys = new long[1 << bits];
        shift = Long.SIZE - bits;
    }

    /** Whether the key is new. */
    boolean add(final long key)
    {
        final long[] table = keys;
        final int mask = table.length - 1;
        int index = home(key);
        while (table[index] != 0)
        {
            if (table[index] == key)
            {
                return false;
            }
            index = index + 1 & mask;
        }
        table[index] = key;
        return true;
    }

    void remove(final long key)
    {
        final long[] table = keys;
        final int mask = table.length - 1;
        int hole = home(key);
        while (table[hole] != key)
        {
            hole = hole + 1 & mask;
        }
        int next = hole + 1 & mask;
        while (table[next] != 0)
        {
            if ((next - home(table[next]) & mask) >= (next - hole & mask))
            {
                table[hole] = table[next];
                hole = next;
            }
            next = next + 1 & mask;
        }
        table[hole] = 0;
    }

    private int home(final long key)
    {
        return (int)(key * PHI >>> shift);
    }
}
