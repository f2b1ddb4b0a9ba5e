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

import static io.millrace.core.ordering.OrderLogDescriptor.CLOCK_OFFSET;
import static io.millrace.core.ordering.OrderLogDescriptor.COUNT_OFFSET;
import static io.millrace.core.ordering.OrderLogDescriptor.ENTRY_LENGTH;
import static io.millrace.core.ordering.OrderLogDescriptor.KIND_OFFSET;
import static io.millrace.core.ordering.OrderLogDescriptor.SOURCE_OFFSET;
import static io.millrace.core.ordering.OrderLogDescriptor.STAMP_OFFSET;
import static io.millrace.core.ordering.OrderLogDescriptor.VALUE_OFFSET;

/**
 * The order log's entries on their way from the sources to the log thread: a ring in which batch {@code b} has entry
 * {@code b & (capacity - 1)}. The claim of a batch is the claim of its entry, so there is no second counter to contend
 * on.
 * <p>
 * Sources append, the log thread drains, writes, and then says up to where the log is durable. The creator closes it
 * after all of them stopped.
 */
public final class OrderLogRing implements OrderLog, AutoCloseable
{
    private final Region region;
    private final long base;
    private final int capacity;
    private final int claimers;
    private final PaddedLong drained;
    private final PaddedLong durable;

    /**
     * A ring.
     *
     * @param account    that the memory is counted in
     * @param capacity   in entries, a power of two above the number of claimers
     * @param claimers   threads that claim batches: the sources, and one for the coordinator
     * @param firstBatch first batch that will be claimed
     */
    public OrderLogRing(final MemoryAccount account, final int capacity, final int claimers, final long firstBatch)
    {
        if (Integer.bitCount(capacity) != 1 || capacity <= claimers)
        {
            throw new IllegalArgumentException("capacity=" + capacity + " of the order log must be a power of two above claimers=" +
                claimers + ": use " + Math.max(64, Integer.highestOneBit(Math.max(1, claimers)) * 2));
        }
        this.region = Region.allocate(account, "order log", (long)capacity * ENTRY_LENGTH);
        this.base = region.address();
        this.capacity = capacity;
        this.claimers = claimers;
        this.drained = new PaddedLong(firstBatch);
        this.durable = new PaddedLong(firstBatch - 1);
    }

    /**
     * Goes on at a batch, before the job runs.
     *
     * @param batch that will be claimed first
     */
    public void startAt(final long batch)
    {
        drained.setVolatile(batch);
        durable.setVolatile(batch - 1);
    }

    @Override
    public boolean hasRoom(final long nextBatch)
    {
        // The others may claim one batch each between this answer and the caller's claim.
        return nextBatch + claimers - drained.getAcquire() <= capacity;
    }

    @Override
    public void append(
        final long batch, final byte kind, final int source, final int count, final long value, final long clock)
    {
        final long entry = address(batch);
        Memory.putByte(entry + KIND_OFFSET, kind);
        Memory.putInt(entry + SOURCE_OFFSET, source);
        Memory.putInt(entry + COUNT_OFFSET, count);
        Memory.putLong(entry + VALUE_OFFSET, value);
        Memory.putLong(entry + CLOCK_OFFSET, clock);
        Memory.putLongRelease(entry + STAMP_OFFSET, batch + 1);
    }

    /**
     * Hands out entries in the order of their batches, up to the first that its claimer has not written yet. For the
     * log thread.
     *
     * @param handler that takes them
     * @param limit   the most entries to hand out
     * @return how many were handed out
     */
    public int drain(final OrderLogHandler handler, final int limit)
    {
        final long first = drained.getAcquire();
        long batch = first;
        try
        {
            while (batch - first < limit && Memory.getLongVolatile(address(batch) + STAMP_OFFSET) == batch + 1)
            {
                final long entry = address(batch);
                handler.onEntry(batch, Memory.getByte(entry + KIND_OFFSET), Memory.getInt(entry + SOURCE_OFFSET),
                    Memory.getInt(entry + COUNT_OFFSET), Memory.getLong(entry + VALUE_OFFSET), Memory.getLong(entry + CLOCK_OFFSET));
                batch++;
            }
        }
        finally
        {
            drained.setRelease(batch);
        }
        return (int)(batch - first);
    }

    /**
     * Says that the log is durable up to a batch. For the log thread.
     *
     * @param batch itself included
     */
    public void durableBatch(final long batch)
    {
        durable.setRelease(batch);
    }

    @Override
    public long durableBatch()
    {
        return durable.getAcquire();
    }

    @Override
    public void close()
    {
        region.close();
    }

    private long address(final long batch)
    {
        return base + (batch & capacity - 1) * ENTRY_LENGTH;
    }
}
