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

import io.millrace.memory.Memory;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.SegmentedTable;
import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;

/**
 * A table whose keys are all replaced by new ones, again and again: a new key comes in, the oldest goes, so that the number
 * of keys stays the same.
 */
public final class TableChurn implements AutoCloseable
{
    private static final int BATCH = 128;
    private static final long HIGHEST = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private final int keys;
    private final TableMemory memory;
    private final Histogram insertions = new Histogram(HIGHEST, DIGITS);
    private final Histogram removals = new Histogram(HIGHEST, DIGITS);
    private long next;

    /**
     * A table with its first keys.
     *
     * @param keys         of the table
     * @param barrierEvery operations from a snapshot to the next, 0 for none
     */
    public TableChurn(final int keys, final long barrierEvery)
    {
        this.keys = keys;
        memory = new TableMemory(barrierEvery);
        while (next < keys)
        {
            insert();
            endOfBatch();
        }
    }

    /** Replaces every key. */
    public void turnOver()
    {
        final SegmentedTable table = memory.table();
        for (int i = 0; i < keys; i++)
        {
            final long oldest = next - keys;
            final long start = System.nanoTime();
            insert();
            final long between = System.nanoTime();
            final boolean removed = table.removeLong(KeyHash.hash(oldest), oldest);
            final long end = System.nanoTime();
            insertions.recordValue(Math.min(HIGHEST, between - start));
            removals.recordValue(Math.min(HIGHEST, end - between));
            endOfBatch();
            if (!removed)
            {
                throw new IllegalStateException("key=" + oldest + " is not in the table, which has size=" + table.size());
            }
        }
        if (table.size() != keys)
        {
            throw new IllegalStateException("size=" + table.size() + " of a table with keys=" + keys);
        }
    }

    private void insert()
    {
        Memory.putLong(memory.table().upsertLong(KeyHash.hash(next), next), next);
        next++;
    }

    private void endOfBatch()
    {
        if (next % BATCH == 0)
        {
            memory.betweenBatches(2 * BATCH);
        }
    }

    /**
     * How long insertions took, those of the first keys left out.
     *
     * @return nanoseconds
     */
    public Histogram insertions()
    {
        return insertions;
    }

    /**
     * How long removals took.
     *
     * @return nanoseconds
     */
    public Histogram removals()
    {
        return removals;
    }

    /**
     * Memory that the table uses.
     *
     * @return in bytes
     */
    public long usedBytes()
    {
        return memory.usedBytes();
    }

    /**
     * Memory that is allocated, what lies ready included.
     *
     * @return in bytes
     */
    public long heldBytes()
    {
        return memory.heldBytes();
    }

    @Override
    public void close()
    {
        memory.close();
    }
}
