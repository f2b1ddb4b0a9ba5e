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

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Records as they are in memory, each behind its length and checksum: see {@link BinaryFileDescriptor}. */
final class BinaryEncoder<V> implements RecordEncoder<V>
{
    private final byte[] schema;
    private final CRC32C checksum = new CRC32C();

    BinaryEncoder(final RecordType<?, ?> type)
    {
        schema = type.schema().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void header(final RecordBuffer buffer)
    {
        final int start = buffer.position();
        buffer.putLong(BinaryFileDescriptor.MAGIC).putInt(BinaryFileDescriptor.VERSION);
        buffer.putInt(schema.length).putBytes(schema, 0, schema.length);
        checksum.reset();
        checksum.update(buffer.bytes(), start, buffer.position() - start);
        buffer.putInt((int)checksum.getValue());
    }

    @Override
    public void record(final V record, final RecordBuffer buffer)
    {
        final Flyweight flyweight = (Flyweight)record;
        final int length = flyweight.encodedLength();
        final int start = buffer.position();
        buffer.putInt(length).putInt(0).putMemory(flyweight.address(), length);
        checksum.reset();
        checksum.update(buffer.bytes(), start, Integer.BYTES);
        checksum.update(buffer.bytes(), start + BinaryFileDescriptor.RECORD_OFFSET, length);
        buffer.setInt(start + BinaryFileDescriptor.RECORD_CHECKSUM_OFFSET, (int)checksum.getValue());
    }
}
