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
package io.millrace.samples.marketdata;

import com.sun.management.ThreadMXBean;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.memory.DebugMode;
import io.millrace.operators.Pipeline;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Runs the job on a tape that is complete, and prints what its task threads allocate over a million trades. */
final class AllocationMain
{
    private static final int REPEAT = 25;
    private static final long WARM_UP_TRADES = 1_000_000;
    private static final long TRADES = 1_000_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    private AllocationMain()
    {
    }

    /** Takes the directory to work in. */
    public static void main(final String[] arguments) throws Exception
    {
        if (DebugMode.ENABLED)
        {
            throw new IllegalStateException("debug mode is on, which allocates: run without -Dmillrace.debug=true");
        }
        final MarketDataOptions options = new MarketDataOptions();
        options.commandLine().parseArgs("--dir", arguments[0]);
        final List<Tape.Line> tape = Tape.read();
        final TapeRecorder recorder = new TapeRecorder(options.trades(), tape, REPEAT, 0);
        recorder.run();
        if (recorder.failure() != null)
        {
            throw new IllegalStateException("the tape could not be played", recorder.failure());
        }
        final Screen screen = new Screen(options);
        final AtomicLong trades = new AtomicLong();
        final long[] allocated = new long[2];
        // On the one thread that all tasks share: what it has allocated is read by itself, between two trades.
        final Pipeline pipeline = MarketDataPipeline.create(options.trades(), options.bars(), trade ->
        {
            final long number = trades.get() + 1;
            trades.lazySet(number);
            if (number == WARM_UP_TRADES || number == WARM_UP_TRADES + TRADES)
            {
                allocated[number == WARM_UP_TRADES ? 0 : 1] = THREADS.getCurrentThreadAllocatedBytes();
            }
            screen.trade();
            return true;
        }, screen::bar, false);
        try (Job job = pipeline.start(JobSettings.config(options, options.directory())
            .threading(ThreadingMode.SHARED).sharedThreads(1)))
        {
            job.await(5, TimeUnit.MINUTES);
            System.out.println("checkpoints " + job.completedCheckpoint());
        }
        System.out.println("trades " + trades.get());
        System.out.println("allocated " + (allocated[1] - allocated[0]) + " " + TRADES);
    }
}
