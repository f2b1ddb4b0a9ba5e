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

import com.sun.management.ThreadMXBean;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two sources, three workers and a merge on threads of their own: what the merge releases is what the order log says. */
@Timeout(120)
@SuppressWarnings("ThreadPriorityCheck")
class OrderingThreadsTest
{
    private static final int WORKERS = 3;
    private static final int RECORDS = 40_000;

    private final MemoryAccount account = new MemoryAccount("test");
    private final List<RecordRing> rings = new ArrayList<>();

    @AfterEach
    void offHeapBytesReturnToTheStart()
    {
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldReleaseInTheOrderOfTheLog()
    {
        for (final int capacity : new int[]{8, 256})
        {
            try (Job job = new Job(capacity))
            {
                job.run();
                final ReplayLog log = job.log;
                long checked = 0;
                for (int source = 0; source < 2; source++)
                {
                    for (final ReplayLog.Cursor cursor = log.cursor(source); cursor.hasEntry(); cursor.advance())
                    {
                        checked += cursor.count();
                    }
                }
                assertEquals(2L * RECORDS, checked);
                assertEquals(2L * RECORDS, job.released);
            }
        }
    }

    @Test
    void shouldNotAllocate()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (OrderLogRing logRing = new OrderLogRing(account, 64, 3, 0);
            RecordRing first = RecordRing.create(account, "first", 64, 64, 1);
            RecordRing second = RecordRing.create(account, "second", 64, 64, 1))
        {
            final IngressClock clock = new IngressClock(logRing, 0);
            final SourceProgress[] sources = {clock.newSource(0, "a"), clock.newSource(1, "b")};
            final ProducerGraph graph = new ProducerGraph(clock);
            final int a = graph.source(sources[0]);
            final int b = graph.source(sources[1]);
            final int task = graph.task("merge");
            graph.input(task, a, first.consumer(0), 1);
            graph.input(task, b, second.consumer(0), 1);
            try (CausalMerge merge = graph.merge(task, account, 1_000))
            {
                final OrderLogHandler ignore = (batch, kind, source, count, value, time) -> {};
                long released = 0;
                long before = 0;
                for (int round = 0; round < 60_000; round++)
                {
                    if (round == 20_000)
                    {
                        before = threads.getCurrentThreadAllocatedBytes();
                    }
                    final int source = round % 3 & 1;
                    final long cause = sources[source].claim(OrderLog.KIND_RECORDS, 4, round);
                    for (int i = 0; i < 4; i++)
                    {
                        put((source == 0 ? first : second).producer(), cause + i, cause);
                    }
                    (source == 0 ? first : second).producer().publish();
                    sources[source].idle();
                    for (int slots = merge.next(); slots != 0; slots = merge.next())
                    {
                        merge.consume(slots);
                        released += slots;
                    }
                    merge.release();
                    logRing.drain(ignore, 8);
                }
                final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertEquals(240_000, released);
                assertTrue(allocated < 4_096, () -> "allocated=" + allocated);
            }
        }
    }

