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
package io.millrace.operators;

import io.millrace.core.failure.DeadLetter;
import io.millrace.core.failure.DeadLetterFlyweight;
import io.millrace.core.operator.StreamSource;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.transform.UnionOperator;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Where a job is declared: sources, what becomes of their streams, and sinks. Used by one thread; can be started
 * several times.
 */
public final class Pipeline
{
    private final PlanBuilder plan;
    private final String name;
    private final TimeUnit timeUnit;
    private DataStream<DeadLetter> deadLetters;

    private Pipeline(final String name, final TimeUnit timeUnit)
    {
        if (!name.matches("[A-Za-z0-9_.-]{1,64}"))
        {
            throw new IllegalArgumentException("name=\"" + name +
                "\" of a pipeline must be 1 to 64 of the characters A-Z a-z 0-9 _ . -");
        }
        this.name = name;
        this.timeUnit = timeUnit;
        this.plan = new PlanBuilder(name, timeUnit);
    }

    /**
     * A pipeline with event time in milliseconds.
     *
     * @param name of the job, kept with its checkpoints
     * @return an empty pipeline
     */
    public static Pipeline create(final String name)
    {
        return create(name, TimeUnit.MILLISECONDS);
    }

    /**
     * A pipeline.
     *
     * @param name     of the job, kept with its checkpoints
     * @param timeUnit of event time
     * @return an empty pipeline
     */
    public static Pipeline create(final String name, final TimeUnit timeUnit)
    {
        return new Pipeline(name, timeUnit);
    }

    /**
     * Begins a stream.
     *
     * @param source     where the records come from
     * @param watermarks event time of the records
     * @param sourceName unique in the pipeline
     * @param <V>        read-only view of the records
     * @return the stream
     */
    public <V> SingleOutputStream<V> source(
        final StreamSource<V> source, final WatermarkStrategy<? super V> watermarks, final String sourceName)
    {
        final PlanNode node = plan.source(sourceName, source.factory(), source.type(), watermarks);
        if (!source.parallel())
        {
            node.withOneInstance();
        }
        return new SingleOutputStream<>(this, node, source.type());
    }

    /**
     * The records that operators with such an error policy fail with: a stream as any other, so each of them is in it
     * exactly once. Without it they are counted, and the latest shown by {@link Job#deadLetters()}. To be asked for when
     * all operators with a policy are declared.
     *
     * @return the stream, the same each time
     */
    public DataStream<DeadLetter> deadLetters()
    {
        if (deadLetters == null)
        {
            final PlanNode node = plan.operator("deadLetters", Operators.factory(UnionOperator.class),
                DeadLetterFlyweight.TYPE, 1).withOneInstance();
            plan.deadLetters(node);
            deadLetters = new SingleOutputStream<>(this, node, DeadLetterFlyweight.TYPE);
        }
        return deadLetters;
    }

    /**
     * Starts a job.
     *
     * @param config how to run it
     * @return the job, closed by the caller
     * @throws IllegalStateException when the pipeline cannot run
     */
    public Job start(final JobConfig config)
    {
        return Job.start(plan(config), config);
    }

    /**
     * Checks the pipeline without starting it.
     *
     * @param config how it would run
     * @return the plan
     * @throws IllegalStateException when the pipeline cannot run
     */
    public Plan plan(final JobConfig config)
    {
        config.conclude();
        return plan.build(config.maxParallelism(), config.chaining());
    }

    PlanBuilder builder()
    {
        return plan;
    }

    TimeUnit timeUnit()
    {
        return timeUnit;
    }

    @Override
    public String toString()
    {
        return "pipeline " + name + " in " + timeUnit.name().toLowerCase(Locale.ROOT);
    }
}
