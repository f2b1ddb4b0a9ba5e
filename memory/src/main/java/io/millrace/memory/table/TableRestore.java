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

import static io.millrace.memory.table.DeltaDescriptor.CLEAR;
import static io.millrace.memory.table.DeltaDescriptor.DROP;
import static io.millrace.memory.table.DeltaDescriptor.UPSERT;

/**
 * Puts back into a table what a snapshot holds, untouched: it is part of the snapshot that is restored, not of the next
 * delta. For the task's thread, before the first barrier.
 */
public final class TableRestore
{
    private final SegmentedTable table;
    private final int keyLength;
    private final int valueLength;

    /**
     * @param table to restore, open
     */
    public TableRestore(final SegmentedTable table)
    {
        this.table = table;
        keyLength = table.keyLength();
        valueLength = table.valueLength();
    }

    /**
     * Puts an entry in as it was.
     *
     * @param hash       of the key
     * @param keyAddress of the key
     * @return address of the value, to be filled
     * @throws IllegalStateException while a snapshot is being swept
     */
    public long upsert(final long hash, final long keyAddress)
    {
        return table.restoreUpsert(hash, keyAddress);
    }

    /**
     * Removes an entry without a tombstone.
     *
     * @param hash       of the key
     * @param keyAddress of the key
     * @return whether there was one
     * @throws IllegalStateException while a snapshot is being swept
     */
    public boolean remove(final long hash, final long keyAddress)
    {
        return table.restoreRemove(hash, keyAddress);
    }

    /**
     * Closes the table and forgets its namespace with every entry, without a record.
     *
     * @throws IllegalStateException while a snapshot is being swept
     */
    public void drop()
    {
        table.restoreDrop();
    }

    /**
     * Applies the run that a reader stands on, all its entries. A CLEAR or DROP run empties the table, which stays
     * open.
     *
     * @param run that belongs to the table's state and namespace
     * @throws CorruptDeltaException when its entries have another length
     * @throws IllegalStateException while a snapshot is being swept
     */
    public void apply(final DeltaReader run)
    {
        run.requireState(table.stateId(), keyLength, valueLength);
        final int kind = run.kind();
        if (kind == CLEAR || kind == DROP)
        {
            table.restoreClear();
        }
        while (run.nextEntry())
        {
            final long key = run.entryAddress();
            final long hash = KeyHash.hash(key, keyLength);
            if (kind == UPSERT)
            {
                EntryWords.copy(key + keyLength, upsert(hash, key), valueLength);
            }
            else
            {
                remove(hash, key);
            }
        }
    }
}
