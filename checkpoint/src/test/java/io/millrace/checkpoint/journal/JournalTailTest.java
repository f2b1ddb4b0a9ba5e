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

import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.millrace.checkpoint.journal.JournalFixture.append;
import static io.millrace.checkpoint.journal.JournalFixture.range;
import static io.millrace.checkpoint.journal.JournalFixture.readAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a crash leaves behind: the last frames of a queue's file, cut, zeroed or changed at every byte. Readers and the
 * next writer must take exactly the frames before the damage, and never a record that was not written.
 */
@Tag("laboratory")
class JournalTailTest
{
    private static final int FRAMES = 6;
    private static final int DAMAGED_FRAMES = 3;
    /** A writer goes on after the damage at every so many bytes; 1 to do so at all of them. */
    private static final int STRIDE = Integer.getInteger("millrace.test.stride", 13);

    @TempDir
    Path temporary;

    private final MemoryAccount account = new MemoryAccount("test");
    private final List<Integer> frameStarts = new ArrayList<>();
    private byte[] file;
    private long length;
    private Path original;

    @AfterEach
    void shouldReturnAllMemory()
    {
        assertEquals(0, account.allocatedBytes());
    }

    /** Frame i holds the record i. */
    private void write() throws IOException
    {
        final Path journal = temporary.resolve("original");
        final JournalContext context = context(journal);
        try (JournalWriter writer = JournalWriter.open(context))
        {
            for (int frame = 0; frame < FRAMES; frame++)
            {
                append(writer, frame);
                writer.flush();
            }
        }
        original = JournalFixture.queueFile(journal, 1);
        file = Files.readAllBytes(original);
        length = file.length;
        findFrames();
    }

    /** Positions of the document headers of the DATA frames. */
    private void findFrames()
    {
        final ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int position = 0;
        while (position < file.length - 4 && bytes.getInt(position) != 0)
        {
            final int header = bytes.getInt(position);
            if ((header & 0xC0000000) == 0)
            {
                frameStarts.add(position);
            }
            position = position + 4 + (header & 0x3FFFFFFF) + 3 & -4;
        }
        frameStarts.remove(0);
        assertEquals(FRAMES, frameStarts.size());
        frameStarts.add(position);
        // Behind it is nothing but the unused part of the block.
        file = Arrays.copyOf(file, position);
    }

    /** Writes the first bytes of a queue's file; the rest of its length stays blank. */
    private void writeFile(final Path path, final byte[] bytes) throws IOException
    {
        try (RandomAccessFile target = new RandomAccessFile(path.toFile(), "rw"))
        {
            target.setLength(0);
            target.write(bytes);
            target.setLength(length);
        }
    }

    private interface Damage
    {
        void apply(byte[] bytes, int offset);
    }

    @Test
    void shouldFindTheValidPrefixWhenTheTailIsZeroed() throws IOException
    {
        write();
        final int end = frameStarts.get(FRAMES);
        damageEvery(1, (bytes, offset) -> Arrays.fill(bytes, offset, end, (byte)0));
    }

    @Test
    void shouldFindTheValidPrefixWhenABitIsFlipped() throws IOException
    {
        write();
        damageEvery(1, (bytes, offset) -> bytes[offset] ^= (byte)(1 << (offset & 7)));
    }

    @Test
    void shouldFindTheValidPrefixWhenTheTailIsOtherData() throws IOException
    {
        write();
        damageEvery(Math.min(STRIDE, 5), (bytes, offset) -> bytes[offset] = (byte)~bytes[offset]);
    }

