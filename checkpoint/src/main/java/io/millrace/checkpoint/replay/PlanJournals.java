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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.connector.JournalSink;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.core.plan.ChainPlan;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanNode;

import java.util.ArrayList;
import java.util.List;

/** The sources and sinks of a plan, and the journals that they read and write. */
final class PlanJournals
{
    private final Plan plan;
    /** In the order of their ids in the order log. */
    private final List<PlanNode> sources = new ArrayList<>();

    PlanJournals(final Plan plan)
    {
        this.plan = plan;
        for (final ChainPlan chain : plan.chains())
        {
            for (int subtask = 0; chain.head().source() != null && subtask < chain.parallelism(); subtask++)
            {
                sources.add(chain.head());
            }
        }
    }

    Plan plan()
    {
        return plan;
    }

    List<PlanNode> sources()
    {
        return sources;
    }

    /** The one source of a plan that needs no order log. */
    PlanNode onlySource()
    {
        return sources.size() == 1 ? sources.get(0) : null;
    }

    PlanNode source(final String name)
    {
        return sources.stream().filter(node -> node.name().equals(name) || node.uid().equals(name)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("source=" + name + " is not in job " + plan.name() + ", which has sources=" +
            sources.stream().map(PlanNode::name).toList()));
    }

    /** The journal that a source reads, or null when it is none. */
    static JournalContext input(final PlanNode source)
    {
        return journal(source.source().arguments());
    }

    /** The sinks that write journals. */
    List<PlanNode> sinks()
    {
        return plan.nodes().stream()
            .filter(node -> node.operator() != null && node.operator().type() == JournalSink.class).toList();
    }

    static JournalContext output(final PlanNode sink)
    {
        return journal(sink.operator().arguments());
    }

    private static JournalContext journal(final List<Object> arguments)
    {
        return arguments.stream().filter(JournalContext.class::isInstance).map(JournalContext.class::cast)
            .findFirst().orElse(null);
    }
}
