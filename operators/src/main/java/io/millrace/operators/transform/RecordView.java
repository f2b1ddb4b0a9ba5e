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
package io.millrace.operators.transform;

import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * The view of one input, for operators that have several: in debug mode a new one for each record, which fails any
 * access after the callback.
 *
 * @param <V> read-only view of the records
 */
public final class RecordView<V>
{
    private final RecordType<V, ?> type;
    private final String operator;
    private Flyweight flyweight;
    private long slot;

    /**
     * A view.
     *
     * @param type     of the records
     * @param operator for messages
     */
    public RecordView(final RecordType<V, ?> type, final String operator)
    {
        this.type = type;
        this.operator = operator;
        this.flyweight = type.newFlyweight();
    }

    /**
     * Moves the view to a record.
     *
     * @param newSlot address of the record's slot
     * @return the view
     */
    @SuppressWarnings("unchecked")
    public V at(final long newSlot)
    {
        slot = newSlot;
        if (DebugMode.ENABLED)
        {
            flyweight = type.newFlyweight();
        }
        flyweight.wrapUnchecked(newSlot + SlotDescriptor.HEADER_LENGTH);
        return (V)flyweight;
    }

    /** Ends the callback that the view was handed to. */
    public void leave()
    {
        slot = 0;
        if (DebugMode.ENABLED)
        {
            flyweight.release(operator);
        }
    }

    /**
     * The record of a callback that has not ended.
     *
     * @return address of its slot, or 0
     */
    public long slot()
    {
        return slot;
    }

    /**
     * The record of a callback that has not ended, for messages.
     *
     * @return its fields as text, or null
     */
    public String record()
    {
        if (slot == 0)
        {
            return null;
        }
        final Flyweight shown = type.newFlyweight();
        shown.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        return shown.toString();
    }
}