    @Test
    void shouldFindTheValidPrefixWhenTheFileIsCut() throws IOException
    {
        write();
        for (int offset = frameStarts.get(FRAMES - DAMAGED_FRAMES); offset < frameStarts.get(FRAMES); offset++)
        {
            final int cut = offset;
            check(offset, copy ->
            {
                try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE))
                {
                    channel.truncate(cut);
                }
            });
        }
    }

    @Test
    void shouldShowPhantomsWithoutChecksums() throws IOException
    {
        write();
        int wrong = 0;
        for (int offset = frameStarts.get(FRAMES - 1) + 4; offset < frameStarts.get(FRAMES); offset++)
        {
            final Path journal = temporary.resolve("control");
            final Path copy = copyOf(journal);
            final byte[] bytes = file.clone();
            bytes[offset] ^= 1;
            writeFile(copy, bytes);
            try (JournalReader reader = JournalReader.open(context(journal).checksums(false)))
            {
                if (readAll(reader).contains(-1L))
                {
                    wrong++;
                }
            }
            catch (final JournalDamagedException expected)
            {
                wrong++;
            }
            JournalFixture.delete(journal);
        }
        assertTrue(wrong > 10, "wrong=" + wrong + ": the control must show what the checksum is for");
    }

    @Test
    void shouldReportWhatIsMissingInTheMiddle() throws IOException
    {
        write();
        final Path journal = temporary.resolve("original");
        final JournalContext context = context(journal);
        JournalWriter.open(context).close();
        final byte[] bytes = file.clone();
        bytes[frameStarts.get(3) + 20] ^= 1;
        writeFile(original, bytes);
        try (JournalReader reader = JournalReader.open(context))
        {
            final JournalDamagedException damaged =
                assertThrows(JournalDamagedException.class, () -> readAll(reader));
            assertTrue(damaged.getMessage().contains("lacks frame=4"), damaged.getMessage());
        }
    }

    @Test
    void shouldNotCutWhatItCannotRead() throws IOException
    {
        write();
        final JournalContext context = context(temporary.resolve("original"));
        final Path obstacle = original.resolveSibling("10000101F.cq4");
        Files.createDirectory(obstacle);
        assertThrows(StorageFailedException.class, () -> JournalWriter.open(context));
        Files.delete(obstacle);
        try (JournalWriter writer = JournalWriter.open(context))
        {
            assertEquals(FRAMES + 1, writer.frameNumber() - 1);
        }
        assertEquals(range(0, FRAMES), readAll(context));
    }

    @Test
    void shouldRefuseAPositionThatWasCut() throws IOException
    {
        write();
        final Path journal = temporary.resolve("original");
        final JournalContext context = context(journal);
        final JournalPosition last;
        try (JournalReader reader = JournalReader.open(context))
        {
            assertEquals(range(0, FRAMES), readAll(reader));
            last = reader.position();
        }
        final byte[] bytes = file.clone();
        bytes[frameStarts.get(FRAMES - 1) + 20] ^= 1;
        writeFile(original, bytes);
        try (JournalReader reader = JournalReader.open(context))
        {
            assertThrows(JournalDamagedException.class, () -> reader.seek(last));
            try (JournalWriter writer = JournalWriter.open(context))
            {
                assertNotNull(writer.cut());
                append(writer, 100);
                writer.flush();
                assertThrows(JournalDamagedException.class, () -> reader.seek(last));
            }
        }
    }

    @Test
    void shouldSkipAnIncarnationThatNeverGotAFrame() throws IOException
    {
        write();
        final Path journal = temporary.resolve("original");
        final JournalContext context = context(journal);
        Files.createDirectories(Incarnation.of(journal, 2, FRAMES + 1).path());
        Files.createDirectories(Incarnation.of(journal, 3, FRAMES + 1).path());
        Files.createDirectories(journal.resolve("incarnation-x"));
        assertEquals(range(0, FRAMES), readAll(context));
        try (JournalWriter writer = JournalWriter.open(context))
        {
            assertEquals(4, writer.incarnation());
            assertEquals((FRAMES - 1) * 100, writer.lastOrdinal());
            append(writer, FRAMES);
            writer.flush();
        }
        assertEquals(range(0, FRAMES + 1), readAll(context));
    }

    private void damageEvery(final int step, final Damage damage) throws IOException
    {
        for (int offset = frameStarts.get(FRAMES - DAMAGED_FRAMES); offset < frameStarts.get(FRAMES); offset += step)
        {
            final byte[] bytes = file.clone();
            damage.apply(bytes, offset);
            check(offset, copy -> writeFile(copy, bytes));
        }
    }

    private interface FileDamage
    {
        void apply(Path copy) throws IOException;
    }

    private void check(final int offset, final FileDamage damage) throws IOException
    {
        int frame = 0;
        while (frameStarts.get(frame + 1) <= offset)
        {
            frame++;
        }
        final String where = "offset=" + offset + " in frame " + frame + " from " + frameStarts.get(frame);
        final Path journal = temporary.resolve("copy");
        damage.apply(copyOf(journal));
        final JournalContext context = context(journal);
        final List<Long> expected = range(0, frame);
        try (JournalReader reader = JournalReader.open(context))
        {
            final List<Long> read = readAll(reader);
            // Zeroes over zero bytes change nothing: then the frame is whole, and counts.
            if (!read.equals(expected))
            {
                assertEquals(range(0, frame + 1), read, where);
                expected.add((long)frame);
            }
            if (offset % STRIDE == 0)
            {
                goOn(reader, context, expected, where);
            }
        }
        JournalFixture.delete(journal);
    }

    private static void goOn(
        final JournalReader reader, final JournalContext context, final List<Long> expected, final String where)
    {
        final long next = expected.size();
        try (JournalWriter writer = JournalWriter.open(context))
        {
            assertEquals(2, writer.incarnation(), where);
            assertEquals(next == 0 ? 0 : (next - 1) * 100, writer.lastOrdinal(), where);
            append(writer, next);
            writer.flush();
        }
        reader.refresh();
        assertEquals(List.of(next), readAll(reader), where);
        expected.add(next);
        assertEquals(expected, readAll(context), where);
    }

    private Path copyOf(final Path journal) throws IOException
    {
        final Path target = journal.resolve(Incarnation.list(temporary.resolve("original")).get(
            0).path().getFileName().toString());
        Files.createDirectories(target);
        final Path copy = target.resolve(original.getFileName().toString());
        writeFile(copy, file);
        return copy;
    }

    private JournalContext context(final Path journal)
    {
        return JournalFixture.context(journal, account);
    }
}
