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
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import org.HdrHistogram.Histogram;

import java.nio.file.Path;
import java.time.Duration;
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
    private final Pace pace;
    private final MeasuredCheckpoints checkpoints;
    private final Job sums;
    private final Job nothing;
    private final Histogram discarded = new Histogram(HIGHEST, DIGITS);
    private final BarrierTimes ofSums = new BarrierTimes();
    private final BarrierTimes ofNothing = new BarrierTimes();
    private Histogram latencies;

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
     * @param skewed whether a fifth of the keys gets 82 % of the updates; otherwise all get the same
     * @param rate   of the events after a barrier, in events a second
     * @param parent directory to make one for the checkpoints in, or null for where the system keeps temporary files
     */
    public BarrierPause(final long keys, final boolean skewed, final long rate, final Path parent)
    {
        this.keys = keys;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        directory = new TemporaryDirectory(parent, "millrace-pause");
        pace = new Pace(keys, skewed);
        checkpoints = new MeasuredCheckpoints(Checkpoints.in(directory.path().resolve("sums")));
        sums = start("sums", pace, new JobConfig().checkpointing(checkpoints));
        nothing = start("nothing", new Pace(1, false),
            new JobConfig().checkpointing(Checkpoints.in(directory.path().resolve("nothing"))));
    }

    private Job start(final String name, final Pace paceOfJob, final JobConfig config)
    {
        final Pipeline pipeline = Pipeline.create(name, TimeUnit.NANOSECONDS);
        pipeline
            .source(PacedSource.of(paceOfJob), WatermarkStrategy.<Event>forBoundedOutOfOrderness(Duration.ZERO)
                .withStep(Duration.ofMillis(Events.WATERMARK_STEP)), "events")
            .keyByLong(Event::key)
            .accumulate(KeySumFlyweight.TYPE, (total, event) ->
                total.key(event.key()).sum(total.sum() + event.value()))
            .sink(CallbackSink.identified((total, metadata) ->
            {
                if (latencies != null)
                {
                    latencies.recordValue(Math.min(HIGHEST, System.nanoTime() - metadata.timestamp()));
                }
            }));
        return pipeline.start(config.threading(ThreadingMode.INVOKER));
    }

    /** Brings every key in, and makes the first checkpoint of all of them. */
    public void fill()
    {
        process(keys);
        settle(sums, request(sums));
        settle(nothing, request(nothing));
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
        measure(sums, ofSums, updates, record, latency);
        measure(nothing, ofNothing, updates, record, latency);
    }

    private void measure(
        final Job job, final BarrierTimes times, final int updates, final boolean record, final boolean latency)
    {
        process(updates);
        final long id = request(job);
        final long emitted = pace.emitted();
        final long start = System.nanoTime();
        final int work = job.doWork();
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
        settle(job, id);
    }

    /** Lets events come at their rate for 200 ms. */
    private void send(final long start, final Histogram histogram)
    {
        latencies = histogram;
        pace.begin(start, intervalNanos);
        for (long now = start; now - start < AFTERMATH_NANOS; now = System.nanoTime())
        {
            pace.allowDue(now);
            step(sums);
        }
        drain();
        latencies = null;
    }

    private void process(final long events)
    {
        pace.allowMore(events, System.nanoTime());
        drain();
    }

    private void drain()
    {
        while (!pace.satisfied())
        {
            step(sums);
        }
        // What an output or a watermark has left undone is not to be done by the step that is timed.
        step(sums);
    }

    private static long request(final Job job)
    {
        long id = job.checkpoint();
        while (id == 0)
        {
            step(job);
            id = job.checkpoint();
        }
        return id;
    }

    private static void settle(final Job job, final long checkpointId)
    {
        while (job.completedCheckpoint() < checkpointId)
        {
            step(job);
        }
    }

    private static void step(final Job job)
    {
        if (job.doWork() == 0 && job.status() != JobStatus.RUNNING)
        {
            throw new IllegalStateException("the job ended while it was measured", job.failure());
        }
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

    @Override
    public void close()
    {
        sums.close();
        nothing.close();
        directory.close();
    }
}
