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
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.rolling.RollingFileSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Files that roll, with another number of instances: those that were open end, and what was shown too far is superseded. */
class FileRescalingTest
{
    private static final long COUNT = 1_500;

    private long read;

    @TempDir
    private Path directory;

    private Job start(final Path files, final String checkpoints, final Path savepoint, final int parallelism)
    {
        final JobConfig config = SavepointJob.config(directory.resolve(checkpoints));
        final Pipeline pipeline = Pipeline.create("files");
        pipeline.source(Generator.of(TickFlyweight.TYPE, COUNT, (number, out) -> out.time(number).value(number)),
            WatermarkStrategy.<Tick>forMonotonousTimestamps(), "ticks")
            .filter(tick ->
            {
                read++;
                return true;
            }).name("read").rebalance().map(TickFlyweight.TYPE, (tick, out) -> TickFlyweight.TYPE.copy(tick, out)).name("copied")
            .parallelism(parallelism)
            .sink(RollingFileSink.<Tick>lines(files, "data", "txt", (tick, line) -> line.append(tick.value())).rollAtLength(150), "files");
        return pipeline.start(savepoint == null ? config : config.restoringFrom(Savepoints.in(savepoint)));
    }

    private static List<Long> shown(final Path files) throws IOException
    {
        final List<Long> values = new ArrayList<>();
        try (Stream<Path> paths = Files.list(files))
        {
            for (final Path path : paths.filter(each -> each.toString().endsWith(".txt")).toList())
            {
                Files.readAllLines(path).forEach(line -> values.add(Long.parseLong(line)));
            }
        }
        values.sort(null);
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldFollow2PC3AndShowEveryRecordOnce(final int before) throws IOException
    {
        for (int after = 1; after <= 4; after++)
        {
            if (before != after)
            {
                rescale(before, after);
            }
        }
    }

    private void rescale(final int before, final int after) throws IOException
    {
        final String name = before + "-" + after;
        final Path files = directory.resolve(name + "-files");
        final Path savepoint = directory.resolve(name);
        read = 0;
        try (Job job = start(files, name + "-before", null, before))
        {
            SavepointJob.stepUntil(job, () -> read >= 500);
            final CompletableFuture<Path> made = job.savepoint(savepoint);
            SavepointJob.stepUntil(job, made::isDone);
            made.join();
            // Shows files behind the savepoint, among them those that were open there.
            SavepointJob.stepUntil(job, () -> read >= 1_200);
            final long id = job.checkpoint();
            SavepointJob.stepUntil(job, () -> job.completedCheckpoint() == id);
            // The sink hears of it in the steps that follow.
            for (int i = 0; i < 20; i++)
            {
                job.doWork();
            }
        }
        final int shownBefore = shown(files).size();
        start(files, name + "-abandoned", savepoint, after).close();
        assertTrue(shown(files).size() < shownBefore, "what was shown too far is taken back");
        try (Job job = start(files, name + "-after", savepoint, after))
        {
            SavepointJob.stepUntil(job, () -> read >= 1_200 + 500);
            final long id = job.checkpoint();
            SavepointJob.stepUntil(job, () -> job.completedCheckpoint() == id);
        }
        // Goes on from its own checkpoint.
        try (Job job = start(files, name + "-after", savepoint, after))
        {
            SavepointJob.finish(job);
        }
        final List<Long> shown = shown(files);
        assertEquals(COUNT, shown.size(), "rescaled " + name);
        for (int i = 0; i < COUNT; i++)
        {
            assertEquals(i, shown.get(i));
        }
        try (Stream<Path> paths = Files.list(files))
        {
            assertEquals(0, paths.filter(each -> each.toString().endsWith(".part")).count());
        }
    }
}
