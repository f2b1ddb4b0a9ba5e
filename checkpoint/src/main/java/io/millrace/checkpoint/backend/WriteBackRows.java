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
import io.millrace.memory.Memory;
import io.millrace.memory.table.KeyGroups;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableCursor;
import io.millrace.memory.table.TableStore;

/**
 * The rows of one table: those that were read or written lately in memory, all others in the library.
 * <pre>
 *   entry in memory:  | key | flags: CHANGED, STORED, USED | value |
 *
 *   CHANGED   the library has another value, or none
 *   STORED    the library has a row of this key
 *   USED      it was read or written since the hand came by
 * </pre>
 * A row that is in memory counts, whatever the library has. A row is deleted in both at once. Rows whose values are too
 * long for a segment are not kept in memory.
 */
final class WriteBackRows
{
    private static final int FLAGS_LENGTH = 8;
    private static final long CHANGED = 1;
    private static final long STORED = 2;
    private static final long USED = 4;

    /** Rows that leave at a time, and how many the hand spares before it takes every one. */
    static final int VICTIMS = 128;
    private static final int SPARED = 128;

    private final WriteBack owner;
    private final Rows rows;
    /** Null when values are too long for it. */
    private final SegmentedTable table;
    private final TableCursor walk = new TableCursor();
    private final int keyLength;
    private final int valueLength;
    private final boolean longKeys;
    private final long footprint;
    private final long lowestHash;

    /** How many rows the library has. */
    private long stored;
    private long changed;
    /** Where the hand goes on, and where publishing does; 0 for the first row. */
    private long hand;
    private long published;
    /** Counts rows that came into memory or into the library, or left them. */
    private long moves;

    /** Of a table that is not open. */
    WriteBackRows(
        final WriteBack owner,
        final StateShape shape,
        final Rows rows,
        final TableStore tables,
        final KeyGroupRange range)
    {
        this.owner = owner;
        this.rows = rows;
        keyLength = shape.keyLength();
        valueLength = shape.valueLength();
        longKeys = keyLength == Long.BYTES;
        final boolean fits = SegmentedTable.fits(keyLength, FLAGS_LENGTH + valueLength);
        table = fits ? tables.createTable(shape.stateId(), keyLength, FLAGS_LENGTH + valueLength) : null;
        lowestHash = KeyGroups.firstHash(range.first(), range.maxParallelism());
        // An entry and its state; segments are half to nine tenths full.
        footprint = (shape.entryLength() + FLAGS_LENGTH + 1L) * 2;
    }

    void open(final long newSlice)
    {
        rows.open(newSlice);
        if (table != null)
        {
            table.open(newSlice);
        }
        restart();
    }

    private void restart()
    {
        stored = 0;
        changed = 0;
        hand = 0;
        published = 0;
        moves++;
    }

    /**
     * Copies a value out, and keeps the row in memory.
     *
     * @return false when there is no such row; nothing was copied then
     */
    boolean read(final long hash, final long key, final long value)
    {
        return read(hash, key, value, true);
    }

    /** {@link #read} by somebody who will not come again for it: nothing comes into memory. */
    boolean peek(final long hash, final long key, final long value)
    {
        return read(hash, key, value, false);
    }

    private boolean read(final long hash, final long key, final long value, final boolean use)
    {
        if (table != null)
        {
            final long entry = find(hash, key);
            if (entry != 0)
            {
                if (use)
                {
                    mark(entry, USED);
                }
                Memory.copyWords(entry + FLAGS_LENGTH, value, valueLength);
                return true;
            }
        }
        if (stored == 0 || !rows.read(hash, key, value))
        {
            return false;
        }
        if (use && table != null)
        {
            Memory.copyWords(value, insert(hash, key, STORED), valueLength);
        }
        return true;
    }

    private long find(final long hash, final long key)
    {
        return longKeys ? table.findLong(hash, Memory.getLong(key)) : table.find(hash, key);
    }

    private static void mark(final long entry, final long flag)
    {
        final long flags = Memory.getLong(entry);
        if ((flags & flag) != flag)
        {
            Memory.putLong(entry, flags | flag);
        }
    }

    /** Puts a row into memory that is not there; returns where its value goes. */
    private long insert(final long hash, final long key, final long flags)
    {
        owner.makeRoom();
        final long entry = longKeys ? table.upsertLong(hash, Memory.getLong(key)) : table.upsert(hash, key);
        moves++;
        Memory.putLong(entry, flags);
        owner.count(footprint);
        return entry + FLAGS_LENGTH;
    }

    /** Makes sure that one more row can be written. */
    void reserve()
    {
        rows.reserve();
    }

