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
package io.millrace.memory.table;

import io.millrace.memory.Memory;

import java.util.ArrayList;
import java.util.List;

/**
 * The tables of one task: they share a pool of segments, an epoch, and the delta of each checkpoint.
 * <pre>
 *   task ---&gt; SegmentedTable (one a state, or one a window slice) ---&gt; segments &lt;--- {@link SegmentPool}
 *     |            |  first touch, removal, clear
 *     |            v
 *     +---&gt; TableStore: barrierReady(), barrier(), sweep(n) ---&gt; {@link DeltaWriter} ---&gt; {@link DeltaOutlet}
 * </pre>
 * At a barrier, between two batches:
 * <pre>
 *   if (store.barrierReady())              otherwise this checkpoint waits: go on with batches and sweeps
 *   {
 *       store.barrier();                   O(1): what the tables hold at this moment is the snapshot
 *       store.blob(...);                   optional, before the first sweep: state that is in no table
 *   }
 *   ... after each batch:
 *   left = store.sweep(n);                 0: the last chunk of the epoch is published
 * </pre>
 * The delta of an epoch holds what changed in it, so a chain of deltas over a base must have no gap: the delta of a
 * checkpoint that was aborted elsewhere still belongs to the chain. {@link #sweep(int)} also returns the memory of
 * cleared and dropped tables to the pool; without checkpoints call it between batches all the same. Everything here
 * is for the task's thread.
 */
public final class TableStore implements AutoCloseable
{
    /** Makes the editor once the range of hashes is known. */
    @FunctionalInterface
    interface EditorFactory
    {
        SegmentEditor create(SnapshotLedger ledger, long firstHash, long stretch);
    }

    private static final int VOID_CLASS = 2;
    private static final int VOID_CELLS_OFFSET = 3072;
    private static final int KEY_OFFSET = VOID_CELLS_OFFSET + 64;

    private final SegmentPool pool;
    private final SnapshotLedger ledger;
    private final SegmentSplitter splitter;
    private final SegmentEditor editor;
    private final List<SegmentedTable> tables = new ArrayList<>();
    private final long firstHash;
    private final long stretch;
    private final long voidBlock;
    private final long scratch;

    /**
     * A store for all key groups.
     *
     * @param pool   of segments; not closed here
     * @param outlet that takes the deltas, or null for a store without snapshots
     */
    public TableStore(final SegmentPool pool, final DeltaOutlet outlet)
    {
        this(pool, outlet, 0, KeyGroups.DEFAULT_MAX_PARALLELISM, KeyGroups.DEFAULT_MAX_PARALLELISM);
    }

    /**
     * A store for the key groups of one parallel task. A hash outside of them would be found, but out of order.
     *
     * @param pool           of segments; not closed here
     * @param outlet         that takes the deltas, or null for a store without snapshots
     * @param firstKeyGroup  that the task owns
     * @param endKeyGroup    behind the last one that it owns
     * @param maxParallelism number of key groups
     */
    public TableStore(
        final SegmentPool pool,
        final DeltaOutlet outlet,
        final int firstKeyGroup,
        final int endKeyGroup,
        final int maxParallelism)
    {
        this(pool, new SnapshotLedger(pool, outlet), SegmentEditor::new, firstKeyGroup, endKeyGroup, maxParallelism);
    }

    TableStore(
        final SegmentPool pool,
        final SnapshotLedger ledger,
        final EditorFactory editors,
        final int firstKeyGroup,
        final int endKeyGroup,
        final int maxParallelism)
    {
        if (firstKeyGroup < 0 || firstKeyGroup >= endKeyGroup || endKeyGroup > maxParallelism)
        {
            throw new IllegalArgumentException("firstKeyGroup=" + firstKeyGroup + " endKeyGroup=" + endKeyGroup +
                " is no range of key groups below maxParallelism=" + maxParallelism);
        }
        this.pool = pool;
        this.ledger = ledger;
        firstHash = KeyGroups.firstHash(firstKeyGroup, maxParallelism);
        final long range = KeyGroups.firstHash(endKeyGroup, maxParallelism) - firstHash;
        stretch = range == 0 ? 1 : Long.divideUnsigned(-range, range) + 1;
        scratch = pool.take(SegmentPool.SEGMENT_CLASS);
        voidBlock = pool.take(VOID_CLASS);
        Memory.putLong(voidCells(), voidBlock);
        Memory.putLong(voidCells() + Long.BYTES, voidBlock);
        splitter = new SegmentSplitter(pool, ledger, firstHash, stretch, scratch);
        editor = editors.create(ledger, firstHash, stretch);
    }

