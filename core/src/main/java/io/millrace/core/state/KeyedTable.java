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
    /**
     * First pass over a batch of keys: brings the memory that an access will need closer to the processor, and
     * remembers where the keys were found.
     *
     * @param keys   address of the keys' bytes, one key after the other
     * @param count  number of keys
     * @param places takes the place of each, for {@link #upsertAt(long, long)} on this table until the next call of
     *               this; changes of the table in between do no harm
     */
    void locate(long keys, int count, long[] places);

    /**
     * The value of a key for writing, in the second pass over a batch, where the first pass found it and nothing else
     * is to be done. It calls nothing, so that a loop over a batch is compiled as one; what it does not give, the
     * caller gets from {@link #upsertAt(long, long)} outside that loop.
     *
     * @param place that {@link #locate} gave for the key
     * @param key   address of its bytes
     * @return address of its value, to be used as that of {@link #upsertAt}, or 0 to call that
     */
    long valueAt(long place, long key);

    /**
     * {@link #upsert(long, long)} in the second pass over a batch.
     *
     * @param place that {@link #locate} gave for the key
     * @param key   address of its bytes
     * @return address of its value; call {@link #written()} after the last change
     */
    long upsertAt(long place, long key);

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
     * Number of keys.
     *
     * @return 0 or more
     */
    long size();

    /** Removes all keys. */
    void clear();
}
