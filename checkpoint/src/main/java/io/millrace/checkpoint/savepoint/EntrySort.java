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
package io.millrace.checkpoint.savepoint;

import io.millrace.memory.Memory;
import io.millrace.memory.table.KeyOrder;

/**
 * Sorts entries by key group, slice, hash of the key, key bytes, where they lie: only their addresses are moved. A merge sort.
 * <pre>
 *   entry in the spool
 *   0   slice (long)
 *   8   key group, or writing instance (int), 0 (int)
 *   16  hash of the key (long)
 *   24  key bytes, value bytes
 * </pre>
 */
final class EntrySort
{
    static final int SLICE_OFFSET = 0;
    static final int GROUP_OFFSET = 8;
    static final int HASH_OFFSET = 16;
    static final int ENTRY_OFFSET = 24;

    private static final int FEW = 12;

    private final int keyLength;
    private long[] source = {};
    private long[] target = {};

    EntrySort(final int keyLength)
    {
        this.keyLength = keyLength;
    }

    /**
     * Sorts.
     *
     * @param addresses of the entries
     * @return the addresses in order; one of two arrays, the other is used up
     */
    long[] sort(final long[] addresses)
    {
        source = addresses.clone();
        target = addresses;
        sort(0, addresses.length);
        final long[] sorted = target;
        source = new long[0];
        target = source;
        return sorted;
    }

    /** Sorts a range of the source, which has the same as the target, into the target. */
    private void sort(final int from, final int to)
    {
        if (to - from <= FEW)
        {
            insert(from, to);
            return;
        }
        final int middle = (from + to) >>> 1;
        swap();
        sort(from, middle);
        sort(middle, to);
        swap();
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++)
        {
            final boolean takeLeft = left < middle && (right == to || compare(source[left], source[right]) <= 0);
            target[i] = takeLeft ? source[left++] : source[right++];
        }
    }

    private void swap()
    {
        final long[] other = source;
        source = target;
        target = other;
    }

    private void insert(final int from, final int to)
    {
        for (int i = from + 1; i < to; i++)
        {
            final long entry = target[i];
            int place = i;
            while (place > from && compare(target[place - 1], entry) > 0)
            {
                target[place] = target[place - 1];
                place--;
            }
            target[place] = entry;
        }
    }

    int compare(final long left, final long right)
    {
        int order = Integer.compare(Memory.getInt(left + GROUP_OFFSET), Memory.getInt(right + GROUP_OFFSET));
        if (order == 0)
        {
            order = Long.compare(Memory.getLong(left + SLICE_OFFSET), Memory.getLong(right + SLICE_OFFSET));
        }
        return order != 0 ? order : KeyOrder.compare(Memory.getLong(left + HASH_OFFSET), left + ENTRY_OFFSET,
            Memory.getLong(right + HASH_OFFSET), right + ENTRY_OFFSET, keyLength);
    }
}