    /**
     * Makes a table, closed until {@link SegmentedTable#open(long)}. Make one object a state, and one a window slice
     * that is live at the same time, and reuse it.
     *
     * @param stateId     that names the state in deltas; several tables may have the same one with different namespaces
     * @param keyLength   in bytes: a multiple of 8 from 8 to {@link SegmentedTable#MAX_KEY_LENGTH}
     * @param valueLength in bytes: a multiple of 8 from 0 to about 2,000
     * @return the table, which lives as long as the store
     */
    public SegmentedTable createTable(final int stateId, final int keyLength, final int valueLength)
    {
        final SegmentedTable table = new SegmentedTable(
            this, ledger, splitter, editor, stateId, keyLength, valueLength);
        tables.add(table);
        return table;
    }

    /**
     * @return whether {@link #barrier()} may be called: the delta before is complete
     */
    public boolean barrierReady()
    {
        return ledger.barrierReady();
    }

    /** Takes the snapshot: starts the next epoch, in O(1). {@link #sweep(int)} emits what the one before touched. */
    public void barrier()
    {
        barrier(false);
    }

    /**
     * Takes the snapshot: starts the next epoch.
     *
     * @param full whether the delta will hold every entry, to be a base on its own, and not only what was touched;
     *             costs a few nanoseconds a table here
     * @throws IllegalStateException when {@link #barrierReady()} is false
     */
    public void barrier(final boolean full)
    {
        if (!ledger.barrierReady())
        {
            throw new IllegalStateException("epoch=" + ledger.epoch() +
                " cannot end: the delta before is not complete, or the store has no outlet: ask barrierReady(), " +
                "and sweep until it is true");
        }
        ledger.barrier();
        if (full)
        {
            for (int i = 0; i < tables.size(); i++)
            {
                tables.get(i).barrierFull();
            }
        }
    }

    /**
     * Does a bounded part of the work that is left of the last barrier, and of clearing and dropping tables.
     *
     * @param maxEntries how many entries to emit at most
     * @return how many are left; 0 when the delta is complete and its last chunk is published
     */
    public int sweep(final int maxEntries)
    {
        return ledger.sweep(maxEntries);
    }

    /**
     * Adds opaque bytes to the delta. Between {@link #barrier()} and the first {@link #sweep(int)} after it.
     *
     * @param stateId   of the operator's state
     * @param namespace as the operator likes
     * @param address   of the first byte
     * @param length    in bytes; must fit into a chunk
     */
    public void blob(final int stateId, final long namespace, final long address, final int length)
    {
        if (!ledger.isSweeping())
        {
            throw new IllegalStateException("blob of stateId=" + stateId + " namespace=" + namespace +
                " comes when no delta is open: write it after barrier() and before the first sweep()");
        }
        ledger.delta().blob(stateId, namespace, address, length);
    }

    /**
     * @return the current epoch, 1 at first; a chunk's epoch is the one that ended with its barrier
     */
    public long epoch()
    {
        return ledger.epoch();
    }

    /**
     * Continues the epochs of a restored chain. Before anything else is done with the store.
     *
     * @param epoch the current one from now on, above 0
     */
    public void startAt(final long epoch)
    {
        ledger.startAt(epoch);
    }

    /**
     * Lets go of every table without a record in the delta, and of chunks that were not published. The pool may be
     * closed then.
     */
    @Override
    public void close()
    {
        tables.forEach(SegmentedTable::abandon);
        tables.clear();
        ledger.close();
        pool.give(scratch, SegmentPool.SEGMENT_CLASS);
        pool.give(voidBlock, VOID_CLASS);
    }

    long firstHash()
    {
        return firstHash;
    }

    long stretch()
    {
        return stretch;
    }

    /** The two cells of a closed table: everything is absent. */
    long voidCells()
    {
        return voidBlock + VOID_CELLS_OFFSET;
    }

    /** Room for a key that came as a long. */
    long keyScratch()
    {
        return voidBlock + KEY_OFFSET;
    }
}
