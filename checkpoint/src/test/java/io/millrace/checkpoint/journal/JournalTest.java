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
import io.millrace.checkpoint.files.StorageFullException;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import static io.millrace.checkpoint.journal.JournalFixture.append;
import static io.millrace.checkpoint.journal.JournalFixture.range;
import static io.millrace.checkpoint.journal.JournalFixture.readAll;
import static io.millrace.checkpoint.journal.JournalFixture.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JournalTest
{
    @TempDir
    Path temporary;

    private final MemoryAccount account = new MemoryAccount("test");

    @AfterEach
    void shouldReturnAllMemory()
    {
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldReadWhatWasWritten()
    {
        final JournalContext context = context();
        try (JournalWriter writer = JournalWriter.open(context); JournalReader reader = JournalReader.open(context))
        {
            assertEquals(1, writer.incarnation());
            assertNull(writer.cut());
            assertEquals(1, writer.frameNumber());
            writer.clock(77);
            append(writer, 0);
            append(writer, 1);
            assertEquals(JournalReader.NOTHING, reader.poll());
            assertEquals(1, writer.flush());
            assertEquals(-1, writer.flush());
            assertEquals(JournalReader.FRAME, reader.poll());
            assertEquals(1, reader.frameNumber());
            assertEquals(2, reader.recordCount());
            assertEquals(77, reader.clock());
            assertEquals(0, reader.frameAddress() & 7);
            assertEquals(0, value(reader.nextRecord()));
            assertEquals(1L << 16, reader.cause());
            final long second = reader.nextRecord();
            assertEquals(1, value(second));
            assertEquals(1L << 16 | 1, reader.cause());
            assertEquals(reader.cause(), SlotDescriptor.cause(second));
            assertEquals(0, reader.nextRecord());
            assertEquals(JournalReader.NOTHING, reader.poll());
            assertEquals(1L << 16 | 1, writer.lastCause());
            append(writer, 2);
            assertEquals(3, writer.end());
            assertThrows(IllegalStateException.class, () -> writer.claim(8));
            assertEquals(List.of(2L), readAll(reader));
            assertEquals(JournalReader.END, reader.poll());
        }
        assertTrue(assertThrows(IllegalStateException.class,
            () -> JournalWriter.open(context)).getMessage().contains("frame=3"));
    }

    @Test
    void shouldGoOnWithAHigherIncarnation()
    {
        final JournalContext context = context();
        final List<Long> causes = new ArrayList<>();
        for (int life = 1; life <= 5; life++)
        {
            try (JournalWriter writer = JournalWriter.open(context))
            {
                assertEquals(life, writer.incarnation());
                assertNull(writer.cut());
                assertEquals(causes.isEmpty() ? 0 : causes.get(causes.size() - 1), writer.lastCause());
                for (int i = 0; i < life - 1; i++)
                {
                    append(writer, causes.size());
                    causes.add(writer.frameNumber() << 16);
                    writer.flush();
                    assertEquals((causes.size() - 1) * 100L, writer.lastOrdinal());
                }
            }
        }
        assertEquals(range(0, causes.size()), readAll(context));
        assertEquals(5, Incarnation.list(context.directory()).size());
    }

    @Test
    void shouldFollowAWriterThatWasOpenedLater()
    {
        final JournalContext context = context();
        try (JournalReader reader = JournalReader.open(context))
        {
            assertEquals(JournalReader.NOTHING, reader.poll());
            long next = 0;
            for (int life = 0; life < 3; life++)
            {
                try (JournalWriter writer = JournalWriter.open(context))
                {
                    append(writer, next++);
                    writer.flush();
                    reader.refresh();
                    assertEquals(List.of(next - 1), readAll(reader));
                    append(writer, next++);
                    append(writer, next++);
                    writer.flush();
                }
                assertEquals(List.of(next - 2, next - 1), readAll(reader));
            }
        }
    }

    @Test
    void shouldSplitFramesAndCrossBlocks()
    {
        final JournalContext context = context().frameLength(FrameDescriptor.MAX_FRAME_LENGTH);
        final int records = 300_000;
        try (JournalWriter writer = JournalWriter.open(context))
        {
            for (int i = 0; i < records; i++)
            {
                append(writer, i);
            }
            writer.flush();
        }
        final List<Long> positions = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(context))
        {
            long expected = 0;
            long place = -1;
            while (reader.poll() == JournalReader.FRAME)
            {
                assertEquals(0, reader.frameAddress() & 7);
                for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
                {
                    assertEquals(expected++, value(slot));
                }
                assertTrue(reader.position().queuePlace() > place);
                place = reader.position().queuePlace();
                positions.add(place);
            }
            assertEquals(records, expected);
        }
        assertTrue(positions.size() > 10, positions.toString());
    }

    @Test
    void shouldHoldAtMostSixteenBitsOfRecords()
    {
        final JournalContext context = context().frameLength(FrameDescriptor.MAX_FRAME_LENGTH);
        try (JournalWriter writer = JournalWriter.open(context.schema("empty")))
        {
            int claimed = 0;
            while (writer.claim(0) != 0)
            {
                writer.commit();
                claimed++;
            }
            assertTrue(claimed <= SlotDescriptor.MAX_BATCH_RECORDS && claimed > 30_000);
            assertTrue(writer.flush() > 0);
            assertThrows(IllegalArgumentException.class, () -> writer.claim(FrameDescriptor.MAX_FRAME_LENGTH));
            assertThrows(IllegalArgumentException.class, () -> writer.claim(-1));
            assertThrows(IllegalStateException.class, writer::commit);
        }
        context.schema(JournalFixture.SCHEMA);
    }

    @Test
    void shouldSeekToEveryRecord()
    {
        final JournalContext context = context();
        long next = 0;
        for (int life = 0; life < 3; life++)
        {
            try (JournalWriter writer = JournalWriter.open(context))
            {
                for (int frame = 0; frame < 4; frame++)
                {
                    for (int i = 0; i <= frame; i++)
                    {
                        append(writer, next++);
                    }
                    writer.flush();
                }
            }
        }
        final List<JournalPosition> positions = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(context))
        {
            positions.add(reader.position());
            while (reader.poll() == JournalReader.FRAME)
            {
                while (reader.nextRecord() != 0)
                {
                    positions.add(reader.position());
                }
            }
        }
        assertEquals(next + 1, positions.size());
        try (JournalReader reader = JournalReader.open(context);
            Region region = Region.allocate(account, "position", JournalPosition.LENGTH))
        {
            for (int i = positions.size() - 1; i >= 0; i--)
            {
                positions.get(i).write(region.address());
                final JournalPosition position = JournalPosition.read(region.address());
                assertEquals(positions.get(i), position);
                reader.seek(position);
                assertEquals(range(i, next), readAll(reader));
                reader.seek(position);
                if (i > 0)
                {
                    assertEquals(position, reader.position());
                }
            }
            final JournalPosition last = positions.get(positions.size() - 1);
            for (final JournalPosition wrong : List.of(
                new JournalPosition(last.incarnation() + 1, last.queuePlace(), last.frameNumber(), 0),
                new JournalPosition(last.incarnation(), last.queuePlace() + 1, last.frameNumber() + 1, 0),
                new JournalPosition(last.incarnation(), last.queuePlace(), last.frameNumber() + 1, 0),
                new JournalPosition(1, last.queuePlace(), last.frameNumber(), 0),
                new JournalPosition(last.incarnation(), last.queuePlace(), last.frameNumber(), 99)))
            {
                assertThrows(JournalDamagedException.class, () -> reader.seek(wrong));
            }
        }
    }

    @Test
    void shouldKeepItsPositionWhereThereIsNothingYet()
    {
        final JournalContext context = context();
        try (JournalReader reader = JournalReader.open(context))
        {
            assertEquals(JournalPosition.START, reader.position());
            try (JournalWriter writer = JournalWriter.open(context))
            {
                append(writer, 0);
                append(writer, 1);
                writer.flush();
                reader.refresh();
                assertEquals(range(0, 2), readAll(reader));
                assertGoesOnAt(reader.position(), 2);
            }
            try (JournalWriter writer = JournalWriter.open(context))
            {
                // In an incarnation that has no record yet.
                reader.refresh();
                assertEquals(JournalReader.NOTHING, reader.poll());
                assertGoesOnAt(reader.position(), 2);
                append(writer, 2);
                writer.end();
            }
            assertEquals(range(2, 3), readAll(reader));
            assertEquals(JournalReader.END, reader.poll());
            assertGoesOnAt(reader.position(), 3);
            reader.seek(JournalPosition.START);
            assertEquals(JournalPosition.START, reader.position());
        }
    }

    private void assertGoesOnAt(final JournalPosition position, final long next)
    {
        try (JournalReader reader = JournalReader.open(context()))
        {
            reader.seek(position);
            assertEquals(position, reader.position());
            final List<Long> rest = readAll(reader);
            assertTrue(rest.isEmpty() || rest.get(0) == next,
                () -> "at " + position + " comes " + rest + ", expected " + next);
            assertTrue(reader.position().equals(position) == rest.isEmpty());
        }
    }

    @Test
    void shouldBeReadWhileWritersDropTheQueuesListOfFiles() throws Exception
    {
        try (JournalWriter writer = JournalWriter.open(context()))
        {
            append(writer, 0);
            writer.flush();
        }
        final Path list = Incarnation.list(temporary.resolve("journal")).get(0).path().resolve("metadata.cq4t");
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++)
        {
            final long due = System.nanoTime() + random.nextLong(2_000_000);
            final AtomicReference<IOException> failure = new AtomicReference<>();
            final Thread dropping = new Thread(() ->
            {
                // As a writer does that finds a crash, once.
                while (System.nanoTime() < due)
                {
                    Thread.onSpinWait();
                }
                failure.set(deleted(list));
            });
            dropping.start();
            try (JournalReader reader = JournalReader.open(context()))
            {
                assertEquals(range(0, 1), readAll(reader), reader::damage);
            }
            finally
            {
                dropping.join();
            }
            assertNull(failure.get());
        }
    }

    private static IOException deleted(final Path file)
    {
        try
        {
            Files.deleteIfExists(file);
            return null;
        }
        catch (final IOException exception)
        {
            return exception;
        }
    }

    @Test
    void shouldRefuseAnotherSchema()
    {
        final JournalContext context = context();
        try (JournalWriter writer = JournalWriter.open(context))
        {
            append(writer, 1);
            writer.flush();
        }
        final JournalContext other = context().schema("Trade{price:LONG@0+8,size:LONG@8+8}16/16");
        final IllegalStateException refused = assertThrows(IllegalStateException.class,
            () -> JournalWriter.open(other));
        assertTrue(refused.getMessage().contains(context.schema()) && refused.getMessage().contains(other.schema()));
        assertTrue(refused.getMessage().endsWith("give the changed record a journal of its own, or read this one " +
            "with the record that wrote it"), refused.getMessage());
        try (JournalReader reader = JournalReader.open(other))
        {
            assertThrows(IllegalStateException.class, reader::poll);
        }
        assertEquals(List.of(1L), readAll(context));
    }

    @Test
    void shouldRefuseASecondWriter()
    {
        final JournalContext context = context();
        try (JournalWriter writer = JournalWriter.open(context))
        {
            append(writer, 1);
            final IllegalStateException refused = assertThrows(IllegalStateException.class,
                () -> JournalWriter.open(context));
            assertTrue(refused.getMessage().contains("pid=" + ProcessHandle.current().pid()), refused.getMessage());
            writer.flush();
        }
        assertEquals(List.of(1L), readAll(context));
    }

    @Test
    void shouldRefuseToTouchABlockWithoutAReserve()
    {
        final AtomicLong usable = new AtomicLong(Long.MAX_VALUE);
        final JournalContext context = context().usableSpace(usable::get).frameLength(FrameDescriptor.MAX_FRAME_LENGTH);
        int written = 0;
        try (JournalWriter writer = JournalWriter.open(context))
        {
            usable.set(FrameAppender.RESERVE - 1);
            StorageFullException refused = null;
            while (refused == null)
            {
                append(writer, written++);
                refused = written % 1000 == 0 ? tryFlush(writer) : null;
            }
            assertTrue(refused.getMessage().contains(temporary.toString()), refused.getMessage());
            assertTrue(refused.getMessage().contains(String.valueOf(FrameAppender.RESERVE)), refused.getMessage());
            assertNotNull(tryFlush(writer));
            usable.set(FrameAppender.RESERVE);
            assertTrue(writer.flush() > 0);
        }
        assertEquals(range(0, written), readAll(context));
        usable.set(0);
        assertThrows(StorageFullException.class, () -> JournalWriter.open(context));
        usable.set(Long.MAX_VALUE);
        JournalWriter.open(context).close();
    }

    @Test
    void shouldSyncWhenDurableAndRollDaily()
    {
        final AtomicLong clock = new AtomicLong(1_000_000L * 86_400_000);
        final JournalContext context = context().syncLevel(SyncLevel.DURABLE).epochMillis(clock::get);
        try (JournalWriter writer = JournalWriter.open(context); JournalReader reader = JournalReader.open(context))
        {
            for (int day = 0; day < 4; day++)
            {
                append(writer, day * 2L);
                writer.flush();
                append(writer, day * 2L + 1);
                writer.flush();
                assertEquals(range(day * 2L, day * 2L + 2), readAll(reader));
                clock.addAndGet(day == 2 ? -2 * 86_400_000L : 86_400_000);
            }
        }
        assertEquals(range(0, 8), readAll(context));
        try (JournalWriter writer = JournalWriter.open(context))
        {
            assertEquals(8 << 16, writer.lastCause());
        }
    }

    @Test
    void shouldFailForGoodWhenASyncFails()
    {
        final AtomicLong syncs = new AtomicLong();
        final JournalContext context = context().syncLevel(SyncLevel.DURABLE).fileSync(channel ->
        {
            if (syncs.incrementAndGet() == 3)
            {
                throw new IOException("Input/output error");
            }
            channel.force(false);
        });
        try (JournalWriter writer = JournalWriter.open(context))
        {
            append(writer, 0);
            writer.flush();
            append(writer, 1);
            assertTrue(assertThrows(StorageFailedException.class, writer::flush).getMessage().contains("frame=2"));
            assertThrows(StorageFailedException.class, writer::flush);
            assertThrows(StorageFailedException.class, () -> writer.claim(8));
            assertEquals(3, syncs.get());
        }
        final List<Long> values = readAll(context);
        assertEquals(range(0, values.size()), values);
        assertTrue(values.size() >= 1);
    }

    @Test
    void shouldReadOnFromAWritersPosition()
    {
        final JournalContext context = context();
        final List<JournalPosition> positions = new ArrayList<>();
        for (int life = 0; life < 3; life++)
        {
            try (JournalWriter writer = JournalWriter.open(context))
            {
                positions.add(writer.position());
                append(writer, life * 2L);
                append(writer, life * 2L + 1);
                writer.flush();
                positions.add(writer.position());
            }
        }
        try (JournalReader reader = JournalReader.open(context))
        {
            for (int i = 0; i < positions.size(); i++)
            {
                reader.seek(positions.get(i));
                assertEquals(positions.get(i), reader.position());
                assertEquals(range((i + 1) / 2 * 2L, 6), readAll(reader), positions.get(i).toString());
            }
        }
    }

    @Test
    void shouldRefuseUseAfterClose()
    {
        final JournalContext context = context();
        final JournalWriter writer = JournalWriter.open(context);
        final JournalReader reader = JournalReader.open(context);
        append(writer, 1);
        writer.flush();
        assertThrows(IllegalStateException.class, reader::clock);
        assertEquals(JournalReader.FRAME, reader.poll());
        writer.claim(8);
        writer.close();
        writer.close();
        reader.close();
        reader.close();
        assertThrows(IllegalStateException.class, () -> writer.claim(8));
        assertThrows(IllegalStateException.class, writer::commit);
        assertThrows(IllegalStateException.class, writer::flush);
        assertThrows(IllegalStateException.class, reader::clock);
        assertThrows(IllegalStateException.class, reader::lastCause);
        assertThrows(IllegalStateException.class, reader::frameAddress);
        assertEquals(0, reader.nextRecord());
    }

    @Test
    void shouldTakeLittleSpaceAndKeepItPrivate() throws Exception
    {
        final JournalContext context = context().directory(temporary.resolve("deep/journal"));
        try (JournalWriter writer = JournalWriter.open(context))
        {
            append(writer, 1);
            writer.flush();
            assertEquals("rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(context.directory())));
            final Path file = JournalFixture.queueFile(context.directory(), 1);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
            final long blocks = ((Number)Files.getAttribute(file, "unix:size")).longValue();
            assertTrue(blocks <= 2L * FrameDescriptor.BLOCK_LENGTH, "size=" + blocks);
        }
    }

    @Test
    void shouldTailALiveWriter() throws Exception
    {
        final JournalContext context = context().frameLength(2048);
        final int records = 200_000;
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread thread = new Thread(() ->
        {
            try (JournalWriter writer = JournalWriter.open(context))
            {
                for (int i = 0; i < records; i++)
                {
                    append(writer, i);
                }
                writer.end();
            }
        });
        thread.setUncaughtExceptionHandler((ignored, exception) -> failure.set(exception));
        thread.start();
        long next = 0;
        try (JournalReader reader = JournalReader.open(context))
        {
            for (int status = reader.poll(); status != JournalReader.END &&
                failure.get() == null; status = reader.poll())
            {
                assertNull(reader.damage());
                for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
                {
                    assertEquals(next++, value(slot));
                }
            }
        }
        thread.join();
        assertNull(failure.get());
        assertEquals(records, next);
    }

    @Test
    void shouldMoveBetweenThreads() throws Exception
    {
        final JournalContext context = context();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (JournalWriter writer = JournalWriter.open(context); JournalReader reader = JournalReader.open(context))
        {
            append(writer, 0);
            writer.flush();
            assertEquals(List.of(0L), readAll(reader));
            final Thread other = new Thread(() ->
            {
                append(writer, 1);
                writer.flush();
                assertEquals(List.of(1L), readAll(reader));
            });
            other.setUncaughtExceptionHandler((thread, exception) -> failure.set(exception));
            other.start();
            other.join();
            assertNull(failure.get());
        }
    }

    private static StorageFullException tryFlush(final JournalWriter writer)
    {
        try
        {
            writer.flush();
            return null;
        }
        catch (final StorageFullException exception)
        {
            return exception;
        }
    }

    private JournalContext context()
    {
        return JournalFixture.context(temporary.resolve("journal"), account);
    }
}
