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

import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.table.KeyHash;

import java.util.Arrays;

/**
 * Finds the rows of a table that expire, in the order of end, hash, key bytes. The table's order is cut into blocks of
 * about 128 rows, and of each block no more is known than a bound: none of its rows ends before. When a block's bound is
 * reached, its rows are read, those that end in the next eighth of a lifetime go to a heap, and the earliest end of the others is
 * the new bound.
 *
 * <pre>
 *   bounds    a tree of least bounds:        [ 1 ]
 *                                       [ 2 ]     [ 3 ]
 *                                     block 0 1  block 2 3
 *   gathered  a block: rows that end up to here are in the heap
 *   due       the heap, in order; a row that was touched or removed since is put right when its turn comes
 * </pre>
 *
 * So a touch and a removal cost nothing here, a new row the comparison with its block's bound, and the memory is
 * 16 to 32 bytes a block, and the heap. All of it is derived from the table. The task's thread.
 */
final class ExpiryIndex implements AutoCloseable
{
    private static final int BLOCK_ROWS = 128;
    private static final int MAX_BITS = 24;
    /** Of a block that is split: places spread unevenly when the task owns a part of the hashes. */
    private static final int MOST_BLOCK_ROWS = 4 * BLOCK_ROWS;
    /** A lifetime shifted by this is looked ahead. */
    private static final int AHEAD_SHIFT = 3;

    private final KeyedTable table;
    private final int keyLength;
    private final int touchedOffset;
    private final Lifetime lifetime;
    private final DueEntries due;
    private final long ahead;
    private long[] bounds = {Lifetime.NEVER, Lifetime.NEVER};
    private long[] gathered = {Long.MIN_VALUE};
    private int bits;

    /**
     * An index.
     *
     * @param table         whose rows expire
     * @param keyLength     bytes of its keys
     * @param touchedOffset of the last touch in its values
     * @param lifetime      of its rows
     * @param account       that memory is counted in
     */
    ExpiryIndex(
        final KeyedTable table,
        final int keyLength,
        final int touchedOffset,
        final Lifetime lifetime,
        final MemoryAccount account)
    {
        this.table = table;
        this.keyLength = keyLength;
        this.touchedOffset = touchedOffset;
        this.lifetime = lifetime;
        this.due = new DueEntries(account, keyLength);
        this.ahead = lifetime.units() >>> AHEAD_SHIFT;
    }

    int keyLength()
    {
        return keyLength;
    }

    Lifetime lifetime()
    {
        return lifetime;
    }

    /** Reads the whole table, after a restore. */
    void start()
    {
        while (table.size() > (long)BLOCK_ROWS << bits && bits < MAX_BITS)
        {
            split();
        }
        final KeyedCursor cursor = table.cursor();
        while (cursor.next())
        {
            final long key = cursor.key();
            note(KeyHash.hash(key, keyLength), key, end(cursor));
        }
    }

    /** Takes note of a new row. */
    void born(final long hash, final long key, final long end)
    {
        if (table.size() > (long)BLOCK_ROWS << bits && bits < MAX_BITS)
        {
            split();
        }
        note(hash, key, end);
    }

    /** Takes note of when a row ends. */
    void note(final long hash, final long key, final long end)
    {
        if (end == Lifetime.NEVER)
        {
            return;
        }
        final int block = block(table.place(hash));
        if (end <= gathered[block])
        {
            due.add(end, hash, key);
            return;
        }
        int node = (1 << bits) + block;
        while (node > 0 && bounds[node] > end)
        {
            bounds[node] = end;
            node >>>= 1;
        }
    }

    /** No row ends before; {@link Lifetime#NEVER} when none does. */
    long next()
    {
        return due.size() == 0 ? bounds[1] : Math.min(bounds[1], due.firstEnd());
    }

    /** Whether a block is to be read before it is known what is next. */
    boolean isUnread()
    {
        return bounds[1] != Lifetime.NEVER && (due.size() == 0 || bounds[1] <= due.firstEnd());
    }

    /** Reads the block with the earliest bound; time has come there. */
    void read()
    {
        read(firstBlock(), horizon(bounds[1]));
    }

    /** Reads a block whose bound is near, if there is one, so that less is to be read when time gets there. */
    void readAhead(final long now)
    {
        final long bound = bounds[1];
        final long horizon = horizon(now);
        if (bound != Lifetime.NEVER && bound <= horizon && bound - now <= ahead >>> 1)
        {
            read(firstBlock(), horizon);
        }
    }

    /** How far to gather: less when the heap is large already, as when very many rows end at nearly one time. */
    private long horizon(final long from)
    {
        if (due.size() << AHEAD_SHIFT > table.size())
        {
            return from;
        }
        final long horizon = from + ahead;
        return horizon < from ? Lifetime.NEVER - 1 : horizon;
    }

    private int firstBlock()
    {
        int node = 1;
        while (node < 1 << bits)
        {
            node = bounds[2 * node] == bounds[node] ? 2 * node : 2 * node + 1;
        }
        return node - (1 << bits);
    }

    private void read(final int block, final long horizon)
    {
        final long done = gathered[block];
        long bound = Lifetime.NEVER;
        int rows = 0;
        final KeyedCursor cursor = table.cursor(bits == 0 ? 0 : (long)block << Long.SIZE - bits);
        while (cursor.next())
        {
            final long key = cursor.key();
            final long hash = KeyHash.hash(key, keyLength);
            if (block(table.place(hash)) != block)
            {
                break;
            }
            final long end = end(cursor);
            if (end > horizon)
            {
                bound = Math.min(bound, end);
            }
            else if (end > done)
            {
                due.add(end, hash, key);
            }
            rows++;
        }
        gathered[block] = Math.max(done, horizon);
        int node = (1 << bits) + block;
        bounds[node] = bound;
        while (node > 1)
        {
            node >>>= 1;
            bounds[node] = Math.min(bounds[2 * node], bounds[2 * node + 1]);
        }
        if (rows > MOST_BLOCK_ROWS && bits < MAX_BITS && 1L << bits < table.size())
        {
            split();
        }
    }

    private long end(final KeyedCursor cursor)
    {
        return lifetime.end(Memory.getLong(cursor.value() + touchedOffset));
    }

    /** End of the first row that is due; {@link #isUnread()} has said that it is known. */
    long dueEnd()
    {
        return due.firstEnd();
    }

    long dueKey()
    {
        return due.firstKey();
    }

    void removeDue()
    {
        due.removeFirst();
    }

    private int block(final long place)
    {
        return (int)(place >>> 1 >>> Long.SIZE - 1 - bits);
    }

    /** Cuts each block in two, with the bounds that it had. */
    private void split()
    {
        final int blocks = 1 << bits;
        final long[] wider = Arrays.copyOf(gathered, 2 * blocks);
        final long[] deeper = new long[4 * blocks];
        for (int block = 0; block < blocks; block++)
        {
            wider[2 * block] = gathered[block];
            wider[2 * block + 1] = gathered[block];
        }
        System.arraycopy(bounds, 0, deeper, 0, 2 * blocks);
        for (int node = 2 * blocks; node < 4 * blocks; node++)
        {
            deeper[node] = bounds[node >>> 1];
        }
        gathered = wider;
        bounds = deeper;
        bits++;
    }

    @Override
    public void close()
    {
        due.close();
    }
}