    /**
     * Writes a row, over one of the same key.
     *
     * @param born whether there was none
     */
    void write(final long hash, final long key, final long value, final boolean born)
    {
        if (table == null)
        {
            rows.write(hash, key, value);
            owner.store().commit();
            stored += born ? 1 : 0;
            return;
        }
        final long entry = find(hash, key);
        if (entry == 0)
        {
            Memory.copyWords(value, insert(hash, key, born ? CHANGED : CHANGED | STORED), valueLength);
            countChanged(1);
            return;
        }
        final long flags = Memory.getLong(entry);
        if ((flags & CHANGED) == 0)
        {
            countChanged(1);
        }
        if ((flags & (CHANGED | USED)) != (CHANGED | USED))
        {
            Memory.putLong(entry, flags | CHANGED | USED);
        }
        Memory.copyWords(value, entry + FLAGS_LENGTH, valueLength);
    }

    private void countChanged(final long change)
    {
        changed += change;
        owner.countChanged(change);
    }

    /** Deletes a row that is there. */
    void delete(final long hash, final long key)
    {
        boolean inLibrary = true;
        if (table != null)
        {
            final long entry = find(hash, key);
            if (entry != 0)
            {
                final long flags = Memory.getLong(entry);
                inLibrary = (flags & STORED) != 0;
                countChanged((flags & CHANGED) != 0 ? -1 : 0);
                table.remove(hash, key);
                moves++;
                owner.count(-footprint);
            }
        }
        if (inLibrary)
        {
            rows.delete(hash, key);
            owner.store().commit();
            stored--;
        }
        rows.release(1);
    }

    /** Deletes all rows; the table stays open when it is to be filled again. */
    void deleteAll(final long count, final boolean stayOpen)
    {
        if (stored > 0)
        {
            rows.deleteAll(stored);
            owner.store().commit();
        }
        rows.release(count);
        if (table != null)
        {
            countChanged(-changed);
            final long left = table.size() * footprint;
            if (stayOpen)
            {
                table.clear();
            }
            else
            {
                table.drop();
            }
            owner.count(-left);
        }
        restart();
    }

    /**
     * Lets some rows leave memory, in the order of their keys, from where it ended the last time.
     *
     * @return whether it has come to the end
     */
    boolean evict()
    {
        if (table == null || !table.isOpen())
        {
            return true;
        }
        int leaving = 0;
        int seen = 0;
        boolean end = true;
        final long victims = owner.victims();
        walk.wrapAt(table, hand);
        while (walk.next())
        {
            if (leaving == VICTIMS || seen == VICTIMS + SPARED)
            {
                hand = table.place(walk.hash());
                end = false;
                break;
            }
            final long flags = Memory.getLong(walk.valueAddress());
            if ((flags & USED) != 0 && seen < SPARED)
            {
                Memory.putLong(walk.valueAddress(), flags & ~USED);
            }
            else
            {
                store(walk.keyAddress(), walk.valueAddress(), flags);
                Memory.copyWords(walk.keyAddress(), victims + (long)leaving * keyLength, keyLength);
                leaving++;
            }
            seen++;
        }
        owner.store().commit();
        for (int i = 0; i < leaving; i++)
        {
            final long key = victims + (long)i * keyLength;
            table.remove(KeyHash.hash(key, keyLength), key);
        }
        moves += leaving;
        owner.count(-leaving * footprint);
        hand = end ? 0 : hand;
        return end;
    }

    /** Writes an entry of memory to the library, if it was changed. */
    private void store(final long key, final long entry, final long flags)
    {
        if ((flags & CHANGED) != 0)
        {
            rows.write(KeyHash.hash(key, keyLength), key, entry + FLAGS_LENGTH);
            Memory.putLong(entry, flags & ~CHANGED | STORED);
            if ((flags & STORED) == 0)
            {
                stored++;
                moves++;
            }
            countChanged(-1);
        }
    }

    /**
     * Writes changed rows to the library, which stay in memory, from where it ended the last time.
     *
     * @param maxRows to look at
     * @return how many it looked at
     */
    int publish(final int maxRows)
    {
        if (changed == 0)
        {
            published = 0;
            return 0;
        }
        int seen = 0;
        walk.wrapAt(table, published);
        published = 0;
        while (walk.next())
        {
            if (seen == maxRows)
            {
                published = table.place(walk.hash());
                break;
            }
            store(walk.keyAddress(), walk.valueAddress(), Memory.getLong(walk.valueAddress()));
            seen++;
        }
        return seen;
    }

    /** Whether publishing has come to the end of the rows. */
    boolean isPublished()
    {
        return published == 0;
    }

    long moves()
    {
        return moves;
    }

    boolean keepsInMemory()
    {
        return table != null;
    }

    /** Puts a cursor before the first entry of memory that has at least a hash. */
    void wrap(final TableCursor cursor, final long hash)
    {
        if (table != null)
        {
            cursor.wrap(table, atLeastLowest(hash));
        }
    }

    /** Address of the value that a cursor over the memory is on. */
    static long value(final TableCursor cursor)
    {
        return cursor.valueAddress() + FLAGS_LENGTH;
    }

    /** A cursor on the library's rows that have at least a hash, or null when it has none. */
    RowCursor libraryCursor(final long hash)
    {
        return stored == 0 ? null : rows.cursor(atLeastLowest(hash));
    }

    private long atLeastLowest(final long hash)
    {
        return Long.compareUnsigned(hash, lowestHash) < 0 ? lowestHash : hash;
    }
}
