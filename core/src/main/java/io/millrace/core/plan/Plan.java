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
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A checked plan, cut into chains. Immutable.
 */
public final class Plan
{
    private final String name;
    private final TimeUnit timeUnit;
    private final int maxParallelism;
    private final List<PlanNode> nodes;
    private final List<PlanEdge> edges;
    private final boolean chaining;
    private final List<ChainPlan> chains = new ArrayList<>();
    private final ChainPlan[] chainOf;

    Plan(
        final String name,
        final TimeUnit timeUnit,
        final int maxParallelism,
        final List<PlanNode> nodes,
        final List<PlanEdge> edges,
        final boolean chaining)
    {
        this.name = name;
        this.timeUnit = timeUnit;
        this.maxParallelism = maxParallelism;
        this.nodes = nodes;
        this.edges = edges;
        this.chaining = chaining;
        this.chainOf = new ChainPlan[nodes.size()];
        for (final PlanNode node : nodes)
        {
            final ChainPlan upstream = chaining ? commonChain(node) : null;
            final ChainPlan chain = upstream == null ? newChain() : upstream;
            chain.add(node);
            chainOf[node.id()] = chain;
        }
    }

    private ChainPlan newChain()
    {
        final ChainPlan chain = new ChainPlan(chains.size());
        chains.add(chain);
        return chain;
    }

    private ChainPlan commonChain(final PlanNode node)
    {
        ChainPlan common = null;
        for (final PlanEdge edge : inputs(node))
        {
            final ChainPlan chain = chainOf[edge.from().id()];
            if (!edge.chainable() || common != null && common != chain)
            {
                return null;
            }
            common = chain;
        }
        return common;
    }

    /**
     * Name of the job.
     *
     * @return as given
     */
    public String name()
    {
        return name;
    }

    /**
     * Unit of event time.
     *
     * @return as given
     */
    public TimeUnit timeUnit()
    {
        return timeUnit;
    }

    /**
     * Number of key groups.
     *
     * @return a power of two
     */
    public int maxParallelism()
    {
        return maxParallelism;
    }

    /**
     * All nodes.
     *
     * @return sources before what they feed
     */
    public List<PlanNode> nodes()
    {
        return nodes;
    }

    /**
     * All chains.
     *
     * @return a chain after those that feed it
     */
    public List<ChainPlan> chains()
    {
        return chains;
    }

    /**
     * The chain that a node runs in.
     *
     * @param node of this plan
     * @return its chain
     */
    public ChainPlan chainOf(final PlanNode node)
    {
        return chainOf[node.id()];
    }

    /**
     * Streams into a node.
     *
     * @param node of this plan
     * @return in the order of declaration
     */
    public List<PlanEdge> inputs(final PlanNode node)
    {
        return edges.stream().filter(edge -> edge.to() == node).toList();
    }

    /**
     * Streams out of a node.
     *
     * @param node of this plan
     * @return in the order of declaration
     */
    public List<PlanEdge> outputs(final PlanNode node)
    {
        return edges.stream().filter(edge -> edge.from() == node).toList();
    }

    /**
     * Whether a stream stays within a task.
     *
     * @param edge of this plan
     * @return false when a ring carries it
     */
    public boolean chained(final PlanEdge edge)
    {
        return chainOf(edge.from()) == chainOf(edge.to());
    }

    /**
     * Whether streams meet again within a task at or behind a node: an operator there gets records along several
     * chained streams.
     *
     * @param node of this plan
     * @return false when each operator from here on, as far as the task goes, is fed by one stream
     */
    public boolean meets(final PlanNode node)
    {
        return meetsAt(node) || meetsBehind(node);
    }

    private boolean meetsAt(final PlanNode node)
    {
        return inputs(node).stream().filter(this::chained).count() > 1;
    }

    private boolean meetsBehind(final PlanNode node)
    {
        return outputs(node).stream().anyMatch(edge -> chained(edge) && meets(edge.to()));
    }

    /**
     * Whether streams meet at a node and nowhere behind it within the task: then it may get records later than they come,
     * as long as their order stays.
     *
     * @param node of this plan
     * @return true when it is the last where streams meet
     */
    public boolean meetsLast(final PlanNode node)
    {
        return meetsAt(node) && !meetsBehind(node);
    }

    /**
     * Whether an operator uses processing time, and so there are ticks.
     *
     * @return as the nodes say
     */
    public boolean usesProcessingTime()
    {
        return nodes.stream().anyMatch(PlanNode::usesProcessingTime);
    }

