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

    /** Begins the next frame in place of this one. */
    void begin()
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

    /** Number of entries that fit for certain, each with a run of its own; one run is still to end. */
    int room()
    {
        final long left = OrderFrameDescriptor.MAX_FRAME_LENGTH - (next - frame) - OrderFrameDescriptor.MAX_RUN_LENGTH;
        return (int)Math.max(0, left / OrderFrameDescriptor.MAX_RUN_LENGTH);
    }

    /** Bytes of the frame, without the run that is not ended. */
    int length()
    {
        return (int)(next - frame);
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
     * Seals the frame as it is. It stays, and may grow and be sealed again, for another file, too.
     *
     * @param file number of the file that it is for
     * @param plan hash of the plan
     * @return the frame, until the next entry is added
     */
    ByteBuffer seal(final long file, final long plan)
    {
        endRun();
        final int length = length();
        OrderFrameDescriptor.seal(frame, length, file, firstBatch, plan, entries, buffer);
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
