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
import io.millrace.core.plan.PlanNode;

/** A sink of the pipeline. */
public final class SinkHandle
{
    private final PlanNode node;

    SinkHandle(final PlanNode node)
    {
        this.node = node;
    }

    /**
     * Gives the sink its identity across restarts.
     *
     * @param uid unique in the pipeline
     * @return this
     */
    public SinkHandle uid(final String uid)
    {
        node.uid(uid);
        return this;
    }

    /**
     * Sets the number of parallel instances.
     *
     * @param instances 1 or more
     * @return this
     */
    public SinkHandle parallelism(final int instances)
    {
        node.parallelism(instances);
        return this;
    }

    /**
     * Says what becomes of records that the sink's function fails with; by default the job fails.
     *
     * @param policy of the sink
     * @return this
     */
    public SinkHandle onError(final ErrorPolicy policy)
    {
        node.errorPolicy(policy);
        return this;
    }

    /**
     * Begins a new task with this sink.
     *
     * @return this
     */
    public SinkHandle startNewChain()
    {
        node.startNewChain();
        return this;
    }

    /**
     * Has the sink's instances take what arrives first, see {@link SingleOutputStream#mergeByArrival}.
     *
     * @param reason shown in the plan
     * @return this
     */
    public SinkHandle mergeByArrival(final String reason)
    {
        node.mergeByArrival(reason);
        return this;
    }
}
