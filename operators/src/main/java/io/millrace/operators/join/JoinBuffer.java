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
package io.millrace.operators.join;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.record.RecordType;

/**
 * What a join holds: the records of both sides by slice of time and key, so that a record costs one lookup and a slice
 * is dropped whole.
 *
 * <pre>
 *   slice --&gt; heads:          | key |          --&gt;  | lefts 4 | rights 4 | first lefts ... | first rights ... |
 *         --&gt; left, right:    | key | part 8 |  --&gt;  | elements ... |      those behind the first
 * </pre>
 *
 * The task's thread.
 */
public final class JoinBuffer implements AutoCloseable
{
    private static final int COUNTS_LENGTH = 2 * Integer.BYTES;
    private static final int MAX_HEAD_LENGTH = 1600;
    private static final int USUAL_HEAD_LENGTH = 200;
    private static final int MOST_INLINE = 2;
    private static final int AT_HAND_BITS = 3;
    /** Spreads slices, which may be multiples of anything. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final WindowTables heads;
    private final int headLength;
    private final JoinSide left;
    private final JoinSide right;
    /** Tables that were used lately, each at the place of its slice. */
    private final KeyedTable[] tables = new KeyedTable[1 << AT_HAND_BITS];
    private final long[] slices = new long[1 << AT_HAND_BITS];

    /**
     * Nothing yet.
     *
     * @param context   of the operator
     * @param keyLength bytes of a key
     * @param leftType  of the left side's records, of fixed length
     * @param rightType of the right side's records, of fixed length
     * @param timed     whether timestamps are kept
     */
    public JoinBuffer(
        final OperatorContext context,
        final int keyLength,
        final RecordType<?, ?> leftType,
        final RecordType<?, ?> rightType,
        final boolean timed)
    {
        final int prefix = timed ? Long.BYTES : 0;
        final int leftLength = prefix + leftType.blockLength();
        final int pairLength = leftLength + prefix + rightType.blockLength();
        final int inline = pairLength > MAX_HEAD_LENGTH ? 0 :
            Math.max(1, Math.min(MOST_INLINE, USUAL_HEAD_LENGTH / pairLength));
        headLength = COUNTS_LENGTH + inline * pairLength;
        heads = context.state().windowTables("heads", keyLength, headLength);
        left = new JoinSide(context, "left", keyLength, leftType.blockLength(), timed, inline, 0, COUNTS_LENGTH);
        right = new JoinSide(context, "right", keyLength, rightType.blockLength(), timed, inline, Integer.BYTES,
            COUNTS_LENGTH + inline * leftLength);
    }

    /**
     * The left side.
     *
     * @return its elements
     */
    public JoinSide left()
    {
        return left;
    }

    /**
     * The right side.
     *
     * @return its elements
     */
    public JoinSide right()
    {
        return right;
    }

    /**
     * Adds a record.
     *
     * @param side  that it is of
     * @param slice that it belongs to
     * @param hash  of its key
     * @param key   address of its key's bytes
     * @param slot  address of its slot
     * @return the head of the key, valid until the next record is added to that slice, or the next barrier
     */
    public long add(final JoinSide side, final long slice, final long hash, final long key, final long slot)
    {
        final KeyedTable table = table(slice);
        final long head = table.upsert(hash, key);
        side.add(table, slice, key, head, slot);
        return head;
    }

    /**
     * Brings near where a key's head is, when its slice is there.
     *
     * @param slice that it belongs to
     * @param hash  of the key
     * @return any number: use it, or the compiler leaves the reads out
     */
    public long prefetch(final long slice, final long hash)
    {
        final KeyedTable table = find(slice);
        return table == null ? 0 : table.prefetch(hash);
    }

    /**
     * Brings a key's head near, when its slice is there.
     *
     * @param slice that it belongs to
     * @param hash  of the key
     * @param key   address of its bytes
     * @return any number: use it, or the compiler leaves the reads out
     */
    public long prefetch(final long slice, final long hash, final long key)
    {
        final KeyedTable table = find(slice);
        return table == null ? 0 : table.prefetch(hash, key, headLength);
    }

    private KeyedTable table(final long slice)
    {
        final KeyedTable known = find(slice);
        if (known != null)
        {
            return known;
        }
        final KeyedTable table = heads.table(slice);
        remember(slice, table);
        return table;
    }

    /**
     * The head of a key.
     *
     * @param slice to look in
     * @param hash  of the key
     * @param key   address of its bytes
     * @return its address, valid until a record is added to the slice or another head of it is asked for, or 0 when there
     *         is none
     */
    public long head(final long slice, final long hash, final long key)
    {
        final KeyedTable table = find(slice);
        return table == null ? 0 : table.find(hash, key);
    }

    /**
     * The heads of a slice.
     *
     * @param slice to look in
     * @return its table, or null when there is none
     */
    public KeyedTable find(final long slice)
    {
        final int place = place(slice);
        final KeyedTable table = tables[place];
        return table != null && slices[place] == slice ? table : lookUp(slice);
    }

    private static int place(final long slice)
    {
        return (int)(slice * SPREAD >>> Long.SIZE - AT_HAND_BITS);
    }

    private KeyedTable lookUp(final long slice)
    {
        final KeyedTable table = heads.find(slice);
        if (table != null)
        {
            remember(slice, table);
        }
        return table;
    }

    private void remember(final long slice, final KeyedTable table)
    {
        final int place = place(slice);
        tables[place] = table;
        slices[place] = slice;
    }

    /**
     * The earliest slice at or after another.
     *
     * @param from the other
     * @return the slice, or {@link Long#MAX_VALUE} when there is none
     */
    public long firstSlice(final long from)
    {
        return heads.firstSlice(from);
    }

    /**
     * Drops a slice with all that it holds.
     *
     * @param slice to drop
     */
    public void drop(final long slice)
    {
        final int place = place(slice);
        if (slices[place] == slice)
        {
            tables[place] = null;
        }
        heads.drop(slice);
        left.drop(slice);
        right.drop(slice);
    }

    @Override
    public void close()
    {
        left.close();
        right.close();
    }
}
