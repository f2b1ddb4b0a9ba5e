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
package io.millrace.operators.state;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.KeyOrder;

/** Copies of keys in their one order ({@link KeyOrder}): gathered, then sorted, then read. The task's thread. */
final class SortedKeys implements AutoCloseable
{
    private static final int INITIAL_CAPACITY = 16;

    private final MemoryAccount account;
    private final int keyLength;
    private Region keys;
    private long[] sorted = new long[INITIAL_CAPACITY];
    private int count;

    SortedKeys(final MemoryAccount account, final int keyLength)
    {
        this.account = account;
        this.keyLength = keyLength;
        this.keys = Region.allocate(account, "keys in order", (long)keyLength * INITIAL_CAPACITY);
    }

    /** Starts over, with room for so many keys. */
    void begin(final int most)
    {
        count = 0;
        if (most > sorted.length)
        {
            final int capacity = Math.max(most, sorted.length * 2);
            keys.close();
            keys = Region.allocate(account, "keys in order", (long)keyLength * capacity);
            sorted = new long[capacity];
        }
    }

    void add(final long key)
    {
        sorted[count] = keys.address() + (long)count * keyLength;
        Memory.copyWords(key, sorted[count], keyLength);
        count++;
    }

    int count()
    {
        return count;
    }

    /** Address of a key's copy. */
    long get(final int index)
    {
        return sorted[index];
    }

    /** Heapsort: no memory of its own. */
    void sort()
    {
        if (isSorted())
        {
            return;
        }
        for (int i = count / 2 - 1; i >= 0; i--)
        {
            sink(i, count);
        }
        for (int end = count - 1; end > 0; end--)
        {
            final long greatest = sorted[0];
            sorted[0] = sorted[end];
            sorted[end] = greatest;
            sink(0, end);
        }
    }

    private boolean isSorted()
    {
        for (int i = 1; i < count; i++)
        {
            if (compare(sorted[i - 1], sorted[i]) > 0)
            {
                return false;
            }
        }
        return true;
    }

    private void sink(final int start, final int end)
    {
        final long moved = sorted[start];
        int hole = start;
        int child = 2 * hole + 1;
        while (child < end)
        {
            if (child + 1 < end && compare(sorted[child + 1], sorted[child]) > 0)
            {
                child++;
            }
            if (compare(sorted[child], moved) <= 0)
            {
                break;
            }
            sorted[hole] = sorted[child];
            hole = child;
            child = 2 * hole + 1;
        }
        sorted[hole] = moved;
    }

    private int compare(final long left, final long right)
    {
        return KeyOrder.compare(KeyHash.hash(left, keyLength), left, KeyHash.hash(right, keyLength), right, keyLength);
    }

    @Override
    public void close()
    {
        keys.close();
    }
}
