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
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.ConnectedStreams;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.ProcessingTimeSessionWindows;
import io.millrace.operators.TumblingProcessingTimeWindows;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Windows of processing time that are open at a savepoint are shared out anew, those of joins too (SEMANTICS SP-3, WIN-17). */
class ArrivalTimeRescalingTest
{
    private static final long KEYS = 11;
    private static final int READ_BEFORE = 100;

    private final List<Long> groups = new ArrayList<>();
    private final List<Long> sessions = new ArrayList<>();
    private final TreeMap<Long, long[]> sides = new TreeMap<>();
    private final TreeMap<Long, Long> pairs = new TreeMap<>();
    private long read;
    private long now;

    @TempDir
    private Path directory;

    private Job start(final JobConfig config, final int parallelism)
    {
        final Pipeline pipeline = Pipeline.create("arrivals");
        final DataStream<Tick> ticks = pipeline.source(Generator.of(TickFlyweight.TYPE, Long.MAX_VALUE / 2,
            (number, out) -> out.time(0).key(number % KEYS).value(number)), WatermarkStrategy.noWatermarks(), "ticks")
            .filter(tick ->
            {
                read++;
                return true;
            }).name("read");
        final TumblingProcessingTimeWindows windows = TumblingProcessingTimeWindows.of(Duration.ofSeconds(10));
        connected(ticks, "groups").window(windows).coGroup(TotalFlyweight.TYPE, (key, window, lefts, rights, out) ->
        {
            for (int i = 0; i < lefts.size() + rights.size(); i++)
            {
                final boolean left = i < lefts.size();
                out.next().key(key.value()).count(left ? 0 : 1).sum(left ? lefts.get(i).value() : rights.get(i - lefts.size()).value());
                out.emit();
            }
        }).uid("groups").parallelism(parallelism).rebalance()
            .map(TotalFlyweight.TYPE, (total, out) -> TotalFlyweight.TYPE.copy(total, out)).name("groups shown").parallelism(1)
            .sink(CallbackSink.of(total ->
            {
                groups.add(total.sum());
                sides.computeIfAbsent(total.key(), key -> new long[2])[(int)total.count()]++;
            }));
        connected(ticks, "pairs").window(windows).join(TotalFlyweight.TYPE,
            (key, window, left, right, out) -> out.key(key.value())).uid("pairs").parallelism(parallelism).rebalance()
            .map(TotalFlyweight.TYPE, (total, out) -> TotalFlyweight.TYPE.copy(total, out)).name("pairs shown").parallelism(1)
            .sink(CallbackSink.of(total -> pairs.merge(total.key(), 1L, Long::sum)));
        ticks.keyByLong(Tick::key).window(ProcessingTimeSessionWindows.withGap(Duration.ofSeconds(10)))
            .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE, new SavepointJob.Sum(), (key, window, sum, out) ->
                out.key(key.value()).count(sum.count()).sum(sum.sum())).uid("sessions").parallelism(parallelism).rebalance()
            .map(TotalFlyweight.TYPE, (total, out) -> TotalFlyweight.TYPE.copy(total, out)).name("sessions shown").parallelism(1)
            .sink(CallbackSink.of(total -> sessions.add(total.count())));
        return pipeline.start(config.clock(() -> now));
    }

    private static ConnectedStreams<LongKey, Tick, Tick> connected(final DataStream<Tick> ticks, final String name)
    {
        return ticks.filter(tick -> tick.value() / KEYS % 5 < 2).name(name + " lefts").keyByLong(Tick::key)
            .connect(ticks.filter(tick -> tick.value() / KEYS % 5 >= 2).name(name + " rights").keyByLong(Tick::key));
    }

    private boolean allPairs()
    {
        return sides.entrySet().stream()
            .allMatch(side -> side.getValue()[0] * side.getValue()[1] == pairs.getOrDefault(side.getKey(), 0L));
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "3, 2", "2, 1", "2, 2", "4, 7"})
    void shouldFollowSP3WithWindowsOfProcessingTime(final int before, final int after)
    {
        now = 10_000;
        final Path savepoint = directory.resolve("savepoint");
        try (Job job = start(SavepointJob.config(directory.resolve("before")), before))
        {
            SavepointJob.stepUntil(job, () -> read >= READ_BEFORE);
            now += 3_000;
            SavepointJob.stepUntil(job, () -> read >= 2 * READ_BEFORE);
            final CompletableFuture<Path> made = job.stopWithSavepoint(savepoint, false);
            SavepointJob.finish(job);
            assertEquals(savepoint, made.join());
        }
        final long readBefore = read;
        try (Job job = start(
            SavepointJob.config(directory.resolve("after")).restoringFrom(Savepoints.in(savepoint)), after))
        {
            now += 3_000;
            SavepointJob.stepUntil(job, () -> read >= readBefore + READ_BEFORE);
            now = 20_000;
            SavepointJob.stepUntil(job, () -> groups.size() >= readBefore + READ_BEFORE && allPairs());
            assertTrue(sessions.isEmpty(), "no session has had a gap");
        }
        assertTrue(groups.size() >= readBefore + READ_BEFORE, "shown=" + groups.size() + " read before=" + readBefore);
        groups.sort(null);
        for (int i = 0; i < groups.size(); i++)
        {
            assertEquals(i, groups.get(i), "every record is in the window once");
        }
        assertTrue(allPairs(), "pairs=" + pairs);
    }
}
