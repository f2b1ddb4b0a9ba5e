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

import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Chronicle Queue that another program writes, opened to be read only: nothing is created or changed in its directory.
 * Not thread-safe.
 */
public final class ForeignQueue implements AutoCloseable
{
    /** What a writer creates first; it has the roll cycle. */
    private static final String METADATA = "metadata.cq4t";

    private final Path directory;
    private SingleChronicleQueue queue;
    private ExcerptTailer tailer;
    /** Index that was gone to, until a document behind it was read. */
    private long soughtIndex;

    /**
     * A queue, not yet opened.
     *
     * @param directory of its files
     */
    public ForeignQueue(final Path directory)
    {
        ChronicleQueues.require();
        this.directory = directory;
    }

    /**
     * Where it lies.
     *
     * @return directory
     */
    public Path directory()
    {
        return directory;
    }

    /**
     * Opens it, before its first document, unless it is open.
     *
     * @return false when its writer has not created it yet
     */
    public boolean open()
    {
        if (queue == null && Files.exists(directory.resolve(METADATA)))
        {
            try
            {
                queue = SingleChronicleQueueBuilder.binary(directory).readOnly(true).build();
                queue.singleThreadedCheckDisabled(true);
            }
            catch (final LinkageError error)
            {
                throw ChronicleQueues.missing(error);
            }
            tailer = queue.createTailer();
            tailer.singleThreadedCheckDisabled(true);
        }
        return queue != null;
    }

    /**
     * Opens it behind a document that was read before.
     *
     * @param index of the document
     * @throws IllegalStateException when it is not there any more
     */
    public void openBehind(final long index)
    {
        final boolean there = open() && tailer.moveToIndex(index);
        boolean read = false;
        if (there)
        {
            try (DocumentContext document = tailer.readingDocument())
            {
                read = document.isPresent() && document.index() == index;
            }
        }
        if (!read)
        {
            throw new IllegalStateException("queue=" + directory + " has no document at index=0x" + Long.toHexString(index) +
                ", behind which the checkpoint goes on: keep the queue's files until no retained checkpoint is before them");
        }
        soughtIndex = index;
    }

    /**
     * What reads it.
     *
     * @return tailer of the open queue
     */
    public ExcerptTailer tailer()
    {
        return tailer;
    }

    /**
     * The document that was read last.
     *
     * @return its index
     */
    public long lastIndex()
    {
        final long last = tailer == null ? 0 : tailer.lastReadIndex();
        return last > soughtIndex ? last : soughtIndex;
    }

    /** Goes back to before the document that was read last. */
    public void goBack()
    {
        final long index = lastIndex();
        if (!tailer.moveToIndex(index))
        {
            throw new IllegalStateException("queue=" + directory + " has no document at index=0x" +
                Long.toHexString(index) + " any more, which was read just now: keep the queue's files");
        }
    }

    /**
     * Copies the document that was read last.
     *
     * @param most bytes to copy
     * @return its bytes, or the first of them
     */
    public byte[] lastDocument(final int most)
    {
        try (ExcerptTailer again = queue.createTailer())
        {
            again.singleThreadedCheckDisabled(true);
            if (again.moveToIndex(lastIndex()))
            {
                try (DocumentContext document = again.readingDocument())
                {
                    if (document.isPresent())
                    {
                        final byte[] bytes = new byte[(int)Math.min(most, document.wire().bytes().readRemaining())];
                        document.wire().bytes().read(bytes);
                        return bytes;
                    }
                }
            }
        }
        return new byte[0];
    }

    @Override
    public void close()
    {
        if (queue != null)
        {
            tailer.close();
            queue.close();
            queue = null;
        }
    }
}
