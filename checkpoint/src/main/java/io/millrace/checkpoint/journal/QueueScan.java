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

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.checkpoint.files.PrivateFiles;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Walks the documents of an incarnation's files by reading them, without the queue: what cannot be read is an error
 * then and not mistaken for damage, because the writer cuts at damage. The queue's format, at every multiple of 4 in a
 * file:
 * <pre>
 *   | header: 4 bytes | document, padded to a multiple of 4 |
 *
 *   header   0                      end of what was written
 *            0xC0000000             end of the file, the next one goes on
 *            bit 31                 document that was begun and not ended
 *            bit 30                 the queue's own document
 *            bits 29 to 0           length
 * </pre>
 */
final class QueueScan implements AutoCloseable
{
    static final int HEADER_LENGTH = Integer.BYTES;
    static final int END_OF_FILE = 0xC0000000;
    static final int INCOMPLETE_BIT = 0x80000000;
    static final int METADATA_BIT = 0x40000000;
    static final int LENGTH_MASK = 0x3FFFFFFF;
    private static final int WINDOW_LENGTH = FrameDescriptor.BLOCK_LENGTH / 2;

    private final Incarnation incarnation;
    private final JournalContext context;
    private final AddressBuffer buffer = new AddressBuffer();
    private final Region window;
    private long windowStart;
    private long windowLength;
    private FileChannel channel;
    private long size;
    private long expected;
    private long frame;
    private String damage;

    QueueScan(final JournalContext context, final Incarnation incarnation)
    {
        this.context = context;
        this.incarnation = incarnation;
        this.expected = incarnation.firstFrame();
        window = Region.allocate(context.account(), "scan of " + incarnation.path(), WINDOW_LENGTH);
    }

    /** Takes a good frame. */
    interface Visitor
    {
        void onFrame(long frame);
    }

    /**
     * Goes through the good frames until there are no more, or up to the one before {@code end}, and syncs the files at
     * any level: the next incarnation is built on what was seen here, some of which may never have been synced.
     *
     * @param end     number of the frame to stop at
     * @param visitor of every frame
     */
    void run(final long end, final Visitor visitor) throws IOException
    {
        final List<Path> files = incarnation.queueFiles();
        for (final Path file : files)
        {
            try (FileChannel synced = FileChannel.open(file, StandardOpenOption.READ))
            {
                synced.force(true);
            }
        }
        PrivateFiles.syncDirectory(incarnation.path());
        for (final Path file : files)
        {
            if (damage == null && expected < end && !scan(file, end, visitor))
            {
                break;
            }
        }
    }

    /** Number of the frame behind the last good one. */
    long expected()
    {
        return expected;
    }

    /** What is wrong with it, or null when nothing of it is there. */
    String damage()
    {
        return damage;
    }

    @Override
    public void close()
    {
        window.close();
    }

    /** Scans one file; true when its end mark says that the next one goes on. */
    private boolean scan(final Path file, final long end, final Visitor visitor) throws IOException
    {
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ))
        {
            channel = opened;
            size = opened.size();
            windowLength = 0;
            long position = 0;
            while (expected < end && damage == null)
            {
                final int header = position + HEADER_LENGTH > size ? 0 : Memory.getInt(read(position, HEADER_LENGTH));
                if (header == 0 || (header & INCOMPLETE_BIT) != 0)
                {
                    return header == END_OF_FILE;
                }
                final long start = position + HEADER_LENGTH;
                final int length = header & LENGTH_MASK;
                if ((header & METADATA_BIT) == 0)
                {
                    damage = check(start, length);
                    if (damage == null)
                    {
                        expected++;
                        visitor.onFrame(frame);
                    }
                }
                position = start + length + HEADER_LENGTH - 1 & -HEADER_LENGTH;
            }
            return true;
        }
    }

    private String check(final long start, final int length) throws IOException
    {
        final int padding = (int)(-start & FrameDescriptor.ALIGNMENT - 1);
        final int frameLength = length - padding;
        if (frameLength < FrameDescriptor.HEADER_LENGTH || frameLength > FrameDescriptor.MAX_FRAME_LENGTH ||
            start + length > size)
        {
            return FrameDescriptor.problem(0, 0, incarnation.number(), expected, false, buffer);
        }
        final long document = read(start, length);
        final boolean padded = padding == 0 || Memory.getInt(document) == 0;
        frame = document + padding;
        return FrameDescriptor.problem(
            frame, padded ? frameLength : 0, incarnation.number(), expected, context.checksums(), buffer);
    }

    /** Address of bytes of the file, valid until the next call. */
    private long read(final long position, final int length) throws IOException
    {
        if (position < windowStart || position + length > windowStart + windowLength)
        {
            windowStart = position;
            windowLength = 0;
            final int wanted = (int)Math.min(WINDOW_LENGTH, size - position);
            while (windowLength < wanted)
            {
                final ByteBuffer rest = buffer.wrap(window.address() + windowLength, (int)(wanted - windowLength));
                final int read = channel.read(rest, position + windowLength);
                if (read < 0)
                {
                    throw new IOException("file of " + incarnation.path() + " ends before size=" + size);
                }
                windowLength += read;
            }
        }
        return window.address() + position - windowStart;
    }
}
