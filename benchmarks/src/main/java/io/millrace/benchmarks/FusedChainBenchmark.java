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

import io.millrace.benchmarks.workload.Contender;
import io.millrace.benchmarks.workload.Input;
import io.millrace.benchmarks.workload.Program;
import io.millrace.benchmarks.workload.Setting;
import io.millrace.benchmarks.workload.Workload;
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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What does an event cost in a fused chain, and does it cost more when other pipelines run in the same JVM? It would, were
 * operators not isolated: their call sites would become megamorphic.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FusedChainBenchmark
{
    private static final int EVENTS = 100_000;
    private static final int WARM_PIECES = 100;
    private static final long ENDLESS = Long.MAX_VALUE >>> 8;

    /** The chain that is measured. */
    @Param({"W1", "W2", "W3"})
    public Workload workload;

    /** Pipelines in the JVM, all different; the others were warmed, and are idle while this one is measured. */
    @Param({"1", "4"})
    public int pipelines;

    private final List<Program> programs = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();
    private Program measured;
    private long next;

    /** Warms all pipelines in turn. */
    @Setup
    public void setUp()
    {
        measured = open(workload);
        for (final Workload other : Workload.values())
        {
            if (other != workload && programs.size() < pipelines)
            {
                open(other);
            }
        }
        for (int i = 1; i <= WARM_PIECES; i++)
        {
            for (final Program program : programs)
            {
                program.advanceTo((long)i * EVENTS);
            }
        }
        next = measured.advanceTo((long)WARM_PIECES * EVENTS);
    }

    private Program open(final Workload opened)
    {
        final Input input = Input.generated(ENDLESS);
        inputs.add(input);
        final Program program = opened.open(Contender.MILLRACE, input, Setting.PLAIN);
        programs.add(program);
        return program;
    }

    /** Ends them. */
    @TearDown
    public void tearDown()
    {
        programs.forEach(Program::close);
        inputs.forEach(Input::close);
    }

    /** Makes events and works on them. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void advance()
    {
        // A program may go on a little further; it then has less to do the next time.
        next += EVENTS;
        measured.advanceTo(next);
    }
}
