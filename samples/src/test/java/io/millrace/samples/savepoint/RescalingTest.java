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
package io.millrace.samples.savepoint;

import io.millrace.checkpoint.savepoint.Savepoints;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Savepoints of a job with state of every kind: what is shown before and behind them is what is shown without (SEMANTICS SP-3, KG-4). */
class RescalingTest
{
    @TempDir
    private Path directory;

    private static List<String> sorted(final List<String> lines)
    {
        final List<String> copy = new ArrayList<>(lines);
        Collections.sort(copy);
        return copy;
    }

    @Test
    void shouldFollowSP7AndGoOnWithTheSamePlan()
    {
        final List<String> expected = new SavepointJob(1).run(directory.resolve("whole"));
        final SavepointJob stopped = new SavepointJob(1);
        final Path savepoint = directory.resolve("first");
        try (Job job = stopped.start(SavepointJob.config(directory.resolve("before")), 2))
        {
            stopped.stop(job, 4_000, savepoint, false);
            assertEquals(JobStatus.FINISHED, job.status());
        }
        assertTrue(Files.exists(savepoint.resolve("manifest")));
        try (Job job = stopped.start(SavepointJob.config(directory.resolve("after")).restoringFrom(Savepoints.in(savepoint)), 2))
        {
            assertTrue(job.restoredCheckpoint() > 0);
            SavepointJob.finish(job);
        }
        assertEquals(sorted(expected), sorted(stopped.shown()));
    }

    @Test
    void shouldFollowSP3ThroughRandomParallelisms()
    {
        final long seed = 17;
        final List<String> expected = new SavepointJob(seed).run(directory.resolve("whole"));
        final SplittableRandom random = new SplittableRandom(seed);
        final SavepointJob rescaled = new SavepointJob(seed);
        Path savepoint = null;
        for (int life = 1; life <= 6; life++)
        {
            final JobConfig config = SavepointJob.config(directory.resolve("checkpoints-" + life));
            final Path next = directory.resolve("savepoint-" + life);
            try (Job job = rescaled.start(
                savepoint == null ? config : config.restoringFrom(Savepoints.in(savepoint)), 1 + random.nextInt(8)))
            {
                rescaled.stop(job, rescaled.shown().size() + 300 + random.nextInt(1_000), next, false);
            }
            savepoint = next;
        }
        try (Job job = rescaled.start(
            SavepointJob.config(directory.resolve("checkpoints")).restoringFrom(Savepoints.in(savepoint)), 1 + random.nextInt(8)))
        {
            SavepointJob.finish(job);
        }
        assertEquals(sorted(expected), sorted(rescaled.shown()), "seed=" + seed);
    }

    /** A quarter of the 64 pairs each. */
    @ParameterizedTest
    @ValueSource(longs = 1)
    void shouldFollowSP3ForPairsOfParallelisms(final long seed)
    {
        rescalePairs(seed);
    }

    /** With the one above all 64 pairs from 1 to 8. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4})
    void shouldFollowSP3ForAllPairsOfParallelisms(final long seed)
    {
        rescalePairs(seed);
    }

    private void rescalePairs(final long seed)
    {
        final List<String> expected = new SavepointJob(seed).run(directory.resolve("whole"));
        final SplittableRandom random = new SplittableRandom(seed);
        for (int from = 1; from <= 8; from++)
        {
            for (int to = 1 + (int)((from + seed) % 4); to <= 8; to += 4)
            {
                rescale(seed, from, to, expected, 500 + random.nextInt(4_000));
            }
        }
    }

    private void rescale(final long seed, final int from, final int to, final List<String> expected, final int shownBefore)
    {
        final SavepointJob rescaled = new SavepointJob(seed);
        final String name = from + "-" + to;
        final Path savepoint = directory.resolve(name);
        try (Job job = rescaled.start(SavepointJob.config(directory.resolve(name + "-before")), from))
        {
            rescaled.stop(job, shownBefore, savepoint, false);
        }
        try (Job job = rescaled.start(
            SavepointJob.config(directory.resolve(name + "-after")).restoringFrom(Savepoints.in(savepoint)), to))
        {
            SavepointJob.finish(job);
        }
        assertEquals(sorted(expected), sorted(rescaled.shown()), "parallelism " + from + " to " + to);
    }

    @Test
    void shouldFollowSP3WithJoinsPatternsAndStateThatExpires()
    {
        final long seed = 23;
        final List<String> expected = new JoinsJob(seed).run(directory.resolve("whole"));
        for (final int[] parallelisms : new int[][]{{1, 3}, {3, 2}, {2, 1}, {2, 2}, {4, 5}})
        {
            final String name = parallelisms[0] + "-" + parallelisms[1];
            final SavepointJob rescaled = new JoinsJob(seed);
            final Path savepoint = directory.resolve(name);
            try (Job job = rescaled.start(SavepointJob.config(directory.resolve(name + "-before")), parallelisms[0]))
            {
                rescaled.stop(job, 4_000, savepoint, false);
            }
            try (Job job = rescaled.start(
                SavepointJob.config(directory.resolve(name + "-after")).restoringFrom(Savepoints.in(savepoint)), parallelisms[1]))
            {
                SavepointJob.finish(job);
            }
            assertEquals(sorted(expected), sorted(rescaled.shown()), "parallelism " + name);
        }
    }

    @Test
    void shouldFollowSP6AndRunOn()
    {
        final List<String> expected = new SavepointJob(5).run(directory.resolve("whole"));
        final SavepointJob running = new SavepointJob(5);
        final SavepointJob copy = new SavepointJob(5);
        final Path savepoint = directory.resolve("aside");
        try (Job job = running.start(SavepointJob.config(directory.resolve("checkpoints")), 3))
        {
            SavepointJob.stepUntil(job, () -> running.shown().size() > 4_000);
            final CompletableFuture<Path> result = job.savepoint(savepoint);
            SavepointJob.stepUntil(job, result::isDone);
            assertEquals(savepoint, result.join());
            assertEquals(0, job.completedCheckpoint());
            assertEquals(2, job.checkpoint());
            SavepointJob.stepUntil(job, () -> job.completedCheckpoint() == 2);
            SavepointJob.finish(job);
        }
        assertEquals(sorted(expected), sorted(running.shown()));
        try (Job job = copy.start(SavepointJob.config(directory.resolve("copy")).restoringFrom(Savepoints.in(savepoint)), 2))
        {
            SavepointJob.finish(job);
        }
        assertFalse(copy.shown().isEmpty());
        assertTrue(sorted(expected).containsAll(copy.shown()));
    }
}
