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

import io.millrace.benchmarks.alternatives.HeapEvent;
import io.millrace.benchmarks.alternatives.UnsafeBufferEvent;
import io.millrace.benchmarks.workload.EventFlyweight;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * What does it cost to write three fields of an event and to read them again, through the flyweight that is generated for it?
 * The engine writes and reads by raw addresses; what would a checked buffer cost, and an object for each event?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FlyweightBenchmark
{
    private static final int EVENTS = 1024;
    private static final int LENGTH = 24;

    private final EventFlyweight flyweight = EventFlyweight.TYPE.newFlyweight();
    private final UnsafeBufferEvent checked = new UnsafeBufferEvent();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[EVENTS * LENGTH]);
    private final HeapEvent[] events = new HeapEvent[EVENTS];
    private Region region;
    private long number;

    /** Allocates the events. */
    @Setup
    public void setUp()
    {
        region = Region.allocate(new MemoryAccount("benchmark", 1 << 20), "benchmark", EVENTS * LENGTH);
    }

    /** Gives them back. */
    @TearDown
    public void tearDown()
    {
        region.close();
    }

    /**
     * By addresses, written by hand: what a flyweight can come to at best.
     *
     * @return a sum
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long rawAddress()
    {
        number++;
        long address = region.address();
        for (int i = 0; i < EVENTS; i++)
        {
            Memory.putLong(address, number);
            Memory.putLong(address + 8, i);
            Memory.putLong(address + 16, number + i);
            address += LENGTH;
        }
        long sum = 0;
        address = region.address();
        for (int i = 0; i < EVENTS; i++)
        {
            sum += Memory.getLong(address) + Memory.getLong(address + 8) + Memory.getLong(address + 16);
            address += LENGTH;
        }
        return sum;
    }

    /**
     * By the generated flyweight, one span check for each event.
     *
     * @return a sum
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long flyweight()
    {
        number++;
        final EventFlyweight event = flyweight;
        for (int i = 0; i < EVENTS; i++)
        {
            event.wrap(region.address() + (long)i * LENGTH, LENGTH);
            event.time(number).key(i).value(number + i);
        }
        long sum = 0;
        for (int i = 0; i < EVENTS; i++)
        {
            event.wrap(region.address() + (long)i * LENGTH, LENGTH);
            sum += event.time() + event.key() + event.value();
        }
        return sum;
    }

    /**
     * By a flyweight over a buffer that checks bounds.
     *
     * @return a sum
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long unsafeBuffer()
    {
        number++;
        for (int i = 0; i < EVENTS; i++)
        {
            checked.wrap(buffer, i * LENGTH);
            checked.set(number, i, number + i);
        }
        long sum = 0;
        for (int i = 0; i < EVENTS; i++)
        {
            checked.wrap(buffer, i * LENGTH);
            sum += checked.sum();
        }
        return sum;
    }

    /**
     * By an object for each event.
     *
     * @return a sum
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long heapRecord()
    {
        number++;
        for (int i = 0; i < EVENTS; i++)
        {
            events[i] = new HeapEvent(number, i, number + i);
        }
        long sum = 0;
        for (int i = 0; i < EVENTS; i++)
        {
            sum += events[i].sum();
        }
        return sum;
    }
}
