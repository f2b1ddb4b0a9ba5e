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
package io.millrace.memory.ring;

import com.sun.management.ThreadMXBean;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.millrace.memory.record.SlotDescriptor.HEADER_LENGTH;
import static io.millrace.memory.record.SlotDescriptor.KIND_DATA;
import static io.millrace.memory.record.SlotDescriptor.KIND_PADDING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class RecordRingConcurrencyTest
{
    private static final int SLOT_LENGTH = 64;
    private static final long RECORDS = 100_000;

    private final MemoryAccount account = new MemoryAccount("test");

    @Test
    void shouldPassEveryRecordInOrderBetweenThreads()
    {
        for (final int capacity : new int[]{4, 64, 1024})
        {
            try (RecordRing ring = RecordRing.create(account, "edge", capacity, SLOT_LENGTH, 2))
            {
                final List<CompletableFuture<Void>> threads = new ArrayList<>();
                threads.add(CompletableFuture.runAsync(() -> produce(ring), RecordRingConcurrencyTest::start));
                for (int i = 0; i < 2; i++)
                {
                    final RingConsumer consumer = ring.consumer(i);
                    threads.add(CompletableFuture.runAsync(() -> consume(consumer), RecordRingConcurrencyTest::start));
                }
                threads.forEach(CompletableFuture::join);
            }
        }
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldShowPendingCausesThatNeverDecreaseToAScanningThread()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1))
        {
            final CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> produce(ring), RecordRingConcurrencyTest::start);
            final CompletableFuture<Void> consumer =
                CompletableFuture.runAsync(() -> consume(ring.consumer(0)), RecordRingConcurrencyTest::start);
            long last = 0;
            while (!consumer.isDone() && !producer.isCompletedExceptionally())
            {
                final long consumed = ring.consumer(0).consumed();
                final long cause = ring.consumer(0).pendingCause();
                Thread.yield();
                if (cause != RecordRing.NO_CAUSE)
                {
                    assertTrue(cause >= last && cause >= consumed / 2 && cause <= RECORDS,
                        () -> "cause=" + cause + " consumed=" + consumed);
                    last = cause;
                }
            }
            producer.join();
            consumer.join();
        }
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldNotAllocate()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (RecordRing ring = RecordRing.create(account, "edge", 64, SLOT_LENGTH, 1))
        {
            step(ring, 20_000);
            final long before = threads.getCurrentThreadAllocatedBytes();
            step(ring, 200_000);
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 1_024, () -> "allocated=" + allocated);
        }
        assertEquals(0, account.allocatedBytes());
    }

    private static void step(final RecordRing ring, final int rounds)
    {
        final RingProducer producer = ring.producer();
        final RingConsumer consumer = ring.consumer(0);
        for (int round = 0; round < rounds; round++)
        {
            for (long slot = producer.claim(); slot != 0; slot = producer.claim(1 + (round & 1)))
            {
                write(slot, 1, 1);
                producer.commit();
            }
            producer.publish();
            consumer.pendingCause();
            for (int slots = consumer.poll(); slots != 0; slots = consumer.poll())
            {
                consumer.consume(slots);
            }
            consumer.release();
        }
    }

    private static void produce(final RecordRing ring)
    {
        final RingProducer producer = ring.producer();
        long value = 0;
        while (value < RECORDS)
        {
            final int slots = value % 3 == 0 ? 2 : 1;
            final long slot = slots == 1 ? producer.claim() : producer.claim(2);
            if (slot == 0)
            {
                producer.publish();
                Thread.yield();
                continue;
            }
            write(slot, value, slots);
            if (slots == 2)
            {
                Memory.putLong(slot + SLOT_LENGTH, value);
            }
            producer.commit(slots);
            if ((++value & 7) == 0)
            {
                producer.publish();
            }
        }
        producer.publish();
    }

    private static void consume(final RingConsumer consumer)
    {
        long value = 0;
        while (value < RECORDS)
        {
            final int slots = consumer.poll();
            if (slots == 0)
            {
                Thread.yield();
                continue;
            }
            int consumed = 0;
            while (consumed < slots && SlotDescriptor.kind(consumer.address()) != KIND_PADDING)
            {
                final long slot = consumer.address();
                final int length = value % 3 == 0 ? 2 : 1;
                check(value, SlotDescriptor.cause(slot));
                check(value, Memory.getLong(slot + HEADER_LENGTH));
                check(value, Memory.getLong(slot + (length == 2 ? SLOT_LENGTH : HEADER_LENGTH)));
                consumer.consume(length);
                consumed += length;
                value++;
            }
            consumer.release();
        }
    }

    private static void write(final long slot, final long value, final int slots)
    {
        SlotDescriptor.kindAndLength(slot, KIND_DATA, slots * SLOT_LENGTH - HEADER_LENGTH);
        SlotDescriptor.cause(slot, value);
        Memory.putLong(slot + HEADER_LENGTH, value);
    }

    private static void check(final long expected, final long actual)
    {
        if (expected != actual)
        {
            throw new AssertionError("expected=" + expected + " actual=" + actual);
        }
    }

    private static void start(final Runnable task)
    {
        final Thread thread = new Thread(task, "ring-test");
        thread.setDaemon(true);
        thread.start();
    }
}
