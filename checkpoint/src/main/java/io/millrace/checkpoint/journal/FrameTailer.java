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
import io.millrace.memory.Memory;
import net.openhft.chronicle.core.OS;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the documents of one incarnation's queue where they lie, in a mapping of its own of the files (their format:
 * {@link QueueScan}). It opens no queue: a queue takes locks, and waits for the header of a file, and writes a file anew
 * whose header does not come, all of which is the writer's alone. A file without a header has nothing yet. It takes
 * nothing for granted: a document that cannot be a whole frame is reported with length 0 and never touched. An interrupt
 * does not disturb it. Not thread-safe.
 */
final class FrameTailer implements AutoCloseable
{
    /** A window of the file is mapped at a time; it holds the longest document wherever that begins. */
    private static final int WINDOW_LENGTH = 4 * FrameDescriptor.BLOCK_LENGTH;

    private final Incarnation incarnation;
    private Path path;
    private long day;
    private RandomAccessFile file;
    private long size;
    /** Of the header that is read next. */
    private long position;
    private boolean fileEnded;
    private long mapping;
    private long mappedFrom;
    private long mappedLength;
    private long address;
    private int length;
    private long place;

    /**
     * A tailer before the first document.
     *
     * @throws StorageFailedException when the files cannot be read
     */
    FrameTailer(final Incarnation incarnation)
    {
        this.incarnation = incarnation;
    }

    /**
     * Lets go of the document before and goes to the next one.
     *
     * @return false when there is none yet
     * @throws StorageFailedException when the files cannot be read
     */
    boolean next()
    {
        release();
        try
        {
            while ((file != null && !fileEnded) || openNextFile())
            {
                final int header = header();
                if (header == QueueScan.END_OF_FILE)
                {
                    fileEnded = true;
                }
                else if (header == 0 || (header & QueueScan.INCOMPLETE_BIT) != 0)
                {
                    return false;
                }
                else if (take(header))
                {
                    return true;
                }
            }
            return false;
        }
        catch (final IOException | InternalError error)
        {
            // A fault of the mapping: the file was cut meanwhile, or its disk does not read.
            throw new StorageFailedException("cannot read journal file=" + path + " at position=" + position, error);
        }
    }

    /**
     * Goes to a document.
     *
     * @param wanted what {@link #place()} was
     * @return false when there is no such file
     */
    boolean seek(final long wanted)
    {
        release();
        for (final Path candidate : incarnation.queueFiles())
        {
            if (DocumentPlace.day(candidate) == DocumentPlace.day(wanted))
            {
                openFile(candidate);
                position = DocumentPlace.position(wanted);
                return true;
            }
        }
        return false;
    }

    /**
     * The document's frame, valid until the next call of any method here; 0 when the document is too short or too long
     * for one.
     */
    long address()
    {
        return address;
    }

    int length()
    {
        return length;
    }

    /** Where the document is: {@link DocumentPlace}. */
    long place()
    {
        return place;
    }

    void release()
    {
        address = 0;
        length = 0;
    }

    @Override
    public void close()
    {
        release();
        closeFile();
    }

    /** Header of the next document; 0 where the file ends. */
    private int header() throws IOException
    {
        return reaches(position + QueueScan.HEADER_LENGTH) ?
            Memory.getIntVolatile(map(position, QueueScan.HEADER_LENGTH)) : 0;
    }

    /** Takes the document with this header; false when it is one of the queue's own. */
    private boolean take(final int header) throws IOException
    {
        final long start = position + QueueScan.HEADER_LENGTH;
        final int documentLength = header & QueueScan.LENGTH_MASK;
        final boolean data = (header & QueueScan.METADATA_BIT) == 0;
        if (data)
        {
            place = DocumentPlace.of(day, position);
            final int padding = (int)(-start & FrameDescriptor.ALIGNMENT - 1);
            final int room = documentLength - padding;
            if (room >= FrameDescriptor.HEADER_LENGTH && room <= FrameDescriptor.MAX_FRAME_LENGTH &&
                reaches(start + documentLength))
            {
                final long document = map(start, documentLength);
                if (padding == 0 || Memory.getInt(document) == 0)
                {
                    address = document + padding;
                    length = room;
                }
            }
        }
        position = start + documentLength + QueueScan.HEADER_LENGTH - 1 & -QueueScan.HEADER_LENGTH;
        return data;
    }

    private boolean reaches(final long end) throws IOException
    {
        if (end > size)
        {
            size = file.length();
        }
        return end <= size;
    }

    /** Address of bytes that the file has, valid until the next call. */
    private long map(final long from, final int wanted) throws IOException
    {
        if (from < mappedFrom || from + wanted > mappedFrom + mappedLength)
        {
            unmap();
            final long start = from & -OS.mapAlignment();
            final long end = Math.min(start + WINDOW_LENGTH, size);
            mapping = OS.map(file.getChannel(), FileChannel.MapMode.READ_ONLY, start, end - start);
            mappedFrom = start;
            mappedLength = end - start;
        }
        return mapping + from - mappedFrom;
    }

    private void unmap() throws IOException
    {
        if (mappedLength != 0)
        {
            final long unmapped = mappedLength;
            mappedLength = 0;
            OS.unmap(mapping, unmapped);
        }
    }

    /** Goes to the file behind the one that has ended; looks into the directory each time. */
    private boolean openNextFile()
    {
        final List<Path> files = incarnation.queueFiles();
        for (final Path candidate : files)
        {
            if (path == null || candidate.compareTo(path) > 0)
            {
                openFile(candidate);
                return true;
            }
        }
        return false;
    }

    private void openFile(final Path next)
    {
        closeFile();
        day = DocumentPlace.day(next);
        try
        {
            file = new RandomAccessFile(next.toFile(), "r");
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot open journal file=" + next, exception);
        }
        path = next;
        size = 0;
        position = 0;
        fileEnded = false;
    }

    private void closeFile()
    {
        final RandomAccessFile closing = file;
        file = null;
        if (closing != null)
        {
            try (closing)
            {
                unmap();
            }
            catch (final IOException exception)
            {
                throw new StorageFailedException("cannot close journal file=" + path, exception);
            }
        }
    }
}
