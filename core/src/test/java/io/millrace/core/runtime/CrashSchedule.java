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
import io.millrace.core.testing.Committed;
import io.millrace.core.testing.CommittingSink;
import io.millrace.core.testing.HookedSource;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.InMemoryOrder;
import io.millrace.core.testing.InMemoryOrder.Lie;
import io.millrace.core.testing.Reading;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.core.testing.ReadingKeyEncoder;
import io.millrace.core.testing.ShowingSink;
import io.millrace.core.testing.Shown;
import io.millrace.core.testing.SumOperator;
import io.millrace.core.testing.TestJobs;
import io.millrace.core.testing.TransactionFault;
import io.millrace.core.testing.UnevenSource;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.MemoryAccount;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * One schedule of a whole job, given by a seed: its shape, who takes the next step, how far the order log lags behind,
 * when checkpoints are made, where it crashes, and how often. Tasks, coordinator and order log are the engine's; a crash
 * comes between two steps or in the middle of one, and takes with it everything but what was kept.
 * <pre>
 *   1 to 3 sources --hash--> 1 to 3 x sums --rebalance--> journal, which shows at once
 *                                                  +----> 2PC sink, which commits with checkpoints
 * </pre>
 */
final class CrashSchedule
{
    private static final int MAX_CRASHES = 3;
    private static final int KEYS = 13;

    private final long seed;
    private final ScheduleFault fault;
    private final Random random;
    private final int sources;
    private final int records;
    private final int parallelism;
    private final int ringCapacity;
    private final boolean chaining;
    private final Shown shown = new Shown();
    private final Committed committed = new Committed();
    private final InMemoryOrder order;
    private final InMemoryCheckpoints checkpoints;
    private int crashes;

    /** Ends a step in its middle. */
    private static final class Crash extends Error
    {
        private static final long serialVersionUID = 1L;

        Crash()
        {
            super("crash", null, false, false);
        }
    }

    CrashSchedule(final long seed, final ScheduleFault fault)
    {
        this.seed = seed;
        this.fault = fault;
        random = new Random(seed * 0x9E3779B97F4A7C15L + 17);
        sources = 1 + random.nextInt(3);
        records = 5 + random.nextInt(40);
        parallelism = 1 + random.nextInt(3);
        ringCapacity = 4 << random.nextInt(4);
        chaining = random.nextBoolean();
        order = new InMemoryOrder(new Random(seed), fault == ScheduleFault.SHOWN_BEFORE_KEPT ? Lie.ALWAYS :
            fault == ScheduleFault.BARRIER_BEFORE_KEPT ? Lie.AT_BARRIERS : Lie.NEVER);
        checkpoints = new InMemoryCheckpoints(1 + random.nextInt(20)).keeping(order);
        if (random.nextInt(4) == 0)
        {
            final long period = 2L + random.nextInt(4);
            checkpoints.declining(id -> id % period == 1);
        }
        if (fault == ScheduleFault.CHUNK_LOST)
        {
            checkpoints.losing(number -> number % 5 == 1);
        }
        if (fault == ScheduleFault.COMPLETE_EARLY)
        {
            checkpoints.completingEarly();
        }
    }

    /** Number of crashes that the schedule had. */
    int crashes()
    {
        return crashes;
    }

    /** Runs life after life, the last one to its end; an AssertionError says what is wrong. */
    void run()
    {
        final int last = random.nextInt(MAX_CRASHES + 1);
        boolean finished = false;
        while (!finished)
        {
            try (Life life = new Life(crashes < last ? 1 + random.nextInt(1 << 4 + random.nextInt(8)) : Long.MAX_VALUE))
            {
                finished = life.run();
                crashes += finished ? 0 : 1;
            }
        }
        check();
    }

    /** Every reading has gone into the sum of its key once, in an order that the sources allow, and was shown and committed once. */
    private void check()
    {
        final Map<Long, List<Long>> inputs = new TreeMap<>();
        for (int source = 0; source < sources; source++)
        {
            for (long number = 0; number < records; number++)
            {
                final long mixed = (number + source * 1_000_003L) * 0x9E3779B97F4A7C15L;
                inputs.computeIfAbsent((mixed >>> 40) % KEYS, key -> new ArrayList<>()).add(mixed >>> 50);
            }
        }
        final Map<Long, Long> sums = new TreeMap<>();
        final Map<Long, List<Long>> added = new TreeMap<>();
        final List<Long> values = new ArrayList<>();
        for (final String record : shown.records())
        {
            final String[] words = record.split(" ", -1);
            final long key = Long.parseLong(words[2]);
            final long sum = Long.parseLong(words[3]);
            final Long before = sums.put(key, sum);
            added.computeIfAbsent(key, absent -> new ArrayList<>()).add(sum - (before == null ? 0 : before));
            values.add(sum);
        }
        inputs.values().forEach(list -> list.sort(null));
        added.values().forEach(list -> list.sort(null));
        same("inputs and what was added", inputs, added);
        values.sort(null);
        same("what was shown and what was committed", values, committed.sorted());
    }

    private void same(final String what, final Object expected, final Object actual)
    {
        if (!expected.equals(actual))
        {
            throw new AssertionError(what + " differ: " + expected + " and " + actual + " in " + this);
        }
    }

    @Override
    public String toString()
    {
        return "seed=" + seed + " fault=" + fault + " sources=" + sources + " records=" + records + " parallelism=" +
            parallelism + " ringCapacity=" + ringCapacity + " crashes=" + crashes;
    }

