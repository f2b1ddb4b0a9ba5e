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
import io.millrace.core.operator.StreamSource;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.BoundedOutOfOrdernessWatermarks;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A savepoint with fewer, more, or other sources behind it, and with more or fewer instances of them (SEMANTICS SP-2, SP-3). */
class SourceChangeTest
{
    private static final long COUNT = 2_400;

    private final List<Long> values = new ArrayList<>();
    private final List<Long> windows = new ArrayList<>();
    private WatermarkStrategy<Tick> watermarks = WatermarkStrategy.forMonotonousTimestamps();
    private int lives;

    @TempDir
    private Path directory;

    private static Generator<Tick, TickFlyweight> numbers(final long first)
    {
        return Generator.of(TickFlyweight.TYPE, COUNT, (number, out) -> out.time(number / 3).key(number % 7).value(first + number));
    }

    private Job start(final JobConfig config, final List<StreamSource<Tick>> sources, final int parallelism)
    {
        final Pipeline pipeline = Pipeline.create("changing");
        DataStream<Tick> ticks = null;
        for (int i = 0; i < sources.size(); i++)
        {
            if (sources.get(i) != null)
            {
                final DataStream<Tick> source = pipeline.source(sources.get(i),
                    watermarks, "source-" + i).parallelism(parallelism);
                ticks = ticks == null ? source : ticks.union(source);
            }
        }
        ticks.rebalance().map(TickFlyweight.TYPE, (tick, out) -> TickFlyweight.TYPE.copy(tick, out)).name("seen").parallelism(1)
            .sink(CallbackSink.of(tick -> values.add(tick.value())));
        ticks.keyByLong(Tick::key).window(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE, new SavepointJob.Sum(), (key, window, sum, out) ->
                out.key(key.value()).count(sum.count()).end(window.end())).uid("windows").parallelism(2)
            .rebalance().map(TotalFlyweight.TYPE, (total, out) -> TotalFlyweight.TYPE.copy(total, out)).name("fired").parallelism(1)
            .sink(CallbackSink.of(total -> windows.add(total.count())));
        return pipeline.start(config);
    }

    private JobConfig config(final Path savepoint)
    {
        final JobConfig config = SavepointJob.config(directory.resolve("checkpoints-" + lives++));
        return savepoint == null ? config : config.restoringFrom(Savepoints.in(savepoint));
    }

    private Path stop(final Job job, final int seen)
    {
        SavepointJob.stepUntil(job, () -> values.size() >= seen);
        final Path savepoint = directory.resolve("savepoint-" + lives++);
        final CompletableFuture<Path> made = job.stopWithSavepoint(savepoint, false);
        SavepointJob.finish(job);
        return made.join();
    }

    private void assertAllSeenOnce(final long count)
    {
        values.sort(null);
        assertEquals(count, values.size());
        for (int i = 0; i < count; i++)
        {
            assertEquals(i, values.get(i));
        }
        assertEquals(count, windows.stream().mapToLong(Long::longValue).sum(), "nothing was late, and each record is in one window");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldFollowSP3AndShareOutWhatAGeneratorHasLeft(final int before)
    {
        for (int after = 1; after <= 4; after++)
        {
            rescale(List.of(numbers(0)), COUNT, before, after, before + after, after);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6})
    void shouldFollowSP3AndMovePartitionsBetweenInstances(final int before)
    {
        for (int after = 1; after <= 6; after++)
        {
            rescale(List.of(new PartitionedTicks.Stream()), PartitionedTicks.PARTITIONS * PartitionedTicks.RECORDS,
                before, after, 2, before);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldFollowSP3ThroughRandomNumbersOfInstances(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final int[] parallelisms = random.ints(6, 1, 6).toArray();
        rescale(List.of(numbers(0)), COUNT, parallelisms);
    }

    private void rescale(final List<StreamSource<Tick>> sources, final long count, final int... parallelisms)
    {
        values.clear();
        windows.clear();
        Path savepoint = null;
        for (int life = 0; life < parallelisms.length - 1; life++)
        {
            try (Job job = start(config(savepoint), sources, parallelisms[life]))
            {
                savepoint = stop(job, values.size() + (int)count / parallelisms.length / 2);
            }
        }
        try (Job job = start(config(savepoint), sources, parallelisms[parallelisms.length - 1]))
        {
            SavepointJob.finish(job);
        }
        assertAllSeenOnce(count);
    }

    @Test
    void shouldBeginAGeneratorOfWatermarksAnew()
    {
        watermarks = WatermarkStrategy.forGenerator(() -> new BoundedOutOfOrdernessWatermarks(5));
        rescale(List.of(new PartitionedTicks.Stream()), PartitionedTicks.PARTITIONS * PartitionedTicks.RECORDS, 2, 3, 1);
    }

    @Test
    void shouldFollowSP2AndLeaveASourceOut()
    {
        final Path savepoint;
        try (Job job = start(config(null), List.of(numbers(0), numbers(COUNT)), 2))
        {
            savepoint = stop(job, 600);
        }
        final List<StreamSource<Tick>> one = List.of(numbers(0));
        final String refusal =
            assertThrows(IllegalStateException.class, () -> start(config(savepoint), one, 2).close()).getMessage();
        assertTrue(refusal.contains("uid=source-1 has state, and no operator has that uid: give it its old uid, or drop the state with " +
            "JobConfig.allowNonRestoredState()"), refusal);
        final long ofOther = values.stream().filter(value -> value >= COUNT).count();
        assertTrue(ofOther > 0);
        try (Job job = start(config(savepoint).allowNonRestoredState(), one, 2))
        {
            SavepointJob.finish(job);
        }
        assertEquals(ofOther, values.stream().filter(value -> value >= COUNT).count());
        assertEquals(COUNT + ofOther, windows.stream().mapToLong(Long::longValue).sum(), "windows wait for the source no more");
        values.removeIf(value -> value >= COUNT);
        assertEquals(COUNT, values.stream().distinct().count());
        assertEquals(COUNT, values.size());
    }

    @Test
    void shouldRefuseToShareOutPositionsThatAreTheSourcesOwn()
    {
        final List<StreamSource<Tick>> sources = List.of(new UndividedTicks.Stream());
        final Path savepoint;
        try (Job job = start(config(null), sources, 2))
        {
            savepoint = stop(job, 600);
        }
        final String refusal =
            assertThrows(IllegalStateException.class, () -> start(config(savepoint), sources, 3).close()).getMessage();
        assertTrue(refusal.contains("source uid=source-0 has positions of instances=2, which cannot be divided among instances=3: keep " +
            "the source's parallelism, and key or rebalance() the stream behind it, or have it implement RescalableSource"), refusal);
        try (Job job = start(config(savepoint), sources, 2))
        {
            SavepointJob.finish(job);
        }
        assertEquals(2_000, values.size());
    }

    @Test
    void shouldFollowSP2AndBeginASourceAtItsStart()
    {
        final Path savepoint;
        try (Job job = start(config(null), List.of(numbers(0)), 1))
        {
            savepoint = stop(job, 600);
        }
        try (Job job = start(config(savepoint), List.of(numbers(0), numbers(COUNT)), 3))
        {
            SavepointJob.finish(job);
        }
        values.sort(null);
        assertEquals(2 * COUNT, values.size());
        for (int i = 0; i < 2 * COUNT; i++)
        {
            assertEquals(i, values.get(i));
        }
        final long windowed = windows.stream().mapToLong(Long::longValue).sum();
        assertTrue(windowed > COUNT && windowed < 2 * COUNT, "what is behind the stored watermark is late, windowed=" + windowed);
    }
}
