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
package io.millrace.checkpoint.savepoint;

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes the file of one operator: sections, then their index. */
final class SectionWriter implements AutoCloseable
{
    private static final int BUFFER_LENGTH = 1 << 16;

    private final StorageFiles.WritableFile file;
    private final Region buffer;
    private final AddressBuffer view = new AddressBuffer();
    private final CRC32C crc = new CRC32C();
    private ByteBuffer index = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);
    private int used;
    private long position;
    private long sectionStart;
    private int state;
    private int group;

    SectionWriter(final StorageFiles files, final String name, final MemoryAccount account) throws IOException
    {
        buffer = Region.allocate(account, "savepoint file", BUFFER_LENGTH);
        boolean opened = false;
        try
        {
            file = files.create(name);
            opened = true;
        }
        finally
        {
            if (!opened)
            {
                buffer.close();
            }
        }
        putLong(SavepointDescriptor.MAGIC);
        putLong(SavepointDescriptor.FORMAT_VERSION);
    }

    void begin(final int newState, final int newGroup) throws IOException
    {
        flush();
        state = newState;
        group = newGroup;
        sectionStart = position;
        crc.reset();
    }

    void putLong(final long value) throws IOException
    {
        if (used + Long.BYTES > BUFFER_LENGTH)
        {
            flush();
        }
        Memory.putLong(buffer.address() + used, value);
        used += Long.BYTES;
    }

    void put(final long address, final int length) throws IOException
    {
        if (used + length > BUFFER_LENGTH)
        {
            flush();
        }
        Memory.copyWords(address, buffer.address() + used, length);
        used += length;
    }

    /** A section of its own. */
    void part(final int part, final int instance, final byte[] bytes) throws IOException
    {
        begin(-1 - part, instance);
        crc.update(bytes, 0, bytes.length);
        file.write(ByteBuffer.wrap(bytes));
        position += bytes.length;
        end();
    }

    void end() throws IOException
    {
        flush();
        if (index.remaining() < SavepointDescriptor.INDEX_ENTRY_LENGTH)
        {
            index = ByteBuffer.wrap(Arrays.copyOf(index.array(), index.capacity() * 2)).order(ByteOrder.LITTLE_ENDIAN)
                .position(index.position());
        }
        index.putInt(state).putInt(group).putLong(sectionStart).putLong(position - sectionStart).putInt((int)crc.getValue()).putInt(0);
    }

    private void flush() throws IOException
    {
        if (used > 0)
        {
            crc.update(view.wrap(buffer.address(), used));
            file.write(view.wrap(buffer.address(), used));
            position += used;
            used = 0;
        }
    }

    /** Writes the index and makes the file durable. */
    OperatorFile finish(final List<Long> entries) throws IOException
    {
        flush();
        final long indexOffset = position;
        index.flip();
        crc.reset();
        crc.update(index.duplicate());
        position += index.remaining();
        file.write(index);
        file.sync();
        return new OperatorFile(position, indexOffset, (int)crc.getValue(), entries);
    }

    @Override
    public void close() throws IOException
    {
        buffer.close();
        file.close();
    }
}
