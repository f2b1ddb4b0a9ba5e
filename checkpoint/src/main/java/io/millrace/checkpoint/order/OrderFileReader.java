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
package io.millrace.checkpoint.order;

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.io.IOException;
import java.util.List;

/**
 * Reads the order log: frame after frame, each with its checksum, file and first batch, up to the first that is not
 * good. Behind it nothing is there; before the first batch of a later file that is damage.
 */
final class OrderFileReader implements AutoCloseable
{
    /** Any plan will do. */
    static final long ANY_PLAN = 0;

    private final StorageFiles files;
    private final Object directory;
    private final long plan;
    private final AddressBuffer buffer = new AddressBuffer();
    private final OrderFrameDecoder decoder = new OrderFrameDecoder();
    private final Region region;

    OrderFileReader(final StorageFiles files, final Object directory, final long plan, final MemoryAccount account)
    {
        this.files = files;
        this.directory = directory;
        this.plan = plan;
        this.region = Region.allocate(account, "order log " + directory, OrderFrameDescriptor.MAX_FRAME_LENGTH);
    }

    /**
     * Reads from a batch to the end.
     *
     * @param listed     the log's files, in order
     * @param firstBatch first batch to hand out
     * @param handler    that takes the entries
     * @return the batch behind the last good entry
     */
    long read(final List<OrderFile> listed, final long firstBatch, final OrderLogHandler handler)
    {
        if (!listed.isEmpty() && firstBatch < listed.get(0).firstBatch())
        {
            throw new IllegalStateException("order log=" + directory + " begins at batch=" + listed.get(0).firstBatch() +
                ", but batch=" + firstBatch + " is needed: what no checkpoint needs was dropped; keep the whole order to replay a run");
        }
        long end = 0;
        for (int i = 0; i < listed.size(); i++)
        {
            final OrderFile file = listed.get(i);
            final boolean last = i + 1 == listed.size();
            final long limit = last ? Long.MAX_VALUE : listed.get(i + 1).firstBatch();
            if (last || limit > firstBatch)
            {
                end = read(file, firstBatch, limit, handler);
                if (!last && end < limit)
                {
                    throw new IllegalStateException("order log=" + directory + " lacks batch=" + end + ": file=" + file.name() +
                        " is damaged there, but the log goes on at batch=" + limit + ": restore the file from a copy");
                }
            }
        }
        return end;
    }

    private long read(final OrderFile file, final long firstBatch, final long limit, final OrderLogHandler handler)
    {
        long batch = file.firstBatch();
        try (StorageFiles.ReadableFile opened = files.open(file.name()))
        {
            final long size = opened.size();
            long position = 0;
            while (batch < limit && load(opened, position, size, file.number(), batch))
            {
                checkPlan(file);
                decoder.decode(region.address(), firstBatch, limit, handler);
                batch += OrderFrameDescriptor.entries(region.address());
                position += OrderFrameDescriptor.length(region.address());
            }
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot read file=" + file.name() + " of order log=" + directory, exception);
        }
        return Math.min(batch, limit);
    }

    /** Loads the frame at a position; false when there is no good one. */
    private boolean load(
        final StorageFiles.ReadableFile file, final long position, final long size, final long number, final long batch)
        throws IOException
    {
        if (size - position < OrderFrameDescriptor.HEADER_LENGTH)
        {
            return false;
        }
        final long frame = region.address();
        file.read(position, buffer.wrap(frame, OrderFrameDescriptor.HEADER_LENGTH));
        final int length = OrderFrameDescriptor.length(frame);
        if (length < OrderFrameDescriptor.HEADER_LENGTH || length > OrderFrameDescriptor.MAX_FRAME_LENGTH || length > size - position)
        {
            return false;
        }
        file.read(position, buffer.wrap(frame, length));
        return OrderFrameDescriptor.isWhole(frame, buffer) && OrderFrameDescriptor.file(frame) == number &&
            OrderFrameDescriptor.firstBatch(frame) == batch;
    }

    private void checkPlan(final OrderFile file)
    {
        final long found = OrderFrameDescriptor.plan(region.address());
        if (plan != ANY_PLAN && found != plan)
        {
            throw new IllegalStateException("file=" + file.name() + " of order log=" + directory +
                " was written by another plan: its hash=" + Long.toHexString(found) + " this plan's hash=" + Long.toHexString(plan) +
                ": run the plan that made it, or begin with an empty checkpoint directory");
        }
    }

    @Override
    public void close()
    {
        region.close();
    }
}
