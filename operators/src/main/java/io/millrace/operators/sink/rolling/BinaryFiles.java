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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** Reads what {@link RollingFileSink#binary} writes. */
public final class BinaryFiles
{
    private static final int BUFFER = 64 * 1024;

    private BinaryFiles()
    {
    }

    /**
     * Reads a file from its first record to its last. Every checksum is verified, and no length is believed before.
     *
     * @param file     that is shown, not one that is being written
     * @param type     of its records
     * @param consumer takes each record, valid during the call
     * @param <V>      read-only view of the records
     * @param <W>      flyweight of the type
     * @return number of records
     * @throws IOException           when the file cannot be read
     * @throws IllegalStateException when it is damaged, with the offset, or has records of another type
     */
    public static <V, W extends Flyweight> long read(
        final Path file, final RecordType<V, W> type, final Consumer<? super V> consumer) throws IOException
    {
        final MemoryAccount account = new MemoryAccount("reader of " + file);
        final byte[] bytes = new byte[type.maxLength()];
        final CRC32C checksum = new CRC32C();
        final W flyweight = type.newFlyweight();
        long records = 0;
        try (DataInputStream input = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
            Region region = Region.allocate(account, "record", type.maxLength()))
        {
            long offset = header(file, type, input);
            while (true)
            {
                final int first = input.read();
                if (first < 0)
                {
                    return records;
                }
                final int length = first << 24 | input.readUnsignedByte() << 16 | input.readUnsignedShort();
                final int expected = input.readInt();
                if (length <= 0 || length > bytes.length)
                {
                    throw damaged(file, offset, "length=" + length + " of a record, the most is " + bytes.length);
                }
                input.readFully(bytes, 0, length);
                checksum.reset();
                update(checksum, length);
                checksum.update(bytes, 0, length);
                if ((int)checksum.getValue() != expected)
                {
                    throw damaged(file, offset, "another checksum than that of the record");
                }
                Memory.copyIn(bytes, 0, region.address(), length);
                flyweight.wrap(region.address(), length);
                consumer.accept(type.view(flyweight));
                records++;
                offset += BinaryFileDescriptor.RECORD_OFFSET + length;
            }
        }
        catch (final EOFException exception)
        {
            throw new IllegalStateException("file=" + file + " ends within a record, behind records=" + records +
                ": it was cut, or is being written", exception);
        }
    }

    private static long header(final Path file, final RecordType<?, ?> type, final DataInputStream input) throws IOException
    {
        final byte[] start = new byte[BinaryFileDescriptor.SCHEMA_OFFSET];
        input.readFully(start);
        if (getInt(start, 0) != (int)(BinaryFileDescriptor.MAGIC >>> Integer.SIZE) ||
            getInt(start, Integer.BYTES) != (int)BinaryFileDescriptor.MAGIC ||
            getInt(start, BinaryFileDescriptor.VERSION_OFFSET) != BinaryFileDescriptor.VERSION)
        {
            throw damaged(file, 0, "no binary file of version=" + BinaryFileDescriptor.VERSION);
        }
        final int length = getInt(start, BinaryFileDescriptor.SCHEMA_LENGTH_OFFSET);
        if (length < 0 || length > BinaryFileDescriptor.MAX_SCHEMA_LENGTH)
        {
            throw damaged(file, BinaryFileDescriptor.SCHEMA_LENGTH_OFFSET, "length=" + length + " of the schema");
        }
        final byte[] schema = input.readNBytes(length);
        final CRC32C checksum = new CRC32C();
        checksum.update(start);
        checksum.update(schema);
        if (schema.length < length || input.readInt() != (int)checksum.getValue())
        {
            throw damaged(file, 0, "another checksum than that of the header");
        }
        final String text = new String(schema, StandardCharsets.UTF_8);
        if (!text.equals(type.schema()))
        {
            throw new IllegalStateException("file=" + file + " has records of schema=" + text + ", not of schema=" +
                type.schema() + ": read it with the type that it was written with");
        }
        return (long)BinaryFileDescriptor.SCHEMA_OFFSET + length + Integer.BYTES;
    }

    private static int getInt(final byte[] bytes, final int index)
    {
        return bytes[index] << 24 | (bytes[index + 1] & 0xFF) << 16 | (bytes[index + 2] & 0xFF) << 8 | bytes[index + 3] & 0xFF;
    }

    private static void update(final CRC32C checksum, final int length)
    {
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE)
        {
            checksum.update(length >>> shift);
        }
    }

    private static IllegalStateException damaged(final Path file, final long offset, final String what)
    {
        return new IllegalStateException("file=" + file + " is damaged at offset=" + offset + ": it has " + what);
    }
}
