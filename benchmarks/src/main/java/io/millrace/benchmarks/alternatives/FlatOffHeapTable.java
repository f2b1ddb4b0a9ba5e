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
package io.millrace.benchmarks.alternatives;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

/**
 * A flat table in off-heap memory, key and value inline: one probe fewer than the segmented one has, but it would have to
 * double all at once, and it cannot be snapshot. It is made for a number of keys.
 * <pre>
 *   | key + 1 | value 32 bytes | key + 1 | value 32 bytes | ...     key + 1 = 0: free
 * </pre>
 */
public final class FlatOffHeapTable implements AutoCloseable
{
    private static final int VALUE_LENGTH = 32;
    private static final int STRIDE = Long.BYTES + VALUE_LENGTH;

    private final Region region;
    private final long base;
    private final long capacity;
    private final long end;

    private FlatOffHeapTable(final long capacity)
    {
        region = Region.allocate(new MemoryAccount("flat", Long.MAX_VALUE), "flat", STRIDE * capacity);
        this.capacity = capacity;
        base = region.address();
        end = base + STRIDE * capacity;
    }

    /**
     * An empty table that becomes as full as another one.
     *
     * @param keys that it will hold, each 0 or more
     * @param load bytes of the entries then, in parts of the bytes of the table, above 0 and below 1
     * @return the table
     */
    public static FlatOffHeapTable ofLoad(final long keys, final double load)
    {
        return new FlatOffHeapTable((long)(keys / load) + 1);
    }

    /**
     * Finds a key or adds it.
     *
     * @param hash of the key
     * @param key  0 or more
     * @return address of its value, zeros at first
     */
    public long upsert(final long hash, final long key)
    {
        long entry = base + Math.multiplyHigh(hash >>> 1, capacity << 1) * STRIDE;
        while (true)
        {
            final long stored = Memory.getLong(entry);
            if (stored == key + 1)
            {
                return entry + Long.BYTES;
            }
            if (stored == 0)
            {
                Memory.putLong(entry, key + 1);
                return entry + Long.BYTES;
            }
            entry += STRIDE;
            if (entry == end)
            {
                entry = base;
            }
        }
    }

    @Override
    public void close()
    {
        region.close();
    }
}
