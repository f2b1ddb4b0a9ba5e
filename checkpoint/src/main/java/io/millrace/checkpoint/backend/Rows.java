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

/**
 * The rows of one table in a library: those of a state, or of one slice of a state. A row is a key and a value of fixed
 * lengths, found by the key's bytes and their {@link io.millrace.memory.table.KeyHash}. For the task's thread.
 */
interface Rows
{
    /**
     * Begins with the rows of a slice, of which there are none.
     *
     * @param slice start of the slice; 0 for a state without slices
     */
    void open(long slice);

    /**
     * Copies a value out. Whatever was written and is not committed is not asked for.
     *
     * @param hash  of the key
     * @param key   address of its bytes
     * @param value address that the value is copied to
     * @return false when there is no such row; nothing was copied then
     */
    boolean read(long hash, long key, long value);

    /**
     * Counts one more row, which will be written some time.
     *
     * @throws IllegalStateException when there is no room for it
     */
    default void reserve()
    {
    }

    /**
     * Counts rows that are gone.
     *
     * @param count of them
     */
    default void release(final long count)
    {
    }

    /**
     * Writes a row, over one of the same key; at the latest with {@link RowStore#commit()}.
     *
     * @param hash  of the key
     * @param key   address of its bytes
     * @param value address of the value
     */
    void write(long hash, long key, long value);

    /**
     * Deletes a row that is there; at the latest with {@link RowStore#commit()}.
     *
     * @param hash of the key
     * @param key  address of its bytes
     */
    void delete(long hash, long key);

    /**
     * Deletes all rows.
     *
     * @param count how many there are
     */
    void deleteAll(long count);

    /**
     * A cursor before the first row that has at least a hash, in the order of hash, unsigned, then key bytes, unsigned.
     *
     * @param hash unsigned, in the range of the operator instance
     * @return the cursor, closed by the caller, and useless after the next change of the rows
     */
    RowCursor cursor(long hash);
}
