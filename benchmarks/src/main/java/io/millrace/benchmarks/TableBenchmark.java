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
package io.millrace.benchmarks;

import io.millrace.benchmarks.alternatives.FlatOffHeapTable;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.SegmentPool;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * What does it cost to read, change and write a value of 32 bytes in place, by the number of keys and how they are chosen? And
 * what do the segments cost that make growth and snapshots cheap, and how much of that does looking ahead bring back?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class TableBenchmark
{
    private static final int BATCH = 128;
    private static final int CHOICES = 1 << 22;
    private static final int VALUE_LENGTH = 32;

    /** Keys in the table. */
    @Param({"100000", "1000000", "10000000"})
    public int keys;

    /** How they are chosen. */
    @Param
    public Choice choice;

    private final int[] chosen = new int[CHOICES];
    private final long[] values = new long[BATCH];
    private final int[] created = new int[BATCH];
    private final MemoryAccount account = new MemoryAccount("table", Long.MAX_VALUE);
    private Region batch;
    private SegmentPool pool;
    private TableStore store;
    private SegmentedTable segmented;
    private FlatOffHeapTable flat;
    private int next;

    /** A way to choose keys. */
    public enum Choice
    {
        /** All alike. */
        UNIFORM,
        /** A fifth of them 82 times in 100. */
        SKEWED
    }

    /** Fills both tables. */
    @Setup
    public void setUp()
    {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < CHOICES; i++)
        {
            final double uniform = random.nextDouble();
            chosen[i] = (int)(keys * (choice == Choice.UNIFORM ? uniform : Math.pow(uniform, 8)));
        }
        pool = new SegmentPool(account, "table");
        batch = Region.allocate(account, "keys of a batch", (long)BATCH * Long.BYTES);
        store = new TableStore(pool, null);
        segmented = store.createTable(1, Long.BYTES, VALUE_LENGTH).open(0);
        for (int key = 0; key < keys; key++)
        {
            segmented.upsertLong(KeyHash.hash(key), key);
        }
        // As full as the other: as many bytes for a key.
        flat = FlatOffHeapTable.ofLoad(keys, (double)keys * (Long.BYTES + VALUE_LENGTH) / pool.usedBytes());
        for (int key = 0; key < keys; key++)
        {
            flat.upsert(KeyHash.hash(key), key);
        }
    }

    /** Frees them. */
    @TearDown
    public void tearDown()
    {
        flat.close();
        store.close();
        pool.close();
        batch.close();
    }

    /**
     * In a table that is one piece of memory.
     *
     * @return what was written last
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long flat()
    {
        final int first = advance();
        long last = 0;
        for (int i = first; i < first + BATCH; i++)
        {
            final int key = chosen[i];
            last = change(flat.upsert(KeyHash.hash(key), key));
        }
        return last;
    }

    /**
     * In the engine's table, record by record.
     *
     * @return what was written last
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long segmented()
    {
        final int first = advance();
        long last = 0;
        for (int i = first; i < first + BATCH; i++)
        {
            final int key = chosen[i];
            last = change(segmented.upsertLong(KeyHash.hash(key), key));
        }
        return last;
    }

    /**
     * In the engine's table, a mini-batch at once, as keyed operators do it.
     *
     * @return what was written last
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long segmentedLookAhead()
    {
        final int first = advance();
        long last = 0;
        for (int i = 0; i < BATCH; i++)
        {
            Memory.putLong(batch.address() + (long)i * Long.BYTES, chosen[first + i]);
        }
        segmented.upsertAllLong(batch.address(), BATCH, values, created);
        for (int i = 0; i < BATCH; i++)
        {
            last = change(values[i]);
        }
        return last;
    }

    private int advance()
    {
        final int first = next;
        next = first + BATCH & CHOICES - 1;
        return first;
    }

    private static long change(final long value)
    {
        final long sum = Memory.getLong(value) + 1;
        Memory.putLong(value, sum);
        for (int offset = Long.BYTES; offset < VALUE_LENGTH; offset += Long.BYTES)
        {
            Memory.putLong(value + offset, Memory.getLong(value + offset) + sum);
        }
        return sum;
    }
}
