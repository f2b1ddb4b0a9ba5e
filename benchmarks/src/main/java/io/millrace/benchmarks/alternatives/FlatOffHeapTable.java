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
 * double all at once, and it cannot be snapshot. It is made for a number of keys, and not fuller than 60 %.
 * <pre>
 *   | key + 1 | value 32 bytes | key + 1 | value 32 bytes | ...     key + 1 = 0: free
 * </pre>
 */
public final class FlatOffHeapTable implements AutoCloseable
{
    private static final int VALUE_LENGTH = 32;
    private static final int STRIDE = Long.BYTES + VALUE_LENGTH;
    private static final int LOAD_PERCENT = 60;

    private final Region region;
    private final long base;
    private final long mask;
    private final int shift;

    /**
     * An empty table.
     *
     * @param keys that it will hold, each 0 or more
     */
    public FlatOffHeapTable(final long keys)
    {
        final int bits = Long.SIZE - Long.numberOfLeadingZeros(keys * 100 / LOAD_PERCENT);
        region = Region.allocate(new MemoryAccount("flat", Long.MAX_VALUE), "flat", STRIDE * (1L << bits));
        base = region.address();
        mask = (1L << bits) - 1;
        shift = Long.SIZE - bits;
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
        long index = hash >>> shift;
        while (true)
        {
            final long entry = base + index * STRIDE;
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
            index = index + 1 & mask;
        }
    }

    @Override
    public void close()
    {
        region.close();
    }
}
