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

import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import static io.millrace.checkpoint.journal.JournalFixture.append;
import static io.millrace.checkpoint.journal.JournalFixture.range;
import static io.millrace.checkpoint.journal.JournalFixture.readAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A reader beside a queue whose locks are taken and whose writer was killed while it began a file. A queue itself waits
 * 10 s for either, so that the timeout is the control.
 */
@Timeout(5)
class FrameTailerTest
{
    private static final long DAY_MILLIS = 86_400_000L;

    @TempDir
    Path temporary;

    private final MemoryAccount account = new MemoryAccount("test");
    private long days;

    @AfterEach
    void shouldReturnAllMemory()
    {
        assertEquals(0, account.allocatedBytes());
    }

    /** What a kill leaves of a file that was begun. */
    private enum Begun
    {
        EMPTY, BLANK, WITH_A_HEADER_THAT_WAS_BEGUN;

        void leave(final Path file, final long length) throws IOException
        {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING))
            {
                if (this != EMPTY)
                {
                    channel.write(ByteBuffer.allocate(1), length - 1);
                }
                if (this == WITH_A_HEADER_THAT_WAS_BEGUN)
                {
                    channel.write(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(
                        0, QueueScan.INCOMPLETE_BIT), 0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Begun.class)
    void shouldHaveNothingInAFileThatHasNoHeader(final Begun begun) throws IOException
    {
        final List<Path> files = writeTwoDays();
        begun.leave(files.get(1), Files.size(files.get(1)));
        try (JournalReader reader = JournalReader.open(context()))
        {
            assertEquals(range(0, 2), readAll(reader));
            assertEquals(JournalReader.NOTHING, reader.poll());
            assertNull(reader.damage());
            try (JournalWriter writer = JournalWriter.open(context()))
            {
                assertEquals(2, writer.incarnation());
                assertNull(writer.cut());
                append(writer, 2);
                writer.flush();
                reader.refresh();
                assertEquals(range(2, 3), readAll(reader));
            }
        }
        assertEquals(range(0, 3), readAll(context()));
        assertEquals(files, Incarnation.list(context().directory()).get(0).queueFiles());
    }

    @ParameterizedTest
    @EnumSource(Begun.class)
    void shouldGoOnWhenTheHeaderComes(final Begun begun) throws IOException
    {
        final Path second = writeTwoDays().get(1);
        final byte[] bytes = Files.readAllBytes(second);
        begun.leave(second, bytes.length);
        try (JournalReader reader = JournalReader.open(context()))
        {
            assertEquals(range(0, 2), readAll(reader));
            Files.write(second, bytes, StandardOpenOption.WRITE);
            assertEquals(range(2, 4), readAll(reader));
        }
    }

    @Test
    void shouldGoOnWhenTheNextFileComes() throws IOException
    {
        final Path second = writeTwoDays().get(1);
        final Path aside = temporary.resolve("aside");
        Files.move(second, aside);
        try (JournalReader reader = JournalReader.open(context()))
        {
            assertEquals(range(0, 2), readAll(reader));
            assertEquals(JournalReader.NOTHING, reader.poll());
            Files.move(aside, second);
            assertEquals(range(2, 4), readAll(reader));
        }
    }

    @Test
    void shouldReadWhileTheLockOfTheQueueIsTaken() throws IOException
    {
        final Path directory = writeTwoDays().get(0).getParent();
        final Path list = directory.resolve("metadata.cq4t");
        try (FileChannel channel = FileChannel.open(list, StandardOpenOption.WRITE); FileLock lock = channel.lock())
        {
            assertTrue(lock.isValid());
            assertEquals(range(0, 4), readAll(context()));
        }
    }

    @Test
    void shouldChangeNothing() throws IOException
    {
        final Path directory = writeTwoDays().get(0).getParent();
        Files.delete(directory.resolve("metadata.cq4t"));
        final List<Path> before = list(directory);
        assertEquals(range(0, 4), readAll(context()));
        assertEquals(before, list(directory));
    }

    @Test
    void shouldReadInAThreadThatIsInterrupted() throws IOException
    {
        writeTwoDays();
        Thread.currentThread().interrupt();
        try
        {
            assertEquals(range(0, 4), readAll(context()));
        }
        finally
        {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldSeekAcrossDays() throws IOException
    {
        days = 20_000;
        final JournalPosition written;
        try (JournalWriter writer = JournalWriter.open(context()))
        {
            append(writer, 0);
            writer.flush();
            days++;
            append(writer, 1);
            writer.flush();
            written = writer.position();
            days++;
            append(writer, 2);
            writer.flush();
        }
        try (JournalReader reader = JournalReader.open(context()))
        {
            reader.seek(written);
            assertEquals(written, reader.position());
            assertEquals(range(2, 3), readAll(reader));
            assertEquals(20_002, DocumentPlace.day(reader.position().queuePlace()));
        }
    }

    /** Records 0 and 1 in the first file, 2 and 3 in the second. */
    private List<Path> writeTwoDays()
    {
        try (JournalWriter writer = JournalWriter.open(context()))
        {
            for (int value = 0; value < 4; value++)
            {
                days = value / 2;
                append(writer, value);
                writer.flush();
            }
        }
        final List<Path> files = Incarnation.list(context().directory()).get(0).queueFiles();
        assertEquals(2, files.size());
        assertNotNull(files.get(0).getParent());
        return files;
    }

    private static List<Path> list(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.sorted().toList();
        }
    }

    private JournalContext context()
    {
        return JournalFixture.context(temporary.resolve("journal"), account).epochMillis(() -> days * DAY_MILLIS);
    }
}
