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
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two jobs stepped by one thread: a running sum over many keys, and the same with no record in it. A pause is the whole step of the task
 * in which it takes the barrier, the first piece of the sweep included.
 */
public final class BarrierPause implements AutoCloseable
{
    private static final long AFTERMATH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final long keys;
    private final Path directory;
    private final Job job;
    private final Job empty;
    private final Histogram pauses = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final Histogram emptyPauses = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final Histogram stepsAfter = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    private long sum;

    /**
     * Starts both jobs.
     *
     * @param keys of the state
     */
    public BarrierPause(final long keys)
    {
        this.keys = keys;
        try
        {
            directory = Files.createTempDirectory("millrace-pause");
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("no directory for checkpoints", exception);
        }
        job = start("keys", Long.MAX_VALUE);
        empty = start("nothing", Long.MAX_VALUE);
    }

    private Job start(final String name, final long count)
    {
        final boolean silent = name.equals("nothing");
        final Pipeline pipeline = Pipeline.create(name);
        pipeline
            .source(Generator.of(EventFlyweight.TYPE, count, (number, out) ->
            {
                // The first round touches every key once, the ones after it are random.
                final long key = number < keys ? number : Events.key(Events.mixed(number), keys);
                out.time(number).key(key).value(1);
            }), MillraceProgram.watermarks(), "events")
            .filter(event -> !silent)
            .keyByLong(Event::key)
            .accumulate(KeySumFlyweight.TYPE, (total, event) ->
                total.key(event.key()).sum(total.sum() + event.value()))
            .sink(CallbackSink.of(total -> sum += total.sum()));
        return pipeline.start(new JobConfig().threading(ThreadingMode.INVOKER)
            .checkpointing(Checkpoints.in(directory.resolve(name))));
    }

    /** Brings every key in, and makes the first checkpoint of all of them. */
    public void fill()
    {
        process(keys);
        empty.doWork();
        settle(job, job.checkpoint());
        settle(empty, empty.checkpoint());
    }

    /**
     * Times one barrier of each job.
     *
     * @param updates events before it
     */
    public void measure(final int updates)
    {
        process(updates);
        final long id = job.checkpoint();
        final long start = System.nanoTime();
        job.doWork();
        final long end = System.nanoTime();
        pauses.recordValue(end - start);
        while (job.completedCheckpoint() < id || System.nanoTime() - end < AFTERMATH_NANOS / 100)
        {
            final long before = System.nanoTime();
            job.doWork();
            if (before - end < AFTERMATH_NANOS)
            {
                stepsAfter.recordValue(System.nanoTime() - before);
            }
        }
        final long emptyId = empty.checkpoint();
        final long emptyStart = System.nanoTime();
        empty.doWork();
        emptyPauses.recordValue(System.nanoTime() - emptyStart);
        settle(empty, emptyId);
    }

    private void process(final long events)
    {
        long done = 0;
        while (done < events)
        {
            done += job.doWork();
        }
    }

    private static void settle(final Job job, final long checkpointId)
    {
        while (job.completedCheckpoint() < checkpointId)
        {
            job.doWork();
        }
    }

    /**
     * Pauses of the job with state.
     *
     * @return in nanoseconds
     */
    public Histogram pauses()
    {
        return pauses;
    }

    /**
     * Pauses of the job without state.
     *
     * @return in nanoseconds
     */
    public Histogram emptyPauses()
    {
        return emptyPauses;
    }

    /**
     * Steps of the job with state while its snapshot is written, at most 200 ms after the barrier; a step is what an event waits for.
     *
     * @return in nanoseconds
     */
    public Histogram stepsAfter()
    {
        return stepsAfter;
    }

    @Override
    public void close()
    {
        job.close();
        empty.close();
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(path);
            }
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot delete " + directory, exception);
        }
    }
}
