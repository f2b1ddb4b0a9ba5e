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
package io.millrace.operators.window;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.WindowTables;

/**
 * Makes the accumulators of sliding windows of those of their slices, one window after the other. Part of a
 * {@link SlidingWindowOperator}: isolated as that is, made for each instance, called by its task's thread. What it
 * keeps is in tables of the operator's state, so that it comes back with a snapshot.
 */
public interface SliceCombiner extends AutoCloseable
{
    /**
     * Gets ready: declares its tables.
     *
     * @param context   of the operator
     * @param slices    accumulators by slice and key
     * @param keyLength in bytes
     */
    void open(OperatorContext context, WindowTables slices, int keyLength);

    /**
     * Begins to combine the slices of a window; {@link #proceed} does it. A window is never earlier than the one before.
     *
     * @param windowStart of the window
     */
    void moveTo(long windowStart);

    /**
     * Does a piece of what {@link #moveTo} or {@link #forgetBefore} began.
     *
     * @param most entries of slices to look at, 1 or more
     * @return how many more could have been looked at, when all is done; 0 to be called again
     */
    int proceed(int most);

    /**
     * The keys of the window that it was moved to with what their records came to, in the canonical order of
     * {@link io.millrace.core.state.KeyedTable#cursor()}. Valid until another method than {@link #merge(long, long)} is
     * called.
     *
     * @return the cursor
     */
    KeyedCursor cursor();

    /**
     * Begins to forget slices that no window to come has; {@link #proceed} does it. Called before they are dropped.
     *
     * @param start of the first window to come
     */
    void forgetBefore(long start);

    /**
     * Takes note that a late record was added to a slice; one of a window that this was moved to already, or not.
     *
     * @param slice   start of the slice
     * @param created whether it is the slice's first record of the key
     * @param hash    of the key
     * @param key     address of its bytes
     * @param value   address of an accumulator of the record alone
     */
    void late(long slice, boolean created, long hash, long key, long value);

    /**
     * Adds one accumulator to another.
     *
     * @param target address of the one that grows
     * @param source address of the one that it grows by
     */
    void merge(long target, long source);

    /**
     * Writes which slices its tables stand for.
     *
     * @param blob to write to
     */
    void snapshot(BlobWriter blob);

    /**
     * Reads what {@link #snapshot} wrote, after the tables were restored.
     *
     * @param blob to read from
     */
    void restore(BlobReader blob);

    @Override
    void close();
}
