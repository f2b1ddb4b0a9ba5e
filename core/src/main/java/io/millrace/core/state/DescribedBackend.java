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

import io.millrace.memory.record.RecordType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes note of what an operator instance declares, for savepoints. The tables are those of the backend behind.
 */
public final class DescribedBackend extends ForwardingBackend
{
    private final Map<String, StateForm> forms = new HashMap<>();
    private final Map<String, StateDescription> states = new LinkedHashMap<>();
    private final Map<String, String> refusals = new HashMap<>();

    /**
     * A backend around another one.
     *
     * @param backend that keeps the state; closed with this
     */
    public DescribedBackend(final StateBackend backend)
    {
        super(backend);
    }

    /**
     * The states.
     *
     * @return in the order of their declaration
     */
    public List<StateDescription> states()
    {
        return new ArrayList<>(states.values());
    }

    /**
     * The state of a name.
     *
     * @param name as it was declared
     * @return the state, or null
     */
    public StateDescription state(final String name)
    {
        return states.get(name);
    }

    /**
     * The record in each value of a state.
     *
     * @param name of the state
     * @return its type, or null when there is none
     */
    public RecordType<?, ?> recordType(final String name)
    {
        return form(name).recordType();
    }

    /**
     * Why a state of this name cannot be restored.
     *
     * @param name of the state
     * @return the reason with the remedy, or null when nobody refuses it
     */
    public String refusal(final String name)
    {
        return refusals.get(name);
    }

    private StateForm form(final String name)
    {
        return forms.getOrDefault(name, StateForm.WHOLE_KEY);
    }

    private void declare(final String name, final boolean sliced, final int keyLength, final int valueLength)
    {
        final StateForm form = form(name);
        final int streamKeyLength = form.streamKeyLength() == 0 ? keyLength : form.streamKeyLength();
        if (streamKeyLength > keyLength)
        {
            throw new IllegalArgumentException("state=" + name + " has keyLength=" + keyLength +
                ", shorter than the stream's key of streamKeyLength=" + streamKeyLength + ": a key begins with that");
        }
        states.put(name, new StateDescription(name, form.placement(), sliced, keyLength, streamKeyLength, valueLength,
            form.recordOffset(), form.recordType() == null ? "" : form.recordType().schema()));
    }

    @Override
    public void describe(final String name, final StateForm form)
    {
        forms.put(name, form);
        super.describe(name, form);
    }

    @Override
    public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
    {
        final KeyedTable table = super.keyedTable(name, keyLength, valueLength);
        declare(name, false, keyLength, valueLength);
        return table;
    }

    @Override
    public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
    {
        final WindowTables tables = super.windowTables(name, keyLength, valueLength);
        declare(name, true, keyLength, valueLength);
        return tables;
    }

    @Override
    public void refuse(final String name, final String reason)
    {
        refusals.put(name, reason);
        super.refuse(name, reason);
    }
}
