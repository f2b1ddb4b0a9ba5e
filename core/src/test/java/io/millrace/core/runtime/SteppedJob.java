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
package io.millrace.core.runtime;

import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.OrderRecording;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.ordering.IngressClock;
import io.millrace.core.ordering.SourceFault;
import io.millrace.core.ordering.SourceProgress;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.testing.CauseOperator;
import io.millrace.core.testing.HookedSource;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.InMemoryOrder;
import io.millrace.core.testing.InMemoryOrder.Lie;
import io.millrace.core.testing.Reading;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.core.testing.ReadingKeyEncoder;
import io.millrace.core.testing.ShowingSink;
import io.millrace.core.testing.Shown;
import io.millrace.core.testing.TestJobs;
import io.millrace.core.testing.UnevenSource;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.MemoryAccount;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * A job as the engine builds it, whose tasks, checkpoints and order log are stepped by a seeded scheduler in one thread.
 * Sources, operators and {@link SourceProgress} let others take steps in the middle of their own: between the floor and
 * the claim, the claim and the records, the records and their publication.
 *
 * <pre>
 *   source-0 [causes] --hash--+
 *                             +--> p x causes, firing --hash--> 2 x causes, firing --> sink
 *   source-1 [causes] --hash--+
 * </pre>
 */
final class SteppedJob implements AutoCloseable
{
    final InMemoryOrder order;
    final Shown shown = new Shown();
    /** What each source's task shows by itself. */
    final List<Shown> shownBySources = new ArrayList<>();

    private final MemoryAccount account = new MemoryAccount("stepped");
    private final Random random;
    private final CheckpointService checkpoints;
    private final JobAssembly assembly;
    private final List<IntSupplier> agents = new ArrayList<>();
    private final int[] weights;
    private final boolean[] busy;
    private int weight;
    private int depth;
    private boolean started;
    private Throwable failure;

    /**
     * A job.
     *
     * @param shape     of the job
     * @param seed      of the schedule, the rings and the order log's lag
     * @param replaying the order of an earlier job, or null
     */
    SteppedJob(final SteppedPlan shape, final long seed, final OrderRecording replaying)
    {
        random = new Random(seed * 7919 + 17);
        order = new InMemoryOrder(new Random(seed), Lie.NEVER);
        final JobConfig config = config(shape, replaying);
        final Plan plan = plan(shape);
        checkpoints = config.checkpointing() == null ? null : config.checkpointing().open(
            new CheckpointContext(plan.name(), plan.fingerprint(), plan.taskCount(), account));
        final JobOrder jobOrder = new JobOrder(shape.sources(), 0, account, checkpoints, null, plan.timeUnit(), false)
        {
            @Override
            SourceProgress newProgress(final IngressClock ingress, final int id, final String name)
            {
                return shape.fault().newProgress(ingress, id, name, SteppedJob.this::interleave);
            }
        };
        assembly = new JobAssembly(plan, config, account, checkpoints, jobOrder, (task, thrown) -> failed(thrown));
        new StateRestore(assembly).run(checkpoints);
        assembly.tasks.forEach(task -> task.chain().start());
        assembly.tasks.forEach(task -> agents.add(task::doWork));
        agents.add(() -> jobOrder.doWork(assembly.endOfInput) + assembly.prepare() + (checkpoints == null ? 0 : checkpoints.doWork()));
        agents.add(() -> jobOrder.kept() ? jobOrder.doLog() : 0);
        busy = new boolean[agents.size()];
        weights = new int[agents.size()];
        for (int i = 0; i < weights.length; i++)
        {
            weights[i] = 1 + random.nextInt(random.nextInt(3) == 0 ? 30 : 3);
            weight += weights[i];
        }
        started = true;
    }

