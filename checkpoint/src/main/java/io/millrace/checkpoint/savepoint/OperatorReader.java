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
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.SavepointEntries;
import io.millrace.core.state.StatePlacement;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The file of one operator: its index is in memory and checked, its sections are read and checked one by one. */
final class OperatorReader implements AutoCloseable
{
    private static final int MAX_PART_LENGTH = 1 << 26;
    /** What is read and summed up in one piece, so that a safepoint need not wait; one entry may be longer. */
    private static final int MAX_PIECE_LENGTH = 1 << 20;

    private final Object savepoint;
    private final String name;
    private final StorageFiles.ReadableFile file;
    private final OperatorDescription operator;
    private final ByteBuffer index;
    private final AddressBuffer view = new AddressBuffer();
    private final CRC32C crc = new CRC32C();

    OperatorReader(
        final Object savepoint,
        final StorageFiles files,
        final String name,
        final OperatorDescription operator,
        final OperatorFile expected,
        final int maxParallelism) throws IOException
    {
        this.savepoint = savepoint;
        this.name = name;
        this.operator = operator;
        this.file = files.open(name);
        boolean opened = false;
        try
        {
            index = index(expected, maxParallelism);
            opened = true;
        }
        finally
        {
            if (!opened)
            {
                file.close();
            }
        }
    }

