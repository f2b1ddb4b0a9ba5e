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

import io.millrace.memory.Memory;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableCursor;
import io.millrace.memory.table.TableStore;

/**
 * Which keys of a table have changed since the last barrier, and which of those that changed before it are not in the
 * delta yet; in off-heap memory, without the values.
 * <pre>
 *                  add, forget                  unsaved, nextUnsaved, saved
 *                       v                                    v
 *   ----------------[current]----- barrier: O(1) ---------[former]---- dropped when all are saved
 * </pre>
 * A key that was removed is in the log, not here, so all keys of the former set have a row as long as they are unsaved.
 */
final class ChangedKeys
{
    private static final int FLAGS_LENGTH = 8;
    /** Flag of the current set: there was no such row, and the log says so if there was one at the last barrier. */
    private static final long BORN = 1;
    /** Flag of the former set: the image at the last barrier is in the delta. */
    private static final long SAVED = 2;

    private final TableCursor cursor = new TableCursor();
    private SegmentedTable current;
    private SegmentedTable former;
    private long slice;
    private long left;

    ChangedKeys(final TableStore store, final StateShape shape)
    {
        current = store.createTable(shape.stateId(), shape.keyLength(), FLAGS_LENGTH);
        former = store.createTable(shape.stateId(), shape.keyLength(), FLAGS_LENGTH);
    }

    void open(final long newSlice)
    {
        slice = newSlice;
        current.open(newSlice);
    }

    /** Notes a key that is about to be written. */
    void add(final long hash, final long key, final boolean born)
    {
        final long flags = current.upsert(hash, key);
        if (born && current.created())
        {
            Memory.putLong(flags, BORN);
        }
    }

    /**
     * Forgets a key that is about to be removed.
     *
     * @return true when the next delta must say that it is gone
     */
    boolean forget(final long hash, final long key)
    {
        final long flags = current.find(hash, key);
        if (flags == 0)
        {
            return true;
        }
        final boolean born = (Memory.getLong(flags) & BORN) != 0;
        current.remove(hash, key);
        return !born;
    }

    /** Makes the current set the former one, all of it unsaved. Nothing is left of the one before. */
    void barrier()
    {
        if (current.size() > 0)
        {
            final SegmentedTable empty = former;
            former = current;
            current = empty;
            current.open(slice);
            left = former.size();
            cursor.wrap(former);
        }
    }

    /** How many keys are unsaved. */
    long left()
    {
        return left;
    }

    boolean unsaved(final long hash, final long key)
    {
        if (left == 0)
        {
            return false;
        }
        final long flags = former.find(hash, key);
        return flags != 0 && (Memory.getLong(flags) & SAVED) == 0;
    }

    /** Notes that the image of an unsaved key is in the delta. */
    void saved(final long hash, final long key)
    {
        Memory.putLong(former.findForUpdate(hash, key), SAVED);
        left--;
        if (left == 0)
        {
            former.drop();
        }
    }

    /**
     * The next unsaved key.
     *
     * @return address of its bytes, 0 when there is none
     */
    long nextUnsaved()
    {
        while (left > 0 && cursor.next())
        {
            if ((Memory.getLong(cursor.valueAddress()) & SAVED) == 0)
            {
                return cursor.keyAddress();
            }
        }
        return 0;
    }

    /** Forgets the changes since the barrier; nothing is unsaved. */
    void clear()
    {
        current.drop();
        current.open(slice);
    }

    /** Forgets everything; nothing is unsaved. */
    void drop()
    {
        current.drop();
    }
}
