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
 * A backend around another one, which does everything until a method is overridden: so a method that is added to
 * {@link StateBackend} reaches the backend behind.
 */
public abstract class ForwardingBackend implements StateBackend
{
    private final StateBackend backend;

    /**
     * A backend around another one.
     *
     * @param backend that keeps the state; closed with this
     */
    protected ForwardingBackend(final StateBackend backend)
    {
        this.backend = backend;
    }

    /**
     * The backend behind.
     *
     * @return as given
     */
    protected final StateBackend backend()
    {
        return backend;
    }

    @Override
    public void describe(final String name, final StateForm form)
    {
        backend.describe(name, form);
    }

    @Override
    public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
    {
        return backend.keyedTable(name, keyLength, valueLength);
    }

    @Override
    public WindowTables windowTables(final String name, final int keyLength, final int valueLength)
    {
        return backend.windowTables(name, keyLength, valueLength);
    }

    @Override
    public void refuse(final String name, final String reason)
    {
        backend.refuse(name, reason);
    }

    @Override
    public boolean prepare()
    {
        return backend.prepare();
    }

    @Override
    public boolean barrierReady()
    {
        return backend.barrierReady();
    }

    @Override
    public void barrier(final boolean full)
    {
        backend.barrier(full);
    }

    @Override
    public int sweep(final int maxEntries)
    {
        return backend.sweep(maxEntries);
    }

    @Override
    public boolean writeBack()
    {
        return backend.writeBack();
    }

    @Override
    public boolean restore(final DeltaReader run)
    {
        return backend.restore(run);
    }

    @Override
    public void close()
    {
        backend.close();
    }
}
