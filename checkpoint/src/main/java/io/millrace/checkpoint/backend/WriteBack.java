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
package io.millrace.checkpoint.backend;

import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.StateContext;
import io.millrace.memory.Region;
import io.millrace.memory.table.SegmentPool;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableStore;

import java.util.ArrayList;
import java.util.List;

/**
 * Bounded memory before the rows of an operator instance in a library: what was read or written lately. All its tables
 * share one bound.
 * <pre>
 *   StoredTable --read, write--&gt; {@link WriteBackRows}: [ row | flags ] ... --write--&gt; Rows --commit--&gt; library
 *                                      ^
 *      hand: goes round over all tables in the order of their keys, when there is no room for a new row
 * </pre>
 * The hand gives a row that was used since it came by a second chance, writes changed rows in one batch and lets go of
 * them (CLOCK: Corbat&oacute;, 1968). What it takes depends only on the operations so far, never on time. For the task's
 * thread.
 */
final class WriteBack implements AutoCloseable
{
    /** Below it there is not even room for the first segments. */
    static final long MIN_BYTES = 64 << 10;
    /** Rows looked at for each call that asks to write rows back. */
    private static final int PUBLISHED_AT_A_TIME = 64;
    /** Of the entries that a task has worked on, for how many a row is looked at: one in so many. */
    private static final int WORK_PER_ROW = 8;

    private final RowStore store;
    private final SegmentPool pool;
    private final TableStore tables;
    private final List<WriteBackRows> all = new ArrayList<>();
    private final long budget;
    /** Lower than the budget when segments are emptier than was thought. */
    private long ceiling;
    private long bytes;
    private long changedRows;
    private final Region victims;
    private final KeyGroupRange range;
    private int hand;
    private int publishing;
    private int credit;

    /**
     * Empty.
     *
     * @param context of the operator instance
     * @param store   that rows are written to
     * @param budget  in bytes
     */
    WriteBack(final StateContext context, final RowStore store, final long budget)
    {
        this.store = store;
        this.budget = budget;
        ceiling = budget;
        pool = new SegmentPool(context.account(), "rows of " + context.operator() + "-" + context.subtask());
        range = context.keyGroups();
        victims = Region.allocate(context.account(), "keys that leave memory, of " + context.operator() + "-" +
            context.subtask(), (long)WriteBackRows.VICTIMS * SegmentedTable.MAX_KEY_LENGTH);
        tables = new TableStore(pool, null, range.first(), range.last() + 1, range.maxParallelism());
    }

    /** The rows of one table, in memory and in the library. */
    WriteBackRows newRows(final StateShape shape, final Rows rows)
    {
        final WriteBackRows before = new WriteBackRows(this, shape, rows, tables, range);
        all.add(before);
        return before;
    }

    /** Address of room for the keys of rows that leave memory. */
    long victims()
    {
        return victims.address();
    }

    RowStore store()
    {
        return store;
    }

    /** Makes room for a row, of which there may be none: then rows leave, the changed ones to the library. */
    void makeRoom()
    {
        if (bytes < ceiling)
        {
            return;
        }
        // Twice round: the first time all may have been used.
        for (int visits = 2 * all.size(); bytes >= ceiling && visits >= 0; visits--)
        {
            while (bytes >= ceiling && !all.get(hand).evict())
            {
                // The next piece of the same table.
            }
            hand = bytes < ceiling ? hand : (hand + 1) % all.size();
        }
    }

    /** Notes bytes of rows that came, or that are gone when negative. */
    void count(final long change)
    {
        bytes += change;
        if (pool.usedBytes() > budget)
        {
            ceiling = Math.max(Math.min(ceiling, bytes), budget / 8);
        }
        else if (pool.usedBytes() < budget / 4 * 3)
        {
            ceiling = budget;
        }
    }

    /** Notes rows that differ from the library's, or that no longer do when negative. */
    void countChanged(final long change)
    {
        changedRows += change;
    }

    long changedRows()
    {
        return changedRows;
    }

    /**
     * Writes some changed rows to the library, where others can read them. A row that is changed again and again is
     * written once a round.
     *
     * @param work entries that the task has worked on since the last call
     */
    void publish(final int work)
    {
        credit += Math.max(work, WORK_PER_ROW);
        if (changedRows == 0 || credit < PUBLISHED_AT_A_TIME * WORK_PER_ROW)
        {
            return;
        }
        credit = 0;
        int budgetOfRows = PUBLISHED_AT_A_TIME;
        for (int visits = all.size(); budgetOfRows > 0 && visits >= 0 && changedRows > 0; visits--)
        {
            final WriteBackRows rows = all.get(publishing);
            budgetOfRows -= rows.publish(budgetOfRows);
            publishing = rows.isPublished() ? (publishing + 1) % all.size() : publishing;
        }
        store.commit();
    }

    /** Writes some more at once: nothing else is to be done. */
    void publishIdle()
    {
        credit = PUBLISHED_AT_A_TIME * WORK_PER_ROW;
        publish(0);
    }

    /** Gives back the memory of what was dropped. */
    void sweep(final int maxEntries)
    {
        tables.sweep(maxEntries);
    }

    @Override
    public void close()
    {
        tables.close();
        pool.close();
        victims.close();
    }
}
