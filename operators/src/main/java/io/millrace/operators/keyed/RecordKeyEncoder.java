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
package io.millrace.operators.keyed;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * What key encoders have in common: the view that the key is selected from.
 *
 * @param <V> read-only view of the records
 */
public abstract class RecordKeyEncoder<V> implements KeyEncoder
{
    private final RecordType<V, ?> type;
    private Flyweight view;

    /**
     * An encoder.
     *
     * @param type of the records
     */
    protected RecordKeyEncoder(final RecordType<V, ?> type)
    {
        this.type = type;
        this.view = type.newFlyweight();
    }

    /**
     * Moves the view to a record.
     *
     * @param slot address of the record's slot
     * @return the view
     */
    @SuppressWarnings("unchecked")
    protected final V view(final long slot)
    {
        if (DebugMode.ENABLED)
        {
            view.release("keyBy");
            view = type.newFlyweight();
        }
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        return (V)view;
    }

    @Override
    public final long currentSlot()
    {
        return view.address() == 0 ? 0 : view.address() - SlotDescriptor.HEADER_LENGTH;
    }

    /**
     * The record for messages.
     *
     * @return its fields as text
     */
    protected final String record()
    {
        return view.toString();
    }
}
