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

/**
 * One keyed state of one operator instance: fixed-length keys and values, found by the 64-bit hash of the key's bytes
 * ({@link io.millrace.memory.table.KeyHash}). The address of a value is valid until the next barrier and the next call
 * that changes the table, {@link #written()} aside; one that {@link #find} gave also only until the next {@link #find},
 * since a backend may copy a value out to show it. Only the task's thread may call it.
 */
public interface KeyedTable
{
    /** What {@link #upsertAll} gives back where values are given out one at a time only. */
    int ONE_AT_A_TIME = -1;

    /**
     * {@link #upsert} for a batch of keys at once, so that the waits for their memory overlap. What is written to the
     * values needs no {@link #written()}.
     *
     * @param keys    address of the keys' bytes, one key after the other
     * @param count   number of keys, from 1
     * @param values  of a length of at least {@code count}; takes the address of each key's value, all of them valid
     *                until the table is changed, or the next barrier
     * @param created of a length of at least {@code count}; takes the indexes of the keys that were new, from the
     *                lowest; the same key behind is not new. What lies behind them afterwards means nothing
     * @return how many were new; {@link #ONE_AT_A_TIME} to call {@link #upsert} for each, nothing has changed then
     * @throws IllegalStateException when there is no room for a new key: those before it are there then, with zeros
     */
    int upsertAll(long keys, int count, long[] values, int[] created);

    /**
     * Brings near what a look-up of a key will need, when it is worth it. Changes nothing, and no address becomes invalid.
     *
     * @param hash of the key
     * @return any number: use it, or the compiler leaves the read out
     */
    default long prefetch(final long hash)
    {
        return 0;
    }

    /**
     * Brings the beginning of a key's value near, when it is worth it: all of it at once, so that the waits overlap.
     * Changes nothing, and no address becomes invalid.
     *
     * @param hash   of the key
     * @param key    address of its bytes
     * @param length bytes of the value that will be asked for
     * @return any number: use it, or the compiler leaves the reads out
     */
    default long prefetch(final long hash, final long key, final int length)
    {
        return 0;
    }

    /**
     * Looks a key up, and changes nothing.
     *
     * @param hash of the key
     * @param key  address of its bytes
     * @return address of its value, to be read only, or 0 when there is none
     */
    long find(long hash, long key);

    /**
     * Looks a key up for writing; a new key gets a value of zeros.
     *
     * @param hash of the key
     * @param key  address of its bytes
     * @return address of its value; call {@link #written()} after the last change
     */
    long upsert(long hash, long key);

    /**
     * Whether the last {@link #upsert} met a new key.
     *
     * @return true when it did
     */
    boolean created();

    /** Ends the changes to the value that the last {@link #upsert} gave out. */
    void written();

    /**
     * Removes a key.
     *
     * @param hash of the key
     * @param key  address of its bytes
     * @return true when it was there
     */
    boolean remove(long hash, long key);

    /**
     * The entries in the order of key group, hash, key bytes; the same on every backend and after a restore. There is
     * one cursor a table: this sets it before the first entry. It must not be used after the table was changed.
     *
     * @return the cursor
     */
    KeyedCursor cursor();

    /**
     * Where a key's entry lies in the order of {@link #cursor()}, so that a walk can begin there. Where a backend does
     * not know, all are at place 0.
     *
     * @param hash of the key
     * @return the place, unsigned: it grows along the order
     */
    default long place(final long hash)
    {
        return 0;
    }

    /**
     * {@link #cursor()} before the first entry that lies at a place or behind it.
     *
     * @param place that {@link #place} gave, or between two of them
     * @return the cursor
     */
    default KeyedCursor cursor(final long place)
    {
        return cursor();
    }

    /**
     * Number of keys.
     *
     * @return 0 or more
     */
    long size();

    /** Removes all keys. */
    void clear();
}
