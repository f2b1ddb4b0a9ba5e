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

import io.millrace.benchmarks.alternatives.FlatOffHeapTable;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.SegmentedTable;

import java.util.SplittableRandom;

/**
 * Reads, changes and writes values in place, in the engine's table and in a flat one that has as many bytes for a key.
 */
public final class TableUpdates implements AutoCloseable
{
    /** Updates that are timed at once. */
    public static final int UPDATES = 1 << 22;

    private static final int BATCH = 128;

    private final int[] chosen = new int[UPDATES];
    private final long[] values = new long[BATCH];
    private final int[] created = new int[BATCH];
    private final TableMemory memory = new TableMemory(0);
    private final Region batch = memory.allocate("keys of a batch", (long)BATCH * Long.BYTES);
    private final SegmentedTable segmented = memory.table();
    private final FlatOffHeapTable flat;
    private final double load;
    private long changes;

    /** Ways to update. */
    public enum Way
    {
        /** The flat table, one record after the other. */
        FLAT,
        /** The engine's table, one record after the other. */
        SEGMENTED,
        /** The engine's table, a mini-batch at once, as keyed operators do it. */
        LOOKAHEAD
    }

    /**
     * Fills both tables.
     *
     * @param keys   of each
     * @param choice of the keys that are updated
     */
    public TableUpdates(final int keys, final KeyChoice choice)
    {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < UPDATES; i++)
        {
            chosen[i] = (int)choice.key(random.nextLong(), keys);
        }
        for (int key = 0; key < keys; key++)
        {
            segmented.upsertLong(KeyHash.hash(key), key);
        }
        load = Math.min(1, (double)keys * TableMemory.ENTRY_LENGTH / memory.usedBytes());
        flat = FlatOffHeapTable.ofLoad(keys, load);
        for (int key = 0; key < keys; key++)
        {
            flat.upsert(KeyHash.hash(key), key);
        }
    }

    /**
     * Updates.
     *
     * @param way to do it
     * @return nanoseconds for an update
     */
    public double nanos(final Way way)
    {
        final long start = System.nanoTime();
        for (int first = 0; first < UPDATES; first += BATCH)
        {
            switch (way)
            {
                case FLAT -> updateFlat(first);
                case SEGMENTED -> updateSegmented(first);
                case LOOKAHEAD -> lookAhead(first);
            }
        }
        changes += UPDATES;
        return (double)(System.nanoTime() - start) / UPDATES;
    }

    private void updateFlat(final int first)
    {
        for (int i = first; i < first + BATCH; i++)
        {
            final int key = chosen[i];
            change(flat.upsert(KeyHash.hash(key), key));
        }
    }

    private void updateSegmented(final int first)
    {
        for (int i = first; i < first + BATCH; i++)
        {
            final int key = chosen[i];
            change(segmented.upsertLong(KeyHash.hash(key), key));
        }
    }

    private void lookAhead(final int first)
    {
        for (int i = 0; i < BATCH; i++)
        {
            Memory.putLong(batch.address() + (long)i * Long.BYTES, chosen[first + i]);
        }
        segmented.upsertAllLong(batch.address(), BATCH, values, created);
        for (int i = 0; i < BATCH; i++)
        {
            change(values[i]);
        }
    }

    private static void change(final long value)
    {
        final long sum = Memory.getLong(value) + 1;
        Memory.putLong(value, sum);
        for (int offset = Long.BYTES; offset < TableMemory.VALUE_LENGTH; offset += Long.BYTES)
        {
            Memory.putLong(value + offset, Memory.getLong(value + offset) + sum);
        }
    }

    /**
     * How full both tables are.
     *
     * @return bytes of the entries in parts of the bytes of the table
     */
    public double load()
    {
        return load;
    }

    /**
     * Checks that each update has changed the value of one key by one.
     *
     * @param keys of each table
     * @throws IllegalStateException when the tables do not hold what was counted
     */
    public void check(final int keys)
    {
        long sum = 0;
        for (int key = 0; key < keys; key++)
        {
            sum += Memory.getLong(flat.upsert(KeyHash.hash(key), key));
            sum += Memory.getLong(segmented.upsertLong(KeyHash.hash(key), key));
        }
        if (sum != changes || segmented.size() != keys)
        {
            throw new IllegalStateException("sum=" + sum + " of changes=" + changes + " size=" + segmented.size() +
                " of keys=" + keys + ": the tables do not do what they are timed for");
        }
    }

    @Override
    public void close()
    {
        flat.close();
        batch.close();
        memory.close();
    }
}
