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
package io.millrace.core.state;

import io.millrace.memory.Memory;

import java.util.Map;
import java.util.TreeMap;

/**
 * A backend that can say in one number what it holds: the same for the same entries, whatever the backend, the history
 * and the addresses. States are taken in the order of their ids, slices by their starts, entries in the canonical order
 * of {@link KeyedTable#cursor()}; slices without entries do not count. It reads what it hashes, so its price is bounded by
 * {@link #hash(long)} alone.
 */
public final class HashedBackend extends ForwardingBackend
{
    private final String operator;
    private final Map<Integer, Keyed> tables = new TreeMap<>();
    private final Map<Integer, Sliced> windows = new TreeMap<>();

    private record Keyed(KeyedTable table, int keyLength, int valueLength)
    {
    }

    private record Sliced(WindowTables tables, int keyLength, int valueLength)
    {
    }

    /**
     * A backend around another one.
     *
     * @param backend  that keeps the state; closed with this
     * @param operator uid of the operator
     */
    public HashedBackend(final StateBackend backend, final String operator)
    {
        super(backend);
        this.operator = operator;
    }

    /**
     * What is held now, as a number. Uses the tables' cursors.
     *
     * @return 64 bits over all keys and values
     */
    public long hash()
    {
        return hash(Long.MAX_VALUE);
    }

    /**
     * The same at a bounded price: tables are read as long as they have no more entries than that together; of another one
     * only the number of entries counts.
     *
     * @param maxEntries that are read
     * @return 64 bits
     */
    public long hash(final long maxEntries)
    {
        long left = maxEntries;
        long hash = 0;
        for (final Map.Entry<Integer, Keyed> entry : tables.entrySet())
        {
            final Keyed keyed = entry.getValue();
            hash = fold(fold(hash, entry.getKey()), entries(keyed.table, keyed.keyLength, keyed.valueLength, left));
            left -= read(keyed.table, left);
        }
        for (final Map.Entry<Integer, Sliced> entry : windows.entrySet())
        {
            final Sliced sliced = entry.getValue();
            hash = fold(hash, entry.getKey());
            long slice = sliced.tables.firstSlice(Long.MIN_VALUE);
            while (slice != Long.MAX_VALUE)
            {
                final KeyedTable table = sliced.tables.find(slice);
                if (table.size() != 0)
                {
                    hash = fold(fold(hash, slice), entries(table, sliced.keyLength, sliced.valueLength, left));
                    left -= read(table, left);
                }
                slice = sliced.tables.firstSlice(slice + 1);
            }
        }
        return hash;
    }

    private static long read(final KeyedTable table, final long left)
    {
        return table.size() <= left ? table.size() : 0;
    }

    private static long entries(
        final KeyedTable table, final int keyLength, final int valueLength, final long maxEntries)
    {
        long hash = table.size();
        if (hash > maxEntries)
        {
            return hash;
        }
        final KeyedCursor cursor = table.cursor();
        while (cursor.next())
        {
            hash = words(words(hash, cursor.key(), keyLength), cursor.value(), valueLength);
        }
        return hash;
    }

    private static long words(final long hash, final long address, final int length)
    {
        long folded = hash;
        for (int offset = 0; offset < length; offset += Long.BYTES)
        {
            folded = fold(folded, Memory.getLong(address + offset));
        }
        return folded;
    }

    /** Takes a word into a hash; the order of the words counts. */
    static long fold(final long hash, final long word)
    {
        return mix(Long.rotateLeft(hash, 23) ^ mix(word));
    }

    /** What SplitMix64 (Steele, Lea, Flood, OOPSLA'14) ends with: each bit of the word decides each bit of the result. */
    private static long mix(final long word)
    {
        final long once = (word ^ word >>> 30) * 0xBF58476D1CE4E5B9L;
        final long twice = (once ^ once >>> 27) * 0x94D049BB133111EBL;
        return twice ^ twice >>> 31;
    }

    /**
     * Takes what an operator keeps outside its tables into a hash.
     *
     * @param hash to go on from
     * @param blob as it was written
     * @return the hash of both
     */
    public static long fold(final long hash, final BlobWriter blob)
    {
        final byte[] bytes = blob.bytes();
        long folded = fold(hash, blob.length());
        for (int i = 0; i < blob.length(); i++)
        {
            folded = fold(folded, bytes[i]);
        }
        return folded;
    }

    @Override
    public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
    {
        final KeyedTable table = super.keyedTable(name, keyLength, valueLength);
        tables.put(StateIds.of(operator, name), new Keyed(table, keyLength, valueLength));
        return table;
    }

    @Override
    public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
    {
        final WindowTables sliced = super.windowTables(name, keyLength, valueLength);
        windows.put(StateIds.of(operator, name), new Sliced(sliced, keyLength, valueLength));
        return sliced;
    }
}
