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
package io.millrace.operators.state;

import io.millrace.memory.Memory;

/** A whole number a key in a table. */
final class StoredLong implements LongState, ScopedState
{
    private final KeyedEntry entry;
    private final long defaultValue;

    StoredLong(final KeyedEntry entry, final long defaultValue)
    {
        this.entry = entry;
        this.defaultValue = defaultValue;
    }

    @Override
    public long get()
    {
        final long address = entry.find();
        return address == 0 ? defaultValue : Memory.getLong(address);
    }

    @Override
    public void set(final long value)
    {
        Memory.putLong(entry.upsert(), value);
    }

    @Override
    public long add(final long amount)
    {
        final long value = Math.addExact(get(), amount);
        set(value);
        return value;
    }

    @Override
    public boolean isEmpty()
    {
        return !entry.exists();
    }

    @Override
    public void clear()
    {
        entry.remove();
    }

    @Override
    public void leave()
    {
        entry.leave();
    }
}
