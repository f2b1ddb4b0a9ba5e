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
package io.millrace.core.runtime;

import io.millrace.core.time.TimestampAssigner;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.function.ToLongFunction;

/**
 * Asks a function of the user's for the event time of a source's records, and knows the record that it fails at.
 *
 * @param <V> read-only view of the records
 */
final class RecordTimestamps<V> implements TimestampAssigner
{
    private final String source;
    private final RecordType<V, ?> type;
    private final ToLongFunction<? super V> function;
    private Flyweight view;
    private long currentSlot;

    /**
     * An assigner.
     *
     * @param source   name for messages
     * @param type     of the records
     * @param function gives the event time; null when it is never asked
     */
    RecordTimestamps(final String source, final RecordType<V, ?> type, final ToLongFunction<? super V> function)
    {
        this.source = source;
        this.type = type;
        this.function = function;
        this.view = type.newFlyweight();
    }

    @Override
    @SuppressWarnings("unchecked")
    public long timestamp(final long slot)
    {
        currentSlot = slot;
        if (DebugMode.ENABLED)
        {
            view = type.newFlyweight();
        }
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        final long timestamp = function.applyAsLong((V)view);
        if (DebugMode.ENABLED)
        {
            view.release(source);
        }
        currentSlot = 0;
        return timestamp;
    }

    /** The record that the function was handed and has not returned from: its slot, or 0. */
    long currentSlot()
    {
        return currentSlot;
    }

    /** A record of the source, for messages. */
    String show(final long slot)
    {
        final Flyweight shown = type.newFlyweight();
        shown.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        return shown.toString();
    }
}
