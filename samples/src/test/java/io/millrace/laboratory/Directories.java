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
package io.millrace.laboratory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories that come and go with a campaign. */
final class Directories
{
    private Directories()
    {
    }

    static Path create(final Path parent, final String name)
    {
        try
        {
            return Files.createDirectories(parent.resolve(name));
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(exception);
        }
    }

    static void delete(final Path directory)
    {
        for (final Path path : tree(directory))
        {
            try
            {
                Files.deleteIfExists(path);
            }
            catch (final IOException exception)
            {
                throw new UncheckedIOException(exception);
            }
        }
    }

    /** Everything in a directory and it itself, what lies in a directory before that. */
    private static List<Path> tree(final Path directory)
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(exception);
        }
    }
}
