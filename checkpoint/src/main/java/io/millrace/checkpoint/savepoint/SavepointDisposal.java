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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Deletes savepoints: the manifest first, so that what is left by a crash is no savepoint, and can be disposed of again; the
 * directory last. A directory that has anything else in it is left alone.
 */
final class SavepointDisposal
{
    private static final Pattern FILE = Pattern.compile("operator-\\d{4}|" + SavepointDescriptor.MANIFEST + "|" +
        SavepointDescriptor.TEMPORARY + "|" + SavepointDescriptor.SPOOL);

    private SavepointDisposal()
    {
    }

    /** Number of files that were deleted. */
    static int dispose(final Path directory)
    {
        SavepointWriter.checkName(directory);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS))
        {
            throw new IllegalStateException("savepoint=" + directory + " is not a directory: give the savepoint's own directory, not a " +
                "link to it");
        }
        try
        {
            final List<Path> files = files(directory);
            for (final Path file : files)
            {
                if (!FILE.matcher(file.getFileName().toString()).matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                {
                    throw new IllegalStateException("savepoint=" + directory + " has file=" + file.getFileName() +
                        ", which is not of a savepoint, so nothing was deleted: move it away first");
                }
            }
            Files.deleteIfExists(directory.resolve(SavepointDescriptor.MANIFEST));
            for (final Path file : files)
            {
                Files.deleteIfExists(file);
            }
            Files.delete(directory);
            return files.size();
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("savepoint=" + directory + " cannot be deleted whole: " + exception + "; try again", exception);
        }
    }

    private static List<Path> files(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.sorted().toList();
        }
    }
}
