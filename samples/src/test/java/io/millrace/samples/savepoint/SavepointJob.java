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
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.DataStream;
import io.millrace.operators.EventTimeSessionWindows;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.SlidingEventTimeWindows;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.InvertibleAggregateFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A keyed job with a random shape of everything that keeps state, stepped by the test. */
class SavepointJob
{
    static final long COUNT = 3_000;

    private static final int KEYS = 41;
    private static final int STEPS = 2_000_000;

    private final List<String> shown = new ArrayList<>();
    private final long seed;

    SavepointJob(final long seed)
    {
        this.seed = seed;
    }

    List<String> shown()
    {
        return shown;
    }

    static JobConfig config(final Path checkpoints)
    {
        return new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).ringCapacity(64)
            .checkpointing(Checkpoints.in(checkpoints));
    }

    Job start(final JobConfig config, final int parallelism)
    {
        final Pipeline pipeline = Pipeline.create("everything");
        final SingleOutputStream<Tick> ticks = pipeline.source(Generator.of(TickFlyweight.TYPE, COUNT, this::tick),
            WatermarkStrategy.<Tick>forBoundedOutOfOrderness(Duration.ofMillis(30)), "ticks");
        branches(ticks, parallelism);
        return pipeline.start(config);
    }

    /** What the job does, in so many instances each. */
    void branches(final SingleOutputStream<Tick> ticks, final int parallelism)
    {
        show("process", ticks.keyByLong(Tick::key).process(TotalFlyweight.TYPE, Everything::new).uid("process").parallelism(parallelism));
        show("tumbling", ticks.keyByLong(Tick::key).window(TumblingEventTimeWindows.of(Duration.ofMillis(50)))
            .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE, new Sum(), (key, window, sum, out) ->
                out.key(key.value()).count(sum.count()).sum(sum.sum()).end(window.end()))
            .uid("tumbling").parallelism(parallelism));
        show("sliding", ticks.keyByLong(Tick::key).window(SlidingEventTimeWindows.of(Duration.ofMillis(200), Duration.ofMillis(40)))
            .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE, new Sum(), (key, window, sum, out) ->
                out.key(key.value()).count(sum.count()).sum(sum.sum()).end(window.end()))
            .uid("sliding").parallelism(parallelism));
        show("deducting", ticks.keyByLong(Tick::key).window(SlidingEventTimeWindows.of(Duration.ofMillis(200), Duration.ofMillis(40)))
            .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE, new DeductingSum(), (key, window, sum, out) ->
                out.key(key.value()).count(sum.count()).sum(sum.sum()).end(window.end()))
            .uid("deducting").parallelism(parallelism));
        show("sessions", ticks.keyByLong(Tick::key).window(EventTimeSessionWindows.withGap(Duration.ofMillis(25)))
            .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE, new Sum(), (key, window, sum, out) ->
                out.key(key.value()).count(sum.count()).sum(sum.sum()).end(window.end()))
            .uid("sessions").parallelism(parallelism));
        show("counted", ticks.keyByLong(Tick::key).countWindow(4)
            .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE, new Sum(), (key, window, sum, out) ->
                out.key(key.value()).count(sum.count()).sum(sum.sum()))
            .uid("counted").parallelism(parallelism));
    }

    final void show(final String branch, final DataStream<Total> totals)
    {
        totals.rebalance().map(TotalFlyweight.TYPE, (total, out) -> TotalFlyweight.TYPE.copy(total, out))
            .name(branch + " shown").parallelism(1)
            .sink(CallbackSink.of(total ->
                shown.add(branch + " " + total.key() + " " + total.count() + " " + total.sum() + " " + total.end())));
    }

    private void tick(final long number, final TickFlyweight out)
    {
        final SplittableRandom random = new SplittableRandom(seed * 31 + number);
        out.time(number / 2 + random.nextInt(20)).key(random.nextInt(KEYS)).value(number);
    }

    /** Steps until something holds. */
    static void stepUntil(final Job job, final BooleanSupplier condition)
    {
        for (int i = 0; i < STEPS; i++)
        {
            if (condition.getAsBoolean())
            {
                return;
            }
            job.doWork();
            if (job.status() == JobStatus.FAILED)
            {
                throw new AssertionError("the job failed: " + job.failure().getMessage(), job.failure());
            }
        }
        throw new AssertionError("nothing came of steps=" + STEPS + " " + job.explainWatermarks());
    }

    static void finish(final Job job)
    {
        stepUntil(job, () -> job.status() != JobStatus.RUNNING);
    }

    /** Runs to the end without a stop. */
    List<String> run(final Path checkpoints)
    {
        try (Job job = start(config(checkpoints), 1))
        {
            finish(job);
        }
        return shown;
    }

    /** Stops with a savepoint when so much was shown. */
    void stop(final Job job, final int shownBefore, final Path savepoint, final boolean drain)
    {
        stepUntil(job, () -> shown.size() >= shownBefore);
        final CompletableFuture<Path> result = job.stopWithSavepoint(savepoint, drain);
        finish(job);
        if (!savepoint.equals(result.join()))
        {
            throw new AssertionError("savepoint=" + result.join());
        }
    }

    /** Adds up. */
    static class Sum implements AggregateFunction<Tick, Total, TotalFlyweight>
    {
        @Override
        public void add(final TotalFlyweight sum, final Tick tick)
        {
            sum.count(sum.count() + 1).sum(sum.sum() + tick.value());
        }

        @Override
        public void merge(final TotalFlyweight sum, final Total other)
        {
            sum.count(sum.count() + other.count()).sum(sum.sum() + other.sum());
        }
    }

    /** Takes away, too. */
    static final class DeductingSum extends Sum implements InvertibleAggregateFunction<Tick, Total, TotalFlyweight>
    {
        @Override
        public void deduct(final TotalFlyweight sum, final Total other)
        {
            sum.count(sum.count() - other.count()).sum(sum.sum() - other.sum());
        }
    }
}
