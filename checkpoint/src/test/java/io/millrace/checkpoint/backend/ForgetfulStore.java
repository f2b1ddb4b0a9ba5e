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
import io.millrace.memory.table.KeyHash;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A library on the heap that loses one row of so many, to see that this is noticed. Keys of 16 bytes. */
final class ForgetfulStore implements RowStore
{
    private final int lostOneOf;
    private int written;

    /** Loses none when the number is 0. */
    ForgetfulStore(final int lostOneOf)
    {
        this.lostOneOf = lostOneOf;
    }

    @Override
    public Supplier<Rows> declare(final StateShape shape)
    {
        return () -> new HeapRows(shape);
    }

    @Override
    public void close()
    {
        // Nothing is held.
    }

    /** In the canonical order: by hash, then by bytes, unsigned. */
    private record Key(long hash, long low, long high) implements Comparable<Key>
    {
        static Key at(final long address)
        {
            return new Key(KeyHash.hash(address, 16), Memory.getLong(address), Memory.getLong(address + 8));
        }

        @Override
        public int compareTo(final Key other)
        {
            final int byHash = Long.compareUnsigned(hash, other.hash);
            final int byLow = Long.compareUnsigned(Long.reverseBytes(low), Long.reverseBytes(other.low));
            return byHash != 0 ? byHash : byLow != 0 ? byLow :
                Long.compareUnsigned(Long.reverseBytes(high), Long.reverseBytes(other.high));
        }
    }

    private final class HeapRows implements Rows
    {
        private final int valueLength;
        private final NavigableMap<Key, byte[]> rows = new TreeMap<>();

        private HeapRows(final StateShape shape)
        {
            valueLength = shape.valueLength();
        }

        @Override
        public void open(final long slice)
        {
            rows.clear();
        }

        @Override
        public boolean read(final long hash, final long key, final long value)
        {
            final byte[] row = rows.get(Key.at(key));
            if (row != null)
            {
                Memory.copyIn(row, 0, value, valueLength);
            }
            return row != null;
        }

        @Override
        public void write(final long hash, final long key, final long value)
        {
            written++;
            if (lostOneOf == 0 || written % lostOneOf != 0)
            {
                final byte[] row = new byte[valueLength];
                Memory.copyOut(value, row, 0, valueLength);
                rows.put(Key.at(key), row);
            }
        }

        @Override
        public void delete(final long hash, final long key)
        {
            rows.remove(Key.at(key));
        }

        @Override
        public void deleteAll(final long count)
        {
            rows.clear();
        }

        @Override
        public RowCursor cursor(final long hash)
        {
            final Iterator<Map.Entry<Key, byte[]>> left =
                rows.tailMap(new Key(hash, 0, 0), true).entrySet().iterator();
            return new RowCursor()
            {
                private byte[] row;

                @Override
                public boolean next(final long key)
                {
                    if (!left.hasNext())
                    {
                        return false;
                    }
                    final Map.Entry<Key, byte[]> entry = left.next();
                    Memory.putLong(key, entry.getKey().low());
                    Memory.putLong(key + 8, entry.getKey().high());
                    row = entry.getValue();
                    return true;
                }

                @Override
                public void value(final long value)
                {
                    Memory.copyIn(row, 0, value, valueLength);
                }

                @Override
                public void close()
                {
                    // Nothing is held.
                }
            };
        }
    }
}
