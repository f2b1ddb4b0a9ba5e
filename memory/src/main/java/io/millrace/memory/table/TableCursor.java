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

import static io.millrace.memory.table.SegmentDescriptor.IN_EACH_BYTE;
import static io.millrace.memory.table.SegmentDescriptor.OCCUPIED;
import static io.millrace.memory.table.SegmentDescriptor.SLOTS_PER_WORD;

/**
 * Walks over the entries of a table in canonical order: by key group, then by hash, unsigned, then by key bytes,
 * unsigned. The order depends on what is in the table, not on how it got there. As segments keep it, it costs no more
 * than any other order. The cursor allocates nothing, can be reused for any table, and keeps its place as long as
 * nobody inserts, removes or clears; values may be written.
 * <pre>
 *   cursor.wrap(table);
 *   while (cursor.next())
 *   {
 *       use(cursor.keyAddress(), cursor.valueAddress());
 *   }
 * </pre>
 */
public final class TableCursor
{
    private SegmentedTable table;
    private SegmentDirectory directory;
    private long modifications;
    private long position;
    private long segment;
    private long firstSlot;
    /** A bit for each entry that is to come of the 8 slots from the first one. */
    private long word;
    private long entryAddress;
    private long slot;
    private boolean atEnd = true;

    /**
     * Starts before the first entry.
     *
     * @param table to walk over
     * @return this
     */
    public TableCursor wrap(final SegmentedTable table)
    {
        return wrap(table, table.lowestHash());
    }

    /**
     * Starts before the first entry that has a hash of at least the given one (unsigned), for example the first of a
     * key group.
     *
     * @param table to walk over
     * @param hash  in the range of the store
     * @return this
     */
    public TableCursor wrap(final SegmentedTable table, final long hash)
    {
        return wrapAt(table, table.spread(hash));
    }

    /**
     * Starts before the first entry that lies at a place or behind it.
     *
     * @param table to walk over
     * @param place that {@link SegmentedTable#place(long)} gave, or between two of them
     * @return this
     */
    public TableCursor wrapAt(final SegmentedTable table, final long place)
    {
        this.table = table;
        directory = table.directory();
        modifications = table.modifications();
        entryAddress = 0;
        atEnd = directory == null;
        if (!atEnd)
        {
            position = place;
            enterSegment();
            skipBefore(position);
        }
        return this;
    }

    /**
     * Goes to the next entry.
     *
     * @return whether there is one
     * @throws IllegalStateException when entries were inserted or removed since the cursor was wrapped
     */
    public boolean next()
    {
        if (atEnd)
        {
            return false;
        }
        if (modifications != table.modifications())
        {
            throw new IllegalStateException("stateId=" + table.stateId() + " namespace=" + table.namespace() +
                " was changed during iteration: collect the keys first, or wrap the cursor again at the next hash");
        }
        while (word == 0)
        {
            firstSlot += SLOTS_PER_WORD;
            if (firstSlot < directory.totalSlots())
            {
                word = occupied();
            }
            else
            {
                position = directory.positionBehind(position);
                if (position == 0)
                {
                    atEnd = true;
                    entryAddress = 0;
                    return false;
                }
                enterSegment();
            }
        }
        slot = firstSlot + (Long.numberOfTrailingZeros(word) >> 3);
        word &= word - 1;
        entryAddress = directory.entryAddress(segment, slot);
        return true;
    }

    /**
     * @return address of the key bytes, valid until the table is changed
     */
    public long keyAddress()
    {
        return entryAddress;
    }

    /**
     * @return the first 8 bytes of the key
     */
    public long key()
    {
        return Memory.getLong(entryAddress);
    }

    /**
     * @return address of the value bytes, to be read only, valid until the table is changed
     */
    public long valueAddress()
    {
        return entryAddress + directory.keyLength();
    }

    /**
     * @return address of the value bytes, to be written, too: the entry counts as touched
     */
    public long valueForUpdate()
    {
        table.touch(segment, slot);
        return entryAddress + directory.keyLength();
    }

    /**
     * @return hash of the entry's key
     */
    public long hash()
    {
        return KeyHash.hash(entryAddress, directory.keyLength());
    }

    private void enterSegment()
    {
        segment = directory.cell(position) & SegmentDirectory.SEGMENT_MASK;
        firstSlot = 0;
        word = occupied();
    }

    private long occupied()
    {
        return Memory.getLong(directory.stateAddress(segment, firstSlot)) & IN_EACH_BYTE * OCCUPIED;
    }

    private void skipBefore(final long spread)
    {
        if (spread == 0)
        {
            return;
        }
        final long first = segment;
        while (next())
        {
            if (segment != first || Long.compareUnsigned(table.spread(hash()), spread) >= 0)
            {
                word |= 1L << ((slot & 7) << 3);
                return;
            }
        }
    }
}
