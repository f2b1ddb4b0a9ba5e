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
package io.millrace.operators.pattern;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyOrder;

/**
 * The keys that have something to do, by time, those of one time in canonical order: by hash, unsigned, whose top bits
 * are the key group, then by the bytes of the key, unsigned. A binary heap (Knuth, The Art of Computer Programming 3,
 * 5.2.3) in off-heap memory, which grows. A key may be in it several times; who takes one out looks whether it still
 * holds.
 * <pre>
 *   entry:  | time, 8 bytes | hash, 8 bytes | bytes of the key |
 * </pre>
 */
final class DueKeys implements AutoCloseable
{
    private static final int HASH = 8;
    private static final int KEY = 16;
    private static final int FIRST_CAPACITY = 64;

    private final MemoryAccount account;
    private final String owner;
    private final int keyLength;
    private final int entryLength;
    private Region region;
    private long entries;
    private long capacity = FIRST_CAPACITY;
    private long size;

    DueKeys(final MemoryAccount account, final String owner, final int keyLength)
    {
        this.account = account;
        this.owner = owner;
        this.keyLength = keyLength;
        this.entryLength = KEY + keyLength;
        this.region = Region.allocate(account, owner, capacity * entryLength);
        this.entries = region.address();
    }

    boolean isEmpty()
    {
        return size == 0;
    }

    /** Time of the first entry. */
    long time()
    {
        return Memory.getLong(entries);
    }

    /** Hash of the first entry's key. */
    long hash()
    {
        return Memory.getLong(entries + HASH);
    }

    /** Address of the first entry's key, valid until the next change. */
    long key()
    {
        return entries + KEY;
    }

    void add(final long time, final long hash, final long key)
    {
        if (size == capacity)
        {
            grow();
        }
        long hole = size++;
        while (hole > 0)
        {
            final long parent = entry(hole - 1 >>> 1);
            if (!isBefore(time, hash, key, parent))
            {
                break;
            }
            Memory.copyWords(parent, entry(hole), entryLength);
            hole = hole - 1 >>> 1;
        }
        final long entry = entry(hole);
        Memory.putLong(entry, time);
        Memory.putLong(entry + HASH, hash);
        Memory.copyWords(key, entry + KEY, keyLength);
    }

    void removeFirst()
    {
        size--;
        final long last = entry(size);
        final long time = Memory.getLong(last);
        final long hash = Memory.getLong(last + HASH);
        long hole = 0;
        while (hole * 2 + 1 < size)
        {
            long child = hole * 2 + 1;
            if (child + 1 < size && isBefore(entry(child + 1), entry(child)))
            {
                child++;
            }
            if (compare(entry(child), time, hash, last + KEY) >= 0)
            {
                break;
            }
            Memory.copyWords(entry(child), entry(hole), entryLength);
            hole = child;
        }
        if (hole != size)
        {
            Memory.copyWords(last, entry(hole), entryLength);
        }
    }

    private long entry(final long index)
    {
        return entries + index * entryLength;
    }

    private boolean isBefore(final long one, final long other)
    {
        return isBefore(Memory.getLong(one), Memory.getLong(one + HASH), one + KEY, other);
    }

    private boolean isBefore(final long time, final long hash, final long key, final long other)
    {
        return compare(time, hash, key, Memory.getLong(other), Memory.getLong(other + HASH), other + KEY) < 0;
    }

    private int compare(final long entry, final long time, final long hash, final long key)
    {
        return compare(Memory.getLong(entry), Memory.getLong(entry + HASH), entry + KEY, time, hash, key);
    }

    private int compare(
        final long time, final long hash, final long key, final long otherTime, final long otherHash, final long otherKey)
    {
        if (time != otherTime)
        {
            return Long.compare(time, otherTime);
        }
        return KeyOrder.compare(hash, key, otherHash, otherKey, keyLength);
    }

    private void grow()
    {
        final Region larger = Region.allocate(account, owner, capacity * 2 * entryLength);
        for (long i = 0; i < size; i++)
        {
            Memory.copyWords(entry(i), larger.address() + i * entryLength, entryLength);
        }
        region.close();
        region = larger;
        entries = larger.address();
        capacity *= 2;
    }

    @Override
    public void close()
    {
        region.close();
    }
}
