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
package io.millrace.benchmarks.alternatives;

import io.millrace.benchmarks.hop.Hop;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;

/**
 * Over Agrona's ring buffer: messages of any length in one slab. It publishes each by itself, so that a batch saves
 * nothing.
 */
public final class OneToOneHop extends Hop
{
    private static final int TYPE = 1;
    private static final int PAYLOAD_OFFSET = 3 * Long.BYTES;
    private static final int LENGTH = PAYLOAD_OFFSET + PAYLOAD_LENGTH;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        ByteBuffer.allocateDirect(CAPACITY * (LENGTH + Long.BYTES) + RingBufferDescriptor.TRAILER_LENGTH)));
    private final MessageHandler handler = this::receive;
    private int begun;

    /** Starts the receiving thread. */
    public OneToOneHop()
    {
        start();
    }

    @Override
    protected boolean trySend(final long first, final int count)
    {
        final OneToOneRingBuffer ring = this.ring;
        while (begun < count)
        {
            final int index = ring.tryClaim(TYPE, LENGTH);
            if (index < 0)
            {
                return false;
            }
            final long number = first + begun;
            ring.buffer().putLong(index, first);
            ring.buffer().putLong(index + Long.BYTES, number);
            ring.buffer().putLong(index + 2 * Long.BYTES, first);
            for (int offset = PAYLOAD_OFFSET; offset < LENGTH; offset += Long.BYTES)
            {
                ring.buffer().putLong(index + offset, number);
            }
            ring.commit(index);
            begun++;
        }
        begun = 0;
        return true;
    }

    private void receive(final int type, final MutableDirectBuffer buffer, final int index, final int length)
    {
        long sum = 0;
        for (int offset = 0; offset < LENGTH; offset += Long.BYTES)
        {
            sum += buffer.getLong(index + offset);
        }
        use(sum);
    }

    @Override
    protected int tryReceive()
    {
        return ring.read(handler);
    }

    @Override
    protected void free()
    {
    }
}
