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

import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.ordering.CausalMerge;
import io.millrace.core.ordering.IngressClock;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.OrderLogRing;
import io.millrace.core.ordering.ProducerGraph;
import io.millrace.core.ordering.SavedPlace;
import io.millrace.core.ordering.SourceProgress;
import io.millrace.core.plan.ChainPlan;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanEdge;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RingConsumer;

import java.util.HashMap;
import java.util.Map;

/**
 * The order of a job whose plan has tasks with several channels: who produces for whom, and what each source and task says of itself.
 * Tasks are added in topological order, each with its channels.
 */
final class JobOrder implements AutoCloseable
{
    private static final int LOG_ENTRIES = 1 << 12;
    private static final long MAX_LANE_SLOTS = 1 << 22;

    private final MemoryAccount account;
    private final OrderLogRing log;
    private final IngressClock clock;
    private final ProducerGraph graph;
    private final Map<ChainPlan, int[]> numbers = new HashMap<>();
    private final boolean severalSources;
    private int sources;
    private long lastBarrier;
    private long drained;

    private JobOrder(final int sourceTasks, final MemoryAccount account)
    {
        this.account = account;
        this.severalSources = sourceTasks > 1;
        this.log = new OrderLogRing(account, LOG_ENTRIES, sourceTasks + 1, 0);
        this.clock = new IngressClock(log, 0);
        this.graph = new ProducerGraph(clock);
    }

    /**
     * The order of a plan.
     *
     * @param plan    of the job
     * @param account that memory is counted in
     * @return the order, or null when every task has one channel at most, and one source feeds them all
     */
    static JobOrder of(final Plan plan, final MemoryAccount account)
    {
        int sourceTasks = 0;
        boolean merges = false;
        for (final ChainPlan chain : plan.chains())
        {
            sourceTasks += chain.head().source() == null ? 0 : chain.parallelism();
            merges |= channels(plan, chain) > 1;
        }
        return merges ? new JobOrder(sourceTasks, account) : null;
    }

    /** Number of rings that feed each task of a chain. */
    static int channels(final Plan plan, final ChainPlan chain)
    {
        int channels = 0;
        for (final PlanEdge edge : plan.inputs(chain.head()))
        {
            channels += edge.exchange() == Exchange.FORWARD ? 1 : edge.from().parallelism();
        }
        return channels;
    }

    /** Goes on behind what a checkpoint holds, before the job runs. */
    void startBehind(final long lastCause, final long checkpointId)
    {
        final long batch = (lastCause >>> SlotDescriptor.CAUSE_INDEX_BITS) + 1;
        log.startAt(batch);
        clock.startAt(batch);
        lastBarrier = checkpointId;
    }

    /** Whether sources take turns by the ingress clock; a single one has an order of its own. */
    boolean severalSources()
    {
        return severalSources;
    }

    IngressClock clock()
    {
        return clock;
    }

    SourceProgress source(final ChainPlan chain, final int subtask, final String name)
    {
        final SourceProgress progress = clock.newSource(sources++, name);
        number(chain, subtask, graph.source(progress));
        return progress;
    }

    SavedPlace task(final ChainPlan chain, final int subtask, final String name)
    {
        final int number = graph.task(name);
        number(chain, subtask, number);
        return graph.savedPlace(number);
    }

    private void number(final ChainPlan chain, final int subtask, final int number)
    {
        numbers.computeIfAbsent(chain, key -> new int[chain.parallelism()])[subtask] = number;
    }

    void input(
        final ChainPlan chain,
        final int subtask,
        final ChainPlan producer,
        final int producerSubtask,
        final RingConsumer consumer,
        final int maxRecordLength)
    {
        final int length = SlotDescriptor.HEADER_LENGTH + maxRecordLength;
        final int slots = (length + consumer.slotLength() - 1) / consumer.slotLength();
        graph.input(numbers.get(chain)[subtask], numbers.get(producer)[producerSubtask], consumer, slots);
    }

    CausalMerge merge(final ChainPlan chain, final int subtask)
    {
        return graph.merge(numbers.get(chain)[subtask], account, MAX_LANE_SLOTS);
    }

    /**
     * Takes the entries of the order log, and claims the place of a barrier that was asked for. The I/O thread.
     *
     * @param checkpoints of the job, or null
     * @param endOfInput  says which barriers sources still answer
     * @return work done, 0 when there was none
     */
    int doWork(final CheckpointService checkpoints, final EndOfInput endOfInput)
    {
        int work = log.drain((batch, kind, source, count, value, time) -> drained = batch, LOG_ENTRIES);
        if (work > 0)
        {
            log.durableBatch(drained);
        }
        if (severalSources && checkpoints != null)
        {
            final long requested = checkpoints.requestedCheckpoint();
            if (requested > lastBarrier && endOfInput.answers(requested) && clock.mayBroadcast())
            {
                lastBarrier = requested;
                clock.broadcast(OrderLog.KIND_BARRIER, requested, 0);
                work++;
            }
        }
        return work;
    }

    @Override
    public void close()
    {
        log.close();
    }
}
