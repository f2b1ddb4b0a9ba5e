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
import io.millrace.memory.Memory;

import java.nio.ByteBuffer;

/** Gathers entries into a frame, run by run. Allocates nothing. One thread's. */
final class OrderFrameEncoder
{
    private final long frame;
    private final AddressBuffer buffer = new AddressBuffer();
    private long next;
    private long firstBatch;
    private int entries;

    private int run;
    private byte kind;
    private int source;
    private int count;
    private long value;
    private long clock;
    private long clockBefore;

    /**
     * An encoder.
     *
     * @param frame address of {@link OrderFrameDescriptor#MAX_FRAME_LENGTH} bytes
     */
    OrderFrameEncoder(final long frame)
    {
        this.frame = frame;
        begin();
    }

    private void begin()
    {
        next = frame + OrderFrameDescriptor.HEADER_LENGTH;
        entries = 0;
        run = 0;
        clockBefore = 0;
    }

    /** Number of entries that were added. */
    int entries()
    {
        return entries;
    }

    /** Whether another entry fits for certain. */
    boolean hasRoom()
    {
        return next - frame <= OrderFrameDescriptor.MAX_FRAME_LENGTH - 2 * OrderFrameDescriptor.MAX_RUN_LENGTH;
    }

    void add(
        final long batch, final byte newKind, final int newSource, final int newCount, final long newValue, final long newClock)
    {
        if (entries == 0)
        {
            firstBatch = batch;
        }
        if (run > 0 && newKind == kind && newSource == source && newCount == count && newValue == value && newClock == clock)
        {
            run++;
        }
        else
        {
            endRun();
            kind = newKind;
            source = newSource;
            count = newCount;
            value = newValue;
            clock = newClock;
            run = 1;
        }
        entries++;
    }

    /**
     * Ends the frame and begins the next one in its place.
     *
     * @param file number of the file that it is for
     * @param plan hash of the plan
     * @return the frame, until the next entry is added
     */
    ByteBuffer end(final long file, final long plan)
    {
        endRun();
        final int length = (int)(next - frame);
        OrderFrameDescriptor.seal(frame, length, file, firstBatch, plan, entries, buffer);
        begin();
        return buffer.wrap(frame, length);
    }

    private void endRun()
    {
        if (run > 0)
        {
            putVarint(run - 1);
            Memory.putByte(next++, kind);
            putVarint(source + 1);
            putVarint(count);
            putZigzag(value);
            putZigzag(clock - clockBefore);
            clockBefore = clock;
            run = 0;
        }
    }

    private void putZigzag(final long number)
    {
        putVarint(number << 1 ^ number >> 63);
    }

    private void putVarint(final long number)
    {
        long rest = number;
        while ((rest & ~0x7FL) != 0)
        {
            Memory.putByte(next++, (byte)(rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        Memory.putByte(next++, (byte)rest);
    }
}
