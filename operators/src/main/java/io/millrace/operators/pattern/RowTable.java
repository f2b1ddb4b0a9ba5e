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
package io.millrace.operators.pattern;

import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.table.KeyHash;

/** A table whose keys are numbers. */
final class RowTable
{
    private final KeyedTable table;
    private final long key;

    /**
     * A table.
     *
     * @param table with keys of 8 bytes
     * @param key   address of 8 bytes to put keys in
     */
    RowTable(final KeyedTable table, final long key)
    {
        this.table = table;
        this.key = key;
    }

    /** The row, to be read until the next find. */
    long find(final long number)
    {
        Memory.putLong(key, number);
        final long row = table.find(KeyHash.hash(number), key);
        if (row == 0)
        {
            throw missing(number);
        }
        return row;
    }

    /** The row, to be written; a new one is all zeros. */
    long upsert(final long number)
    {
        Memory.putLong(key, number);
        return table.upsert(KeyHash.hash(number), key);
    }

    void written()
    {
        table.written();
    }

    void remove(final long number)
    {
        Memory.putLong(key, number);
        if (!table.remove(KeyHash.hash(number), key))
        {
            throw missing(number);
        }
    }

    private static IllegalStateException missing(final long number)
    {
        return new IllegalStateException("number=" + number + " of a pattern's state has no row: the state is not what " +
            "the operator wrote, or a bug of the operator: report it");
    }
}
