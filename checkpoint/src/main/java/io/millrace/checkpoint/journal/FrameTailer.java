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

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Reads the documents of one incarnation's queue where they lie. It takes nothing for granted: a document that cannot
 * be a whole frame is reported with length 0 and never touched. Not thread-safe.
 */
final class FrameTailer implements AutoCloseable
{
    private final SingleChronicleQueue queue;
    private final ExcerptTailer tailer;
    private DocumentContext document;
    private long address;
    private int length;
    private long index;

    FrameTailer(final Incarnation incarnation)
    {
        queue = ChronicleQueues.open(incarnation.path(), System::currentTimeMillis);
        queue.singleThreadedCheckDisabled(true);
        tailer = queue.createTailer();
        tailer.singleThreadedCheckDisabled(true);
    }

    /**
     * Lets go of the document before and goes to the next one.
     *
     * @return false when there is none yet
     */
    boolean next()
    {
        release();
        final DocumentContext next = tailer.readingDocument();
        if (!next.isPresent())
        {
            next.close();
            return false;
        }
        document = next;
        index = next.index();
        final Bytes<?> bytes = next.wire().bytes();
        final long position = bytes.readPosition();
        final long available = bytes.readRemaining();
        final int padding = (int)(-position & FrameDescriptor.ALIGNMENT - 1);
        final long room = available - padding;
        if (room < FrameDescriptor.HEADER_LENGTH || room > FrameDescriptor.MAX_FRAME_LENGTH ||
            padding != 0 && bytes.readInt(position) != 0)
        {
            address = 0;
            length = 0;
        }
        else
        {
            address = bytes.addressForRead(position, (int)available) + padding;
            length = (int)room;
        }
        return true;
    }

    boolean seek(final long queueIndex)
    {
        release();
        return tailer.moveToIndex(queueIndex);
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

    long index()
    {
        return index;
    }

    void release()
    {
        if (document != null)
        {
            final DocumentContext closing = document;
            document = null;
            address = 0;
            length = 0;
            closing.close();
        }
    }

    @Override
    public void close()
    {
        try
        {
            release();
        }
        finally
        {
            tailer.close();
            queue.close();
        }
    }
}
