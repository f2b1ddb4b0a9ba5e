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

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One life of a journal's writer, with a queue in a directory of its own, which is named, say,
 * {@code incarnation-0000000002-frame-0000000000000001234}. The name is the cut: every frame of a lower incarnation
 * from that number on is superseded, whatever it holds.
 *
 * @param number     from 1, increasing
 * @param firstFrame number of its first frame
 * @param path       its directory
 */
record Incarnation(int number, long firstFrame, Path path)
{
    private static final Pattern NAME = Pattern.compile("incarnation-([0-9]{10})-frame-([0-9]{19})");

    static Incarnation of(final Path journal, final int number, final long firstFrame)
    {
        return new Incarnation(
            number, firstFrame, journal.resolve(String.format("incarnation-%010d-frame-%019d", number, firstFrame)));
    }

    /** In order of their numbers; empty when the journal does not exist. */
    static List<Incarnation> list(final Path journal)
    {
        final List<Incarnation> incarnations = new ArrayList<>();
        if (Files.isDirectory(journal))
        {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(journal, "incarnation-*"))
            {
                for (final Path entry : entries)
                {
                    final Matcher matcher = NAME.matcher(String.valueOf(entry.getFileName()));
                    if (matcher.matches() && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    {
                        incarnations.add(parse(matcher, entry));
                    }
                }
            }
            catch (final IOException exception)
            {
                throw new StorageFailedException("cannot list journal directory=" + journal, exception);
            }
        }
        incarnations.sort(Comparator.comparingInt(Incarnation::number));
        checkOrder(journal, incarnations);
        return incarnations;
    }

    /** Whether its writer has got as far as making the queue's first file. */
    boolean hasQueue()
    {
        return !queueFiles().isEmpty();
    }

    /** Files of the queue, oldest first: they are named by their day. */
    List<Path> queueFiles()
    {
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, "*.cq4"))
        {
            entries.forEach(files::add);
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot list journal directory=" + path, exception);
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }

    private static Incarnation parse(final Matcher matcher, final Path entry)
    {
        try
        {
            return new Incarnation(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)), entry);
        }
        catch (final NumberFormatException exception)
        {
            throw new IllegalStateException("name of " + entry +
                " is out of range: move what is not the journal's away", exception);
        }
    }

    private static void checkOrder(final Path journal, final List<Incarnation> incarnations)
    {
        for (int i = 1; i < incarnations.size(); i++)
        {
            final Incarnation before = incarnations.get(i - 1);
            final Incarnation after = incarnations.get(i);
            if (before.number == after.number || before.firstFrame > after.firstFrame)
            {
                throw new JournalDamagedException("journal directory=" + journal + " has incarnations out of order: " +
                    before.path.getFileName() + ", " + after.path.getFileName() + ": move away what was copied in");
            }
        }
    }
}