    private JobConfig config(final SteppedPlan shape, final OrderRecording replaying)
    {
        final JobConfig config =
            new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).ringCapacity(4 << random.nextInt(6));
        if (shape.checkpoints() != 0)
        {
            config.checkpointing(new InMemoryCheckpoints(shape.checkpoints()).keeping(order));
        }
        if (replaying != null)
        {
            config.replaying(replaying);
        }
        return config.conclude();
    }

    /** Steps until every task has stopped; an AssertionError when nothing moves any more, or a task failed. */
    void run()
    {
        if (!runUntilQuiet())
        {
            throw new AssertionError("stalled at tasks=" + assembly.tasks.stream().filter(task -> !task.stopped())
                .map(Task::roleName).toList() + " shown=" + shown.records().size());
        }
    }

    /** Steps until every task has stopped, or nothing moves any more; whether they have. */
    boolean runUntilQuiet()
    {
        for (int idle = 0; idle < 2_000 * agents.size() && !stopped(); )
        {
            idle = stepSomebody() ? 0 : idle + 1;
            if (failure != null)
            {
                throw new AssertionError("a task failed: " + failure.getMessage(), failure);
            }
        }
        return stopped();
    }

    private boolean stopped()
    {
        return assembly.tasks.stream().allMatch(Task::stopped);
    }

    private boolean stepSomebody()
    {
        int ticket = random.nextInt(weight);
        int agent = 0;
        while (ticket >= weights[agent])
        {
            ticket -= weights[agent];
            agent++;
        }
        return step(agent);
    }

    private boolean step(final int agent)
    {
        if (busy[agent])
        {
            return false;
        }
        busy[agent] = true;
        try
        {
            return agents.get(agent).getAsInt() != 0;
        }
        finally
        {
            busy[agent] = false;
        }
    }

    private void failed(final Throwable thrown)
    {
        failure = failure == null ? thrown : failure;
    }

    /** Lets others take steps, as if they ran on other threads: mostly none, now and then many. */
    private void interleave()
    {
        if (started && failure == null && depth < 3 && random.nextInt(8) == 0)
        {
            depth++;
            for (int i = random.nextInt(random.nextInt(20) == 0 ? 400 : 8); i > 0 && failure == null; i--)
            {
                stepSomebody();
            }
            depth--;
        }
    }

    /** Lets the log thread catch up, now and then: what a source has just held back may be shown. */
    private void keepLog()
    {
        interleave();
        for (int i = random.nextInt(20); i > 0; i--)
        {
            step(agents.size() - 1);
        }
    }

    private Plan plan(final SteppedPlan shape)
    {
        final PlanBuilder builder = TestJobs.plan();
        final List<PlanNode> sources = new ArrayList<>();
        for (int i = 0; i < shape.sources(); i++)
        {
            sources.add(source(builder, shape, i));
        }
        final PlanNode first = causes(builder, "first", shape.parallelism());
        sources.forEach(source -> hash(builder, source, first));
        final PlanNode second = causes(builder, "second", 2);
        hash(builder, first, second);
        final PlanNode last = causes(builder, "last", 1);
        builder.connect(second, null, last, Exchange.REBALANCE, null);
        sink(builder, last, shown);
        return builder.build(128, true);
    }

    private PlanNode source(final PlanBuilder builder, final SteppedPlan shape, final int number)
    {
        final Runnable hook = this::interleave;
        final Source readings = new UnevenSource((long)number, shape.records(), random);
        final Runnable finishing = this::keepLog;
        final OperatorFactory<Source> source =
            OperatorFactory.of(HookedSource.class, readings, hook, finishing, number != shape.idleSource());
        final WatermarkStrategy<Reading> strategy = WatermarkStrategy.forMonotonousTimestamps();
        final PlanNode node = builder.source("source-" + number, source, ReadingFlyweight.TYPE,
            shape.aligned() ? strategy.withWatermarkAlignment("sources", Duration.ofMillis(1)) : strategy);
        final OperatorFactory<Operator> passing = OperatorFactory.of(CauseOperator.class, hook, false);
        final PlanNode causes = builder.operator("causes-" + number, passing, ReadingFlyweight.TYPE, 1);
        builder.connect(node, null, causes, Exchange.FORWARD, null);
        if (shape.sourcesShow())
        {
            shownBySources.add(new Shown());
            sink(builder, causes, shownBySources.get(number));
        }
        return causes;
    }

    private PlanNode causes(final PlanBuilder builder, final String name, final int parallelism)
    {
        final Runnable hook = this::interleave;
        final OperatorFactory<Operator> firing = OperatorFactory.of(CauseOperator.class, hook, true);
        return builder.operator(name, firing, ReadingFlyweight.TYPE, parallelism);
    }

    private static void hash(final PlanBuilder builder, final PlanNode from, final PlanNode to)
    {
        final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(ReadingKeyEncoder.class);
        builder.connect(from, null, to, Exchange.HASH, encoder);
    }

    private static void sink(final PlanBuilder builder, final PlanNode from, final Shown shown)
    {
        final OperatorFactory<Operator> factory = OperatorFactory.of(ShowingSink.class, shown, true);
        final PlanNode node = builder.operator("sink of " + from.name(), factory, null, 1);
        builder.connect(from, null, node, Exchange.FORWARD, null);
    }

    @Override
    public void close()
    {
        assembly.close();
        if (checkpoints != null)
        {
            checkpoints.close();
        }
        if (account.allocatedBytes() != 0)
        {
            throw new AssertionError("leak: " + account);
        }
    }

    /**
     * What a stepped job looks like.
     *
     * @param sources     number of sources
     * @param parallelism of the first stage
     * @param records     of each source
     * @param checkpoints after how many records of a source there is one; 0 for none, then the order is not kept
     * @param sourcesShow whether the tasks of the sources show output, and so wait for the order log
     * @param idleSource  number of a source that never ends, or -1
     * @param aligned     whether the sources wait for each other
     * @param fault       of the sources
     */
    record SteppedPlan(
        int sources,
        int parallelism,
        long records,
        long checkpoints,
        boolean sourcesShow,
        int idleSource,
        boolean aligned,
        SourceFault fault)
    {
        SteppedPlan(final int sources, final int parallelism)
        {
            this(sources, parallelism, 120, 0, false, -1, false, SourceFault.NONE);
        }

        SteppedPlan records(final long each)
        {
            return new SteppedPlan(sources, parallelism, each, checkpoints, sourcesShow, idleSource, aligned, fault);
        }

        SteppedPlan checkpoints(final long every)
        {
            return new SteppedPlan(sources, parallelism, records, every, sourcesShow, idleSource, aligned, fault);
        }

        SteppedPlan showing()
        {
            return new SteppedPlan(sources, parallelism, records, checkpoints, true, idleSource, aligned, fault);
        }

        SteppedPlan idle(final int source)
        {
            return new SteppedPlan(sources, parallelism, records, checkpoints, sourcesShow, source, aligned, fault);
        }

        SteppedPlan aligning()
        {
            return new SteppedPlan(sources, parallelism, records, checkpoints, sourcesShow, idleSource, true, fault);
        }

        SteppedPlan fault(final SourceFault broken)
        {
            return new SteppedPlan(sources, parallelism, records, checkpoints, sourcesShow, idleSource, aligned, broken);
        }
    }
}
