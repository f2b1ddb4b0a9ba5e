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
 * A flyweight that walks over the bytes of one chunk: run by run, entry by entry. It allocates nothing, reads nothing
 * outside the given bytes, and fails with {@link CorruptDeltaException} on what {@link DeltaDescriptor} does not
 * allow. One thread at a time.
 * <pre>
 *   reader.wrap(address, length);
 *   while (reader.nextRun())
 *   {
 *       while (reader.nextEntry())
 *       {
 *           use(reader.stateId(), reader.kind(), reader.namespace(), reader.entryAddress());
 *       }
 *   }
 * </pre>
 */
public final class DeltaReader
{
    private long start;
    private long limit;
    private long next;
    private int stateId;
    private int kind;
    private int count;
    private int entryLength;
    private long namespace;
    private int index;
    private long entryAddress;

    /**
     * Starts before the first run.
     *
     * @param address of the chunk's first byte
     * @param length  of the delta in the chunk, in bytes
     * @return this
     */
    public DeltaReader wrap(final long address, final long length)
    {
        if (length < 0)
        {
            throw new IllegalArgumentException("length=" + length + " must not be below 0");
        }
        start = address;
        limit = address + length;
        next = address;
        count = 0;
        index = 0;
        entryAddress = 0;
        return this;
    }

    /**
     * Goes to the next run; what was not read of the last one is skipped.
     *
     * @return whether there is one
     * @throws CorruptDeltaException when the bytes are no run
     */
    public boolean nextRun()
    {
        final long run = next;
        final long remaining = limit - run;
        if (remaining == 0)
        {
            count = 0;
            index = 0;
            return false;
        }
        if (remaining < RUN_HEADER_LENGTH)
        {
            throw corrupt("a run's header needs " + RUN_HEADER_LENGTH + " bytes, remaining=" + remaining);
        }
        stateId = Memory.getInt(run + STATE_ID_OFFSET);
        kind = Memory.getInt(run + KIND_OFFSET);
        count = Memory.getInt(run + COUNT_OFFSET);
        entryLength = Memory.getInt(run + ENTRY_LENGTH_OFFSET);
        namespace = Memory.getLong(run + NAMESPACE_OFFSET);
        check(remaining);
        entryAddress = run + RUN_HEADER_LENGTH;
        next = entryAddress + (long)count * entryLength;
        if (kind == BLOB)
        {
            checkBlob();
        }
        entryAddress -= entryLength;
        index = 0;
        return true;
    }

    /**
     * Goes to the next entry of the run.
     *
     * @return whether there is one
     */
    public boolean nextEntry()
    {
        if (index >= count)
        {
            return false;
        }
        index++;
        entryAddress += entryLength;
        return true;
    }

    /**
     * @return id of the state that the run is of
     */
    public int stateId()
    {
        return stateId;
    }

    /**
     * @return kind of the run, as in {@link DeltaDescriptor}
     */
    public int kind()
    {
        return kind;
    }

    /**
     * @return namespace of the run
     */
    public long namespace()
    {
        return namespace;
    }

    /**
     * @return entries of the run
     */
    public int count()
    {
        return count;
    }

    /**
     * @return length of each entry of the run in bytes
     */
    public int entryLength()
    {
        return entryLength;
    }

    /**
     * @return address of the entry's first byte, valid while the chunk is
     */
    public long entryAddress()
    {
        return entryAddress;
    }

    /**
     * @return address of the blob's first byte, after {@link #nextEntry()} in a run of kind BLOB
     */
    public long blobAddress()
    {
        return entryAddress + BLOB_BYTES_OFFSET;
    }

    /**
     * @return true length of the blob in bytes, after {@link #nextEntry()} in a run of kind BLOB
     */
    public int blobLength()
    {
        return Memory.getInt(entryAddress + BLOB_LENGTH_OFFSET);
    }

    /**
     * Makes sure that the run can be put into a table.
     *
     * @param wantedStateId of the table
     * @param keyLength     of the table in bytes
     * @param valueLength   of the table in bytes
     * @throws CorruptDeltaException when it is of another state, is no run for tables, or has entries of another length
     */
    public void requireState(final int wantedStateId, final int keyLength, final int valueLength)
    {
        final int expected = kind == UPSERT ? keyLength + valueLength : kind == TOMBSTONE ? keyLength : 0;
        if (entryLength != expected || kind < UPSERT || kind > DROP || stateId != wantedStateId)
        {
            throw new CorruptDeltaException("stateId=" + wantedStateId + " cannot take a run of stateId=" + stateId +
                " kind=" + DeltaDescriptor.kindName(kind) + " entryLength=" + entryLength +
                ": keyLength=" + keyLength + " valueLength=" + valueLength +
                ": restore a checkpoint of the same layout");
        }
    }

    private void check(final long remaining)
    {
        if (kind < UPSERT || kind > BLOB)
        {
            throw corrupt("kind is none of 1 to 5, or a reserved byte is not 0");
        }
        if (count < 0 || entryLength < 0 || (entryLength & 7) != 0)
        {
            throw corrupt("count and entryLength must not be below 0, entryLength must be a multiple of 8");
        }
        final boolean empty = kind == CLEAR || kind == DROP;
        if (empty != (count == 0) || empty != (entryLength == 0) || kind == BLOB && count != 1)
        {
            throw corrupt("CLEAR and DROP have no entries, BLOB has one, the others have some");
        }
        final long length = (long)count * entryLength;
        if (length > remaining - RUN_HEADER_LENGTH)
        {
            throw corrupt("the run's entries need " + length + " bytes, remaining=" + (remaining - RUN_HEADER_LENGTH));
        }
    }

    private void checkBlob()
    {
        final int blobLength = Memory.getInt(entryAddress + BLOB_LENGTH_OFFSET);
        if (blobLength < 0 || blobLength > entryLength - BLOB_BYTES_OFFSET)
        {
            throw corrupt("blobLength=" + blobLength + " does not fit into the entry");
        }
    }

    private CorruptDeltaException corrupt(final String why)
    {
        return new CorruptDeltaException("no delta at offset=" + (next - start) + " of length=" + (limit - start) +
            ": " + why + ": stateId=" + stateId + " kind=" + DeltaDescriptor.kindName(kind) + " count=" + count +
            " entryLength=" + entryLength + " namespace=" + namespace + ": restore the checkpoint before this one");
    }
}
