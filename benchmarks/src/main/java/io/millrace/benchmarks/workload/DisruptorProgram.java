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
package io.millrace.benchmarks.workload;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.millrace.core.runtime.WaitMode;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A hand-written Disruptor program: one thread makes the events or reads them from memory, a second one works on them.
 * <pre>
 *   producer --claims and publishes 64 at a time--> RingBuffer of 1,024 events on the heap --> BatchEventProcessor
 * </pre>
 * The ring is as large as the engine's. The producer looks for room instead of letting {@code next} park for it.
 */
final class DisruptorProgram implements Program
{
    private static final int CAPACITY = 1024;
    private static final int BATCH = 64;

    private final Input input;
    private final long keys;
    private final EventWorker worker;
    /** The same that the engine waits with. */
    private final IdleStrategy idleStrategy;
    private final RingBuffer<MutableEvent> ring;
    private final BatchEventProcessor<MutableEvent> processor;
    private final Progress progress = new Progress();
    private final Thread producer = new Thread(this::produce, "disruptor-producer");
    private final Thread consumer;
    private volatile boolean running = true;

    /**
     * Starts both threads.
     *
     * @param input   to work on
     * @param setting how to wait
     * @param keys    of the events
     * @param worker  that works on them
     */
    DisruptorProgram(final Input input, final Setting setting, final long keys, final EventWorker worker)
    {
        this.input = input;
        this.keys = keys;
        this.worker = worker;
        this.idleStrategy =
            setting.waiting() == WaitMode.YIELD ? YieldingIdleStrategy.INSTANCE : BusySpinIdleStrategy.INSTANCE;
        ring = RingBuffer.createSingleProducer(MutableEvent::new, CAPACITY, waitStrategy(setting.waiting()));
        processor = new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), worker);
        ring.addGatingSequences(processor.getSequence());
        consumer = new Thread(processor, "disruptor-consumer");
        consumer.setDaemon(true);
        producer.setDaemon(true);
        consumer.start();
        producer.start();
    }

    private static WaitStrategy waitStrategy(final WaitMode mode)
    {
        return switch (mode)
        {
            case YIELD -> new YieldingWaitStrategy();
            case BUSY_SPIN -> new BusySpinWaitStrategy();
            case BACKOFF -> throw new IllegalArgumentException(
                "waiting=" + mode + " has no like in the Disruptor: compare with YIELD or BUSY_SPIN");
        };
    }

    private void produce()
    {
        final PreloadedEvents preloaded = input.preloaded();
        final long count = input.count();
        long next = 0;
        while (next < count && running)
        {
            final long end = preloaded == null ? Math.min(next + BATCH, count) :
                preloaded.runEnd(next, Math.min(next + BATCH, count));
            final int batch = (int)(end - next);
            if (!awaitRoom(batch))
            {
                return;
            }
            final long last = ring.next(batch);
            if (preloaded == null)
            {
                generate(next, end, last - batch + 1);
            }
            else
            {
                read(preloaded, next, end, last - batch + 1);
            }
            ring.publish(last - batch + 1, last);
            next = end;
            progress.at(next);
        }
    }

    private boolean awaitRoom(final int batch)
    {
        while (!ring.hasAvailableCapacity(batch))
        {
            if (!running)
            {
                return false;
            }
            idleStrategy.idle();
        }
        return true;
    }

    private void generate(final long from, final long to, final long firstSequence)
    {
        long sequence = firstSequence;
        for (long number = from; number < to; number++)
        {
            final MutableEvent event = ring.get(sequence++);
            final long mixed = Events.mixed(number);
            event.time = Events.time(number, mixed);
            event.key = Events.key(mixed, keys);
            event.value = Events.value(mixed);
        }
    }

    private void read(final PreloadedEvents preloaded, final long from, final long to, final long firstSequence)
    {
        final long shift = preloaded.shift(from);
        long address = preloaded.address(from);
        long sequence = firstSequence;
        for (long number = from; number < to; number++)
        {
            final MutableEvent event = ring.get(sequence++);
            event.time = LoopProgram.time(address) + shift;
            event.key = LoopProgram.key(address);
            event.value = LoopProgram.value(address);
            address += PreloadedEvents.LENGTH;
        }
    }

    @Override
    public long advanceTo(final long number)
    {
        return progress.await(number, producer::isAlive);
    }

    @Override
    public long finish()
    {
        join(producer);
        while (processor.getSequence().get() < ring.getCursor())
        {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        processor.halt();
        join(consumer);
        return worker.end();
    }

    private static void join(final Thread thread)
    {
        try
        {
            thread.join();
        }
        catch (final InterruptedException exception)
        {
            throw new IllegalStateException("interrupted while waiting for the end of " + thread, exception);
        }
    }

    @Override
    public long[] threads()
    {
        return new long[]{producer.getId(), consumer.getId()};
    }

    @Override
    public void close()
    {
        running = false;
        join(producer);
        processor.halt();
        join(consumer);
    }
}
