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
package io.millrace.core.ordering;

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.ring.RecordRing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A job of tiny tasks on real rings, merges and scans, stepped by a seeded scheduler in one thread. A step is one
 * publication, one claim, a few
 * slots. Wherever the code under test reads or writes something that others see, {@link #interleave()} lets them take steps in between.
 */
final class Simulation implements AutoCloseable
{
    /** Something that takes steps. */
    interface Agent
    {
        /** One step; false when there was nothing to do. */
        boolean step();
    }

    final MemoryAccount account = new MemoryAccount("simulation");
    final SimulationPlan plan;
    final Mutant mutant;
    final Random random;
    final OrderLogRing logRing;
    final ReplayLog recorded = new ReplayLog();
    final ReplayLog replay;
    final IngressClock clock;
    final ProducerGraph graph;
    final List<SimulatedSource> sources = new ArrayList<>();
    final List<SimulatedTask> tasks = new ArrayList<>();
    final List<RecordRing> rings = new ArrayList<>();

    /** Cause of the last broadcast that was claimed. */
    long claimedBroadcast = -1;

    private final List<Agent> agents = new ArrayList<>();
    private final List<Integer> weights = new ArrayList<>();
    private final boolean[] busy;
    private final boolean[] parked;
    private int weight;
    private int depth;
    private int barriers;
    private boolean raised;
    private long steps;

    /** A live run when replay is null. */
    Simulation(final SimulationPlan plan, final long seed, final ReplayLog replay, final Mutant mutant)
    {
        this.plan = plan;
        this.mutant = mutant;
        this.random = new Random(seed * 7919 + 17);
        this.replay = replay;
        final long firstBatch = replay == null ? 0 : replay.nextBatch();
        this.logRing = new OrderLogRing(account, 1 << 4 + random.nextInt(4), plan.stages[0] + 1, firstBatch);
        this.clock = new IngressClock(logRing, firstBatch);
        this.graph = new ProducerGraph(clock);
        build();
        agents.addAll(sources);
        agents.addAll(tasks);
        agents.add(this::drainLog);
        agents.add(this::coordinate);
        busy = new boolean[agents.size()];
        parked = new boolean[agents.size()];
        for (int i = 0; i < agents.size(); i++)
        {
            weights.add(1 + random.nextInt(random.nextInt(4) == 0 ? 12 : 3));
            weight += weights.get(i);
        }
    }

    /** Steps until every task has ended; an AssertionError when one of the checks fails or nothing moves any more. */
    void run()
    {
        long idle = 0;
        while (!ended())
        {
            idle = stepSomebody() ? 0 : idle + 1;
            if (idle > 400L * agents.size())
            {
                throw new AssertionError("stalled after steps=" + steps + " seed plan=" + plan + "\n" + describe());
            }
        }
        while (drainLog())
        {
            steps++;
        }
    }

    /** Steps until nothing moves any more. */
    void runUntilQuiet()
    {
        for (long idle = 0; idle < 100L * agents.size() && !ended(); )
        {
            idle = stepSomebody() ? 0 : idle + 1;
        }
    }

    void park(final int agent)
    {
        parked[agent] = true;
    }

    /** Lets others take steps, as if they ran on other threads. */
    void interleave()
    {
        if (random.nextInt(3) == 0)
        {
            interleave(depth == 0 && random.nextInt(12) == 0 ? 200 : 6);
        }
    }

    /** Lets others take up to so many steps. */
    void interleave(final int most)
    {
        if (depth < 3)
        {
            depth++;
            for (int i = 1 + random.nextInt(most); i > 0; i--)
            {
                stepSomebody();
            }
            depth--;
        }
    }

    boolean ended()
    {
        for (final SimulatedTask task : tasks)
        {
            if (!task.ended())
            {
                return false;
            }
        }
        return true;
    }

    /** What must be equal in every replay: hashes of all tasks, at the barriers and at the end. */
    String result()
    {
        final StringBuilder text = new StringBuilder();
        tasks.forEach(task -> text.append(task.result()).append('\n'));
        return text.toString();
    }

    long peakLaneSlots()
    {
        return tasks.stream().filter(task -> task.merge instanceof CausalMerge)
            .mapToLong(task -> ((CausalMerge)task.merge).peakLaneSlots()).max().orElse(0);
    }

    /** The omniscient view: what a node publishes from now on is not below this. */
    long truth(final int node)
    {
        return node < sources.size() ? sources.get(node).truth() : tasks.get(node - sources.size()).truth();
    }

    @Override
    public void close()
    {
        tasks.forEach(task -> task.merge.close());
        rings.forEach(RecordRing::close);
        logRing.close();
        if (account.allocatedBytes() != 0)
        {
            throw new AssertionError("leak: " + account);
        }
    }

    RecordRing ring(final String name, final int consumers)
    {
        final int capacity = plan.ringCapacity != 0 ? plan.ringCapacity : 4 << random.nextInt(11);
        final RecordRing ring = RecordRing.create(account, name, capacity, SimulationPlan.SLOT_LENGTH, consumers);
        rings.add(ring);
        return ring;
    }

    private void build()
    {
        for (int i = 0; i < plan.stages[0]; i++)
        {
            final SimulatedSource source = new SimulatedSource(this, i);
            graph.source(source.progress);
            sources.add(source);
        }
        int producers = 0;
        for (int stage = 1; stage < plan.stages.length; stage++)
        {
            final int first = producers + plan.stages[stage - 1];
            for (int i = 0; i < plan.stages[stage]; i++)
            {
                final boolean last = stage == plan.stages.length - 1;
                tasks.add(new SimulatedTask(this, graph.task("task " + stage + "." + i), i, last));
            }
            connect(producers, first, plan.stages[stage], stage == 1 && plan.sharedRings);
            producers = first;
        }
        tasks.forEach(SimulatedTask::open);
    }

    private void connect(final int producers, final int consumers, final int count, final boolean shared)
    {
        for (int from = producers; from < consumers; from++)
        {
            final RecordRing common = shared ? ring(from + "->all", count) : null;
            for (int to = consumers; to < consumers + count; to++)
            {
                final RecordRing ring = shared ? common : ring(from + "->" + to, 1);
                if (!shared || to == consumers)
                {
                    outputs(from).add(ring);
                }
                graph.input(to, from, ring.consumer(shared ? to - consumers : 0), 1);
                tasks.get(to - sources.size()).filters(shared ? count : 1);
            }
        }
    }

    private SimulatedOutput outputs(final int node)
    {
        return node < sources.size() ? sources.get(node).output : tasks.get(node - sources.size()).output;
    }

    private boolean stepSomebody()
    {
        steps++;
        int ticket = random.nextInt(weight);
        int agent = 0;
        while (ticket >= weights.get(agent))
        {
            ticket -= weights.get(agent++);
        }
        if (busy[agent] || parked[agent])
        {
            return false;
        }
        busy[agent] = true;
        try
        {
            return agents.get(agent).step();
        }
        finally
        {
            busy[agent] = false;
        }
    }

    private boolean drainLog()
    {
        final int drained = logRing.drain(recorded, 1 + random.nextInt(8));
        logRing.durableBatch(recorded.nextBatch() - 1);
        return drained != 0;
    }

    /** Barriers and ticks, the floor and the claim in two steps. */
    private boolean coordinate()
    {
        if (raised)
        {
            raised = false;
            claimedBroadcast = IngressClock.cause(clock.nextCause() >>> 16, 0);
            clock.resolve(clock.claimBatch());
            return true;
        }
        if (replay != null || barriers == plan.barriers || random.nextInt(plan.barrierEvery) != 0 || !clock.mayBroadcast())
        {
            return false;
        }
        barriers++;
        final byte kind = barriers % 3 == 0 ? OrderLog.KIND_TICK : OrderLog.KIND_BARRIER;
        if (mutant == Mutant.BROADCAST_CLAIM_BEFORE_FLOOR)
        {
            final long batch = clock.claimBatch();
            claimedBroadcast = IngressClock.cause(batch, 0);
            interleave();
            clock.raise(claimedBroadcast, kind, barriers, 0);
            clock.resolve(batch);
            return true;
        }
        clock.raise(clock.nextCause(), kind, barriers, 0);
        raised = true;
        return true;
    }

    String describe()
    {
        final StringBuilder text = new StringBuilder();
        sources.forEach(source -> text.append(source).append('\n'));
        tasks.forEach(task -> text.append(task).append('\n'));
        return text.toString();
    }
}
