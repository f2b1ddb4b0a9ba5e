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

/**
 * Copies of what has expired, until the function is told of it: first in, first out.
 *
 * <pre>
 *   | state 8 | end 8 | key length 8 | value length 8 | key | value |
 * </pre>
 */
final class ExpiredEntries implements AutoCloseable
{
    private static final int END_OFFSET = 8;
    private static final int KEY_LENGTH_OFFSET = 16;
    private static final int VALUE_LENGTH_OFFSET = 24;
    private static final int KEY_OFFSET = 32;
    private static final int INITIAL_CAPACITY = 1 << 12;

    private final MemoryAccount account;
    private Region region;
    /** What was taken last: adding to the others does not move it. */
    private Region taken;
    private long first;
    private long last;

    ExpiredEntries(final MemoryAccount account)
    {
        this.account = account;
        this.region = Region.allocate(account, "expired entries", INITIAL_CAPACITY);
        this.taken = Region.allocate(account, "expired entry", KEY_OFFSET);
    }

    boolean isEmpty()
    {
        return first == last;
    }

    void add(
        final int state,
        final long end,
        final long key,
        final int keyLength,
        final long value,
        final int valueLength)
    {
        final long length = KEY_OFFSET + (long)keyLength + valueLength;
        if (last + length > region.length())
        {
            makeRoom(length);
        }
        final long entry = region.address() + last;
        Memory.putLong(entry, state);
        Memory.putLong(entry + END_OFFSET, end);
        Memory.putLong(entry + KEY_LENGTH_OFFSET, keyLength);
        Memory.putLong(entry + VALUE_LENGTH_OFFSET, valueLength);
        Memory.copyWords(key, entry + KEY_OFFSET, keyLength);
        Memory.copyWords(value, entry + KEY_OFFSET + keyLength, valueLength);
        last += length;
    }

    private void makeRoom(final long length)
    {
        final long used = last - first;
        final Region larger = Region.allocate(account, "expired entries", Math.max(2 * region.length(), used + length));
        Memory.copyWords(region.address() + first, larger.address(), Math.toIntExact(used));
        region.close();
        region = larger;
        first = 0;
        last = used;
    }

    /** Takes the first one; there must be one. */
    void take()
    {
        final long entry = region.address() + first;
        final long length = KEY_OFFSET + Memory.getLong(entry + KEY_LENGTH_OFFSET) +
            Memory.getLong(entry + VALUE_LENGTH_OFFSET);
        if (length > taken.length())
        {
            taken.close();
            taken = Region.allocate(account, "expired entry", length);
        }
        Memory.copyWords(entry, taken.address(), (int)length);
        first += length;
        if (first == last)
        {
            first = 0;
            last = 0;
        }
    }

    int state()
    {
        return (int)Memory.getLong(taken.address());
    }

    long end()
    {
        return Memory.getLong(taken.address() + END_OFFSET);
    }

    long key()
    {
        return taken.address() + KEY_OFFSET;
    }

    long value()
    {
        return key() + Memory.getLong(taken.address() + KEY_LENGTH_OFFSET);
    }

    @Override
    public void close()
    {
        region.close();
        taken.close();
    }
}
