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

import io.millrace.core.chain.FailureJudge;
import io.millrace.core.chain.GuardedFiring;
import io.millrace.core.checkpoint.IngressJournal;
import io.millrace.core.checkpoint.IngressJournalFactory;
import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.failure.LatestDeadLetters;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.DeadLetterOutput;
import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.state.DescribedBackend;
import io.millrace.core.state.HashedBackend;
import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.table.DeltaOutlet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What one operator instance is given. */
final class NodeContext implements OperatorContext
{
    private final String jobName;
    private final TimeUnit timeUnit;
    private final PlanNode node;
    private final int subtask;
    private final int maxParallelism;
    private final StateBackendFactory backends;
    private final IngressJournalFactory journals;
    private final MemoryAccount account;
    private final DeltaOutlet outlet;
    private final List<Counter> counters;
    private final boolean hashed;
    private final Map<String, Output> sideOutputs = new HashMap<>();
    private Output output;
    private StateBackend state;
    private DescribedBackend described;
    private boolean showing;
    /** Null when the operator does not use processing time. */
    private NodeClock clock;
    private LatestDeadLetters latestDeadLetters;
    private DeadLetterOutput deadLetters;
    private FailureJudge judge;

    NodeContext(
        final String jobName,
        final TimeUnit timeUnit,
        final PlanNode node,
        final int subtask,
        final int maxParallelism,
        final StateBackendFactory backends,
        final IngressJournalFactory journals,
        final MemoryAccount account,
        final DeltaOutlet outlet,
        final List<Counter> counters,
        final boolean hashed)
    {
        this.jobName = jobName;
        this.timeUnit = timeUnit;
        this.node = node;
        this.subtask = subtask;
        this.maxParallelism = maxParallelism;
        this.backends = backends;
        this.journals = journals;
        this.account = account;
        this.outlet = outlet;
        this.counters = counters;
        this.hashed = hashed;
    }

    void output(final Output newOutput)
    {
        output = newOutput;
    }

    void sideOutput(final String tag, final Output newOutput)
    {
        sideOutputs.put(tag, newOutput);
    }

    void clock(final NodeClock newClock)
    {
        clock = newClock;
    }

    void judge(final FailureJudge newJudge)
    {
        judge = newJudge;
    }

    void latestDeadLetters(final LatestDeadLetters latest)
    {
        latestDeadLetters = latest;
    }

    /** Moves processing time on. */
    void time(final long now)
    {
        if (clock != null)
        {
            clock.time(now);
        }
    }

    StateBackend openedState()
    {
        return state;
    }

    /** What the operator has declared; null when it keeps nothing by key. */
    DescribedBackend described()
    {
        return described;
    }

    @Override
    public String jobName()
    {
        return jobName;
    }

    @Override
    public TimeUnit timeUnit()
    {
        return timeUnit;
    }

    @Override
    public String name()
    {
        return node.name();
    }

    @Override
    public String uid()
    {
        return node.uid();
    }

    @Override
    public int subtask()
    {
        return subtask;
    }

    @Override
    public int parallelism()
    {
        return node.parallelism();
    }

    @Override
    public int maxParallelism()
    {
        return maxParallelism;
    }

    @Override
    public Output output()
    {
        return output;
    }

    @Override
    public Output sideOutput(final String tag)
    {
        return sideOutputs.get(tag);
    }

    @Override
    public RecordType<?, ?> sideOutputType(final String tag)
    {
        return node.outputType(tag);
    }

    @Override
    public StateBackend state()
    {
        if (state == null)
        {
            described = new DescribedBackend(backends.open(new StateContext(
                jobName, uid(), subtask, KeyGroupRange.of(subtask, parallelism(), maxParallelism), account, outlet)));
            state = hashed ? new HashedBackend(described, uid()) : described;
        }
        return state;
    }

    @Override
    public IngressJournal openJournal()
    {
        return journals == null ? null : journals.open(jobName, uid(), node.outputType(null), account);
    }

    @Override
    public boolean checkpointing()
    {
        return outlet != null;
    }

    @Override
    public void showsOutput()
    {
        showing = true;
    }

    boolean showing()
    {
        return showing;
    }

    @Override
    public ErrorPolicy errorPolicy()
    {
        return node.errorPolicy();
    }

    @Override
    public DeadLetterOutput deadLetters()
    {
        if (deadLetters == null && node.errorPolicy().deadLetters())
        {
            deadLetters = deadLettersOf(node.name());
        }
        return deadLetters;
    }

    @Override
    public FiringGuard firingGuard()
    {
        return node.errorPolicy().guards() ? new GuardedFiring(node.errorPolicy(), judge, deadLetters()) : null;
    }

    /** Where records go that this node, or one that it leads to, fails with. */
    DeadLetterOutput deadLettersOf(final String operator)
    {
        final Counter counter = new Counter(node.parallelism() == 1 ? operator : operator + "-" + subtask, "deadLetters");
        synchronized (counters)
        {
            counters.add(counter);
        }
        return new DeadLetterWriter(
            operator, subtask, () -> sideOutput(PlanNode.DEAD_LETTERS), latestDeadLetters, counter);
    }

    @Override
    public ProcessingClock processingClock()
    {
        return clock == null ? OperatorContext.super.processingClock() : clock;
    }

    @Override
    public Counter counter(final String name)
    {
        final Counter counter = new Counter(node.parallelism() == 1 ? name() : name() + "-" + subtask, name);
        synchronized (counters)
        {
            counters.add(counter);
        }
        return counter;
    }

    @Override
    public MemoryAccount account()
    {
        return account;
    }
}
