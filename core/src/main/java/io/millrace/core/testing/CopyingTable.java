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
package io.millrace.core.testing;

import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

/**
 * A table that shows copies, each poisoned by the call that ends its validity.
 *
 * <pre>
 *   +---------------+---------------+---------------------+-----------------+
 *   | key of upsert | value of find | entry of the cursor | value of upsert |
 *   +---------------+---------------+---------------------+-----------------+
 * </pre>
 */
final class CopyingTable implements KeyedTable, KeyedCursor, AutoCloseable
{
    private final String name;
    private final KeyedTable table;
    private final int keyLength;
    private final int valueLength;
    private final Region region;
    private final long key;
    private final long found;
    private final long shown;
    private final long given;
    private long hash;
    private boolean created;
    private boolean writing;
    private KeyedCursor cursor;

    CopyingTable(
        final String name,
        final KeyedTable table,
        final int keyLength,
        final int valueLength,
        final MemoryAccount account)
    {
        this.name = name;
        this.table = table;
        this.keyLength = keyLength;
        this.valueLength = valueLength;
        region = Region.allocate(account, "copies of " + name, 2L * keyLength + 3L * valueLength);
        key = region.address();
        found = key + keyLength;
        shown = found + valueLength;
        given = shown + keyLength + valueLength;
    }

    /** Ends the validity of everything. */
    void forget()
    {
        Memory.fill(region.address(), region.length(), DebugMode.POISON);
        writing = false;
        cursor = null;
    }

    @Override
    public int upsertAll(final long keys, final int count, final long[] values, final int[] news)
    {
        return ONE_AT_A_TIME;
    }

    @Override
    public long find(final long keyHash, final long keyAddress)
    {
        final long value = table.find(keyHash, keyAddress);
        Memory.fill(found, valueLength, DebugMode.POISON);
        if (value == 0)
        {
            return 0;
        }
        Memory.copyWords(value, found, valueLength);
        return found;
    }

    @Override
    public long upsert(final long keyHash, final long keyAddress)
    {
        final long value = table.upsert(keyHash, keyAddress);
        created = table.created();
        forgetAllBut(keyAddress);
        Memory.copyWords(value, given, valueLength);
        hash = keyHash;
        writing = true;
        return given;
    }

    /** The key may lie in a value that is no longer valid behind this. */
    private void forgetAllBut(final long keyAddress)
    {
        Memory.copyWords(keyAddress, key, keyLength);
        Memory.fill(found, region.address() + region.length() - found, DebugMode.POISON);
        cursor = null;
    }

    @Override
    public boolean created()
    {
        return created;
    }

    @Override
    public void written()
    {
        if (!writing)
        {
            throw new IllegalStateException("state=" + name +
                " is told written() without a value to write: call it behind upsert(), and before any other change");
        }
        Memory.copyWords(given, table.upsert(hash, key), valueLength);
        table.written();
    }

    @Override
    public boolean remove(final long keyHash, final long keyAddress)
    {
        final boolean removed = table.remove(keyHash, keyAddress);
        forget();
        return removed;
    }

    @Override
    public KeyedCursor cursor()
    {
        cursor = table.cursor();
        return this;
    }

    @Override
    public long place(final long hash)
    {
        return table.place(hash);
    }

    @Override
    public KeyedCursor cursor(final long place)
    {
        cursor = table.cursor(place);
        return this;
    }

    @Override
    public long size()
    {
        return table.size();
    }

    @Override
    public void clear()
    {
        table.clear();
        forget();
    }

    @Override
    public boolean next()
    {
        if (cursor == null)
        {
            throw new IllegalStateException("state=" + name +
                " was changed during iteration: collect the keys first, then change them");
        }
        final boolean more = cursor.next();
        Memory.fill(shown, keyLength + valueLength, DebugMode.POISON);
        if (more)
        {
            Memory.copyWords(cursor.key(), shown, keyLength);
            Memory.copyWords(cursor.value(), shown + keyLength, valueLength);
        }
        return more;
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
    public void close()
    {
        region.close();
    }
}
