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
package io.millrace.operators.sink.rolling;

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.sink.RecordBuffer;

import java.util.List;

/**
 * A line of names, then a line for each record, as RFC 4180 has it but for the line break, which is a line feed. The fields
 * of a nested record are columns {@code outer.inner}.
 */
final class CsvEncoder<V> implements RecordEncoder<V>
{
    private final FieldText[] fields;

    CsvEncoder(final RecordType<?, ?> type)
    {
        final List<FieldText> flat = FieldText.flat(FieldText.of(type));
        fields = flat.toArray(FieldText[]::new);
    }

    @Override
    public void header(final RecordBuffer buffer)
    {
        for (int i = 0; i < fields.length; i++)
        {
            if (i > 0)
            {
                buffer.putByte(',');
            }
            buffer.appendCsv(fields[i].path);
        }
        buffer.putByte('\n');
    }

    @Override
    public void record(final V record, final RecordBuffer buffer)
    {
        final long address = ((Flyweight)record).address();
        for (int i = 0; i < fields.length; i++)
        {
            if (i > 0)
            {
                buffer.putByte(',');
            }
            fields[i].csv(address, buffer);
        }
        buffer.putByte('\n');
    }
}
