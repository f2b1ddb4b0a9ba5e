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
package io.millrace.operators.join;

import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

/**
 * The view of one side of a join, which the user's function is handed: in debug mode a new one for each call, which
 * fails any access afterwards.
 *
 * @param <V> read-only view of the records
 */
public final class JoinedView<V>
{
    private final RecordType<V, ?> type;
    private final String operator;
    private Flyweight flyweight;
    private long address;

    /**
     * A view.
     *
     * @param type     of the records
     * @param operator for messages
     */
    public JoinedView(final RecordType<V, ?> type, final String operator)
    {
        this.type = type;
        this.operator = operator;
        this.flyweight = type.newFlyweight();
    }

    /**
     * Moves the view to a record.
     *
     * @param record address of its fields, or 0 for none
     * @return the view, or null for none
     */
    @SuppressWarnings("unchecked")
    public V at(final long record)
    {
        address = record;
        if (record == 0)
        {
            return null;
        }
        if (DebugMode.ENABLED)
        {
            flyweight = type.newFlyweight();
        }
        flyweight.wrapUnchecked(record);
        return (V)flyweight;
    }

    /** Ends the call that the view was handed to. */
    public void leave()
    {
        address = 0;
        if (DebugMode.ENABLED)
        {
            flyweight.release(operator);
        }
    }

    /**
     * The record of a call that has not ended.
     *
     * @return address of its fields, or 0
     */
    public long address()
    {
        return address;
    }

    /**
     * A record for messages.
     *
     * @param record address of its fields, or 0 for none
     * @return the fields as text
     */
    public String text(final long record)
    {
        if (record == 0)
        {
            return "none";
        }
        final Flyweight shown = type.newFlyweight();
        shown.wrapUnchecked(record);
        return shown.toString();
    }
}
