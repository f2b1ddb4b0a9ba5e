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
package io.millrace.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Nodes that run in one task, each fed by those before it. All but the head get their records from within the chain.
 */
public final class ChainPlan
{
    private final int id;
    private final List<PlanNode> nodes = new ArrayList<>();

    ChainPlan(final int id)
    {
        this.id = id;
    }

    void add(final PlanNode node)
    {
        nodes.add(node);
    }

    /**
     * Position in the plan.
     *
     * @return from 0, a chain after those that feed it
     */
    public int id()
    {
        return id;
    }

    /**
     * The nodes in the order of the records' way.
     *
     * @return the head first
     */
    public List<PlanNode> nodes()
    {
        return nodes;
    }

    /**
     * Where records enter the chain.
     *
     * @return a source, or the one operator that exchanges lead to
     */
    public PlanNode head()
    {
        return nodes.get(0);
    }

    /**
     * Number of tasks.
     *
     * @return parallelism of every node in the chain
     */
    public int parallelism()
    {
        return head().parallelism();
    }

    @Override
    public String toString()
    {
        return nodes.stream().map(PlanNode::name).collect(Collectors.joining(" -> "));
    }
}
