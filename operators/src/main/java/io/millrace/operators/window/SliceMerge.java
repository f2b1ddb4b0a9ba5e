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
package io.millrace.operators.window;

import io.millrace.core.state.KeyedCursor;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.KeyOrder;

import java.util.Arrays;

/**
 * Walks over the keys of several tables together, each key once, in the canonical order that each of the tables has:
 * by hash (its top bits are the key group), then by bytes, both unsigned. Used by one thread.
 * <pre>
 *   merge.begin();
 *   merge.add(one.cursor());
 *   merge.add(other.cursor());
 *   while (merge.next())
 *   {
 *       use(merge.key(), merge.value(0), merge.value(1));      a value is 0 where its table has no such key
 *   }
 * </pre>
 */
public final class SliceMerge
{
    private final int keyLength;
    private KeyedCursor[] cursors = new KeyedCursor[2];
    private long[] hashes = new long[2];
    /** Whether a cursor is at an entry, and whether its key is the one that all are at. */
    private boolean[] atEntry = new boolean[2];
    private boolean[] atKey = new boolean[2];
    private int ways;
    private long key;

    /**
     * A merge of nothing.
     *
     * @param keyLength in bytes
     */
    public SliceMerge(final int keyLength)
    {
        this.keyLength = keyLength;
    }

    /** Starts anew, without tables. */
    public void begin()
    {
        Arrays.fill(cursors, null);
        ways = 0;
        key = 0;
    }

    /**
     * Takes in a table.
     *
     * @param cursor before its first entry
     */
    public void add(final KeyedCursor cursor)
    {
        if (ways == cursors.length)
        {
            cursors = Arrays.copyOf(cursors, ways * 2);
            hashes = Arrays.copyOf(hashes, ways * 2);
            atEntry = Arrays.copyOf(atEntry, ways * 2);
            atKey = Arrays.copyOf(atKey, ways * 2);
        }
        cursors[ways] = cursor;
        advance(ways++);
    }

    private void advance(final int way)
    {
        final KeyedCursor cursor = cursors[way];
        atKey[way] = false;
        atEntry[way] = cursor.next();
        if (atEntry[way])
        {
            hashes[way] = KeyHash.hash(cursor.key(), keyLength);
        }
    }

    /**
     * Goes to the next key.
     *
     * @return whether there is one
     */
    public boolean next()
    {
        int first = -1;
        for (int way = 0; way < ways; way++)
        {
            if (atKey[way])
            {
                advance(way);
            }
            if (atEntry[way] && (first < 0 || compare(way, first) < 0))
            {
                first = way;
            }
        }
        if (first < 0)
        {
            key = 0;
            return false;
        }
        for (int way = first; way < ways; way++)
        {
            atKey[way] = way == first || atEntry[way] && compare(way, first) == 0;
        }
        key = cursors[first].key();
        return true;
    }

    private int compare(final int one, final int other)
    {
        return KeyOrder.compare(hashes[one], cursors[one].key(), hashes[other], cursors[other].key(), keyLength);
    }

    /**
     * The key.
     *
     * @return address of its bytes, valid until the next call of {@link #next()}
     */
    public long key()
    {
        return key;
    }

    /**
     * Number of tables.
     *
     * @return as many as were added
     */
    public int ways()
    {
        return ways;
    }

    /**
     * What a table has for the key.
     *
     * @param way index of the table, in the order in which they were added
     * @return address of the value, to be read only, or 0 when it has none
     */
    public long value(final int way)
    {
        return atKey[way] ? cursors[way].value() : 0;
    }
}
