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

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.core.runtime.JobConfig;
import org.HdrHistogram.Histogram;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Two jobs stepped by one thread: a running sum over many keys, and the same pipeline that no event enters, whose barriers
 * therefore do nothing. Both have their I/O on a thread of its own, so that a step is the task's work and no more.
 * <pre>
 *   updates | request | BARRIER STEP of the sums | events at a steady rate, 200 ms: latency | until it is complete
 *   updates | request | BARRIER STEP of nothing  | events at a steady rate, 200 ms: latency | until it is complete
 * </pre>
 * A pause is the whole step of the task in which it takes the barrier and nothing else: source position, blobs, the swap
 * of the touched list, the first piece of the sweep. Latency is from when an event was due until its result was out, so
 * that whatever delays a step counts for every event that was due meanwhile.
 */
public final class BarrierPause implements AutoCloseable
{
    private static final long AFTERMATH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long HIGHEST = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private final long keys;
    private final long intervalNanos;
    private final TemporaryDirectory directory;
    private final MeasuredCheckpoints checkpoints;
    private final PacedJob sums;
    private final PacedJob nothing;
    private final DeltaSizes sizes;
    private final Histogram discarded = new Histogram(HIGHEST, DIGITS);
    private final BarrierTimes ofSums = new BarrierTimes();
    private final BarrierTimes ofNothing = new BarrierTimes();
    /** Number of the first event of the sums behind the latest barrier. */
    private long barrierEvent;

    /** What was measured with one kind of barrier, in nanoseconds. */
    public static final class BarrierTimes
    {
        private final Histogram pauses = new Histogram(HIGHEST, DIGITS);
        private final Histogram latencies = new Histogram(HIGHEST, DIGITS);

        private BarrierTimes()
        {
        }

        /**
         * How long the barriers stopped the task.
         *
         * @return a value for each barrier
         */
        public Histogram pauses()
        {
            return pauses;
        }

        /**
         * How long events took that were due in the 200 ms after a barrier.
         *
         * @return a value for each event
         */
        public Histogram latencies()
        {
            return latencies;
        }
    }

    /**
     * Starts both jobs.
     *
     * @param keys   of the state
     * @param choice of the keys that are updated
     * @param rate   of the events after a barrier, in events a second
     * @param parent directory to make one for the checkpoints in, or null for where the system keeps temporary files
     */
    public BarrierPause(final long keys, final KeyChoice choice, final long rate, final Path parent)
    {
        this.keys = keys;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        directory = new TemporaryDirectory(parent, "millrace-pause");
        checkpoints = new MeasuredCheckpoints(Checkpoints.in(directory.path().resolve("sums")));
        sums = new PacedJob("sums", new Pace(keys, choice), new JobConfig().checkpointing(checkpoints),
            PacedJob.SUMS);
        nothing = new PacedJob("nothing", new Pace(1, KeyChoice.UNIFORM),
            new JobConfig().checkpointing(Checkpoints.in(directory.path().resolve("nothing"))), PacedJob.SUMS);
        sizes = new DeltaSizes(sums.pace());
    }

    /** Brings every key in, and makes the first checkpoint of all of them. */
    public void fill()
    {
        sums.process(keys);
        sums.settle(sums.request());
        sizes.skip(sums.pace().emitted());
        nothing.settle(nothing.request());
    }

    /**
     * Takes one barrier of each kind.
     *
     * @param updates events before each
     * @param record  false for a warm-up
     * @param latency whether to send events for 200 ms after each
     */
    public void measure(final int updates, final boolean record, final boolean latency)
    {
        final long id = measure(sums, ofSums, updates, record, latency);
        if (record)
        {
            sizes.add(barrierEvent, sums.report(id));
        }
        else
        {
            sizes.skip(barrierEvent);
        }
        measure(nothing, ofNothing, updates, record, latency);
    }

    /** Returns the id of the checkpoint. */
    private long measure(
        final PacedJob job, final BarrierTimes times, final int updates, final boolean record, final boolean latency)
    {
        final Pace pace = sums.pace();
        sums.process(updates);
        final long id = job.request();
        final long emitted = pace.emitted();
        final long start = System.nanoTime();
        final int work = job.step();
        final long end = System.nanoTime();
        if (work == 0 || pace.emitted() != emitted)
        {
            throw new IllegalStateException("work=" + work + " events=" + (pace.emitted() - emitted) +
                " in the step that was to take a barrier and nothing else");
        }
        (record ? times.pauses : discarded).recordValue(end - start);
        if (latency)
        {
            send(end, record ? times.latencies : discarded);
        }
        job.settle(id);
        barrierEvent = emitted;
        return id;
    }

    /** Lets events come at their rate for 200 ms. */
    private void send(final long start, final Histogram histogram)
    {
        final Pace pace = sums.pace();
        sums.latencies(histogram);
        pace.begin(start, intervalNanos);
        for (long now = start; now - start < AFTERMATH_NANOS; now = System.nanoTime())
        {
            pace.allowDue(now);
            sums.step();
        }
        sums.drain();
        sums.latencies(null);
    }

    /**
     * Of the job with state.
     *
     * @return what was measured so far
     */
    public BarrierTimes ofSums()
    {
        return ofSums;
    }

    /**
     * Of the job without state.
     *
     * @return what was measured so far
     */
    public BarrierTimes ofNothing()
    {
        return ofNothing;
    }

    /**
     * Off-heap memory of the job with state.
     *
     * @return in bytes
     */
    public long offHeapBytes()
    {
        return sums.offHeapBytes();
    }

    /**
     * What the job with state has handed over to be stored.
     *
     * @return in bytes, since the start
     */
    public long checkpointBytes()
    {
        return checkpoints.bytes();
    }

    /**
     * What the checkpoints of the job with state wrote, those of the warm-up left out.
     *
     * @return so far
     */
    public DeltaSizes sizes()
    {
        return sizes;
    }

    @Override
    public void close()
    {
        sums.close();
        nothing.close();
        directory.close();
    }
}