    private ByteBuffer index(final OperatorFile expected, final int maxParallelism) throws IOException
    {
        final long indexLength = expected.length() - expected.indexOffset();
        final long most = ((long)operator.states().size() * maxParallelism + (long)operator.parts().size() * operator.parallelism()) *
            SavepointDescriptor.INDEX_ENTRY_LENGTH;
        if (file.size() != expected.length() || indexLength % SavepointDescriptor.INDEX_ENTRY_LENGTH != 0 || indexLength > most)
        {
            throw damaged("has length=" + file.size() + " and an index of length=" + indexLength + ", its manifest says length=" +
                expected.length());
        }
        final ByteBuffer header = ByteBuffer.allocate(SavepointDescriptor.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        file.read(0, header);
        final ByteBuffer bytes = ByteBuffer.allocate((int)indexLength).order(ByteOrder.LITTLE_ENDIAN);
        file.read(expected.indexOffset(), bytes);
        bytes.flip();
        crc.reset();
        crc.update(bytes.duplicate());
        if (header.getLong(0) != SavepointDescriptor.MAGIC ||
            header.getLong(SavepointDescriptor.VERSION_OFFSET) != SavepointDescriptor.FORMAT_VERSION ||
            (int)crc.getValue() != expected.indexChecksum())
        {
            throw damaged("has another header or index than was written");
        }
        checkSections(bytes, expected.indexOffset(), maxParallelism);
        return bytes;
    }

    /** Sections are in order, and leave no gap. */
    private void checkSections(final ByteBuffer sections, final long end, final int maxParallelism)
    {
        long next = SavepointDescriptor.HEADER_LENGTH;
        long before = Long.MIN_VALUE;
        for (int entry = 0; entry < sections.limit(); entry += SavepointDescriptor.INDEX_ENTRY_LENGTH)
        {
            final int state = sections.getInt(entry + SavepointDescriptor.INDEX_STATE_OFFSET);
            final int group = sections.getInt(entry + SavepointDescriptor.INDEX_GROUP_OFFSET);
            final long length = sections.getLong(entry + SavepointDescriptor.INDEX_LENGTH_OFFSET);
            final long place = ((long)state << 32) + group;
            final boolean known = state < operator.states().size() && state >= -operator.parts().size();
            if (!known || group < 0 || group >= groups(state, maxParallelism) || place <= before || length <= 0 || length > end - next ||
                sections.getLong(entry + SavepointDescriptor.INDEX_POSITION_OFFSET) != next)
            {
                throw damaged("has a section of state=" + state + " group=" + group + " length=" + length + " at=" + next +
                    " that cannot be: a key group is there twice, or out of place");
            }
            before = place;
            next += length;
        }
        if (next != end)
        {
            throw damaged("has bytes=" + (end - next) + " that are in no section");
        }
    }

    private int groups(final int state, final int maxParallelism)
    {
        return state >= 0 && operator.states().get(state).placement() == StatePlacement.BY_KEY ? maxParallelism : operator.parallelism();
    }

    private SavepointDamagedException damaged(final String what)
    {
        return new SavepointDamagedException(savepoint, "file=" + name + " of uid=" + operator.uid() + " " + what + ": use another copy");
    }

    byte[] part(final int part, final int instance) throws IOException
    {
        for (int entry = 0; entry < index.limit(); entry += SavepointDescriptor.INDEX_ENTRY_LENGTH)
        {
            if (index.getInt(entry + SavepointDescriptor.INDEX_STATE_OFFSET) == -1 - part &&
                index.getInt(entry + SavepointDescriptor.INDEX_GROUP_OFFSET) == instance)
            {
                return part(entry);
            }
        }
        return null;
    }

    private byte[] part(final int entry) throws IOException
    {
        final long length = index.getLong(entry + SavepointDescriptor.INDEX_LENGTH_OFFSET);
        if (length > MAX_PART_LENGTH)
        {
            throw damaged("has a part of length=" + length + ", the most is " + MAX_PART_LENGTH);
        }
        final ByteBuffer bytes = ByteBuffer.allocate((int)length);
        file.read(index.getLong(entry + SavepointDescriptor.INDEX_POSITION_OFFSET), bytes);
        crc.reset();
        crc.update(bytes.array());
        checkSum(entry);
        return bytes.array();
    }

    private void checkSum(final int entry)
    {
        if ((int)crc.getValue() != index.getInt(entry + SavepointDescriptor.INDEX_CHECKSUM_OFFSET))
        {
            throw damaged("is damaged in its section of state=" + index.getInt(entry + SavepointDescriptor.INDEX_STATE_OFFSET) +
                " group=" + index.getInt(entry + SavepointDescriptor.INDEX_GROUP_OFFSET) + ", the checksum differs");
        }
    }

    /** Reads the sections of a state that are in a range of groups. */
    void read(final int state, final int first, final int last, final SectionTarget target, final Region buffer) throws IOException
    {
        for (int entry = 0; entry < index.limit(); entry += SavepointDescriptor.INDEX_ENTRY_LENGTH)
        {
            final int group = index.getInt(entry + SavepointDescriptor.INDEX_GROUP_OFFSET);
            if (index.getInt(entry + SavepointDescriptor.INDEX_STATE_OFFSET) == state && group >= first && group <= last)
            {
                section(entry, operator.states().get(state).entryLength(), target.group(group), buffer);
            }
        }
    }

    private void section(final int entry, final int entryLength, final SavepointEntries target, final Region buffer) throws IOException
    {
        long position = index.getLong(entry + SavepointDescriptor.INDEX_POSITION_OFFSET);
        long left = index.getLong(entry + SavepointDescriptor.INDEX_LENGTH_OFFSET);
        final int most = Math.max(1, MAX_PIECE_LENGTH / entryLength);
        crc.reset();
        while (left > 0)
        {
            if (left < SavepointDescriptor.RUN_HEADER_LENGTH)
            {
                throw damaged("has a run that is cut off");
            }
            load(position, SavepointDescriptor.RUN_HEADER_LENGTH, buffer);
            position += SavepointDescriptor.RUN_HEADER_LENGTH;
            left -= SavepointDescriptor.RUN_HEADER_LENGTH;
            final long slice = Memory.getLong(buffer.address() + SavepointDescriptor.RUN_SLICE_OFFSET);
            long count = Memory.getLong(buffer.address() + SavepointDescriptor.RUN_COUNT_OFFSET);
            if (count <= 0 || count > left / entryLength)
            {
                throw damaged("has a run with entries=" + count + " of length=" + entryLength + " where bytes=" + left + " are left");
            }
            left -= count * entryLength;
            while (count > 0)
            {
                final int batch = (int)Math.min(most, count);
                load(position, batch * entryLength, buffer);
                target.entries(slice, buffer.address(), batch);
                position += (long)batch * entryLength;
                count -= batch;
            }
        }
        checkSum(entry);
    }

    private void load(final long position, final int length, final Region buffer) throws IOException
    {
        file.read(position, view.wrap(buffer.address(), length));
        crc.update(view.wrap(buffer.address(), length));
    }

    /** Takes the entries of one section after the other. */
    @FunctionalInterface
    interface SectionTarget
    {
        SavepointEntries group(int group);
    }

    @Override
    public void close() throws IOException
    {
        file.close();
    }

    static Region buffer(final MemoryAccount account)
    {
        return Region.allocate(account, "savepoint to be read", 1 << 21);
    }
}
