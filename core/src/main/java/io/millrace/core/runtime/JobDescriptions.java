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

import io.millrace.core.plan.ChainPlan;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanEdge;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.savepoint.InputDescription;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartDescription;
import io.millrace.core.savepoint.PartKind;
import io.millrace.core.state.DescribedBackend;
import io.millrace.core.state.StateDescription;

import java.util.ArrayList;
import java.util.List;

/** Describes a job that is built, as savepoints tell of it. */
final class JobDescriptions
{
    private JobDescriptions()
    {
    }

    static JobDescription of(final JobAssembly assembly)
    {
        final Plan plan = assembly.plan;
        final List<OperatorDescription> operators = new ArrayList<>();
        for (final ChainPlan chain : plan.chains())
        {
            final Task task = firstTask(assembly, chain);
            for (final PlanNode node : chain.nodes())
            {
                final boolean head = node == chain.head();
                operators.add(new OperatorDescription(node.uid(), node.name(), node.source() != null, node.parallelism(),
                    states(task, node), head ? headParts(task, node) : List.of(own(node)), head ? inputs(plan, node) : List.of()));
            }
        }
        return new JobDescription(
            plan.name(), plan.maxParallelism(), assembly.order != null && assembly.order.engineClock() != null, operators);
    }

    private static Task firstTask(final JobAssembly assembly, final ChainPlan chain)
    {
        final String head = chain.head().uid();
        return assembly.tasks.stream().filter(task -> task.subtask() == 0 && (head.equals(task.sourceUid()) ||
            task.sourceUid() == null && task.chain().nodes()[0].uid.equals(head))).findFirst().orElseThrow();
    }

    private static List<StateDescription> states(final Task task, final PlanNode node)
    {
        for (final ChainNode chainNode : task.chain().nodes())
        {
            final DescribedBackend described = chainNode.context.described();
            if (chainNode.uid.equals(node.uid()) && described != null)
            {
                return described.states();
            }
        }
        return List.of();
    }

    private static PartDescription own(final PlanNode node)
    {
        return new PartDescription(PartKind.OWN, node.uid());
    }

    private static List<PartDescription> headParts(final Task task, final PlanNode node)
    {
        final List<PartDescription> parts = new ArrayList<>();
        parts.add(own(node));
        if (task.input() instanceof MergeInput merge)
        {
            parts.add(new PartDescription(PartKind.INPUT, merge.uid()));
        }
        if (task.snapshot().timeUid() != null)
        {
            parts.add(new PartDescription(PartKind.TIME, task.snapshot().timeUid()));
        }
        task.snapshot().turns().forEach(turn -> parts.add(new PartDescription(PartKind.TURN, turn.name())));
        return parts;
    }

    private static List<InputDescription> inputs(final Plan plan, final PlanNode node)
    {
        final List<InputDescription> inputs = new ArrayList<>();
        for (final PlanEdge edge : plan.inputs(node))
        {
            inputs.add(new InputDescription(edge.from().uid() + (edge.tag() == null ? "" : "." + edge.tag()) + " into " + edge.input(),
                edge.exchange() == Exchange.FORWARD ? 1 : edge.from().parallelism()));
        }
        return inputs;
    }
}