    /**
     * Whether the engine's clock decides anything: processing time, ingestion time or idleness. It is then part of the
     * order log, which even a job with one source has.
     *
     * @return as nodes and watermark strategies say
     */
    public boolean usesClock()
    {
        return usesProcessingTime() || nodes.stream().anyMatch(node -> node.source() != null && node.watermarks().usesClock());
    }

    /**
     * Whether the tasks of a chain have several channels and take what arrives first. The order of what arrived is then part
     * of the order log, which even a job with one source has.
     *
     * @param chain of this plan
     * @return false when they have one channel, or merge by cause
     */
    public boolean mergesByArrival(final ChainPlan chain)
    {
        return chain.head().arrivalReason() != null && channels(chain) > 1;
    }

    /**
     * Number of channels that feed each task of a chain.
     *
     * @param chain of this plan
     * @return 0 for a chain that begins with a source
     */
    public int channels(final ChainPlan chain)
    {
        int channels = 0;
        for (final PlanEdge edge : inputs(chain.head()))
        {
            channels += edge.exchange() == Exchange.FORWARD ? 1 : edge.from().parallelism();
        }
        return channels;
    }

    /**
     * Number of tasks.
     *
     * @return sum of the chains' parallelism
     */
    public int taskCount()
    {
        return chains.stream().mapToInt(ChainPlan::parallelism).sum();
    }

    /**
     * Text that is equal for plans whose outputs are byte for byte the same for the same input: nodes, parallelism,
     * channels.
     *
     * @return one line
     */
    public String fingerprint()
    {
        final StringBuilder text = new StringBuilder(name).append(':').append(maxParallelism)
            .append(usesClock() ? ":clock" : "").append(usesProcessingTime() ? ":ticks" : "");
        for (final PlanNode node : nodes)
        {
            text.append(';').append(node.uid()).append('x').append(node.parallelism())
                .append(node.arrivalReason() == null ? "" : ".arrival");
            for (final PlanEdge edge : inputs(node))
            {
                text.append('<').append(edge.from().uid()).append(edge.tag() == null ? "" : "." + edge.tag())
                    .append(edge.exchange() == Exchange.FORWARD ? "" : "." + edge.exchange())
                    .append(edge.input() == 0 ? "" : "." + edge.input());
            }
        }
        return text.toString();
    }

    /**
     * The plan for people: a line a task with its operators, and what feeds it.
     *
     * @return several lines
     */
    public String explain()
    {
        final StringBuilder text = new StringBuilder("pipeline ").append(name).append(": ").append(nodes.size())
            .append(" operators in ").append(taskCount()).append(" tasks, event time in ")
            .append(timeUnit.name().toLowerCase(Locale.ROOT)).append('\n');
        for (final ChainPlan chain : chains)
        {
            text.append("  task ").append(chain.id()).append(chain.parallelism() == 1 ? "" : " x" + chain.parallelism())
                .append(": ").append(chain).append('\n');
            for (final PlanEdge edge : inputs(chain.head()))
            {
                text.append("      from ").append(edge.from())
                    .append(edge.tag() == null ? "" : " side output " + edge.tag())
                    .append(edge.input() == 0 ? "" : " into input " + edge.input())
                    .append(" by ").append(edge.exchange().name().toLowerCase(Locale.ROOT))
                    .append(", not chained: ").append(whyNotChained(edge)).append('\n');
            }
            if (mergesByArrival(chain))
            {
                text.append("      merged by arrival: ").append(chain.head().arrivalReason()).append('\n');
            }
            explainChained(chain, text);
        }
        return text.toString();
    }

    private String whyNotChained(final PlanEdge edge)
    {
        if (!chaining)
        {
            return "chaining is off";
        }
        final String reason = edge.whyNotChainable();
        return reason == null ? "its inputs come from several tasks, or one of them cannot be chained" : reason;
    }

    private void explainChained(final ChainPlan chain, final StringBuilder text)
    {
        for (final PlanNode node : chain.nodes())
        {
            final List<PlanEdge> inputs = inputs(node);
            final boolean linear = inputs.size() == 1 && inputs.get(0).tag() == null && node.id() > 0 &&
                outputs(inputs.get(0).from()).size() == 1;
            if (node != chain.head() && !linear)
            {
                text.append("      ").append(node.name()).append(" is fed by ").append(String.join(", ", inputs.stream()
                    .map(edge -> edge.from().name() + (edge.tag() == null ? "" : "." + edge.tag())).toList()))
                    .append('\n');
            }
        }
    }
}
