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

import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;

/**
 * The sessions of each key before its latest, found by their end.
 * <pre>
 *   end / gap --> slice --hash, key--> session
 * </pre>
 * Sessions of a key do not touch, so their ends are more than a gap apart, and a slice holds one of a key at most. The
 * addresses that are given out are valid as those of a {@link KeyedTable}. For the task's thread only.
 */
public final class SessionHistory
{
    private final WindowTables tables;
    private final long gap;
    private final int length;
    private KeyedTable changed;

    /**
     * The history of one operator's keys.
     *
     * @param tables slices of it
     * @param gap    that ends a session
     * @param length of a session in bytes
     */
    public SessionHistory(final WindowTables tables, final long gap, final int length)
    {
        this.tables = tables;
        this.gap = gap;
        this.length = length;
    }

    /**
     * Looks a session up.
     *
     * @param hash of the key
     * @param key  address of its bytes
     * @param end  of the session; {@link SessionDescriptor#NO_END} for none
     * @return address of the session, to be read only; 0 when there is none with that end
     */
    public long find(final long hash, final long key, final long end)
    {
        final KeyedTable table = end == SessionDescriptor.NO_END ? null : tables.find(slice(end));
        final long session = table == null ? 0 : table.find(hash, key);
        return session != 0 && SessionDescriptor.end(session) == end ? session : 0;
    }

    /**
     * Looks a session up for writing; a new one is all zeros.
     *
     * @param hash of the key
     * @param key  address of its bytes
     * @param end  of the session
     * @return address of the session; call {@link #written()} after the last change
     */
    public long upsert(final long hash, final long key, final long end)
    {
        changed = tables.table(slice(end));
        return changed.upsert(hash, key);
    }

    /** Ends the changes to what {@link #upsert} or {@link #move} gave out last. */
    public void written()
    {
        changed.written();
    }

    /**
     * Moves a session to where one with another end is found.
     *
     * @param hash of the key
     * @param key  address of its bytes
     * @param from its end as it is
     * @param to   its end as it will be, which the caller writes
     * @return address of the session; call {@link #written()} after the last change
     */
    public long move(final long hash, final long key, final long from, final long to)
    {
        final long session = upsert(hash, key, to);
        if (slice(from) != slice(to))
        {
            Memory.copyWords(find(hash, key, from), session, length);
            remove(hash, key, from);
        }
        return session;
    }

    /**
     * Makes a session name another one as the one before it.
     *
     * @param hash        of the key
     * @param key         address of its bytes
     * @param end         of the session
     * @param previousEnd of the one before it
     */
    public void link(final long hash, final long key, final long end, final long previousEnd)
    {
        final KeyedTable table = tables.table(slice(end));
        SessionDescriptor.previousEnd(table.upsert(hash, key), previousEnd);
        table.written();
    }

    /**
     * Removes a session that there is.
     *
     * @param hash of the key
     * @param key  address of its bytes
     * @param end  of the session
     */
    public void remove(final long hash, final long key, final long end)
    {
        final long slice = slice(end);
        final KeyedTable table = tables.find(slice);
        table.remove(hash, key);
        if (table.size() == 0)
        {
            tables.drop(slice);
        }
    }

    /** Removes every session. */
    public void clear()
    {
        for (long slice = firstSlice(Long.MIN_VALUE); slice != Long.MAX_VALUE; slice = firstSlice(slice))
        {
            tables.drop(slice);
        }
    }

    /**
     * The first slice at or after one.
     *
     * @param from number of a slice
     * @return number of the slice, or {@link Long#MAX_VALUE} when there is none
     */
    public long firstSlice(final long from)
    {
        return tables.firstSlice(from);
    }

    /**
     * The sessions of a slice.
     *
     * @param slice number of one that has sessions
     * @return its table
     */
    public KeyedTable sessions(final long slice)
    {
        return tables.find(slice);
    }

    private long slice(final long end)
    {
        return Math.floorDiv(end, gap);
    }
}
