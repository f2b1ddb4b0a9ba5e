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
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Writes results into slots of an output. Fields that are not written are zero, whatever the slot held before, so that
 * a replay gives the same bytes.
 *
 * @param <W> flyweight that writes the results
 */
public final class RecordWriter<W extends Flyweight>
{
    private final RecordType<?, W> type;
    private final boolean fixedLength;
    private W flyweight;
    private long slot;

    /**
     * A writer.
     *
     * @param type of the results
     */
    public RecordWriter(final RecordType<?, W> type)
    {
        this.type = type;
        this.fixedLength = type.fixedLength();
        this.flyweight = type.newFlyweight();
    }

    /**
     * Begins a result. The operator claims its slot itself, since a call of an output here would be one of all
     * operators' outputs, and be inlined for none.
     *
     * @param claimed slot to write to
     * @param from    slot whose timestamp, cause and ingress time the result inherits
     * @param length  {@link Flyweight#blockLength()} of the {@link #flyweight()}: asked by the operator, whose code
     *                sees flyweights of one class, it is a constant to the compiler, and zeros that are overwritten
     *                cost nothing
     * @return flyweight to write the fields with
     */
    public W begin(final long claimed, final long from, final int length)
    {
        slot = claimed;
        SlotDescriptor.inherit(from, claimed);
        final long record = claimed + SlotDescriptor.HEADER_LENGTH;
        Memory.zero(record, length);
        if (DebugMode.ENABLED)
        {
            flyweight = type.newFlyweight();
        }
        flyweight.wrapUnchecked(record);
        return flyweight;
    }

    /**
     * What writes the results; in debug mode each has one of its own.
     *
     * @return the flyweight
     */
    public W flyweight()
    {
        return flyweight;
    }

    /**
     * The slot of the result.
     *
     * @return its address
     */
    public long slot()
    {
        return slot;
    }

    /**
     * Ends the result, before the output's commit.
     *
     * @param operator whose callback wrote it, for the message of a late access
     */
    public void end(final String operator)
    {
        if (!fixedLength)
        {
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, flyweight.encodedLength());
        }
        if (DebugMode.ENABLED)
        {
            flyweight.release(operator);
        }
    }
}
