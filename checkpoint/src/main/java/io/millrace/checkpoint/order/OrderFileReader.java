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
import io.millrace.core.ordering.OrderLogReader;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.io.IOException;
import java.util.List;

/**
 * Reads the order log: frame after frame, each with its checksum, file and first batch, up to the first that is not
 * good. Behind it nothing is there; before the first batch of a later file that is damage.
 */
final class OrderFileReader implements OrderLogReader
{
    /** Any plan will do. */
    static final long ANY_PLAN = 0;

    private final StorageFiles files;
    private final Object directory;
    private final long plan;
    private final AddressBuffer buffer = new AddressBuffer();
    private final OrderFrameDecoder decoder = new OrderFrameDecoder();
    private final Region region;
    private List<OrderFile> listed = List.of();
    private long firstBatch;
    private int next;
    private OrderFile file;
    private StorageFiles.ReadableFile opened;
    /** First batch of the next file, which cuts off what this one holds from there on. */
    private long limit;
    private long size;
    private long position;
    /** Of the next frame; behind the last file, where the log ends. */
    private long batch;

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
        begin(listed, firstBatch);
        readAll(handler);
        return batch;
    }

    /**
     * Begins anew.
     *
     * @param newListed     the log's files, in order
     * @param newFirstBatch first batch to hand out
     */
    void begin(final List<OrderFile> newListed, final long newFirstBatch)
    {
        if (!newListed.isEmpty() && newFirstBatch < newListed.get(0).firstBatch())
        {
            throw new IllegalStateException("order log=" + directory + " begins at batch=" + newListed.get(0).firstBatch() +
                ", but batch=" + newFirstBatch + " is needed: what no checkpoint needs was dropped; keep the whole order to replay a run");
        }
        closeFile();
        listed = newListed;
        firstBatch = newFirstBatch;
        next = 0;
        batch = 0;
    }

    /** One frame at a time. */
    @Override
    public boolean read(final OrderLogHandler handler)
    {
        while (opened != null || openNext())
        {
            try
            {
                if (batch < limit && load(opened, position, size, file.number(), batch))
                {
                    checkPlan(file);
                    decoder.decode(region.address(), firstBatch, limit, handler);
                    batch += OrderFrameDescriptor.entries(region.address());
                    position += OrderFrameDescriptor.length(region.address());
                    return true;
                }
            }
            catch (final IOException exception)
            {
                throw unreadable(exception);
            }
            batch = Math.min(batch, limit);
            closeFile();
            if (next < listed.size() && batch < limit)
            {
                throw new IllegalStateException("order log=" + directory + " lacks batch=" + batch + ": file=" + file.name() +
                    " is damaged there, but the log goes on at batch=" + limit + ": restore the file from a copy");
            }
        }
        return false;
    }

    /** Opens the next file that has batches to hand out; false behind the last. */
    private boolean openNext()
    {
        while (next < listed.size())
        {
            file = listed.get(next);
            next++;
            final boolean last = next == listed.size();
            limit = last ? Long.MAX_VALUE : listed.get(next).firstBatch();
            if (last || limit > firstBatch)
            {
                try
                {
                    opened = files.open(file.name());
                    size = opened.size();
                }
                catch (final IOException exception)
                {
                    throw unreadable(exception);
                }
                position = 0;
                batch = file.firstBatch();
                return true;
            }
        }
        return false;
    }

    private StorageFailedException unreadable(final IOException exception)
    {
        return new StorageFailedException("cannot read file=" + file.name() + " of order log=" + directory, exception);
    }

    private void closeFile()
    {
        if (opened != null)
        {
            try
            {
                opened.close();
            }
            catch (final IOException exception)
            {
                throw unreadable(exception);
            }
            finally
            {
                opened = null;
            }
        }
    }

    /** Loads the frame at a position; false when there is no good one. */
    private boolean load(
        final StorageFiles.ReadableFile source, final long from, final long end, final long number, final long first)
        throws IOException
    {
        if (end - from < OrderFrameDescriptor.HEADER_LENGTH)
        {
            return false;
        }
        final long frame = region.address();
        source.read(from, buffer.wrap(frame, OrderFrameDescriptor.HEADER_LENGTH));
        final int length = OrderFrameDescriptor.length(frame);
        if (length < OrderFrameDescriptor.HEADER_LENGTH || length > OrderFrameDescriptor.MAX_FRAME_LENGTH || length > end - from)
        {
            return false;
        }
        source.read(from, buffer.wrap(frame, length));
        return OrderFrameDescriptor.isWhole(frame, buffer) && OrderFrameDescriptor.file(frame) == number &&
            OrderFrameDescriptor.firstBatch(frame) == first;
    }

    private void checkPlan(final OrderFile from)
    {
        final long found = OrderFrameDescriptor.plan(region.address());
        if (plan != ANY_PLAN && found != plan)
        {
            throw new IllegalStateException("file=" + from.name() + " of order log=" + directory +
                " was written by another plan: its hash=" + Long.toHexString(found) + " this plan's hash=" + Long.toHexString(plan) +
                ": run the plan that made it, or begin with an empty checkpoint directory");
        }
    }

    @Override
    public void close()
    {
        try
        {
            closeFile();
        }
        finally
        {
            region.close();
        }
    }
}
