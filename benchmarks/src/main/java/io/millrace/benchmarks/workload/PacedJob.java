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

import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.sink.CallbackSink;
import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A job over many keys, stepped by the thread that measures it; I/O has a thread of its own. Events come when that thread lets
 * them.
 */
final class PacedJob implements AutoCloseable
{
    /** A running sum of each key. */
    static final Function<KeyedStream<LongKey, Event>, SingleOutputStream<?>> SUMS = events -> events
        .accumulate(KeySumFlyweight.TYPE, (total, event) ->
            total.key(event.key()).sum(total.sum() + event.value()));

    private final Pace pace;
    private final Job job;
    private Histogram latencies;

    /**
     * Starts the job.
     *
     * @param name     of the job
     * @param pace     of its events
     * @param config   its checkpoints; the threading is set here
     * @param operator that has the state, say {@link #SUMS}
     */
    PacedJob(
        final String name,
        final Pace pace,
        final JobConfig config,
        final Function<KeyedStream<LongKey, Event>, SingleOutputStream<?>> operator)
    {
        this.pace = pace;
        final Pipeline pipeline = Pipeline.create(name, TimeUnit.NANOSECONDS);
        operator.apply(pipeline
            .source(PacedSource.of(pace), WatermarkStrategy.<Event>forBoundedOutOfOrderness(Duration.ZERO)
                .withStep(Duration.ofMillis(Events.WATERMARK_STEP)), "events")
            .keyByLong(Event::key))
            .sink(CallbackSink.identified((result, metadata) ->
            {
                if (latencies != null)
                {
                    latencies.recordValue(
                        Math.min(latencies.getHighestTrackableValue(), System.nanoTime() - metadata.timestamp()));
                }
            }));
        job = pipeline.start(config.threading(ThreadingMode.INVOKER));
    }

    /** Sets where latencies go, null for nowhere. */
    void latencies(final Histogram histogram)
    {
        latencies = histogram;
    }

    /** Lets so many events come, and works through them. */
    void process(final long events)
    {
        pace.allowMore(events, System.nanoTime());
        drain();
    }

    /** Works through the events that may come. */
    void drain()
    {
        while (!pace.satisfied())
        {
            step();
        }
        // What an output or a watermark has left undone is not to be done by a step that is timed.
        step();
    }

    /** Asks for a checkpoint; returns its id. */
    long request()
    {
        long id = job.checkpoint();
        while (id == 0)
        {
            step();
            id = job.checkpoint();
        }
        return id;
    }

    boolean completed(final long checkpointId)
    {
        return job.completedCheckpoint() >= checkpointId;
    }

    /** Steps until a checkpoint is complete. */
    void settle(final long checkpointId)
    {
        while (!completed(checkpointId))
        {
            step();
        }
    }

    /** Steps until a checkpoint is complete and reported. */
    CheckpointReport report(final long checkpointId)
    {
        settle(checkpointId);
        CheckpointReport latest = latest();
        while (latest == null || latest.id() < checkpointId)
        {
            // It is complete a moment before it is reported.
            step();
            latest = latest();
        }
        return latest;
    }

    private CheckpointReport latest()
    {
        final List<CheckpointReport> latest = job.checkpointStats().latest();
        return latest.isEmpty() ? null : latest.get(latest.size() - 1);
    }

    /** One step of the task; returns the work done. */
    int step()
    {
        final int work = job.doWork();
        if (work == 0 && job.status() != JobStatus.RUNNING)
        {
            throw new IllegalStateException("the job ended while it was measured", job.failure());
        }
        return work;
    }

    /** Id of the checkpoint that the job began with, 0 for none. */
    long restoredCheckpoint()
    {
        return job.restoredCheckpoint();
    }

    Pace pace()
    {
        return pace;
    }

    long offHeapBytes()
    {
        return job.offHeapBytes();
    }

    @Override
    public void close()
    {
        job.close();
    }
}
