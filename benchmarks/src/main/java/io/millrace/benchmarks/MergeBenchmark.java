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
package io.millrace.benchmarks;

import io.millrace.core.ordering.IngressClock;
import io.millrace.core.ordering.InputMerge;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.core.ordering.OrderLogRing;
import io.millrace.core.ordering.ProducerGraph;
import io.millrace.core.ordering.SourceProgress;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;
import io.millrace.memory.ring.RingProducer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * What does order cost a task with two inputs? A record goes through a ring and a merge of two, by cause or by arrival;
 * {@link #oneRing()} is the way of a task with one input, which has no merge. The bar (ORDERING I16): {@link #causal()}
 * at most 1.5 times {@link #arrival()} with batches of 64.
 * <p>
 * One thread does everything, so what is compared is the work and not the waiting: in turn each source claims a batch
 * and publishes it, then the task takes what is there. The merge by cause has to scan the silent channel once a round.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class MergeBenchmark
{
    private static final int ROUND = 1024;
    private static final int RING_CAPACITY = 2048;
    private static final int SLOT_LENGTH = 64;

    /** Records that a source publishes at once. */
    @Param({"64", "1"})
    private int batch;

    private final MemoryAccount account = new MemoryAccount("benchmark");
    private final OrderLogHandler ignored = (batch, kind, source, count, value, clock) ->
    {
    };
    private OrderLogRing log;
    private SourceProgress[] sources;
    private RecordRing[] rings;
    private RingProducer[] producers;
    private RingConsumer[] consumers;
    private InputMerge causal;
    private InputMerge arrival;

    /** Two sources, two rings, and both merges of them, of which one is used. */
    @Setup
    public void setUp()
    {
        log = new OrderLogRing(account, 1 << 12, 3, 0);
        final IngressClock clock = new IngressClock(log, 0);
        final ProducerGraph graph = new ProducerGraph(clock);
        sources = new SourceProgress[]{clock.newSource(0, "first"), clock.newSource(1, "second")};
        rings = new RecordRing[2];
        producers = new RingProducer[2];
        consumers = new RingConsumer[2];
        for (int i = 0; i < 2; i++)
        {
            graph.source(sources[i]);
            rings[i] = RecordRing.create(account, "ring " + i, RING_CAPACITY, SLOT_LENGTH, 1);
            producers[i] = rings[i].producer();
            consumers[i] = rings[i].consumer(0);
        }
        final int task = graph.task("merge");
        graph.input(task, 0, consumers[0], 1);
        graph.input(task, 1, consumers[1], 1);
        causal = graph.merge(task, account, RING_CAPACITY);
        arrival = graph.arrivalMerge(task);
    }

    /** Gives everything back. */
    @TearDown
    public void tearDown()
    {
        causal.close();
        arrival.close();
        rings[0].close();
        rings[1].close();
        log.close();
    }

    /**
     * By cause, as every merge of a job.
     *
     * @return a sum, so that the records are read
     */
    @Benchmark
    @OperationsPerInvocation(ROUND)
    public long causal()
    {
        return round(causal);
    }

    /**
     * By arrival.
     *
     * @return a sum, so that the records are read
     */
    @Benchmark
    @OperationsPerInvocation(ROUND)
    public long arrival()
    {
        return round(arrival);
    }

    /**
     * Without a merge: everything comes through one ring.
     *
     * @return a sum, so that the records are read
     */
    @Benchmark
    @OperationsPerInvocation(ROUND)
    public long oneRing()
    {
        for (int done = 0; done < ROUND; done += batch)
        {
            publish(0);
        }
        final RingConsumer consumer = consumers[0];
        long sum = 0;
        for (int slots = consumer.poll(); slots != 0; slots = consumer.poll())
        {
            sum += sum(consumer.address(), slots, consumer.stride());
            consumer.consume(slots);
        }
        consumer.release();
        log.drain(ignored, ROUND);
        return sum;
    }

    private long round(final InputMerge merge)
    {
        for (int done = 0; done < ROUND; done += 2 * batch)
        {
            publish(0);
            publish(1);
        }
        long sum = 0;
        for (int slots = merge.next(); slots != 0; slots = merge.next())
        {
            sum += sum(merge.address(), slots, merge.stride());
            merge.consume(slots);
        }
        merge.release();
        log.drain(ignored, ROUND);
        return sum;
    }

    private void publish(final int source)
    {
        final RingProducer producer = producers[source];
        final long cause = sources[source].claim(OrderLog.KIND_RECORDS, batch, 0);
        for (int i = 0; i < batch; i++)
        {
            final long slot = producer.claim();
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, Long.BYTES);
            SlotDescriptor.cause(slot, cause + i);
            Memory.putLong(slot + SlotDescriptor.HEADER_LENGTH, cause);
            producer.commit();
        }
        producer.publish();
        sources[source].idle();
    }

    private static long sum(final long first, final int slots, final int stride)
    {
        long sum = 0;
        long slot = first + SlotDescriptor.HEADER_LENGTH;
        for (int i = 0; i < slots; i++)
        {
            sum += Memory.getLong(slot);
            slot += stride;
        }
        return sum;
    }
}
