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
package io.millrace.operators.window;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyOrder;

import java.util.Arrays;

/**
 * Sessions with one end, to be fired in the order of the hash and the bytes of their keys. Keeps its place between two
 * of them.
 * <pre>
 *   entry: | hash 8 | latest 8 | key |     order: | upper half of the hash 4 | index of the entry 4 | ...
 * </pre>
 */
public final class SessionFirings implements AutoCloseable
{
    private static final int INITIAL_CAPACITY = 64;
    private static final int LATEST_OFFSET = 8;
    private static final int KEY_OFFSET = 16;
    private static final long UPPER = 0xFFFF_FFFF_0000_0000L;

    private final MemoryAccount account;
    private final String owner;
    private final int keyLength;
    private final int entryLength;
    private Region entries;
    private long[] order = new long[INITIAL_CAPACITY];
    private long end;
    private int count;
    private int next;
    private long current;

    /**
     * No sessions yet.
     *
     * @param keyLength bytes of a key, a multiple of 8
     * @param account   that the bytes are counted in
     * @param owner     for messages
     */
    public SessionFirings(final int keyLength, final MemoryAccount account, final String owner)
    {
        this.account = account;
        this.owner = owner;
        this.keyLength = keyLength;
        entryLength = KEY_OFFSET + keyLength;
        entries = allocate(INITIAL_CAPACITY);
    }

    private Region allocate(final int capacity)
    {
        return Region.allocate(account, owner + " firings", (long)capacity * entryLength);
    }

    /**
     * Forgets what it has.
     *
     * @param newEnd of the sessions to be added
     */
    public void begin(final long newEnd)
    {
        end = newEnd;
        count = 0;
        next = 0;
    }

    /**
     * Adds a session.
     *
     * @param hash   of its key
     * @param key    address of its bytes
     * @param latest whether it is the key's latest session
     */
    public void add(final long hash, final long key, final boolean latest)
    {
        if (count == order.length)
        {
            grow();
        }
        final long entry = entry(count);
        Memory.putLong(entry, hash);
        Memory.putLong(entry + LATEST_OFFSET, latest ? 1 : 0);
        Memory.copyWords(key, entry + KEY_OFFSET, keyLength);
        // Signed order of this is unsigned order of the hash.
        order[count] = (hash ^ Long.MIN_VALUE) & UPPER | count;
        count++;
    }

    private void grow()
    {
        final int capacity = Math.multiplyExact(count, 2);
        final Region larger = allocate(capacity);
        for (int i = 0; i < count; i++)
        {
            Memory.copyWords(entry(i), larger.address() + (long)i * entryLength, entryLength);
        }
        entries.close();
        entries = larger;
        order = Arrays.copyOf(order, capacity);
    }

    /** Brings them into order. */
    public void sort()
    {
        final long[] order = this.order;
        Arrays.sort(order, 0, count);
        // Where upper halves are equal, which is rare, the rest decides.
        for (int i = 1; i < count; i++)
        {
            for (int j = i; j > 0 && (order[j - 1] & UPPER) == (order[j] & UPPER) && isAfter(order[j - 1], order[j]); j--)
            {
                final long other = order[j];
                order[j] = order[j - 1];
                order[j - 1] = other;
            }
        }
    }

    private boolean isAfter(final long one, final long other)
    {
        final long left = entry((int)one);
        final long right = entry((int)other);
        return KeyOrder.compare(Memory.getLong(left), left + KEY_OFFSET, Memory.getLong(right), right + KEY_OFFSET,
            entryLength - KEY_OFFSET) > 0;
    }

    /**
     * Moves to the next session.
     *
     * @return false when there is none left
     */
    public boolean next()
    {
        if (next == count)
        {
            return false;
        }
        current = entry((int)order[next]);
        next++;
        return true;
    }

    /**
     * Whether there is a next session.
     *
     * @return false when there is none left
     */
    public boolean hasNext()
    {
        return next < count;
    }

    /**
     * End of all the sessions.
     *
     * @return as given
     */
    public long end()
    {
        return end;
    }

    /**
     * Hash of the session's key.
     *
     * @return as given
     */
    public long hash()
    {
        return Memory.getLong(current);
    }

    /**
     * The session's key.
     *
     * @return address of its bytes
     */
    public long key()
    {
        return current + KEY_OFFSET;
    }

    /**
     * Whether it is its key's latest session.
     *
     * @return as given
     */
    public boolean isLatest()
    {
        return Memory.getLong(current + LATEST_OFFSET) != 0;
    }

    private long entry(final int index)
    {
        return entries.address() + (long)index * entryLength;
    }

    @Override
    public void close()
    {
        entries.close();
    }
}
