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
import io.millrace.benchmarks.workload.CheckpointReport;
import io.millrace.benchmarks.workload.Contender;
import io.millrace.benchmarks.workload.Input;
import io.millrace.benchmarks.workload.Program;
import io.millrace.benchmarks.workload.Workload;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * A program that is timed once it is warm. The warm-up is the beginning of the same run, since a program that was started
 * anew would have to be compiled anew.
 * <pre>
 *   event 0 ... warm-up, a third of what is timed ... | timed ... | a tail, when threads of its own run ahead
 * </pre>
 */
final class TimedProgram implements AutoCloseable
{
    /** Events at a time, so that a loop is compiled as a method, and not only as the loop that is running. */
    private static final long PIECE = 100_000;
    /** Events that threads have left when their time is taken: they are still there to say what they allocated. */
    private static final long TAIL = 2_000_000;
    private static final long CACHES = 8;
    /** Checkpoints are timed for longer, so that there are some. */
    private static final long LONGER = 3;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final LongSupplier clock;
    private final long warmup;
    private final long end;
    private final Input input;
    private final Program program;
    private long next;
    private long startNanos;
    private long allocatedBefore;

    TimedProgram(final Workload workload, final Contender contender, final TrialOptions options)
    {
        final long events = options.events != 0 ? options.events :
            workload.defaultEvents() * (options.checkpoints == null ? 1 : LONGER);
        clock = options.cpuTime ? threads::getCurrentThreadCpuTime : System::nanoTime;
        warmup = Math.max(events / 3, PIECE);
        end = warmup + events;
        final long count = end + (contender.threaded() ? TAIL : 0);
        input = options.preloaded ? Input.preloaded(count, CACHES * LastLevelCache.bytes(), workload) :
            Input.generated(count);
        program = workload.open(contender, input, options.setting());
        // What the clock and the count of bytes allocate when they are asked for the first time is not the program's.
        begin(program.threads());
    }

    /** Works on the next piece of the warm-up; returns true when it is over. */
    boolean warm()
    {
        if (next < warmup)
        {
            next = program.advanceTo(Math.min(next + PIECE, warmup));
        }
        return next >= warmup;
    }

    /** Works on the events after the warm-up, then ends the program. */
    TrialResult time()
    {
        final long start = next;
        final long[] ids = program.threads();
        final CheckpointReport checkpointsBefore = program.checkpoints();
        begin(ids);
        while (next < end)
        {
            next = program.advanceTo(Math.min(next + PIECE, end));
        }
        final long nanos = clock.getAsLong() - startNanos;
        final long allocatedAfter = allocated(ids);
        final CheckpointReport checkpoints = program.checkpoints().since(checkpointsBefore);
        return new TrialResult(next - start, nanos,
            allocatedBefore < 0 || allocatedAfter < 0 ? -1 : allocatedAfter - allocatedBefore,
            checkpoints.completed(), checkpoints.bytes(), program.finish());
    }

    private void begin(final long[] ids)
    {
        allocatedBefore = allocated(ids);
        startNanos = clock.getAsLong();
    }

    /** Bytes that the threads have allocated, -1 when one is gone. */
    private long allocated(final long[] ids)
    {
        long sum = 0;
        for (final long id : ids)
        {
            final long bytes = threads.getThreadAllocatedBytes(id);
            if (bytes < 0)
            {
                return -1;
            }
            sum += bytes;
        }
        return sum;
    }

    @Override
    public void close()
    {
        program.close();
        input.close();
    }
}
