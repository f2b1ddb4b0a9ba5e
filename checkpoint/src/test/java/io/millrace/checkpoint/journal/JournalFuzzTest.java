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
package io.millrace.checkpoint.journal;

import io.millrace.checkpoint.files.Fuzzer;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * T19 for frames of a journal: the contents of one are damaged and sealed again. Damage that the checksum finds is for
 * {@link JournalTailTest}.
 */
@Tag("laboratory")
class JournalFuzzTest
{
    private static final int RECORDS = 5;

    @TempDir
    private Path directory;

    private final MemoryAccount account = new MemoryAccount("test");

    @Test
    void shouldReadOrRefuseDamagedFrames() throws IOException
    {
        final Path journal = directory.resolve("journal");
        final JournalContext context = JournalFixture.context(journal, account);
        try (JournalWriter writer = JournalWriter.open(context))
        {
            for (int record = 0; record < RECORDS; record++)
            {
                JournalFixture.append(writer, record);
            }
            writer.flush();
        }
        final Path file = JournalFixture.queueFile(journal, 1);
        final byte[] whole = Files.readAllBytes(file);
        for (final byte kind : new byte[]{FrameDescriptor.KIND_SCHEMA, FrameDescriptor.KIND_DATA})
        {
            final int start = frame(whole, kind);
            final int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN)
                .getInt(start + FrameDescriptor.LENGTH_OFFSET);
            try (RandomAccessFile queue = new RandomAccessFile(file.toFile(), "rw"))
            {
                Fuzzer.of("journal frame of kind " + kind, Arrays.copyOfRange(whole, start, start + length))
                    .documented(JournalDamagedException.class, IllegalStateException.class).run(input ->
                    {
                        queue.seek(start);
                        queue.write(sealed(input, length));
                        JournalFixture.readAll(context);
                    });
                queue.seek(start);
                queue.write(whole, start, length);
            }
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), JournalFixture.readAll(context));
        assertEquals(0, account.allocatedBytes());
    }

    /** What a random input seldom hits: a schema that is longer than its frame, or has less than no length. */
    @Test
    void shouldRefuseASchemaThatDoesNotFitItsFrame() throws IOException
    {
        final Path journal = directory.resolve("schema");
        final JournalContext context = JournalFixture.context(journal, account);
        JournalWriter.open(context).close();
        final Path file = JournalFixture.queueFile(journal, 1);
        final byte[] whole = Files.readAllBytes(file);
        final int start = frame(whole, FrameDescriptor.KIND_SCHEMA);
        final int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN)
            .getInt(start + FrameDescriptor.LENGTH_OFFSET);
        for (final int schemaLength : new int[]{-1, Integer.MIN_VALUE, length, Integer.MAX_VALUE})
        {
            final byte[] frame = Arrays.copyOfRange(whole, start, start + length);
            ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(FrameDescriptor.HEADER_LENGTH + SlotDescriptor.LENGTH_OFFSET, schemaLength);
            try (RandomAccessFile queue = new RandomAccessFile(file.toFile(), "rw"))
            {
                queue.seek(start);
                queue.write(sealed(frame, length));
            }
            assertThrows(JournalDamagedException.class, () -> JournalFixture.readAll(context), "length=" + schemaLength);
        }
        assertEquals(0, account.allocatedBytes());
    }

    /** As long as the frame in the file, and with its own length and checksum. */
    private static byte[] sealed(final byte[] input, final int length)
    {
        final byte[] frame = Arrays.copyOf(input, length);
        final ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(FrameDescriptor.LENGTH_OFFSET, length);
        buffer.putInt(0, Fuzzer.crc(frame, Integer.BYTES, length - Integer.BYTES));
        return frame;
    }

    /** Where the first frame of a kind begins: behind the header of its document, on a multiple of 8. */
    private static int frame(final byte[] file, final byte kind)
    {
        final ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int position = 0;
        while (bytes.getInt(position) != 0)
        {
            final int header = bytes.getInt(position);
            final int frame = position + 4 + 7 & -8;
            if ((header & 0xC0000000) == 0 && bytes.get(frame + FrameDescriptor.KIND_OFFSET) == kind)
            {
                return frame;
            }
            position = position + 4 + (header & 0x3FFFFFFF) + 3 & -4;
        }
        throw new AssertionError("no frame of kind " + kind);
    }
}
