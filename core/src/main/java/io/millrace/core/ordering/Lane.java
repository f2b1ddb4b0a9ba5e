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
package io.millrace.core.ordering;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

/**
 * Where a merge puts slots of the cause that it waits at, so that their producer, and through it what the merge waits
 * for, can go on. First in, first out, in linked chunks; a record never spans two. Chunks that were emptied are kept
 * for the next burst. One thread.
 *
 * <pre>
 *   head chunk                     tail chunk                    spare
 *   [ read | slots ... ] -------&gt; [ slots ... | free ]           [ free ] -&gt; ...
 * </pre>
 */
final class Lane implements AutoCloseable
{
    private static final int CHUNK_SLOTS = 256;

    private final MemoryAccount account;
    private final String name;
    private final int stride;
    private final int chunkSlots;
    private Chunk head;
    private Chunk tail;
    private Chunk spare;
    private int slots;

    Lane(final MemoryAccount account, final String name, final int stride, final int recordSlots)
    {
        this.account = account;
        this.name = name;
        this.stride = stride;
        this.chunkSlots = Math.max(CHUNK_SLOTS, recordSlots);
    }

    /** Appends a record of one or several slots. */
    void add(final long address, final int count)
    {
        if (tail == null || chunkSlots - tail.written < count)
        {
            append();
        }
        Memory.copy(address, tail.region.address() + (long)tail.written * stride, (long)count * stride);
        tail.written += count;
        slots += count;
    }

    int slots()
    {
        return slots;
    }

    /** Address of the first slot; the lane is not empty. */
    long address()
    {
        return head.region.address() + (long)head.read * stride;
    }

    /** Slots that lie one after the other from {@link #address()}. */
    int contiguousSlots()
    {
        return slots == 0 ? 0 : head.written - head.read;
    }

    void consume(final int count)
    {
        final Chunk chunk = head;
        chunk.read += count;
        slots -= count;
        if (chunk.read == chunk.written && chunk.next != null)
        {
            head = chunk.next;
            recycle(chunk);
        }
    }

    /** Lets the chunks of consumed slots go; what they held is not valid any more. The lane is empty. */
    void reset()
    {
        if (head != null)
        {
            recycle(head);
            head = null;
            tail = null;
        }
    }

    @Override
    public void close()
    {
        reset();
        for (Chunk chunk = spare; chunk != null; chunk = chunk.next)
        {
            chunk.region.close();
        }
        spare = null;
    }

    private void recycle(final Chunk chunk)
    {
        chunk.next = spare;
        spare = chunk;
    }

    private void append()
    {
        Chunk chunk = spare;
        if (chunk == null)
        {
            chunk = new Chunk(Region.allocate(account, name, (long)chunkSlots * stride));
        }
        else
        {
            spare = chunk.next;
        }
        chunk.next = null;
        chunk.read = 0;
        chunk.written = 0;
        if (tail == null)
        {
            head = chunk;
        }
        else
        {
            tail.next = chunk;
        }
        tail = chunk;
    }

    private static final class Chunk
    {
        private final Region region;
        private int written;
        private int read;
        private Chunk next;

        private Chunk(final Region region)
        {
            this.region = region;
        }
    }
}