    /** The job from its start or restart to its crash or end. */
    private final class Life implements AutoCloseable
    {
        private final MemoryAccount account = new MemoryAccount("life");
        private final CheckpointService service;
        private final JobAssembly assembly;
        private final List<IntSupplier> agents = new ArrayList<>();
        private final boolean[] busy;
        private final int[] weights;
        private int weight;
        private int depth;
        private long stepsLeft;
        private boolean started;
        private Throwable failure;

        Life(final long steps)
        {
            stepsLeft = steps;
            final JobConfig config = new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false)
                .ringCapacity(ringCapacity).checkpointing(checkpoints).conclude();
            final Plan plan = plan();
            service = checkpoints.open(
                new CheckpointContext(plan.name(), plan.fingerprint(), plan.taskCount(), account));
            final JobOrder jobOrder = new JobOrder(sources, 0, account, service, null, plan.timeUnit(), false)
            {
                @Override
                SourceProgress newProgress(final IngressClock ingress, final int id, final String name)
                {
                    return sourceFault().newProgress(ingress, id, name, Life.this::interleave);
                }
            };
            assembly = new JobAssembly(plan, config, account, service, jobOrder, (task, thrown) -> failed(thrown));
            new StateRestore(assembly).run(service);
            assembly.tasks.forEach(task -> task.chain().start());
            assembly.tasks.forEach(task -> agents.add(task::doWork));
            agents.add(() -> jobOrder.doWork(assembly.endOfInput) + assembly.prepare());
            agents.add(service::doWork);
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

        private SourceFault sourceFault()
        {
            return switch (fault)
            {
                case FLOOR_AFTER_CLAIM -> SourceFault.FLOOR_AFTER_CLAIM;
                case BARRIER_NOT_BEFORE_BATCH -> SourceFault.BARRIER_NOT_BEFORE_BATCH;
                default -> SourceFault.NONE;
            };
        }

        /** True when it came to its end, false when it crashed. */
        boolean run()
        {
            for (int idle = 0; !stopped() && failure == null; )
            {
                if (stepsLeft <= 0)
                {
                    return false;
                }
                idle = stepSomebody() ? 0 : idle + 1;
                if (idle > 2_000 * agents.size())
                {
                    throw new AssertionError("stalled at tasks=" + assembly.tasks.stream().filter(task -> !task.stopped())
                        .map(Task::roleName).toList() + " checkpoint requested=" + service.requestedCheckpoint() +
                        " settled=" + service.settledCheckpoint() + " completed=" + service.completedCheckpoint() +
                        " shown=" + shown.records().size() + " in " + CrashSchedule.this);
                }
            }
            if (failure != null && !(failure instanceof Crash))
            {
                throw new AssertionError("a task failed: " + failure.getMessage() + " in " + CrashSchedule.this,
                    failure);
            }
            return failure == null;
        }

        private boolean stopped()
        {
            for (int i = 0; i < assembly.tasks.size(); i++)
            {
                if (!assembly.tasks.get(i).stopped())
                {
                    return false;
                }
            }
            return true;
        }

        private boolean stepSomebody()
        {
            stepsLeft--;
            int ticket = random.nextInt(weight);
            int agent = 0;
            while (ticket >= weights[agent])
            {
                ticket -= weights[agent];
                agent++;
            }
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

        /** Others take steps, as if they ran on other threads; or this is where it crashes. */
        private void interleave()
        {
            if (!started || failure != null)
            {
                return;
            }
            if (stepsLeft <= 0 && random.nextBoolean())
            {
                throw new Crash();
            }
            if (depth < 3 && random.nextInt(8) == 0)
            {
                depth++;
                for (int i = random.nextInt(random.nextInt(20) == 0 ? 200 : 8); i > 0 && failure == null; i--)
                {
                    stepSomebody();
                }
                depth--;
            }
        }

        private Plan plan()
        {
            final Runnable hook = this::interleave;
            final PlanBuilder builder = TestJobs.plan();
            final List<PlanNode> nodes = new ArrayList<>();
            for (int i = 0; i < sources; i++)
            {
                final Source readings = new UnevenSource((long)i, (long)records, random);
                final OperatorFactory<Source> source =
                    OperatorFactory.of(HookedSource.class, readings, hook, hook, true);
                final WatermarkStrategy<Reading> strategy = WatermarkStrategy.forMonotonousTimestamps();
                nodes.add(builder.source("source-" + i, source, ReadingFlyweight.TYPE, strategy));
            }
            final OperatorFactory<Operator> sums = OperatorFactory.of(SumOperator.class);
            final PlanNode sum = builder.operator("sums", sums, ReadingFlyweight.TYPE, parallelism).withState();
            for (final PlanNode node : nodes)
            {
                final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(ReadingKeyEncoder.class);
                builder.connect(node, null, sum, Exchange.HASH, encoder);
            }
            final OperatorFactory<Operator> showing = OperatorFactory.of(ShowingSink.class, shown, true);
            builder.connect(sum, null, builder.operator("journal", showing, null, 1), Exchange.REBALANCE, null);
            final OperatorFactory<Operator> committing =
                OperatorFactory.of(CommittingSink.class, committed, transactionFault(), hook);
            builder.connect(sum, null, builder.operator("committing", committing, null, parallelism), Exchange.FORWARD, null);
            return builder.build(128, chaining);
        }

        private TransactionFault transactionFault()
        {
            return switch (fault)
            {
                case COMMIT_AT_BARRIER -> TransactionFault.COMMITS_AT_PRE_COMMIT;
                case COMMIT_FORGOTTEN -> TransactionFault.FORGETS_PENDING;
                default -> TransactionFault.NONE;
            };
        }

        @Override
        public void close()
        {
            assembly.close();
            service.close();
            if (account.allocatedBytes() != 0)
            {
                throw new AssertionError("leak: " + account);
            }
        }
    }
}
