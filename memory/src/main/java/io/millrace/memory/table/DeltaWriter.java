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

import io.millrace.memory.Memory;

import static io.millrace.memory.table.DeltaDescriptor.BLOB;
import static io.millrace.memory.table.DeltaDescriptor.BLOB_BYTES_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.BLOB_LENGTH_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.CLEAR;
import static io.millrace.memory.table.DeltaDescriptor.COUNT_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.DROP;
import static io.millrace.memory.table.DeltaDescriptor.ENTRY_LENGTH_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.KIND_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.NAMESPACE_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.RUN_HEADER_LENGTH;
import static io.millrace.memory.table.DeltaDescriptor.STATE_ID_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.TOMBSTONE;
import static io.millrace.memory.table.DeltaDescriptor.UPSERT;

/**
 * Writes the delta of one epoch after another, laid out as in {@link DeltaDescriptor}. Chunks come from and go to a
 * {@link DeltaOutlet}; writing never waits. Entries of the same run follow each other without a new header. Used by
 * the task's thread.
 */
public final class DeltaWriter
{
    private static final int NO_RUN = 0;

    private final DeltaOutlet outlet;
    private DeltaChunk chunk;
    private long position;
    private long limit;
    private long runAddress;
    private int runKind = NO_RUN;
    private int runStateId;
    private long runNamespace;
    private int runEntryLength;
    private int runCount;
    private long epoch;
    private int sequence;
    private long publishedBytes;
    /** Whether full chunks are kept, and those that are, oldest first. */
    private boolean holding;
    private DeltaChunk firstHeld;
    private DeltaChunk lastHeld;

    /**
     * @param outlet that chunks are taken from and published to
     */
    public DeltaWriter(final DeltaOutlet outlet)
    {
        this.outlet = outlet;
    }

    /**
     * Starts the delta of an epoch, after the one before was finished.
     *
     * @param epoch whose changes will be written
     */
    public void begin(final long epoch)
    {
        if (chunk != null)
        {
            throw new IllegalStateException(
                "delta of epoch=" + this.epoch + " is not finished: finish it before epoch=" + epoch);
        }
        this.epoch = epoch;
        sequence = 0;
        publishedBytes = 0;
    }

    /**
     * Keeps full chunks until {@link #release()}: what is written belongs to a snapshot that has not begun, and whoever
     * polls them would take them for a part of the one before.
     */
    public void hold()
    {
        holding = true;
    }

    /** Publishes what was kept, now that its snapshot has begun, and whatever follows when it is full. */
    public void release()
    {
        holding = false;
        while (firstHeld != null)
        {
            final DeltaChunk released = firstHeld;
            firstHeld = released.next();
            released.next(null);
            outlet.publish(released);
        }
        lastHeld = null;
    }

    /**
     * Writes an entry as it is now.
     *
     * @param stateId      of the state
     * @param namespace    of the entry
     * @param entryAddress of the key bytes, which the value bytes follow
     * @param entryLength  of key and value in bytes, a multiple of 8
     */
    public void upsert(final int stateId, final long namespace, final long entryAddress, final int entryLength)
    {
        append(UPSERT, stateId, namespace, entryAddress, entryLength);
    }

    /**
     * Writes that a key is gone.
     *
     * @param stateId    of the state
     * @param namespace  of the entry
     * @param keyAddress of the key bytes
     * @param keyLength  in bytes, a multiple of 8
     */
    public void tombstone(final int stateId, final long namespace, final long keyAddress, final int keyLength)
    {
        append(TOMBSTONE, stateId, namespace, keyAddress, keyLength);
    }

    /**
     * Writes that every entry of a state in a namespace is gone.
     *
     * @param stateId   of the state
     * @param namespace that was cleared
     */
    public void clear(final int stateId, final long namespace)
    {
        startRun(CLEAR, stateId, namespace, 0, 0);
        endRun();
    }

    /**
     * Writes that a namespace is gone.
     *
     * @param stateId   of the state
     * @param namespace that was dropped
     */
    public void drop(final int stateId, final long namespace)
    {
        startRun(DROP, stateId, namespace, 0, 0);
        endRun();
    }

