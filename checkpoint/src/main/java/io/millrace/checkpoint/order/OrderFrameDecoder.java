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

import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.memory.Memory;

/** Hands out the entries of a frame whose checksum is right. */
final class OrderFrameDecoder
{
    private long next;
    private long limit;

    /**
     * Decodes.
     *
     * @param frame      address of the frame
     * @param firstBatch entries before it are passed over
     * @param endBatch   entries from it on are passed over
     * @param handler    that takes the others
     */
    void decode(final long frame, final long firstBatch, final long endBatch, final OrderLogHandler handler)
    {
        next = frame + OrderFrameDescriptor.HEADER_LENGTH;
        limit = frame + OrderFrameDescriptor.length(frame);
        long batch = OrderFrameDescriptor.firstBatch(frame);
        final long end = batch + OrderFrameDescriptor.entries(frame);
        if (end <= batch)
        {
            throw new IllegalStateException(
                "a frame of the order log with a good checksum has entries=" + (end - batch) + ": report it");
        }
        long clock = 0;
        while (batch < end)
        {
            final long more = getVarint();
            if (more < 0 || more >= end - batch)
            {
                throw new IllegalStateException(
                    "a frame of the order log with a good checksum has a run of more entries than it has itself: report it");
            }
            final long runEnd = batch + more + 1;
            final byte kind = getByte();
            final int source = (int)getVarint() - 1;
            final int count = (int)getVarint();
            final long value = getZigzag();
            clock += getZigzag();
            for (; batch < runEnd; batch++)
            {
                if (batch >= firstBatch && batch < endBatch)
                {
                    handler.onEntry(batch, kind, source, count, value, clock);
                }
            }
        }
    }

    private long getZigzag()
    {
        final long number = getVarint();
        return number >>> 1 ^ -(number & 1);
    }

    private long getVarint()
    {
        long number = 0;
        for (int shift = 0; ; shift += 7)
        {
            final byte bits = getByte();
            number |= (bits & 0x7FL) << shift;
            if (bits >= 0)
            {
                return number;
            }
        }
    }

    private byte getByte()
    {
        if (next >= limit)
        {
            throw new IllegalStateException("a frame of the order log with a good checksum has runs beyond its end: report it");
        }
        return Memory.getByte(next++);
    }
}
