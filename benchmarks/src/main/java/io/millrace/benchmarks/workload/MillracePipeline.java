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
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.source.Generator;

import java.time.Duration;

/**
 * A workload's pipeline in the making, and how its contender runs it.
 * <pre>
 *   MILLRACE, CHECKPOINTED   [ source, operators, sink ]               one task, stepped by the measuring thread
 *   EXCHANGED                [ source ] --ring--> [ operators, sink ]  two tasks, a thread each
 * </pre>
 */
final class MillracePipeline
{
    private final Contender contender;
    private final Input input;
    private final Setting setting;
    private final Pipeline pipeline;
    private final Progress progress = new Progress();
    private final Checksum checksum = new Checksum();

    /**
     * An empty pipeline.
     *
     * @param name      of the job
     * @param contender one that is the engine
     * @param input     to work on
     * @param setting   how to run it
     */
    MillracePipeline(final String name, final Contender contender, final Input input, final Setting setting)
    {
        this.contender = contender;
        this.input = input;
        this.setting = setting;
        this.pipeline = Pipeline.create(name);
    }

    /** The source of the input's events, which the function makes unless they lie in memory. */
    SingleOutputStream<Event> source(final Generator.GeneratorFunction<EventFlyweight> function)
    {
        final boolean exchanged = contender == Contender.EXCHANGED;
        return pipeline.source(exchanged ? input.source(told(function), progress) : input.source(function, null),
            WatermarkStrategy.<Event>forBoundedOutOfOrderness(Duration.ofMillis(Events.DISORDER))
                .withStep(Duration.ofMillis(Events.WATERMARK_STEP)), "events");
    }

    private Generator.GeneratorFunction<EventFlyweight> told(
        final Generator.GeneratorFunction<EventFlyweight> function)
    {
        final Progress progress = this.progress;
        return (number, out) ->
        {
            function.generate(number, out);
            progress.at(number);
        };
    }

    /** Puts the operator behind the source into a task of its own, where the contender has an exchange. */
    <V> SingleOutputStream<V> behindSource(final SingleOutputStream<V> operator)
    {
        return contender == Contender.EXCHANGED ? operator.startNewChain() : operator;
    }

    /** What the sink adds to. */
    Checksum checksum()
    {
        return checksum;
    }

    /** Starts the pipeline, which has its sink. */
    Program start()
    {
        final boolean files = contender == Contender.CHECKPOINTED || setting.state() != StatePlace.OFF_HEAP;
        final TemporaryDirectory directory = files ? new TemporaryDirectory(null, "millrace-compare") : null;
        final JobConfig config = new JobConfig();
        if (files)
        {
            config.stateBackend(setting.state().in(directory.path().resolve("state")));
        }
        if (contender == Contender.EXCHANGED)
        {
            return new DedicatedProgram(pipeline.start(config
                .threading(ThreadingMode.DEDICATED).waiting(setting.waiting())), progress, checksum, directory);
        }
        config.threading(ThreadingMode.INVOKER);
        if (contender != Contender.CHECKPOINTED)
        {
            return new InvokedProgram(pipeline.start(config), checksum, directory);
        }
        final MeasuredCheckpoints checkpoints =
            new MeasuredCheckpoints(Checkpoints.in(directory.path().resolve("checkpoints")).every(setting.checkpointInterval()));
        return new CheckpointedProgram(
            pipeline.start(config.checkpointing(checkpoints)), checksum, checkpoints, directory);
    }
}
