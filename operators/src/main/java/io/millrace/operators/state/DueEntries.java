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
import io.millrace.memory.table.KeyOrder;

import java.util.Arrays;

/**
 * Entries that are soon to expire, in the order of end, hash, key bytes: the same whatever the history. A binary heap in
 * off-heap memory that grows by a chunk at a time; the children of entry i are 2 i + 1 and 2 i + 2.
 *
 * <pre>
 *   | end 8 | hash 8 | key |
 * </pre>
 */
final class DueEntries implements AutoCloseable
{
    private static final int HASH_OFFSET = 8;
    private static final int KEY_OFFSET = 16;
    private static final int CHUNK_SHIFT = 8;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

    private final MemoryAccount account;
    private final int keyLength;
    private final int entryLength;
    private final Region moved;
    private Region[] chunks = new Region[4];
    private int chunkCount;
    private long size;

    DueEntries(final MemoryAccount account, final int keyLength)
    {
        this.account = account;
        this.keyLength = keyLength;
        this.entryLength = KEY_OFFSET + keyLength;
        this.moved = Region.allocate(account, "entry due", entryLength);
    }

    long size()
    {
        return size;
    }

    /** End of the first one; there must be one. */
    long firstEnd()
    {
        return Memory.getLong(entry(0));
    }

    long firstKey()
    {
        return entry(0) + KEY_OFFSET;
    }

    void add(final long end, final long hash, final long key)
    {
        if (size >>> CHUNK_SHIFT == chunkCount)
        {
            grow();
        }
        final long added = moved.address();
        Memory.putLong(added, end);
        Memory.putLong(added + HASH_OFFSET, hash);
        Memory.copyWords(key, added + KEY_OFFSET, keyLength);
        long hole = size++;
        while (hole > 0)
        {
            final long parent = hole - 1 >>> 1;
            final long entry = entry(parent);
            if (compare(added, entry) >= 0)
            {
                break;
            }
            Memory.copyWords(entry, entry(hole), entryLength);
            hole = parent;
        }
        Memory.copyWords(added, entry(hole), entryLength);
    }

    void removeFirst()
    {
        size--;
        final long last = entry(size);
        long hole = 0;
        long child = 1;
        while (child < size)
        {
            if (child + 1 < size && compare(entry(child + 1), entry(child)) < 0)
            {
                child++;
            }
            final long entry = entry(child);
            if (compare(last, entry) <= 0)
            {
                break;
            }
            Memory.copyWords(entry, entry(hole), entryLength);
            hole = child;
            child = 2 * hole + 1;
        }
        if (hole != size)
        {
            Memory.copyWords(last, entry(hole), entryLength);
        }
    }

    private int compare(final long left, final long right)
    {
        final long leftEnd = Memory.getLong(left);
        final long rightEnd = Memory.getLong(right);
        return leftEnd != rightEnd ? Long.compare(leftEnd, rightEnd) :
            KeyOrder.compare(Memory.getLong(left + HASH_OFFSET), left + KEY_OFFSET,
                Memory.getLong(right + HASH_OFFSET), right + KEY_OFFSET, keyLength);
    }

    private long entry(final long index)
    {
        return chunks[(int)(index >>> CHUNK_SHIFT)].address() + (index & CHUNK_MASK) * entryLength;
    }

    private void grow()
    {
        if (chunkCount == chunks.length)
        {
            chunks = Arrays.copyOf(chunks, chunkCount * 2);
        }
        chunks[chunkCount] = Region.allocate(account, "entries due", (long)entryLength << CHUNK_SHIFT);
        chunkCount++;
    }

    @Override
    public void close()
    {
        for (int i = 0; i < chunkCount; i++)
        {
            chunks[i].close();
        }
        chunkCount = 0;
        moved.close();
    }
}
