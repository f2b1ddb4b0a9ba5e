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

import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

/**
 * A view of what lies in a state. In debug mode each look is one of its own, and fails any access after the next.
 *
 * @param <V> read-only view
 * @param <W> flyweight that writes
 */
final class StateView<V, W extends Flyweight>
{
    private final String owner;
    private final RecordType<V, W> type;
    private W flyweight;

    StateView(final String owner, final RecordType<V, W> type)
    {
        this.owner = owner;
        this.type = type;
        this.flyweight = type.newFlyweight();
    }

    W at(final long address)
    {
        if (DebugMode.ENABLED)
        {
            flyweight.release(owner);
            flyweight = type.newFlyweight();
        }
        flyweight.wrapUnchecked(address);
        return flyweight;
    }

    V read(final long address)
    {
        return address == 0 ? null : type.view(at(address));
    }

    /** Fails when a record to be copied into the state is a view of it, which the next call moves. */
    void checkForeign(final V record)
    {
        if (record == flyweight)
        {
            throw new IllegalArgumentException("record=" + record + " of " + owner + " is a view of that state, which is moved " +
                "to the copy's place before it is copied: write the fields one by one");
        }
    }

    void release()
    {
        if (DebugMode.ENABLED)
        {
            flyweight.release(owner);
        }
    }

    RecordType<V, W> type()
    {
        return type;
    }
}
