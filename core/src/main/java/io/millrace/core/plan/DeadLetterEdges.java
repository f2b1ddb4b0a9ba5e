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

import io.millrace.core.failure.DeadLetterFlyweight;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The streams from all that may have dead letters to the node that takes them. */
final class DeadLetterEdges
{
    private DeadLetterEdges()
    {
    }

    /**
     * Finds them.
     *
     * @param collector takes the dead letters
     * @param nodes     of the plan
     * @param edges     of the plan, without these
     * @return one from each operator with such a policy, and from each that gives keys for one
     * @throws IllegalStateException when there is none, or one was added after the collector
     */
    static List<PlanEdge> into(final PlanNode collector, final List<PlanNode> nodes, final List<PlanEdge> edges)
    {
        final Set<PlanNode> senders = new LinkedHashSet<>();
        for (final PlanNode node : nodes)
        {
            if (!node.errorPolicy().deadLetters())
            {
                continue;
            }
            if (node.id() > collector.id())
            {
                throw new IllegalStateException("operator " + node.name() + " with errorPolicy=" + node.errorPolicy() +
                    " was added after the stream of the dead letters: ask for that stream when all operators with a " +
                    "policy are there; what is behind it can only fail");
            }
            // Keys are asked for where a record leaves.
            edges.stream().filter(edge -> edge.to() == node && edge.exchange() == Exchange.HASH)
                .forEach(edge -> senders.add(edge.from()));
            senders.add(node);
        }
        if (senders.isEmpty())
        {
            throw new IllegalStateException("no operator has dead letters: give one onError(skipToDeadLetters()), or " +
                "leave the stream of the dead letters out");
        }
        final List<PlanEdge> found = new ArrayList<>();
        for (final PlanNode sender : senders)
        {
            sender.sideOutput(PlanNode.DEAD_LETTERS, DeadLetterFlyweight.TYPE);
            found.add(new PlanEdge(sender, PlanNode.DEAD_LETTERS, collector, 0, Exchange.REBALANCE, null));
        }
        return found;
    }
}
