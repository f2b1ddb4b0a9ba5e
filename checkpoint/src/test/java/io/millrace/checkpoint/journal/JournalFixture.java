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

import io.millrace.checkpoint.files.DirectoryLock;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the journal's tests share: records whose bytes follow from their number, and directories that are copied.
 */
final class JournalFixture
{
    static final String SCHEMA = "Trade{price:LONG@0+8}8/8";

    private JournalFixture()
    {
    }

    static JournalContext context(final Path directory, final MemoryAccount account)
    {
        return new JournalContext().directory(directory).schema(SCHEMA).account(account);
    }

    /** A payload of 8 to 23 bytes, all of which follow from the value. */
    static int length(final long value)
    {
        return 8 + (int)(value & 15);
    }

    static void append(final JournalWriter writer, final long value)
    {
        long slot = writer.claim(length(value));
        if (slot == 0)
        {
            writer.flush();
            slot = writer.claim(length(value));
        }
        SlotDescriptor.timestamp(slot, value * 10);
        SlotDescriptor.ingressTime(slot, value * 100);
        Memory.putLong(slot + SlotDescriptor.HEADER_LENGTH, value);
        for (int i = 8; i < length(value); i++)
        {
            Memory.putByte(slot + SlotDescriptor.HEADER_LENGTH + i, (byte)(value + i));
        }
        writer.commit();
    }

    /** The value of a slot, or -1 when any byte of it is not what was written. */
    static long value(final long slot)
    {
        final long value = Memory.getLong(slot + SlotDescriptor.HEADER_LENGTH);
        boolean same = SlotDescriptor.length(slot) == length(value) && SlotDescriptor.timestamp(slot) == value * 10 &&
            SlotDescriptor.ingressTime(slot) == value * 100 && SlotDescriptor.kind(slot) == SlotDescriptor.KIND_DATA;
        for (int i = 8; same && i < length(value); i++)
        {
            same = Memory.getByte(slot + SlotDescriptor.HEADER_LENGTH + i) == (byte)(value + i);
        }
        return same ? value : -1;
    }

    /** All values up to where the journal has nothing more. */
    static List<Long> readAll(final JournalReader reader)
    {
        final List<Long> values = new ArrayList<>();
        while (reader.poll() == JournalReader.FRAME)
        {
            for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
            {
                values.add(value(slot));
            }
        }
        return values;
    }

    static List<Long> readAll(final JournalContext context)
    {
        try (JournalReader reader = JournalReader.open(context))
        {
            return readAll(reader);
        }
    }

    static List<Long> range(final long from, final long to)
    {
        final List<Long> values = new ArrayList<>();
        for (long value = from; value < to; value++)
        {
            values.add(value);
        }
        return values;
    }

    /** The queue's file of an incarnation. */
    static Path queueFile(final Path journal, final int incarnation)
    {
        final Path directory = Incarnation.list(journal).get(incarnation - 1).path();
        try (Stream<Path> files = Files.list(directory))
        {
            return files.filter(file -> file.toString().endsWith(".cq4")).max(Comparator.naturalOrder()).orElseThrow();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(exception);
        }
    }

    /** Copies as a crash leaves it: everything but the clean mark. Blank pages are not copied. */
    static void copy(final Path from, final Path to) throws IOException
    {
        try (Stream<Path> paths = Files.walk(from))
        {
            for (final Path path : paths.toList())
            {
                final Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path))
                {
                    Files.createDirectories(target);
                }
                else if (!path.endsWith(DirectoryLock.FILE_NAME))
                {
                    Files.copy(path, target);
                }
            }
        }
    }

    static void delete(final Path directory) throws IOException
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(path);
            }
        }
    }
}
