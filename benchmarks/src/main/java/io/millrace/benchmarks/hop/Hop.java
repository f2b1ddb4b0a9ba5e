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
package io.millrace.benchmarks.hop;

import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands records from the caller's thread to one of its own. A record is what a slot of the engine holds: timestamp, cause,
 * ingress time, and four longs. Both threads yield while they wait.
 */
public abstract class Hop implements AutoCloseable
{
    /** Records that fit between the threads. */
    public static final int CAPACITY = 1024;
    /** Bytes of the four longs. */
    public static final int PAYLOAD_LENGTH = 4 * Long.BYTES;

    private final AtomicLong received = new AtomicLong();
    private final IdleStrategy idleStrategy = YieldingIdleStrategy.INSTANCE;
    private final Thread receiver = new Thread(this::receiveAll, "hop-receiver");
    private volatile boolean running = true;
    private long sent;
    private long sum;

    /** Starts the receiving thread; the last thing that a constructor does. */
    protected final void start()
    {
        receiver.setDaemon(true);
        receiver.start();
    }

    /**
     * Sends records, and waits until the other thread has them.
     *
     * @param count of the records
     * @param batch records that are published at a time
     */
    public final void send(final int count, final int batch)
    {
        int left = count;
        while (left > 0)
        {
            final int size = Math.min(batch, left);
            while (!trySend(sent, size))
            {
                idleStrategy.idle();
            }
            sent += size;
            left -= size;
        }
        while (received.getAcquire() < sent)
        {
            idleStrategy.idle();
        }
    }

    private void receiveAll()
    {
        long total = 0;
        while (running)
        {
            final int count = tryReceive();
            if (count == 0)
            {
                // Only now, so that it costs nothing while records come.
                received.setRelease(total);
                idleStrategy.idle();
            }
            total += count;
        }
    }

    /**
     * Sends a batch; the caller's thread.
     *
     * @param first number of the first record
     * @param count of the records
     * @return false when there is no room for all of them: to be called again with the same batch
     */
    protected abstract boolean trySend(long first, int count);

    /**
     * Takes what is there; the receiving thread.
     *
     * @return number of records
     */
    protected abstract int tryReceive();

    /**
     * Uses a record; the receiving thread.
     *
     * @param value what was read of it
     */
    protected final void use(final long value)
    {
        sum += value;
    }

    /** Frees the ring; both threads have ended or will not touch it again. */
    protected abstract void free();

    /**
     * Ends the receiving thread and frees the ring.
     *
     * @throws IllegalStateException when the caller is interrupted
     */
    @Override
    public final void close()
    {
        running = false;
        try
        {
            receiver.join();
        }
        catch (final InterruptedException exception)
        {
            throw new IllegalStateException("interrupted while waiting for the receiver, sum=" + sum, exception);
        }
        free();
    }
}
