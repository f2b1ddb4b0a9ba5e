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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A running sum over many keys with checkpoints, and another one without, which take turns on one thread.
 * <pre>
 *   with     barrier | events for an interval, while what the interval before touched is written | until it is complete
 *   without          | events for an interval |
 * </pre>
 * So each stretch of the one with checkpoints has exactly one of them, and nothing of it is done while the other works.
 */
public final class CheckpointedSpeed implements AutoCloseable
{
    private static final long PIECE = 10_000;

    private final long keys;
    private final long intervalNanos;
    private final TemporaryDirectory directory;
    private final PacedJob with;
    private final PacedJob without;
    private final DeltaSizes sizes;
    private final List<Pair> pairs = new ArrayList<>();

    /**
     * Two stretches next to each other.
     *
     * @param with    events a second with checkpoints
     * @param without events a second without
     */
    public record Pair(double with, double without)
    {
    }

    /**
     * Starts both jobs.
     *
     * @param keys          of the state
     * @param choice        of the keys that are updated
     * @param intervalNanos from a checkpoint to the next
     * @param parent        directory to make one for the checkpoints in, or null for where the system keeps temporary files
     */
    public CheckpointedSpeed(final long keys, final KeyChoice choice, final long intervalNanos, final Path parent)
    {
        this.keys = keys;
        this.intervalNanos = intervalNanos;
        directory = new TemporaryDirectory(parent, "millrace-speed");
        with = new PacedJob("with", new Pace(keys, choice),
            new JobConfig().checkpointing(Checkpoints.in(directory.path())), PacedJob.SUMS);
        without = new PacedJob("without", new Pace(keys, choice), new JobConfig(), PacedJob.SUMS);
        sizes = new DeltaSizes(with.pace());
    }

    /** Brings every key in, and makes the first checkpoint of all of them. */
    public void fill()
    {
        with.process(keys);
        without.process(keys);
        with.settle(with.request());
        sizes.skip(with.pace().emitted());
    }

    /**
     * Takes a stretch of each.
     *
     * @param withFirst whether the one with checkpoints goes first
     * @param record    false for a warm-up
     */
    public void measure(final boolean withFirst, final boolean record)
    {
        final double first = withFirst ? stretchWith(record) : stretchWithout();
        final double second = withFirst ? stretchWithout() : stretchWith(record);
        if (record)
        {
            pairs.add(withFirst ? new Pair(first, second) : new Pair(second, first));
        }
    }

    private double stretchWith(final boolean record)
    {
        final long barrier = with.pace().emitted();
        final long start = System.nanoTime();
        final long id = with.request();
        long now;
        do
        {
            with.process(PIECE);
            now = System.nanoTime();
        }
        while (now - start < intervalNanos || !with.completed(id));
        final double perSecond = perSecond(with.pace().emitted() - barrier, now - start);
        if (record)
        {
            sizes.add(barrier, with.report(id));
        }
        else
        {
            sizes.skip(barrier);
        }
        return perSecond;
    }

    private double stretchWithout()
    {
        final long from = without.pace().emitted();
        final long start = System.nanoTime();
        long now;
        do
        {
            without.process(PIECE);
            now = System.nanoTime();
        }
        while (now - start < intervalNanos);
        return perSecond(without.pace().emitted() - from, now - start);
    }

    private static double perSecond(final long events, final long nanos)
    {
        return events * 1e9 / nanos;
    }

    /**
     * What was measured so far.
     *
     * @return the pairs in their order
     */
    public List<Pair> pairs()
    {
        return List.copyOf(pairs);
    }

    /**
     * What the checkpoints wrote.
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
        with.close();
        without.close();
        directory.close();
    }
}
