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
package io.millrace.operators.testing;

import io.millrace.memory.Memory;
import io.millrace.memory.record.FieldKind;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordField;
import io.millrace.memory.record.RecordType;

import java.util.List;

/** A view of what a {@link TestInput} sends, see {@link PushedDescriptor}. */
final class PushedFlyweight extends Flyweight
{
    private static final List<RecordField> FIELDS = List.of(
        new RecordField("stamp", FieldKind.LONG, PushedDescriptor.STAMP_OFFSET, Long.BYTES, 0, true),
        new RecordField("timestamp", FieldKind.LONG, PushedDescriptor.TIMESTAMP_OFFSET, Long.BYTES, 0, false),
        new RecordField("watermark", FieldKind.LONG, PushedDescriptor.WATERMARK_OFFSET, Long.BYTES, 0, false));
    private static final RecordType<PushedFlyweight, PushedFlyweight> TYPE = carrying(0);

    /** What carries records of so many bytes. */
    static RecordType<PushedFlyweight, PushedFlyweight> carrying(final int maxLength)
    {
        return new RecordType<>("Pushed", PushedDescriptor.RECORD_OFFSET, PushedDescriptor.RECORD_OFFSET + maxLength,
            FIELDS, PushedFlyweight::new);
    }

    @Override
    public int blockLength()
    {
        return PushedDescriptor.RECORD_OFFSET;
    }

    @Override
    public RecordType<?, ?> type()
    {
        return TYPE;
    }

    @Override
    public String toString()
    {
        return address == 0 ? "nothing" : Memory.getLong(address + PushedDescriptor.WATERMARK_OFFSET) == 1 ?
            "watermark " + Memory.getLong(address + PushedDescriptor.TIMESTAMP_OFFSET) :
            "record @" + Memory.getLong(address + PushedDescriptor.TIMESTAMP_OFFSET);
    }
}
