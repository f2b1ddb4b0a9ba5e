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
import io.millrace.core.checkpoint.HashRecording;
import io.millrace.core.failure.LatestDeadLetters;
import io.millrace.core.metrics.Counter;
import io.millrace.core.ordering.AlignmentGroup;
import io.millrace.core.plan.ChainPlan;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanEdge;
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.MemoryAccount;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Builds the rings and tasks of one life of a job from its plan. What it built so far is closed when it fails. */
final class JobAssembly implements AutoCloseable
{
    final Plan plan;
    final JobConfig config;
    final MemoryAccount account;
    final CheckpointService checkpoints;
    final List<Counter> counters = new ArrayList<>();
    /** Added to by the tasks; null when nobody asks for them. */
    final Collection<StateHash> stateHashes;
    final LatestDeadLetters deadLetters = new LatestDeadLetters();
    /** Takes the tasks' hashes; null when none are recorded. */
    final HashRecording hashRecording;
    final List<Task> tasks = new ArrayList<>();
    final Map<PlanEdge, ChannelRings> channels = new LinkedHashMap<>();
    final EndOfInput endOfInput;
    /** By their names; complete when all tasks are built. */
    final Map<String, AlignmentGroup> alignments = new HashMap<>();
    /** Null when no task has several channels. */
    final JobOrder order;
    /** Which sources and operators are opened; all of those of a job that runs. */
    final Predicate<PlanNode> opens;

    JobAssembly(
        final Plan plan,
        final JobConfig config,
        final MemoryAccount account,
        final CheckpointService checkpoints,
        final JobOrder order,
        final BiConsumer<Task, Throwable> failed)
    {
        this(plan, config, account, checkpoints, order, failed, node -> true);
    }

    JobAssembly(
        final Plan plan,
        final JobConfig config,
        final MemoryAccount account,
        final CheckpointService checkpoints,
        final JobOrder order,
        final BiConsumer<Task, Throwable> failed,
        final Predicate<PlanNode> opens)
    {
        this.opens = opens;
        this.plan = plan;
        this.config = config;
        this.account = account;
        this.checkpoints = checkpoints;
        this.endOfInput = new EndOfInput(plan.nodes().stream()
            .filter(node -> node.source() != null).mapToInt(PlanNode::parallelism).sum());
        this.order = order;
        this.hashRecording = checkpoints == null ? null : checkpoints.hashRecording();
        this.stateHashes = config.stateHashes() ? new ConcurrentLinkedQueue<>() : null;
        try
        {
            assemble(failed);
        }
        catch (final RuntimeException | Error failure)
        {
            final OrderlyClose closing = new OrderlyClose();
            closing.close("what was built of job " + plan.name(), this);
            closing.attachTo(failure);
            throw failure;
        }
    }

    private void assemble(final BiConsumer<Task, Throwable> failed)
    {
        for (final ChainPlan chain : plan.chains())
        {
            for (final PlanEdge edge : plan.inputs(chain.head()))
            {
                channels.put(edge, new ChannelRings(edge, config.ringCapacity(), account));
            }
        }
        for (final ChainPlan chain : plan.chains())
        {
            for (int subtask = 0; subtask < chain.parallelism(); subtask++)
            {
                tasks.add(new TaskAssembly(this, chain, subtask, tasks.size()).build(failed));
            }
        }
        if (checkpoints != null && checkpoints.bytesPerCheckpoint() > 0 && tasks.stream().noneMatch(Task::tellsBytes))
        {
            throw new IllegalStateException("job " + plan.name() + " wants a checkpoint every bytes=" +
                checkpoints.bytesPerCheckpoint() + ", but no source can tell how many it emits: " +
                "use records of a fixed length, a source that tells emittedBytes(), or checkpoints by records or time");
        }
    }

    /** Allocates ahead what the tasks' state may need soon; the I/O thread. */
    int prepare()
    {
        int prepared = 0;
        for (final Task task : tasks)
        {
            for (final ChainNode node : task.chain().nodes())
            {
                prepared += node.backend() != null && node.backend().prepare() ? 1 : 0;
            }
        }
        return prepared;
    }

    /** Frees everything; the tasks' threads must have stopped. */
    @Override
    public void close()
    {
        final OrderlyClose closing = new OrderlyClose();
        tasks.forEach(task -> closing.close("task " + task.roleName(), task));
        channels.forEach((edge, rings) -> closing.close("rings from " + edge.from() + " to " + edge.to(), rings));
        closing.close("order of job " + plan.name(), order);
        closing.rethrow();
    }
}
