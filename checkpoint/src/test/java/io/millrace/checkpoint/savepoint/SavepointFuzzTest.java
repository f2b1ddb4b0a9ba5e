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

import io.millrace.checkpoint.files.Fuzzer;
import io.millrace.checkpoint.store.ModelFiles;
import io.millrace.core.savepoint.InputDescription;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartDescription;
import io.millrace.core.savepoint.PartKind;
import io.millrace.core.state.StateDescription;
import io.millrace.core.state.StatePlacement;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** T19 for savepoints: damaged manifests and operator files, with and without the right checksums. */
@Tag("laboratory")
class SavepointFuzzTest
{
    private static final int GROUPS = 4;
    private static final int PART_LENGTH = 12;
    private static final int ENTRY_LENGTH = 24;
    private static final int ENTRIES = 5;
    private static final OperatorDescription OPERATOR = new OperatorDescription("counts", "counts by key", false, 2,
        List.of(new StateDescription("count", StatePlacement.BY_KEY, false, 8, 8, 16, 0, "")),
        List.of(new PartDescription(PartKind.OWN, "counts-0")), List.of(new InputDescription("readings", 2)));
    private static final int SECTIONS = 1 + GROUPS;
    private static final int INDEX_LENGTH = SECTIONS * SavepointDescriptor.INDEX_ENTRY_LENGTH;

    private final MemoryAccount account = new MemoryAccount("test");

    @Test
    void shouldRefuseDamagedManifests()
    {
        final byte[] manifest = new SavepointManifest(new JobDescription("fuzz", GROUPS, true, List.of(OPERATOR)), 7, false,
            List.of(new OperatorFile(400, 200, 99, List.of(20L)))).encode();
        Fuzzer.of("savepoint manifest", manifest).sealed(Fuzzer::sealLine).documented(SavepointDamagedException.class)
            .run(input -> SavepointManifest.decode("fuzz", input));
    }

    @Test
    void shouldRefuseDamagedOperatorFiles()
    {
        final ModelFiles files = new ModelFiles();
        final long[] entries = new long[1];
        try (Region buffer = OperatorReader.buffer(account))
        {
            Fuzzer.of("savepoint operator", operatorFile()).sealed(SavepointFuzzTest::seal)
                .documented(SavepointDamagedException.class).run(input -> entries[0] += read(files, input, buffer));
        }
        assertTrue(entries[0] >= GROUPS * ENTRIES, "entries=" + entries[0]);
        assertEquals(0, account.allocatedBytes());
        assertEquals(0, files.openFiles());
    }

    /** Reads all there is, as one that has a manifest with the right checksum of the index. */
    private static long read(final ModelFiles files, final byte[] input, final Region buffer)
    {
        final String name = SavepointDescriptor.operatorFile(0);
        files.content(name, input);
        final int index = Math.min(input.length, Math.max(SavepointDescriptor.HEADER_LENGTH, input.length - INDEX_LENGTH));
        final OperatorFile expected = new OperatorFile(
            input.length, index, Fuzzer.crc(input, index, input.length - index), List.of((long)GROUPS * ENTRIES));
        final long[] entries = new long[1];
        try (OperatorReader reader = new OperatorReader("fuzz", files, name, OPERATOR, expected, GROUPS))
        {
            reader.part(0, 0);
            reader.read(0, 0, GROUPS - 1, group -> (slice, address, count) -> entries[0] += count, buffer);
            return entries[0];
        }
        catch (final IOException exception)
        {
            // What the savepoint makes of a file that ends too early.
            throw new SavepointDamagedException("fuzz", "it cannot be read: " + exception, exception);
        }
    }

    /** A part, and a section of a few entries for each key group. */
    private static byte[] operatorFile()
    {
        final int section = SavepointDescriptor.RUN_HEADER_LENGTH + ENTRIES * ENTRY_LENGTH;
        final int end = SavepointDescriptor.HEADER_LENGTH + PART_LENGTH + GROUPS * section;
        final ByteBuffer file = ByteBuffer.allocate(end + INDEX_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(SavepointDescriptor.MAGIC).putInt(SavepointDescriptor.FORMAT_VERSION).putInt(0);
        int position = SavepointDescriptor.HEADER_LENGTH;
        for (int i = 0; i < SECTIONS; i++)
        {
            final int length = i == 0 ? PART_LENGTH : section;
            if (i > 0)
            {
                file.putLong(position + SavepointDescriptor.RUN_SLICE_OFFSET, 0);
                file.putLong(position + SavepointDescriptor.RUN_COUNT_OFFSET, ENTRIES);
            }
            final int entry = end + i * SavepointDescriptor.INDEX_ENTRY_LENGTH;
            file.putInt(entry + SavepointDescriptor.INDEX_STATE_OFFSET, i == 0 ? -1 : 0);
            file.putInt(entry + SavepointDescriptor.INDEX_GROUP_OFFSET, Math.max(0, i - 1));
            file.putLong(entry + SavepointDescriptor.INDEX_POSITION_OFFSET, position);
            file.putLong(entry + SavepointDescriptor.INDEX_LENGTH_OFFSET, length);
            position += length;
        }
        seal(file.array());
        return file.array();
    }

    /** The checksums of all sections that the index at the end names. */
    private static void seal(final byte[] input)
    {
        final ByteBuffer file = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < SECTIONS && input.length > INDEX_LENGTH; i++)
        {
            final int entry = input.length - INDEX_LENGTH + i * SavepointDescriptor.INDEX_ENTRY_LENGTH;
            final long position = file.getLong(entry + SavepointDescriptor.INDEX_POSITION_OFFSET);
            final long length = file.getLong(entry + SavepointDescriptor.INDEX_LENGTH_OFFSET);
            if (position >= 0 && length > 0 && position < input.length && length <= input.length - position)
            {
                file.putInt(
                    entry + SavepointDescriptor.INDEX_CHECKSUM_OFFSET, Fuzzer.crc(input, (int)position, (int)length));
            }
        }
    }
}
