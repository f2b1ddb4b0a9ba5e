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
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFullException;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.KillPoint;
import io.millrace.memory.Memory;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;

/**
 * Appends frames to the queue of one incarnation, one document each, and syncs them by itself. Not thread-safe.
 */
final class FrameAppender implements AutoCloseable
{
    /** Free space that must be there whenever a block is touched for the first time. */
    static final long RESERVE = 2L * FrameDescriptor.BLOCK_LENGTH;

    /** How a file is synced; tests let it fail. */
    interface FileSync
    {
        void sync(FileChannel channel) throws IOException;
    }

    private static final int CHECK_INTERVAL = FrameDescriptor.BLOCK_LENGTH / 4;

    private final Path directory;
    private final SyncLevel syncLevel;
    private final LongSupplier usableSpace;
    private final FileSync fileSync;
    private final SteadyClock clock;
    private final QueueSpace space;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private int uncheckedBytes;
    private long lastPlace;
    private File syncedFile;
    private FileChannel channel;

    FrameAppender(final Path directory, final JournalContext context)
    {
        this.directory = directory;
        this.syncLevel = context.syncLevel();
        this.usableSpace = context.usableSpace();
        this.fileSync = context.fileSync();
        checkSpace();
        this.clock = new SteadyClock(context.epochMillis());
        this.space = new QueueSpace(directory, usableSpace);
        this.queue = ChronicleQueues.open(directory, clock);
        queue.singleThreadedCheckDisabled(true);
        this.appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
    }

    /** Copies a sealed frame into the queue; nothing of it can be seen before it is whole. */
    void append(final long frame, final int length) throws IOException
    {
        if (uncheckedBytes + length > CHECK_INTERVAL)
        {
            checkSpace();
            uncheckedBytes = 0;
        }
        clock.advance();
        space.require(queue.cycle(), queue.rollCycle().format(), length);
        uncheckedBytes += length;
        KillPoint.hit("before append frame");
        final DocumentContext document = appender.writingDocument();
        boolean copied = false;
        try
        {
            final Bytes<?> bytes = document.wire().bytes();
            final long start = bytes.writePosition();
            final int padding = (int)(-start & FrameDescriptor.ALIGNMENT - 1);
            if (padding != 0)
            {
                bytes.writeInt(0);
            }
            Memory.copy(frame, bytes.addressForWrite(start + padding), length);
            bytes.writeSkip(length);
            space.used(start + padding + length);
            KillPoint.hit("middle of append frame");
            // The roll cycle is a day, so that the number of a cycle is that of the day.
            lastPlace = DocumentPlace.of(appender.cycle(), start - QueueScan.HEADER_LENGTH);
            copied = true;
        }
        finally
        {
            if (!copied)
            {
                document.rollbackOnClose();
            }
            document.close();
        }
        KillPoint.hit("after append frame");
    }

    /**
     * Makes what was appended durable, when that is the level. The first sync of a file also syncs its directory entry.
     */
    void sync() throws IOException
    {
        if (syncLevel == SyncLevel.DURABLE)
        {
            final File file = appender.currentFile();
            if (!file.equals(syncedFile))
            {
                openChannel(file);
            }
            KillPoint.hit("before sync frame");
            fileSync.sync(channel);
            KillPoint.hit("after sync frame");
        }
    }

    /** Place of the document that was appended last. */
    long lastPlace()
    {
        return lastPlace;
    }

    @Override
    public void close()
    {
        try
        {
            closeChannel();
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot close journal file=" + syncedFile, exception);
        }
        finally
        {
            appender.close();
            queue.close();
            space.close();
        }
    }

    private void openChannel(final File file) throws IOException
    {
        KillPoint.hit("before roll journal");
        if (channel != null)
        {
            // The end mark of the file before: without it a reader would wait there for ever.
            channel.force(true);
        }
        closeChannel();
        channel = FileChannel.open(file.toPath(), StandardOpenOption.WRITE);
        KillPoint.hit("middle of roll journal");
        channel.force(true);
        PrivateFiles.syncDirectory(directory);
        syncedFile = file;
        KillPoint.hit("after roll journal");
    }

    private void closeChannel() throws IOException
    {
        final FileChannel closing = channel;
        channel = null;
        if (closing != null)
        {
            closing.close();
        }
    }

    private void checkSpace()
    {
        final long usable = usableSpace.getAsLong();
        if (usable < RESERVE)
        {
            throw new StorageFullException("journal directory=" + directory + " has usable=" + usable +
                " bytes, needs reserve=" + RESERVE + ": free space on its file system, then flush again", null);
        }
    }

    /**
     * A clock that never goes back, since the queue must not return to a file that it has closed, and goes on only where it is
     * told, so that the queue begins no file for which no space was taken.
     */
    private static final class SteadyClock implements LongSupplier
    {
        private final LongSupplier clock;
        private long latest;

        SteadyClock(final LongSupplier clock)
        {
            this.clock = clock;
            this.latest = clock.getAsLong();
        }

        synchronized void advance()
        {
            latest = Math.max(latest, clock.getAsLong());
        }

        @Override
        public synchronized long getAsLong()
        {
            return latest;
        }
    }
}
