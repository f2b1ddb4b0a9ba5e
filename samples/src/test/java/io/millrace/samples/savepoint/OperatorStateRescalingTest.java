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
import io.millrace.operators.function.Collector;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.process.ProcessFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.OperatorStateStore;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** State that is not by key, and that a change of parallelism divides (SEMANTICS OP-1, OP-2). */
class OperatorStateRescalingTest
{
    private static final long COUNT = 2_000;

    private final List<String> shown = new ArrayList<>();

    @TempDir
    private Path directory;

    private Job start(final JobConfig config, final int parallelism, final boolean restored)
    {
        final Pipeline pipeline = Pipeline.create("instances");
        pipeline.source(Generator.of(TickFlyweight.TYPE, COUNT, (number, out) -> out.time(number).value(number)),
            WatermarkStrategy.<Tick>forMonotonousTimestamps(), "ticks")
            .rebalance().process(TotalFlyweight.TYPE, () -> new Keeping(restored)).uid("keeping").parallelism(parallelism)
            .rebalance().map(TotalFlyweight.TYPE, (total, out) -> TotalFlyweight.TYPE.copy(total, out)).name("shown").parallelism(1)
            .sink(CallbackSink.of(total -> shown.add(total.key() + " " + total.count() + " " + total.sum() + " " + total.end())));
        return pipeline.start(config);
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "2, 3", "3, 2", "4, 1", "1, 4"})
    void shouldFollowOP1AndOP2(final int before, final int after)
    {
        try (Job job = start(SavepointJob.config(directory.resolve("before")), before, false))
        {
            SavepointJob.stepUntil(job, () -> shown.size() >= 501);
            final CompletableFuture<Path> made = job.stopWithSavepoint(directory.resolve("savepoint"), false);
            SavepointJob.finish(job);
            assertEquals(directory.resolve("savepoint"), made.join());
        }
        final long elements = shown.size();
        shown.clear();
        try (Job job = start(
            SavepointJob.config(directory.resolve("after")).restoringFrom(Savepoints.in(directory.resolve("savepoint"))), after, true))
        {
            SavepointJob.finish(job);
        }
        final TreeMap<Integer, String[]> instances = new TreeMap<>();
        shown.forEach(line ->
        {
            final String[] words = line.split(" ", -1);
            instances.putIfAbsent(Integer.parseInt(words[0]), words);
        });
        assertEquals(after, instances.size());
        long divided = 0;
        long sum = 0;
        for (final String[] instance : instances.values())
        {
            final long size = Long.parseLong(instance[1]);
            assertTrue(before == after || size == elements / after + (Integer.parseInt(instance[0]) < elements % after ? 1 : 0),
                () -> "size=" + size + " of elements=" + elements);
            assertEquals(elements, Long.parseLong(instance[3]), "every instance has the united list");
            divided += size;
            sum += Long.parseLong(instance[2]);
        }
        assertEquals(elements, divided);
        assertEquals(elements * (elements - 1) / 2, sum);
    }

    /** Keeps all that it sees; when it was restored, tells once what it has. */
    static final class Keeping implements ProcessFunction<Tick, TotalFlyweight>
    {
        private final boolean restored;
        private boolean told;
        private int subtask;
        private ListState<Tick, TickFlyweight> list;
        private ListState<Tick, TickFlyweight> union;

        Keeping(final boolean restored)
        {
            this.restored = restored;
        }

        @Override
        public void open(final OperatorStateStore states)
        {
            subtask = states.subtask();
            list = states.listState("list", TickFlyweight.TYPE);
            union = states.unionListState("union", TickFlyweight.TYPE);
        }

        @Override
        public void processElement(final Tick tick, final ProcessContext context, final Collector<TotalFlyweight> out)
        {
            if (restored && told)
            {
                return;
            }
            told = true;
            if (!restored)
            {
                list.add(tick);
                union.add(tick);
            }
            long sum = 0;
            for (long i = 0; restored && i < list.size(); i++)
            {
                sum += list.get(i).value();
            }
            out.next().key(subtask).count(list.size()).sum(sum).end(union.size());
            out.emit();
        }
    }
}
