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
package io.millrace.checkpoint.savepoint;

import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.StateDescription;
import io.millrace.core.state.StatePlacement;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaReader;
import io.millrace.memory.table.KeyGroups;
import io.millrace.memory.table.KeyHash;

import java.io.IOException;
import java.util.Arrays;

/**
 * The entries of one state while they come, in the order of the tasks' sweeps: dealt into buckets of neighbouring key groups,
 * of which full blocks go to the spool file, so that each bucket is sorted on its own.
 */
final class EntryBuckets implements AutoCloseable
{
    private static final int MOST_BUCKETS = 128;
    private static final int LEAST_BLOCK_LENGTH = 1 << 13;

    private final String uid;
    private final StateDescription state;
    private final int parallelism;
    private final int maxParallelism;
    private final SpoolFile spool;
    private final MemoryAccount account;
    private final int groups;
    private final int stride;
    private final int blockLength;
    private final Bucket[] buckets;
    private long entries;

    EntryBuckets(
        final String uid,
        final StateDescription state,
        final int parallelism,
        final int maxParallelism,
        final SpoolFile spool,
        final MemoryAccount account)
    {
        this.uid = uid;
        this.state = state;
        this.parallelism = parallelism;
        this.maxParallelism = maxParallelism;
        this.spool = spool;
        this.account = account;
        groups = state.placement() == StatePlacement.BY_KEY ? maxParallelism : parallelism;
        stride = EntrySort.ENTRY_OFFSET + state.entryLength();
        blockLength = Math.max(1, LEAST_BLOCK_LENGTH / stride) * stride;
        buckets = new Bucket[Math.min(groups, MOST_BUCKETS)];
    }

    StateDescription state()
    {
        return state;
    }

    /** Number of entries that were taken. */
    long entries()
    {
        return entries;
    }

    int count()
    {
        return buckets.length;
    }

    /** Takes the entries of a run that one instance wrote. */
    void take(final DeltaReader run, final int subtask) throws IOException
    {
        run.requireState(run.stateId(), state.keyLength(), state.valueLength());
        final KeyGroupRange range = KeyGroupRange.of(subtask, parallelism, maxParallelism);
        while (run.nextEntry())
        {
            final long entry = run.entryAddress();
            final int group = group(entry, subtask, range);
            final int number = (int)((long)group * buckets.length / groups);
            Bucket bucket = buckets[number];
            if (bucket == null)
            {
                bucket = new Bucket();
                buckets[number] = bucket;
            }
            final long place = bucket.next();
            Memory.putLong(place + EntrySort.SLICE_OFFSET, run.namespace());
            Memory.putInt(place + EntrySort.GROUP_OFFSET, group);
            Memory.putInt(place + EntrySort.GROUP_OFFSET + Integer.BYTES, 0);
            Memory.putLong(place + EntrySort.HASH_OFFSET, KeyHash.hash(entry, state.keyLength()));
            Memory.copyWords(entry, place + EntrySort.ENTRY_OFFSET, state.entryLength());
            entries++;
        }
    }

    private int group(final long entry, final int subtask, final KeyGroupRange range)
    {
        if (state.placement() != StatePlacement.BY_KEY)
        {
            return subtask;
        }
        final int group = KeyGroups.of(KeyHash.hash(entry, state.streamKeyLength()), maxParallelism);
        if (group < range.first() || group > range.last())
        {
            throw new IllegalStateException("state=" + state.name() + " of uid=" + uid + " has a key of key group=" + group +
                " in instance=" + subtask + ", which owns " + range.first() + " to " + range.last() +
                ": its operator must say with StateBackend.describe(...) how long the stream's key in it is");
        }
        return group;
    }

    /**
     * Brings the entries of a bucket into memory, once all were taken.
     *
     * @param number of the bucket
     * @return addresses in order, valid until the bucket's memory is given back; none for nothing
     */
    long[] load(final int number) throws IOException
    {
        final Bucket bucket = buckets[number];
        return bucket == null ? new long[0] : new EntrySort(state.keyLength()).sort(bucket.load());
    }

    /** Gives the memory of a bucket back. */
    void release(final int number)
    {
        if (buckets[number] != null)
        {
            buckets[number].close();
            buckets[number] = null;
        }
    }

    @Override
    public void close()
    {
        for (int i = 0; i < buckets.length; i++)
        {
            release(i);
        }
    }

    /** Neighbouring key groups. */
    private final class Bucket implements AutoCloseable
    {
        private Region block = Region.allocate(account, "savepoint of " + uid, blockLength);
        private int used;
        private long[] blocks = new long[4];
        private int full;

        private long next() throws IOException
        {
            if (used == blockLength)
            {
                if (full == blocks.length)
                {
                    blocks = Arrays.copyOf(blocks, full * 2);
                }
                blocks[full++] = spool.append(block.address(), used);
                used = 0;
            }
            final long place = block.address() + used;
            used += stride;
            return place;
        }

        private long[] load() throws IOException
        {
            final long length = (long)full * blockLength + used;
            final Region all = Region.allocate(account, "savepoint of " + uid, length);
            for (int i = 0; i < full; i++)
            {
                spool.read(blocks[i], all.address() + (long)i * blockLength, blockLength);
            }
            Memory.copy(block.address(), all.address() + (long)full * blockLength, used);
            block.close();
            block = all;
            final long[] addresses = new long[Math.toIntExact(length / stride)];
            for (int i = 0; i < addresses.length; i++)
            {
                addresses[i] = all.address() + (long)i * stride;
            }
            return addresses;
        }

        @Override
        public void close()
        {
            block.close();
        }
    }
}
