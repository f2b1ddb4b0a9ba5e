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

import io.millrace.benchmarks.alternatives.DisruptorHop;
import io.millrace.benchmarks.alternatives.OneToOneHop;
import io.millrace.benchmarks.hop.Hop;
import io.millrace.benchmarks.hop.RecordRingHop;
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
 * What does it cost a record to go from one thread to another, by the number of records that are published at a time, and by
 * the ring that it goes over? The answer is why tasks claim and publish in batches, and why the engine has a ring of its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class RingHopBenchmark
{
    private static final int RECORDS = 100_000;

    /** The ring. */
    @Param
    public Ring ring;

    /** Records that are published at a time. */
    @Param({"1", "4", "16", "64"})
    public int batch;

    private Hop hop;

    /** A kind of ring. */
    public enum Ring
    {
        /** The engine's. */
        RECORD_RING,
        /** The Disruptor's, with objects. */
        DISRUPTOR,
        /** Agrona's, with messages. */
        AGRONA_ONE_TO_ONE
    }

    /** Starts the receiving thread. */
    @Setup
    public void setUp()
    {
        hop = switch (ring)
        {
            case RECORD_RING -> new RecordRingHop();
            case DISRUPTOR -> new DisruptorHop();
            case AGRONA_ONE_TO_ONE -> new OneToOneHop();
        };
    }

    /** Ends it. */
    @TearDown
    public void tearDown()
    {
        hop.close();
    }

    /** Sends records and waits for the last of them. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void send()
    {
        hop.send(RECORDS, batch);
    }
}
