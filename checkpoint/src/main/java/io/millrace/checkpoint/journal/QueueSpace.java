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

import io.millrace.checkpoint.files.PrivateFiles;
import io.millrace.checkpoint.files.SpaceWait;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFullException;
import net.openhft.chronicle.queue.impl.single.PrecreatedFiles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Takes the space that a queue is about to write: it maps its files without blocks, and a store to a page for which there
 * is none ends the process (SIGBUS). Zeros are written with system calls ahead of where the queue has come, where
 * nothing else is yet; without space that is an exception.
 * <pre>
 *   | header, index, documents      | this document + SLACK     | STEP ... |
 *                              used ^                               allocated ^
 * </pre>
 * A new file begins as one that the queue takes over by its name ({@link PrecreatedFiles}). What is in doubt is the queue's
 * small file of metadata, which is written whole when it is opened. One thread's.
 */
final class QueueSpace implements AutoCloseable
{
    private static final int STEP = 1 << 18;
    /** More than the index and the headers that the queue may put between two documents. */
    private static final int SLACK = 256 << 10;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16);

    private final Path directory;
    private final LongSupplier usableSpace;
    private final ByteBuffer zeros = ZEROS.duplicate();
    private int cycle = -1;
    private File precreated;
    private FileChannel channel;
    private long used;
    private long allocated;

    /**
     * Nothing is taken.
     *
     * @param directory   of the queue
     * @param usableSpace bytes that can be written, for messages
     */
    QueueSpace(final Path directory, final LongSupplier usableSpace)
    {
        this.directory = directory;
        this.usableSpace = usableSpace;
    }

    /**
     * Takes what a document needs.
     *
     * @param current number of the day that the queue is in
     * @param format  of its files' names
     * @param length  of the document
     * @throws StorageFullException when there is not so much; it can be asked again
     * @throws IOException          when the disk fails
     */
    void require(final int current, final String format, final int length) throws IOException
    {
        if (current == cycle && used + length + SLACK <= allocated)
        {
            return;
        }
        try
        {
            if (current != cycle)
            {
                begin(current, format);
            }
            while (allocated < used + length + SLACK)
            {
                allocate();
            }
        }
        catch (final IOException exception)
        {
            final long usable = usableSpace.getAsLong();
            final long need = used + length + SLACK - allocated;
            if (!SpaceWait.isFull(exception, usable, need))
            {
                throw exception;
            }
            throw new StorageFullException("journal directory=" + directory + " has no space for a document of length=" +
                length + ": usable=" + usable + " bytes, needs " + need +
                " more: free space on its file system, then flush again", exception);
        }
    }

    private void begin(final int current, final String format) throws IOException
    {
        close();
        final String name = DateTimeFormatter.ofPattern(format).withZone(ZoneOffset.UTC)
            .format(Instant.ofEpochMilli(TimeUnit.DAYS.toMillis(current)));
        precreated = PrecreatedFiles.preCreatedFile(directory.resolve(name + SingleChronicleQueue.SUFFIX).toFile());
        used = 0;
        allocated = 0;
        channel = PrivateFiles.open(precreated.toPath(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
        cycle = current;
    }

    private void allocate() throws IOException
    {
        final long end = allocated + STEP;
        while (allocated < end)
        {
            zeros.clear();
            allocated += channel.write(zeros, allocated);
        }
    }

    /**
     * Takes note of how far the queue has come.
     *
     * @param position in the file, behind the document
     */
    void used(final long position)
    {
        used = position;
    }

    @Override
    public void close()
    {
        cycle = -1;
        final FileChannel closing = channel;
        channel = null;
        try
        {
            if (closing != null)
            {
                closing.close();
                // One that the queue has not taken over.
                Files.deleteIfExists(precreated.toPath());
            }
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot close space=" + precreated + " of a journal", exception);
        }
    }
}
