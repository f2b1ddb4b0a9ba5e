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
package io.millrace.operators.selection;

import io.millrace.memory.Memory;
import io.millrace.memory.record.FieldKind;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordField;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.List;

/**
 * An accumulator of tumbling windows: the record with the latest event time; of several, the one that came last.
 * <pre>
 *   | 1 when there is one 8 | time 8 | record |
 * </pre>
 *
 * @param <V> read-only view of the records
 */
public final class LatestRecord<V> extends Flyweight
{
    private static final int PRESENT_OFFSET = 0;
    private static final int TIME_OFFSET = 8;
    private static final int RECORD_OFFSET = 16;

    private final RecordType<LatestRecord<V>, LatestRecord<V>> type;
    private final int recordLength;

    private LatestRecord(final Shape<V> shape)
    {
        type = shape.type;
        recordLength = type.blockLength() - RECORD_OFFSET;
    }

    /**
     * The type of such accumulators.
     *
     * @param recordType of the records, of fixed length
     * @param <V>        read-only view of the records
     * @return the type
     */
    public static <V> RecordType<LatestRecord<V>, LatestRecord<V>> type(final RecordType<V, ?> recordType)
    {
        return new Shape<>(recordType).type;
    }

    /**
     * Takes a record, unless a later one is there.
     *
     * @param record view of it, in a slot
     */
    public void take(final V record)
    {
        final long from = ((Flyweight)record).address();
        final long time = SlotDescriptor.timestamp(from - SlotDescriptor.HEADER_LENGTH);
        if (Memory.getLong(address + PRESENT_OFFSET) == 0 || time >= Memory.getLong(address + TIME_OFFSET))
        {
            Memory.putLong(address + PRESENT_OFFSET, 1);
            Memory.putLong(address + TIME_OFFSET, time);
            Memory.copyWords(from, address + RECORD_OFFSET, recordLength);
        }
    }

    /**
     * Writes the record.
     *
     * @param out on the record to write
     */
    public void copyTo(final Flyweight out)
    {
        Memory.copyWords(address + RECORD_OFFSET, out.address(), recordLength);
    }

    @Override
    public int blockLength()
    {
        return RECORD_OFFSET + recordLength;
    }

    @Override
    public RecordType<?, ?> type()
    {
        return type;
    }

    @Override
    public String toString()
    {
        return "LatestRecord[" + (address == 0 ? "" : "time=" + Memory.getLong(address + TIME_OFFSET)) + ']';
    }

    /**
     * What such accumulators have in common.
     *
     * @param <V> read-only view of the records
     */
    private static final class Shape<V>
    {
        private final RecordType<LatestRecord<V>, LatestRecord<V>> type;

        private Shape(final RecordType<V, ?> recordType)
        {
            final int length = RECORD_OFFSET + recordType.blockLength();
            type = new RecordType<>("LatestOf" + recordType.name(), length, length, List.of(
                new RecordField("present", FieldKind.LONG, PRESENT_OFFSET, Long.BYTES, 0, false),
                new RecordField("time", FieldKind.LONG, TIME_OFFSET, Long.BYTES, 0, false),
                new RecordField("record", FieldKind.RECORD, RECORD_OFFSET, recordType.blockLength(), 0, false,
                    recordType.schema())), () -> new LatestRecord<>(this));
        }
    }
}