    @Test
    void shouldNotAllocateForBurstsInLanes()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (OrderLogRing logRing = new OrderLogRing(account, 64, 3, 0);
            RecordRing first = RecordRing.create(account, "first", 8, 64, 1);
            RecordRing second = RecordRing.create(account, "second", 8, 64, 1))
        {
            final IngressClock clock = new IngressClock(logRing, 0);
            final SourceProgress[] sources = {clock.newSource(0, "a"), clock.newSource(1, "b")};
            final ProducerGraph graph = new ProducerGraph(clock);
            graph.source(sources[0]);
            graph.source(sources[1]);
            final int task = graph.task("merge");
            graph.input(task, 0, first.consumer(0), 1);
            graph.input(task, 1, second.consumer(0), 1);
            try (CausalMerge merge = graph.merge(task, account, 1_000))
            {
                final OrderLogHandler ignore = (batch, kind, source, count, value, time) -> {};
                long before = 0;
                for (int round = 0; round < 20_000; round++)
                {
                    if (round == 10_000)
                    {
                        before = threads.getCurrentThreadAllocatedBytes();
                    }
                    burst(sources[0], merge, first, second);
                    logRing.drain(ignore, 8);
                }
                final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertTrue(merge.peakLaneSlots() >= 7, () -> "peakLaneSlots=" + merge.peakLaneSlots());
                assertTrue(allocated < 4_096, () -> "allocated=" + allocated);
            }
        }
    }

    /** The second ring fills with the cause that the first one has yet to bring. */
    private static void burst(final SourceProgress source, final CausalMerge merge, final RecordRing first, final RecordRing second)
    {
        final long cause = source.claim(OrderLog.KIND_RECORDS, 1, 0);
        for (int i = 0; i < 7; i++)
        {
            put(second.producer(), cause, i);
        }
        second.producer().publish();
        assertEquals(0, merge.next());
        put(first.producer(), cause, 0);
        first.producer().publish();
        source.idle();
        int released = 0;
        for (int slots = merge.next(); slots != 0; slots = merge.next())
        {
            merge.consume(slots);
            released += slots;
        }
        assertEquals(8, released);
        merge.release();
    }

    private static void put(final RingProducer producer, final long cause, final long value)
    {
        for (long slot = producer.claim(); ; slot = producer.claim())
        {
            if (slot != 0)
            {
                SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, Long.BYTES);
                SlotDescriptor.cause(slot, cause);
                Memory.putLong(slot + SlotDescriptor.HEADER_LENGTH, value);
                producer.commit();
                return;
            }
            producer.publish();
            Thread.yield();
        }
    }

    private final class Job implements AutoCloseable
    {
        private final OrderLogRing logRing = new OrderLogRing(account, 1 << 10, 3, 0);
        private final IngressClock clock = new IngressClock(logRing, 0);
        private final ReplayLog log = new ReplayLog();
        private final ProducerGraph graph = new ProducerGraph(clock);
        private final SourceProgress[] sources = {clock.newSource(0, "a"), clock.newSource(1, "b")};
        private final RecordRing[][] toWorkers = new RecordRing[2][WORKERS];
        private final RecordRing[] toMerge = new RecordRing[WORKERS];
        private final CausalMerge[] merges = new CausalMerge[WORKERS + 1];
        private volatile Throwable failure;
        private volatile boolean stopped;
        private long released;

        private Job(final int capacity)
        {
            graph.source(sources[0]);
            graph.source(sources[1]);
            for (int worker = 0; worker < WORKERS; worker++)
            {
                final int task = graph.task("worker " + worker);
                for (int source = 0; source < 2; source++)
                {
                    toWorkers[source][worker] = ring(source + "->" + worker, capacity);
                    graph.input(task, source, toWorkers[source][worker].consumer(0), 1);
                }
                merges[worker] = graph.merge(task, account, 1_000);
            }
            final int last = graph.task("merge");
            for (int worker = 0; worker < WORKERS; worker++)
            {
                toMerge[worker] = ring(worker + "->merge", capacity);
                graph.input(last, 2 + worker, toMerge[worker].consumer(0), 1);
            }
            merges[WORKERS] = graph.merge(last, account, 1_000);
        }

        private RecordRing ring(final String name, final int capacity)
        {
            final RecordRing ring = RecordRing.create(account, name, capacity, 64, 1);
            rings.add(ring);
            return ring;
        }

        private void run()
        {
            final List<CompletableFuture<Void>> threads = new ArrayList<>();
            threads.add(start(() -> source(0)));
            threads.add(start(() -> source(1)));
            for (int worker = 0; worker < WORKERS; worker++)
            {
                final int index = worker;
                threads.add(start(() -> worker(index)));
            }
            final CompletableFuture<Void> logThread = start(this::log);
            final CompletableFuture<Void> merge = start(this::merge);
            threads.forEach(CompletableFuture::join);
            merge.join();
            stopped = true;
            logThread.join();
        }

        private CompletableFuture<Void> start(final Runnable task)
        {
            return CompletableFuture.runAsync(() ->
            {
                try
                {
                    task.run();
                }
                catch (final RuntimeException | Error thrown)
                {
                    failure = thrown;
                    throw thrown;
                }
            }, command -> new Thread(command, "ordering-test").start());
        }

        private void pause()
        {
            if (failure != null)
            {
                throw new IllegalStateException("another thread failed", failure);
            }
            Thread.yield();
        }

        private void source(final int number)
        {
            final SourceProgress progress = sources[number];
            int left = RECORDS;
            while (left >= 0)
            {
                if (!progress.mayClaim())
                {
                    pause();
                    continue;
                }
                final int count = Math.min(left, 1 + left % 7);
                final long cause = progress.claim(left == 0 ? OrderLog.KIND_END : OrderLog.KIND_RECORDS, count, 0);
                for (int i = 0; i < count; i++)
                {
                    write(number, SimulationPlan.bucket(cause + i, WORKERS), cause + i);
                }
                if (left == 0)
                {
                    for (final RecordRing ring : toWorkers[number])
                    {
                        end(ring.producer(), cause);
                    }
                }
                for (final RecordRing ring : toWorkers[number])
                {
                    ring.producer().publish();
                }
                if (left == 0)
                {
                    progress.end();
                }
                progress.idle();
                left = left == 0 ? -1 : left - count;
            }
        }

        private void write(final int number, final int worker, final long cause)
        {
            final RingProducer producer = toWorkers[number][worker].producer();
            while (!producer.hasRoom(1))
            {
                for (final RecordRing ring : toWorkers[number])
                {
                    ring.producer().publish();
                }
                sources[number].advance(cause);
                pause();
            }
            put(producer, cause, number);
        }

        private void worker(final int index)
        {
            final CausalMerge merge = merges[index];
            final RingProducer producer = toMerge[index].producer();
            long last = -1;
            while (!merge.ended())
            {
                int slots = Math.min(merge.next(), Math.max(1, producer.free()));
                if (slots == 0 || !producer.hasRoom(slots))
                {
                    producer.publish();
                    merge.release();
                    pause();
                    continue;
                }
                final boolean ending = merge.ending();
                for (long slot = merge.address(); slots > 0; slots--, slot += merge.stride())
                {
                    final long cause = SlotDescriptor.cause(slot);
                    check(cause > last, "cause=" + cause + " after " + last);
                    last = cause;
                    if (merge.kind() == SlotDescriptor.KIND_DATA)
                    {
                        put(producer, cause, Memory.getLong(slot + SlotDescriptor.HEADER_LENGTH));
                    }
                    else if (ending)
                    {
                        end(producer, cause);
                    }
                    merge.consume(1);
                }
            }
            producer.publish();
            merge.release();
        }

        private void merge()
        {
            final CausalMerge merge = merges[WORKERS];
            long last = -1;
            while (!merge.ended())
            {
                final int slots = merge.next();
                if (slots == 0)
                {
                    merge.release();
                    pause();
                    continue;
                }
                long slot = merge.address();
                for (int i = 0; i < slots; i++, slot += merge.stride())
                {
                    final long cause = SlotDescriptor.cause(slot);
                    if (merge.kind() == SlotDescriptor.KIND_DATA)
                    {
                        check(cause > last, "cause=" + cause + " after " + last);
                        check(SimulationPlan.bucket(cause, WORKERS) == merge.channel(), "channel=" + merge.channel());
                        released++;
                    }
                    last = cause;
                }
                merge.consume(slots);
            }
            merge.release();
        }

        private void log()
        {
            while (!stopped || logRing.drain(log, 100) != 0)
            {
                if (logRing.drain(log, 100) == 0)
                {
                    pause();
                }
            }
        }

        private void end(final RingProducer producer, final long cause)
        {
            while (!producer.control(SlotDescriptor.KIND_END_OF_STREAM, 0, cause, 0))
            {
                producer.publish();
                pause();
            }
        }

        private void check(final boolean holds, final String message)
        {
            if (!holds)
            {
                throw new AssertionError(message);
            }
        }

        @Override
        public void close()
        {
            for (final CausalMerge merge : merges)
            {
                merge.close();
            }
            rings.forEach(RecordRing::close);
            rings.clear();
            logRing.close();
        }
    }
}