    /**
     * Writes opaque bytes of an operator.
     *
     * @param stateId   of the operator's state
     * @param namespace as the operator likes
     * @param address   of the first byte
     * @param length    in bytes, from 0 to {@link #maxBlobLength()}
     */
    public void blob(final int stateId, final long namespace, final long address, final int length)
    {
        if (length < 0 || length > maxBlobLength())
        {
            throw new IllegalArgumentException("blob of stateId=" + stateId + " length=" + length +
                " does not fit into a chunk: at most " + maxBlobLength() +
                ", write it in several parts with a namespace each");
        }
        final int entryLength = BLOB_BYTES_OFFSET + length + 7 & -8;
        startRun(BLOB, stateId, namespace, entryLength, entryLength);
        final long entry = position;
        Memory.putLong(entry + entryLength - Long.BYTES, 0);
        Memory.putInt(entry + BLOB_LENGTH_OFFSET, length);
        Memory.copy(address, entry + BLOB_BYTES_OFFSET, length);
        position = entry + entryLength;
        runCount = 1;
        endRun();
    }

    /**
     * @return the longest blob that can be written, in bytes
     */
    public int maxBlobLength()
    {
        ensureChunk();
        return chunk.capacity() - RUN_HEADER_LENGTH - BLOB_BYTES_OFFSET - Integer.BYTES;
    }

    /** Ends the delta: publishes its last chunk, which is empty when nothing is left. */
    public void finish()
    {
        ensureChunk();
        publish(true);
    }

    /** Forgets what was not published. The chunks that were published stay with whoever polls them. */
    public void abort()
    {
        if (chunk != null)
        {
            outlet.giveBack(chunk);
            chunk = null;
        }
        while (firstHeld != null)
        {
            final DeltaChunk held = firstHeld;
            firstHeld = held.next();
            outlet.giveBack(held);
        }
        lastHeld = null;
        position = 0;
        limit = 0;
        runKind = NO_RUN;
    }

    /**
     * @return the epoch that is being written
     */
    public long epoch()
    {
        return epoch;
    }

    /**
     * @return bytes of this epoch's delta so far
     */
    public long bytes()
    {
        return publishedBytes + (chunk == null ? 0 : position - chunk.address());
    }

    private void append(final int kind, final int stateId, final long namespace, final long address, final int length)
    {
        if (runKind != kind || runStateId != stateId || runNamespace != namespace || runEntryLength != length ||
            limit - position < length)
        {
            startRun(kind, stateId, namespace, length, length);
        }
        final long destination = position;
        for (int offset = 0; offset < length; offset += Long.BYTES)
        {
            Memory.putLong(destination + offset, Memory.getLong(address + offset));
        }
        position = destination + length;
        runCount++;
    }

    private void startRun(
        final int kind, final int stateId, final long namespace, final int entryLength, final int firstLength)
    {
        endRun();
        ensureChunk();
        if (limit - position < RUN_HEADER_LENGTH + firstLength)
        {
            if (position == chunk.address())
            {
                throw new IllegalArgumentException("entry of stateId=" + stateId + " length=" + firstLength +
                    " does not fit into a chunk of " + chunk.capacity() + " bytes: make the chunks longer");
            }
            publish(false);
            ensureChunk();
        }
        final long run = position;
        Memory.putInt(run + STATE_ID_OFFSET, stateId);
        Memory.putInt(run + KIND_OFFSET, kind);
        Memory.putInt(run + COUNT_OFFSET, 0);
        Memory.putInt(run + ENTRY_LENGTH_OFFSET, entryLength);
        Memory.putLong(run + NAMESPACE_OFFSET, namespace);
        runAddress = run;
        runKind = kind;
        runStateId = stateId;
        runNamespace = namespace;
        runEntryLength = entryLength;
        runCount = 0;
        position = run + RUN_HEADER_LENGTH;
    }

    private void endRun()
    {
        if (runKind != NO_RUN)
        {
            Memory.putInt(runAddress + COUNT_OFFSET, runCount);
            runKind = NO_RUN;
        }
    }

    private void ensureChunk()
    {
        if (chunk == null)
        {
            chunk = outlet.take();
            chunk.start(epoch, sequence++);
            position = chunk.address();
            limit = position + chunk.capacity();
        }
    }

    private void publish(final boolean last)
    {
        endRun();
        final DeltaChunk finished = chunk;
        final int length = (int)(position - finished.address());
        finished.end(length, last);
        publishedBytes += length;
        chunk = null;
        position = 0;
        limit = 0;
        if (!holding)
        {
            outlet.publish(finished);
        }
        else if (lastHeld == null)
        {
            firstHeld = finished;
            lastHeld = finished;
        }
        else
        {
            lastHeld.next(finished);
            lastHeld = finished;
        }
    }
}
