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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** A pipeline, stepped by the thread that measures. */
final class MillraceProgram implements Program
{
    private final Job job;
    private final Checksum checksum;
    private final Path checkpoints;
    private long next;

    /**
     * A started job.
     *
     * @param pipeline with one source
     * @param checksum that the pipeline's sink adds to
     */
    MillraceProgram(final Pipeline pipeline, final Checksum checksum)
    {
        this.job = pipeline.start(new JobConfig().threading(ThreadingMode.INVOKER));
        this.checksum = checksum;
        this.checkpoints = null;
    }

    /**
     * A started job that makes checkpoints.
     *
     * @param pipeline with one source
     * @param checksum that the pipeline's sink adds to
     * @param interval from one checkpoint to the next
     */
    MillraceProgram(final Pipeline pipeline, final Checksum checksum, final Duration interval)
    {
        this.checkpoints = temporaryDirectory();
        this.job = pipeline.start(new JobConfig().threading(ThreadingMode.INVOKER)
            .checkpointing(Checkpoints.in(checkpoints).every(interval)));
        this.checksum = checksum;
    }

    private static Path temporaryDirectory()
    {
        try
        {
            return Files.createTempDirectory("millrace-compare");
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("no directory for checkpoints", exception);
        }
    }

    /** A job as the contender wants it. */
    static MillraceProgram of(
        final Contender contender, final Input input, final Pipeline pipeline, final Checksum checksum)
    {
        return contender == Contender.CHECKPOINTED ?
            new MillraceProgram(pipeline, checksum, input.checkpointInterval()) : new MillraceProgram(pipeline, checksum);
    }

    static WatermarkStrategy<Event> watermarks()
    {
        return WatermarkStrategy.<Event>forBoundedOutOfOrderness(Duration.ofMillis(Events.DISORDER))
            .withStep(Duration.ofMillis(Events.WATERMARK_STEP));
    }

    @Override
    public long advanceTo(final long number)
    {
        while (next < number && job.status() == JobStatus.RUNNING)
        {
            // A watermark counts as work too: 1 in 40,000 events.
            next += job.doWork();
        }
        return next;
    }

    @Override
    public long finish()
    {
        while (job.status() == JobStatus.RUNNING)
        {
            job.doWork();
        }
        try
        {
            job.await();
        }
        catch (final InterruptedException exception)
        {
            throw new IllegalStateException("interrupted while waiting for the end of a job that has ended", exception);
        }
        return checksum.value();
    }

    @Override
    public void close()
    {
        final long completed = job.completedCheckpoint();
        job.close();
        if (checkpoints != null)
        {
            System.err.println("checkpoints completed: " + completed);
            delete(checkpoints);
        }
    }

    private static void delete(final Path directory)
    {
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
