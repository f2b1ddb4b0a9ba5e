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

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.savepoint.Savepoints;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Savepoints of jobs with several sources, whose order log begins anew, and in every threading mode. */
class SourcesTest
{
    private static final long COUNT = 20_000;
    private static final int KEYS = 13;

    private final ConcurrentSkipListMap<Long, Long> counts = new ConcurrentSkipListMap<>();
    private final AtomicLong seen = new AtomicLong();

    @TempDir
    private Path directory;

    private Job start(final JobConfig config, final int sources, final int parallelism)
    {
        final Pipeline pipeline = Pipeline.create("sources");
        DataStream<Tick> ticks = source(pipeline, 0);
        for (int i = 1; i < sources; i++)
        {
            ticks = ticks.union(source(pipeline, i));
        }
        ticks.keyByLong(Tick::key)
            .accumulate(TotalFlyweight.TYPE, (total, tick) ->
                total.key(tick.key()).count(total.count() + 1).sum(total.sum() + tick.value()))
            .uid("totals").parallelism(parallelism)
            .rebalance().map(TotalFlyweight.TYPE, (total, out) -> TotalFlyweight.TYPE.copy(total, out)).name("shown").parallelism(1)
            .sink(CallbackSink.of(total ->
            {
                counts.put(total.key(), total.sum());
                seen.incrementAndGet();
            }));
        return pipeline.start(config);
    }

    private static DataStream<Tick> source(final Pipeline pipeline, final int number)
    {
        return pipeline.source(Generator.of(TickFlyweight.TYPE, COUNT, (tick, out) -> out.time(tick).key(tick % KEYS).value(tick + number)),
            WatermarkStrategy.<Tick>forMonotonousTimestamps(), "ticks-" + number);
    }

    private static Map<Long, Long> expected(final int... sources)
    {
        final Map<Long, Long> sums = new TreeMap<>();
        for (final int source : sources)
        {
            for (long i = 0; i < COUNT; i++)
            {
                sums.merge(i % KEYS, i + source, Long::sum);
            }
        }
        return sums;
    }

    private JobConfig config(final String name, final ThreadingMode mode)
    {
        return new JobConfig().threading(mode).ringCapacity(16).checkpointing(Checkpoints.in(directory.resolve(name)));
    }

    @ParameterizedTest
    @EnumSource(value = ThreadingMode.class, names = {"DEDICATED", "SHARED"})
    void shouldStopAndGoOnWithThreadsOfItsOwn(final ThreadingMode mode) throws Exception
    {
        try (Job job = start(config("before", mode), 2, 2))
        {
            job.stopWithSavepoint(directory.resolve("savepoint"), false).get(60, TimeUnit.SECONDS);
            job.await(60, TimeUnit.SECONDS);
        }
        assertTrue(seen.get() < 2 * COUNT, "seen=" + seen);
        try (Job job = start(config("after", mode).restoringFrom(Savepoints.in(directory.resolve("savepoint"))), 2, 3))
        {
            job.await(60, TimeUnit.SECONDS);
        }
        assertEquals(expected(0, 1), counts);
        assertEquals(2 * COUNT, seen.get());
    }

    @Test
    void shouldFollowSP2AndGoOnWithAnotherSource() throws Exception
    {
        try (Job job = start(config("before", ThreadingMode.SHARED), 1, 2))
        {
            job.stopWithSavepoint(directory.resolve("savepoint"), false).get(60, TimeUnit.SECONDS);
            job.await(60, TimeUnit.SECONDS);
        }
        try (Job job = start(
            config("after", ThreadingMode.SHARED).restoringFrom(Savepoints.in(directory.resolve("savepoint"))), 2, 2))
        {
            job.await(60, TimeUnit.SECONDS);
        }
        assertEquals(expected(0, 1), counts);
        assertEquals(2 * COUNT, seen.get());
    }

    @Test
    void shouldRestartFromItsSavepointAndFollowTheOrderLog()
    {
        try (Job job = start(config("before", ThreadingMode.INVOKER).ioThread(false), 2, 2))
        {
            SavepointJob.stepUntil(job, () -> seen.get() > COUNT / 2);
            final CompletableFuture<Path> made = job.stopWithSavepoint(directory.resolve("savepoint"), false);
            SavepointJob.finish(job);
            assertEquals(directory.resolve("savepoint"), made.join());
        }
        final JobConfig first = config("after", ThreadingMode.INVOKER).ioThread(false);
        try (Job job = start(first.restoringFrom(Savepoints.in(directory.resolve("savepoint"))), 2, 3))
        {
            final long before = seen.get();
            SavepointJob.stepUntil(job, () -> seen.get() > before + 1_000);
        }
        final JobConfig second = config("after", ThreadingMode.INVOKER).ioThread(false);
        try (Job job = start(second.restoringFrom(Savepoints.in(directory.resolve("savepoint"))), 2, 3))
        {
            assertTrue(job.restoredCheckpoint() > 0);
            SavepointJob.finish(job);
        }
        assertEquals(expected(0, 1), counts);
    }
}
