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

import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.SliceTable;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaDescriptor;
import io.millrace.memory.table.DeltaReader;
import io.millrace.memory.table.KeyHash;

/**
 * A keyed state whose values lie in a library, with memory before it: a value is copied out to be read or changed, and
 * copied back when its changes end. The rows always hold the current state, but for the one entry that is being changed.
 * <pre>
 *   upsert --> read row --> [ updated: key | value ] --> written --> write row
 *                 |              operator changes it
 *                 +--> delta, when the row is the unsaved image at the last barrier
 *
 *   entry buffers of this table:  updated | found | shown (by the cursor) | swept
 * </pre>
 */
final class StoredTable implements SliceTable, KeyedCursor
{
    private static final int BUFFERS = 4;
    /** Keys of two cursors. */
    private static final int CURSOR_KEYS = 4;

    private final StateShape shape;
    private final WriteBackRows rows;
    private final DeltaLedger ledger;
    /** Null in a job without checkpoints. */
    private final ChangedKeys changed;
    private final Region region;
    private final int keyLength;
    private final int valueLength;
    private final long updated;
    private final long found;
    private final long shown;
    private final long swept;

    private long slice;
    private long size;
    private long bornEpoch;
    private long updatedHash;
    private boolean open;
    private boolean closed;
    private boolean created;
    /** Whether the entry that is being changed is that of the last upsert, and whether its row is older than it. */
    private boolean held;
    private boolean unwritten;
    /** Whether there is no row of that entry yet. */
    private boolean born;

    private final WriteBackCursor cursor;
    private final WriteBackCursor every;
    private long modifications;
    private long cursorModifications;

    StoredTable(
        final StateShape shape,
        final WriteBackRows rows,
        final DeltaLedger ledger,
        final ChangedKeys changed,
        final MemoryAccount account)
    {
        this.shape = shape;
        this.rows = rows;
        this.ledger = ledger;
        this.changed = changed;
        keyLength = shape.keyLength();
        valueLength = shape.valueLength();
        final int entryLength = shape.entryLength();
        region = Region.allocate(account, "entries of state " + shape.name(),
            (long)entryLength * BUFFERS + (long)keyLength * CURSOR_KEYS);
        updated = region.address();
        found = updated + entryLength;
        shown = found + entryLength;
        swept = shown + entryLength;
        cursor = new WriteBackCursor(rows, shape, swept + entryLength);
        every = new WriteBackCursor(rows, shape, swept + entryLength + 2L * keyLength);
    }

    @Override
    public void open(final long newSlice)
    {
        requireNotClosed();
        if (changed != null)
        {
            changed.open(newSlice);
        }
        rows.open(newSlice);
        slice = newSlice;
        size = 0;
        bornEpoch = ledger.epoch();
        open = true;
        modifications++;
    }

    /** There is room for one entry here. */
    @Override
    public int upsertAll(final long keys, final int count, final long[] values, final int[] created)
    {
        return ONE_AT_A_TIME;
    }

    @Override
    public long find(final long hash, final long key)
    {
        if (!open)
        {
            requireNotClosed();
            return 0;
        }
        settle();
        final boolean there = cursor.isOpen() ?
            rows.peek(hash, key, found + keyLength) : rows.read(hash, key, found + keyLength);
        return there ? found + keyLength : 0;
    }

    @Override
    public long upsert(final long hash, final long key)
    {
        requireOpen();
        settle();
        modifications++;
        held = false;
        closeCursor();
        Memory.copyWords(key, updated, keyLength);
        created = !rows.read(hash, updated, updated + keyLength);
        born = created;
        if (created)
        {
            rows.reserve();
            Memory.zero(updated + keyLength, valueLength);
        }
        if (changed != null)
        {
            saveImage(hash, updated);
            changed.add(hash, updated, created);
        }
        size += created ? 1 : 0;
        updatedHash = hash;
        held = true;
        unwritten = true;
        return updated + keyLength;
    }

    @Override
    public boolean created()
    {
        return created;
    }

    @Override
    public void written()
    {
        if (held)
        {
            requireOpen();
            rows.write(updatedHash, updated, updated + keyLength, born);
            unwritten = false;
            born = false;
        }
    }

    @Override
    public boolean remove(final long hash, final long key)
    {
        if (!open)
        {
            requireNotClosed();
            return false;
        }
        settle();
        held = false;
        if (!peek(hash, key, updated))
        {
            return false;
        }
        modifications++;
        closeCursor();
        if (changed != null)
        {
            saveImage(hash, updated);
            if (changed.forget(hash, updated))
            {
                ledger.log().tombstone(shape.stateId(), slice, updated, keyLength);
            }
        }
        rows.delete(hash, updated);
        size--;
        return true;
    }

    @Override
    public KeyedCursor cursor()
    {
        return cursor(0);
    }

    @Override
    public long place(final long hash)
    {
        return hash;
    }

    @Override
    public KeyedCursor cursor(final long place)
    {
        requireNotClosed();
        settle();
        closeCursor();
        cursorModifications = modifications;
        if (size > 0)
        {
            cursor.open(place);
        }
        return this;
    }

    @Override
    public boolean next()
    {
        requireNotClosed();
        if (modifications != cursorModifications)
        {
            throw new IllegalStateException("state=" + shape.name() + " slice=" + slice +
                " was changed during iteration: collect the keys first, then change them");
        }
        return cursor.next(shown);
    }

