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

import io.millrace.memory.table.DeltaReader;

/**
 * The keyed state of one operator instance. Only the task's thread may call it.
 * <p>
 * Snapshots: at a barrier the task calls {@link #barrier}, which takes microseconds whatever the size; then
 * {@link #sweep} between batches until nothing is left. Meanwhile the operator goes on changing the state.
 */
public interface StateBackend extends AutoCloseable
{
    /**
     * Declares one state, before the first record.
     *
     * @param name        unique for the operator
     * @param keyLength   bytes of a key, a multiple of 8
     * @param valueLength bytes of a value, a multiple of 8
     * @return the table
     */
    KeyedTable keyedTable(String name, int keyLength, int valueLength);

    /**
     * Declares one state by slices of time, before the first record.
     *
     * @param name        unique for the operator
     * @param keyLength   bytes of a key, a multiple of 8
     * @param valueLength bytes of a value, a multiple of 8
     * @return the tables
     */
    WindowTables windowTables(String name, int keyLength, int valueLength);

    /**
     * Says of a state what a savepoint must know, before it is declared; what nobody says is {@link StateForm#WHOLE_KEY}.
     * A backend keeps the state in the same way, whatever is said.
     *
     * @param name that it will be declared with
     * @param form of the state
     */
    default void describe(final String name, final StateForm form)
    {
    }

    /**
     * Says that a state must not be in a snapshot that is restored: it would be kept in another form now.
     *
     * @param name   that it would have been declared with
     * @param reason message of the error, with the remedy
     */
    default void refuse(final String name, final String reason)
    {
    }

    /**
     * Allocates and zeroes ahead what the state may need soon. Called by the I/O thread, while the task runs.
     *
     * @return true to be called again
     */
    default boolean prepare()
    {
        return false;
    }

    /**
     * Whether the last snapshot is out, so that a barrier may come.
     *
     * @return false while a sweep has work left
     */
    boolean barrierReady();

    /**
     * Begins a snapshot of the state as it is now; it goes to the outlet, now and in the sweeps.
     *
     * @param full true for all state, false for what has changed since the snapshot before
     */
    void barrier(boolean full);

    /**
     * Does a piece of the snapshot, and of giving back the memory of what was dropped; called without snapshots too.
     *
     * @param maxEntries bound on the entries to look at
     * @return what is left, 0 when the snapshot is out
     */
    int sweep(int maxEntries);

    /**
     * Writes some of what is held back to where others read the state; called when the task has nothing else to do.
     * Otherwise {@link #sweep} does that.
     *
     * @return whether there is more
     */
    default boolean writeBack()
    {
        return false;
    }

    /**
     * Puts back what a snapshot holds, run by run, oldest first, before the first record.
     *
     * @param run set on a run, before its first entry; one of another operator or instance is left alone
     * @return true when it was this backend's
     */
    boolean restore(DeltaReader run);

    @Override
    void close();
}
