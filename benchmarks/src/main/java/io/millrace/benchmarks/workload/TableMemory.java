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

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaChunks;
import io.millrace.memory.table.SegmentPool;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableStore;

import java.util.concurrent.locks.LockSupport;

/**
 * A table of the engine by itself: keys of 8 bytes, values of 32. Another thread allocates and zeroes memory ahead, as the
 * I/O thread of a job does, and takes what snapshots hand over.
 */
final class TableMemory implements AutoCloseable
{
    static final int VALUE_LENGTH = 32;
    static final int ENTRY_LENGTH = Long.BYTES + VALUE_LENGTH;

    private static final long IDLE_NANOS = 100_000;
    private static final int CHUNKS_AHEAD = 8;
    /** Entries that are swept for an operation, so that a snapshot is complete long before the next one. */
    private static final int SWEPT_FOR_ONE = 4;

    private final MemoryAccount account = new MemoryAccount("table", Long.MAX_VALUE);
    private final SegmentPool pool = new SegmentPool(account, "table");
    private final DeltaChunks chunks =
        new DeltaChunks(account, "snapshot of table", DeltaChunks.DEFAULT_CHUNK_LENGTH, CHUNKS_AHEAD);
    private final long barrierEvery;
    private final TableStore store;
    private final SegmentedTable table;
    private final Thread ahead = new Thread(this::prepare, "table-io");
    private long sinceBarrier;
    private long barriers;
    private volatile boolean closed;

    /**
     * An empty table.
     *
     * @param barrierEvery operations from a snapshot to the next, 0 for none
     */
    TableMemory(final long barrierEvery)
    {
        this.barrierEvery = barrierEvery;
        store = new TableStore(pool, barrierEvery == 0 ? null : chunks);
        table = store.createTable(1, Long.BYTES, VALUE_LENGTH).open(0);
        ahead.setDaemon(true);
        ahead.start();
    }

    private void prepare()
    {
        while (!closed)
        {
            boolean worked = pool.prepare();
            if (barrierEvery != 0)
            {
                worked |= chunks.prepare();
                for (DeltaChunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll())
                {
                    chunks.recycle(chunk);
                    worked = true;
                }
            }
            if (!worked)
            {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
    }

    SegmentedTable table()
    {
        return table;
    }

    /**
     * Does what a task does between batches: a barrier when it is time, and a piece of the sweep.
     *
     * @param operations of the batch
     */
    void betweenBatches(final int operations)
    {
        if (barrierEvery != 0)
        {
            chunks.flush();
            sinceBarrier += operations;
            if (sinceBarrier >= barrierEvery && store.barrierReady())
            {
                store.barrier();
                sinceBarrier = 0;
                barriers++;
            }
        }
        store.sweep(SWEPT_FOR_ONE * operations);
    }

    /** Snapshots that were begun. */
    long barriers()
    {
        return barriers;
    }

    /** Bytes of the blocks that the table has. */
    long usedBytes()
    {
        return pool.usedBytes();
    }

    /** Bytes of all slabs, those ahead included. */
    long heldBytes()
    {
        return pool.heldBytes();
    }

    Region allocate(final String owner, final long bytes)
    {
        return Region.allocate(account, owner, bytes);
    }

    @Override
    public void close()
    {
        closed = true;
        boolean interrupted = false;
        while (ahead.isAlive())
        {
            try
            {
                ahead.join();
            }
            catch (final InterruptedException exception)
            {
                interrupted = true;
            }
        }
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
        store.close();
        pool.close();
        chunks.close();
    }
}
