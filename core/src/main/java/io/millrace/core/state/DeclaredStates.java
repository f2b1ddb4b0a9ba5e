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

import java.util.HashMap;
import java.util.Map;

/** The states that an operator instance has declared, by their ids. For backends. */
public final class DeclaredStates
{
    private final String operator;
    private final int subtask;
    private final Map<Integer, SliceTable> keyed = new HashMap<>();
    private final Map<Integer, SliceTables> windows = new HashMap<>();
    private final Map<Integer, String> refused = new HashMap<>();

    /**
     * None yet.
     *
     * @param operator uid of the operator
     * @param subtask  index of the instance
     */
    public DeclaredStates(final String operator, final int subtask)
    {
        this.operator = operator;
        this.subtask = subtask;
    }

    /**
     * The id of a state that is about to be declared.
     *
     * @param name unique for the operator
     * @return the id
     * @throws IllegalStateException when it is taken
     */
    public int newId(final String name)
    {
        final int stateId = StateIds.of(operator, name, subtask);
        if (keyed.containsKey(stateId) || windows.containsKey(stateId))
        {
            throw new IllegalStateException("state=" + name + " of operator " + operator +
                " is declared twice, or its stateId=" + stateId + " is that of another: give it another name");
        }
        return stateId;
    }

    /**
     * Declares a state without slices, and opens it.
     *
     * @param stateId that {@link #newId(String)} gave
     * @param table   that is not open
     * @return the table
     */
    public KeyedTable keyed(final int stateId, final SliceTable table)
    {
        keyed.put(stateId, table);
        table.open(0);
        return table;
    }

    /**
     * Declares a state by slices.
     *
     * @param stateId that {@link #newId(String)} gave
     * @param slices  of the state
     * @return the slices
     */
    public WindowTables windows(final int stateId, final SliceTables slices)
    {
        windows.put(stateId, slices);
        return slices;
    }

    /**
     * Says that a state must not be in a snapshot that is restored.
     *
     * @param name   of the state
     * @param reason message of the error
     */
    public void refuse(final String name, final String reason)
    {
        refused.put(StateIds.of(operator, name, subtask), reason);
    }

    /**
     * Puts back what a snapshot holds.
     *
     * @param run set on a run, before its first entry
     * @return false when it is of none of these states, and was left alone
     */
    public boolean restore(final DeltaReader run)
    {
        final SliceTable table = keyed.get(run.stateId());
        if (table != null)
        {
            table.restore(run);
            return true;
        }
        final SliceTables slices = windows.get(run.stateId());
        if (slices != null)
        {
            slices.restore(run);
            return true;
        }
        final String reason = refused.get(run.stateId());
        if (reason != null)
        {
            throw new IllegalStateException(reason);
        }
        return false;
    }
}