    @Override
    public long key()
    {
        return shown;
    }

    @Override
    public long value()
    {
        return shown + keyLength;
    }

    @Override
    public long size()
    {
        return size;
    }

    @Override
    public void clear()
    {
        requireOpen();
        letGo();
        if (changed != null)
        {
            changed.clear();
            if (bornEpoch < ledger.epoch())
            {
                ledger.log().clear(shape.stateId(), slice);
            }
        }
        deleteAll(true);
    }

    @Override
    public void drop()
    {
        requireOpen();
        letGo();
        if (changed != null)
        {
            changed.drop();
            if (bornEpoch < ledger.epoch())
            {
                ledger.log().drop(shape.stateId(), slice);
            }
        }
        deleteAll(false);
        open = false;
    }

    @Override
    public void restoreDrop()
    {
        requireRestorable();
        if (changed != null)
        {
            changed.drop();
        }
        deleteAll(false);
        open = false;
    }

    private void requireRestorable()
    {
        requireOpen();
        if (ledger.isSweeping())
        {
            throw new IllegalStateException("state=" + shape.name() + " is restored while epoch=" +
                (ledger.epoch() - 1) + " is swept: restore before the first barrier");
        }
    }

    @Override
    public void restore(final DeltaReader run)
    {
        requireRestorable();
        run.requireState(shape.stateId(), keyLength, valueLength);
        bornEpoch = 0;
        if (run.kind() == DeltaDescriptor.CLEAR || run.kind() == DeltaDescriptor.DROP)
        {
            deleteAll(true);
        }
        while (run.nextEntry())
        {
            final long key = run.entryAddress();
            final long hash = KeyHash.hash(key, keyLength);
            final boolean there = peek(hash, key, swept);
            if (run.kind() == DeltaDescriptor.UPSERT)
            {
                restoreRow(hash, key, there);
            }
            else if (there)
            {
                rows.delete(hash, key);
                size--;
            }
        }
        modifications++;
    }

    private void restoreRow(final long hash, final long key, final boolean there)
    {
        if (!there)
        {
            rows.reserve();
            size++;
        }
        rows.write(hash, key, key + keyLength, !there);
    }

    /** What the table holds now is the snapshot; it is in the delta when nothing is left to sweep. */
    void barrier(final boolean full)
    {
        if (!open)
        {
            return;
        }
        settle();
        held = false;
        if (full && size > 0)
        {
            every.open(0);
            while (every.next(swept))
            {
                changed.add(KeyHash.hash(swept, keyLength), swept, false);
            }
        }
        changed.barrier();
    }

    /** How many entries are to be swept. */
    long left()
    {
        return changed.left();
    }

    /**
     * Saves entries of the last barrier.
     *
     * @param maxEntries bound
     * @return how many
     */
    int sweep(final int maxEntries)
    {
        int saved = 0;
        while (saved < maxEntries)
        {
            final long key = changed.nextUnsaved();
            if (key == 0)
            {
                break;
            }
            final long hash = KeyHash.hash(key, keyLength);
            if (!peek(hash, key, swept))
            {
                throw new IllegalStateException("state=" + shape.name() + " slice=" + slice + " hash=" + hash +
                    " is gone, but nobody removed it: somebody else writes in the directory of the live state");
            }
            save(hash, swept);
            saved++;
        }
        return saved;
    }

    /** Writes what is being changed. */
    private void settle()
    {
        if (unwritten)
        {
            written();
        }
    }

    private boolean peek(final long hash, final long key, final long entry)
    {
        Memory.copyWords(key, entry, keyLength);
        return rows.peek(hash, entry, entry + keyLength);
    }

    /** Saves an entry, which is about to be changed, if it is unsaved. */
    private void saveImage(final long hash, final long entry)
    {
        if (changed.unsaved(hash, entry))
        {
            save(hash, entry);
        }
    }

    private void save(final long hash, final long entry)
    {
        ledger.delta().upsert(shape.stateId(), slice, entry, shape.entryLength());
        changed.saved(hash, entry);
    }

    /** Before all rows are deleted: saves those that are unsaved, and forgets who reads or changes one. */
    private void letGo()
    {
        settle();
        held = false;
        if (changed != null)
        {
            sweep(Integer.MAX_VALUE);
        }
        closeCursor();
    }

    private void deleteAll(final boolean stayOpen)
    {
        rows.deleteAll(size, stayOpen);
        size = 0;
        modifications++;
    }

    private void closeCursor()
    {
        if (cursor.isOpen())
        {
            cursor.close();
        }
    }

    /** Lets go of the library and of memory, without a record in the delta. Every later call fails. */
    void close()
    {
        closeCursor();
        every.close();
        closed = true;
        open = false;
        region.close();
    }

    private void requireOpen()
    {
        if (!open)
        {
            requireNotClosed();
            throw new IllegalStateException("state=" + shape.name() + " slice=" + slice +
                " was dropped: ask the window tables for the slice again");
        }
    }

    private void requireNotClosed()
    {
        if (closed)
        {
            throw new IllegalStateException("state=" + shape.name() +
                " is closed with its backend: do not use it after the job has ended");
        }
    }
}
