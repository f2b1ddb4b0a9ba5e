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
package io.millrace.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the system has in memory of the files that are about to be read. */
enum PageCache
{
    /** All of them. */
    WARM
    {
        @Override
        void prepare(final Path directory) throws IOException
        {
            final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
            for (final Path file : files(directory))
            {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
                {
                    while (channel.read(buffer.clear()) >= 0)
                    {
                        // To have been read is all that they need.
                    }
                }
            }
        }
    },
    /** Nothing of them: {@code posix_fadvise(DONTNEED)} for each, by {@code dd}; other programs keep what they have. */
    COLD_FILES
    {
        @Override
        void prepare(final Path directory) throws IOException
        {
            for (final Path file : files(directory))
            {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
                {
                    channel.force(true);
                }
                run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
            }
        }
    },
    /** Nothing of any file, the JDK's own included: {@code drop_caches}; by root, and felt by all programs. */
    COLD_MACHINE
    {
        @Override
        void prepare(final Path directory) throws IOException
        {
            run("sync");
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3", StandardOpenOption.WRITE);
        }
    };

    private static final int PIECE = 1 << 20;

    /**
     * Brings it about.
     *
     * @param directory of the files
     * @throws IOException when it cannot be done here
     */
    abstract void prepare(Path directory) throws IOException;

    /** Name on the command line and in the output. */
    String label()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Share of the pieces of 1 MiB of all files that lie in memory as a whole. */
    static double resident(final Path directory)
    {
        long pieces = 0;
        long loaded = 0;
        try
        {
            for (final Path file : files(directory))
            {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
                {
                    final long size = channel.size();
                    for (long position = 0; position < size; position += PIECE)
                    {
                        pieces++;
                        loaded += channel.map(FileChannel.MapMode.READ_ONLY, position, Math.min(PIECE, size - position))
                            .isLoaded() ? 1 : 0;
                    }
                }
            }
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot tell what of " + directory + " lies in memory", exception);
        }
        return pieces == 0 ? 0 : (double)loaded / pieces;
    }

    private static List<Path> files(final Path directory) throws IOException
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            return paths.filter(path -> Files.isRegularFile(path)).sorted().toList();
        }
    }

    private static void run(final String... command) throws IOException
    {
        final Process process = new ProcessBuilder(command).inheritIO().start();
        try
        {
            final int status = process.waitFor();
            if (status != 0)
            {
                throw new IOException("status=" + status + " of command=" + String.join(" ", command));
            }
        }
        catch (final InterruptedException exception)
        {
            process.destroy();
            throw new IOException("interrupted while waiting for command=" + String.join(" ", command), exception);
        }
    }
}
