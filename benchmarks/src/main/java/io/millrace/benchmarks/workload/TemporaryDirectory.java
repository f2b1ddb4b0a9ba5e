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
package io.millrace.benchmarks.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for the files of one run, deleted with all of them when it is closed. */
public final class TemporaryDirectory implements AutoCloseable
{
    private final Path path;

    /**
     * Makes the directory.
     *
     * @param parent to make it in, or null for where the system keeps temporary files
     * @param prefix of its name
     */
    public TemporaryDirectory(final Path parent, final String prefix)
    {
        try
        {
            path = parent == null ? Files.createTempDirectory(prefix) : Files.createTempDirectory(parent, prefix);
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("no directory " + prefix + "* can be made in parent=" +
                (parent == null ? System.getProperty("java.io.tmpdir") : parent) + ": is there space?", exception);
        }
    }

    /**
     * Where it is.
     *
     * @return the directory
     */
    public Path path()
    {
        return path;
    }

    @Override
    public void close()
    {
        try (Stream<Path> paths = Files.walk(path))
        {
            for (final Path each : paths.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(each);
            }
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot delete " + path + ": delete it by hand", exception);
        }
    }
}
