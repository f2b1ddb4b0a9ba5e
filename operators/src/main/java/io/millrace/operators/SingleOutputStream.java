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

import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.OutputTag;

/**
 * The main output of one operator, which can be given a name, an identity, a parallelism, and whose side outputs can be
 * had.
 *
 * @param <V> read-only view of the records
 */
public final class SingleOutputStream<V> extends DataStream<V>
{
    /** The node that has state and side outputs, where the operator is made of two; else the node of the stream. */
    private final PlanNode first;

    SingleOutputStream(final Pipeline pipeline, final PlanNode node, final RecordType<V, ?> type)
    {
        this(pipeline, node, node, type);
    }

    SingleOutputStream(
        final Pipeline pipeline, final PlanNode first, final PlanNode node, final RecordType<V, ?> type)
    {
        super(pipeline, node, null, type, Exchange.FORWARD);
        this.first = first;
    }

    /**
     * Names the operator for people.
     *
     * @param name shown in plans, messages and stack traces
     * @return this
     */
    public SingleOutputStream<V> name(final String name)
    {
        first.name(name);
        if (first != node())
        {
            node().name(name + " results");
        }
        return this;
    }

    /**
     * Gives the operator its identity, by which its state is found after a restart.
     *
     * @param uid unique in the pipeline
     * @return this
     */
    public SingleOutputStream<V> uid(final String uid)
    {
        first.uid(uid);
        return this;
    }

    /**
     * Sets the number of parallel instances of the operator.
     *
     * @param instances 1 or more
     * @return this
     */
    public SingleOutputStream<V> parallelism(final int instances)
    {
        first.parallelism(instances);
        node().parallelism(instances);
        return this;
    }

    /**
     * Says what becomes of records that the operator's function, or its key, fails with, of results of windows, pairs of
     * joins and matches of patterns that a function fails to make, and of what a source cannot read; by default the job
     * fails. A timer that fails, and a result of a sliding or session window that has no trigger, does that whatever the
     * policy is. An operator with a policy gets its records one by one, which costs some nanoseconds each.
     *
     * @param policy of the operator
     * @return this
     * @throws IllegalArgumentException when the operator can only fail, as rankings and sources that decode nothing do
     */
    public SingleOutputStream<V> onError(final ErrorPolicy policy)
    {
        first.errorPolicy(policy);
        if (first != node())
        {
            node().errorPolicy(policy);
        }
        return this;
    }

    /**
     * Begins a new task with this operator.
     *
     * @return this
     */
    public SingleOutputStream<V> startNewChain()
    {
        first.startNewChain();
        return this;
    }

    /**
     * Has the operator's instances take what arrives first, where several channels feed them, and not what was caused first:
     * for a union of a slow and a fast stream where the fast one may not wait. What arrived first is written to the order
     * log, so that a restart or a replay takes it in the same order; a replay needs the ring capacity of the recorded run.
     * Not for joins.
     *
     * @param reason shown in the plan: which stream may not wait for which
     * @return this
     */
    public SingleOutputStream<V> mergeByArrival(final String reason)
    {
        first.mergeByArrival(reason);
        return this;
    }

    /**
     * A side output of the operator.
     *
     * @param tag names it and its records
     * @param <S> read-only view of its records
     * @return its stream
     */
    public <S> DataStream<S> sideOutput(final OutputTag<S, ?> tag)
    {
        first.sideOutput(tag.name(), tag.type());
        return new DataStream<>(pipeline(), first, tag.name(), tag.type(), Exchange.FORWARD);
    }
}
