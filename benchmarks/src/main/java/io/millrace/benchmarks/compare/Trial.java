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
package io.millrace.benchmarks.compare;

import com.sun.management.ThreadMXBean;
import io.millrace.benchmarks.workload.Contender;
import io.millrace.benchmarks.workload.Input;
import io.millrace.benchmarks.workload.Program;
import io.millrace.benchmarks.workload.Workload;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Times one contender at one workload, once it is warm. The warm-up is the beginning of the same run, since a program
 * that was started anew would have to be compiled anew.
 */
final class Trial
{
    /** Events at a time, so that a loop is compiled as a method, and not only as the loop that is running. */
    private static final long PIECE = 100_000;
    private static final long CACHES = 8;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final Workload workload;
    private final Contender contender;
    private final long events;
    private final long warmup;
    private final boolean preloaded;
    private final Duration checkpoints;
    private final LongSupplier clock;

    Trial(final Workload workload, final Contender contender, final TrialOptions options)
    {
        this.workload = workload;
        this.contender = contender;
        this.events = options.events == 0 ? workload.defaultEvents() : options.events;
        this.warmup = Math.max(events / 3, PIECE);
        this.preloaded = options.preloaded;
        this.checkpoints = options.checkpoints;
        this.clock = options.cpuTime ? threads::getCurrentThreadCpuTime : System::nanoTime;
    }

    TrialResult run()
    {
        final long count = warmup + events;
        try (Input input = preloaded ? Input.preloaded(count, CACHES * LastLevelCache.bytes(), workload) :
            Input.generated(count);
            Program program = workload.open(contender, input.checkpoints(checkpoints)))
        {
            final long start = advance(program, 0, warmup);
            final long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            final long startNanos = clock.getAsLong();
            final long end = advance(program, start, count);
            final long nanos = clock.getAsLong() - startNanos;
            final long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
            return new TrialResult(end - start, nanos, allocated, program.finish());
        }
    }

    private static long advance(final Program program, final long from, final long to)
    {
        long next = from;
        while (next < to)
        {
            next = program.advanceTo(Math.min(next + PIECE, to));
        }
        return next;
    }
}
