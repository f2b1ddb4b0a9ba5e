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
package io.millrace.memory.table;

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * The chunks that go round between one task and one I/O thread.
 * <pre>
 *     task                                                   I/O thread
 *     take() &lt;------------------ ready &lt;-------------------- recycle(), prepare()
 *     publish() ----------------&gt; full ---------------------&gt; poll()
 * </pre>
 * Nobody waits: {@link #take()} allocates when none is ready, and what does not fit into the queue of full chunks
 * stays with the task until its next {@link #publish(DeltaChunk)} or {@link #flush()}.
 */
public final class DeltaChunks implements DeltaOutlet, AutoCloseable
{
    /** Length of a chunk unless said otherwise. */
    public static final int DEFAULT_CHUNK_LENGTH = 1 << 20;
    /** The shortest chunk that makes sense: it must hold a run of the longest entry. */
    public static final int MIN_CHUNK_LENGTH = 1 << 12;

    private static final int FULL_CAPACITY = 1024;

    private final MemoryAccount account;
    private final String owner;
    private final int chunkLength;
    private final int ahead;
    private final OneToOneConcurrentArrayQueue<DeltaChunk> ready;
    private final OneToOneConcurrentArrayQueue<DeltaChunk> full = new OneToOneConcurrentArrayQueue<>(FULL_CAPACITY);
    private DeltaChunk spare;
    private DeltaChunk oldestWaiting;
    private DeltaChunk newestWaiting;

    /**
     * @param account     that the bytes are counted in
     * @param owner       for messages
     * @param chunkLength in bytes, a multiple of 8, at least {@link #MIN_CHUNK_LENGTH}
     * @param ahead       how many chunks {@link #prepare()} keeps ready, and how many are kept when recycled; at
     *                    least 1
     */
    public DeltaChunks(final MemoryAccount account, final String owner, final int chunkLength, final int ahead)
    {
        if (chunkLength < MIN_CHUNK_LENGTH || (chunkLength & 7) != 0)
        {
            throw new IllegalArgumentException("chunkLength=" + chunkLength + " of owner=" + owner +
                " must be a multiple of 8, at least " + MIN_CHUNK_LENGTH + ": take " + DEFAULT_CHUNK_LENGTH);
        }
        if (ahead < 1)
        {
            throw new IllegalArgumentException("ahead=" + ahead + " of owner=" + owner + " must be at least 1");
        }
        this.account = account;
        this.owner = owner;
        this.chunkLength = chunkLength;
        this.ahead = ahead;
        ready = new OneToOneConcurrentArrayQueue<>(Math.max(2, ahead));
    }

    @Override
    public DeltaChunk take()
    {
        flush();
        DeltaChunk chunk = spare;
        if (chunk != null)
        {
            spare = chunk.next();
            chunk.next(null);
            return chunk;
        }
        chunk = ready.poll();
        return chunk == null ? allocate() : chunk;
    }

    @Override
    public void publish(final DeltaChunk chunk)
    {
        flush();
        if (oldestWaiting != null)
        {
            newestWaiting.next(chunk);
            newestWaiting = chunk;
        }
        else if (!full.offer(chunk))
        {
            oldestWaiting = chunk;
            newestWaiting = chunk;
        }
    }

    @Override
    public void giveBack(final DeltaChunk chunk)
    {
        chunk.next(spare);
        spare = chunk;
    }

    /**
     * Hands over what did not fit before. Called by the task's thread.
     *
     * @return true when nothing is left
     */
    public boolean flush()
    {
        while (oldestWaiting != null)
        {
            final DeltaChunk chunk = oldestWaiting;
            final DeltaChunk following = chunk.next();
            chunk.next(null);
            if (!full.offer(chunk))
            {
                chunk.next(following);
                return false;
            }
            oldestWaiting = following;
        }
        return true;
    }

    /**
     * Takes the next full chunk. Called by the I/O thread.
     *
     * @return a chunk that the caller recycles after use, or null when there is none now
     */
    public DeltaChunk poll()
    {
        return full.poll();
    }

    /**
     * Gives a chunk back, to be filled again or freed. Called by the I/O thread.
     *
     * @param chunk that was polled
     */
    public void recycle(final DeltaChunk chunk)
    {
        if (ready.size() >= ahead || !ready.offer(chunk))
        {
            chunk.close();
        }
    }

    /**
     * Allocates one chunk ahead if fewer than wanted are ready. Called by the I/O thread.
     *
     * @return whether it did
     */
    public boolean prepare()
    {
        if (ready.size() >= ahead)
        {
            return false;
        }
        ready.offer(allocate());
        return true;
    }

    /**
     * Frees every chunk that is here. Called when neither thread works any more; what was polled must have been
     * recycled.
     */
    @Override
    public void close()
    {
        while (spare != null)
        {
            spare.close();
            spare = spare.next();
        }
        while (oldestWaiting != null)
        {
            oldestWaiting.close();
            oldestWaiting = oldestWaiting.next();
        }
        full.drain(DeltaChunk::close);
        ready.drain(DeltaChunk::close);
    }

    private DeltaChunk allocate()
    {
        return new DeltaChunk(Region.allocate(account, owner, chunkLength));
    }
}
