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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.record.RecordType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Collects the nodes and edges that a user declares, and checks them.
 */
public final class PlanBuilder
{
    private final String name;
    private final TimeUnit timeUnit;
    private final List<PlanNode> nodes = new ArrayList<>();
    private final List<PlanEdge> edges = new ArrayList<>();
    private PlanNode deadLetters;

    /**
     * An empty plan.
     *
     * @param name     of the job
     * @param timeUnit of event time
     */
    public PlanBuilder(final String name, final TimeUnit timeUnit)
    {
        this.name = Objects.requireNonNull(name, "name");
        this.timeUnit = Objects.requireNonNull(timeUnit, "timeUnit");
    }

    /**
     * Adds a source.
     *
     * @param nodeName   for people
     * @param source     how to make it
     * @param type       of its records
     * @param watermarks its event time
     * @return the node
     */
    public PlanNode source(
        final String nodeName,
        final OperatorFactory<Source> source,
        final RecordType<?, ?> type,
        final WatermarkStrategy<?> watermarks)
    {
        if (watermarks.emitsWatermarks() && watermarks.timestampAssigner() == null &&
            !watermarks.ingestionTime() && type.eventTime() == null)
        {
            throw new IllegalArgumentException("source " + nodeName + " has watermarks but record=" + type +
                " has no event time: mark a long field with @EventTime, " +
                "or give the strategy withTimestampAssigner(...)");
        }
        return add(new PlanNode(nodes.size(), nodeName, source, null, watermarks, type, 1));
    }

    /**
     * Adds an operator or a sink.
     *
     * @param nodeName    for people
     * @param operator    how to make it
     * @param outputType  of its records, or null for a sink
     * @param parallelism number of instances
     * @return the node
     */
    public PlanNode operator(
        final String nodeName,
        final OperatorFactory<Operator> operator,
        final RecordType<?, ?> outputType,
        final int parallelism)
    {
        return add(new PlanNode(nodes.size(), nodeName, null, operator, null, outputType, parallelism));
    }

    private PlanNode add(final PlanNode node)
    {
        nodes.add(node);
        return node;
    }

    /**
     * Leads the dead letters of all operators that were added before into a node.
     *
     * @param collector that takes them
     */
    public void deadLetters(final PlanNode collector)
    {
        deadLetters = collector;
    }

    /**
     * Adds a stream between two nodes.
     *
     * @param from       where the records come from
     * @param tag        of the side output, or null for the main output
     * @param to         where they go
     * @param exchange   how they are dealt
     * @param keyEncoder for {@link Exchange#HASH}, else null
     * @throws IllegalArgumentException when there is no such output, or the key encoder does not fit the exchange
     */
    public void connect(
        final PlanNode from,
        final String tag,
        final PlanNode to,
        final Exchange exchange,
        final OperatorFactory<KeyEncoder> keyEncoder)
    {
        connect(from, tag, to, 0, exchange, keyEncoder);
    }

    /**
     * Adds a stream between two nodes, into one of several inputs.
     *
     * @param from       where the records come from
     * @param tag        of the side output, or null for the main output
     * @param to         where they go
     * @param input      which of its inputs they are, from 0
     * @param exchange   how they are dealt
     * @param keyEncoder for {@link Exchange#HASH}, else null
     * @throws IllegalArgumentException when there is no such output, or the key encoder does not fit the exchange
     */
    public void connect(
        final PlanNode from,
        final String tag,
        final PlanNode to,
        final int input,
        final Exchange exchange,
        final OperatorFactory<KeyEncoder> keyEncoder)
    {
        if (input > 0 && !MultipleInputOperator.class.isAssignableFrom(to.operator().type()))
        {
            throw new IllegalArgumentException("operator " + to.name() + " has one input, but is fed as input=" + input +
                " by " + from.name() + ": make it a MultipleInputOperator");
        }
        if (from.outputType(tag) == null)
        {
            throw new IllegalArgumentException("operator " + from.name() + " has no " +
                (tag == null ? "output: it is a sink" : "side output tag=" + tag + ": declare it") +
                ", operator " + to.name() + " cannot take records from it");
        }
        if ((exchange == Exchange.HASH) != (keyEncoder != null))
        {
            throw new IllegalArgumentException("exchange=" + exchange + " from operator " + from.name() + " to " +
                to.name() + (keyEncoder == null ? " needs a key encoder" : " has a key encoder that nobody asks"));
        }
        if (from.id() >= to.id())
        {
            throw new IllegalArgumentException("operator " + to.name() + " is fed by " + from.name() +
                ", which was added after it: add what feeds an operator first, there are no loops");
        }
        edges.add(new PlanEdge(from, tag, to, input, exchange, keyEncoder));
    }

    /**
     * Checks the plan and cuts it into chains.
     *
     * @param maxParallelism number of key groups, a power of two
     * @param chaining       false to run every node in a task of its own
     * @return the plan
     */
    public Plan build(final int maxParallelism, final boolean chaining)
    {
        if (nodes.stream().noneMatch(node -> node.source() != null))
        {
            throw new IllegalStateException("pipeline " + name + " has no source: begin with pipeline.source(...)");
        }
        final List<PlanEdge> edges = new ArrayList<>(this.edges);
        if (deadLetters != null)
        {
            edges.addAll(DeadLetterEdges.into(deadLetters, nodes, edges));
        }
        checkInputs(edges);
        checkUids();
        separateNames();
        checkParallelism(maxParallelism);
        checkEventTime();
        return new Plan(name, timeUnit, maxParallelism, List.copyOf(nodes), List.copyOf(edges), chaining);
    }

    private void checkInputs(final List<PlanEdge> edges)
    {
        for (final PlanNode node : nodes)
        {
            if (node.source() == null && edges.stream().noneMatch(edge -> edge.to() == node))
            {
                throw new IllegalStateException("operator " + node.name() +
                    " has no input: connect it to what feeds it, or leave it out");
            }
        }
    }

    /** Names are what failures and stack traces show, so no two operators share one. */
    private void separateNames()
    {
        final Set<String> names = new HashSet<>();
        for (final PlanNode node : nodes)
        {
            if (!names.add(node.name()))
            {
                final String name = free(node.name(), names);
                node.uid(node.uid()).name(name);
                names.add(name);
            }
        }
    }

    private static String free(final String name, final Set<String> taken)
    {
        int number = 2;
        while (taken.contains(name + "-" + number))
        {
            number++;
        }
        return name + "-" + number;
    }

    private void checkUids()
    {
        final Map<String, PlanNode> byUid = new HashMap<>();
        for (final PlanNode node : nodes)
        {
            final PlanNode other = byUid.putIfAbsent(node.uid(), node);
            if (other == null)
            {
                continue;
            }
            if (node.uidGiven() || other.uidGiven() || node.stateful() || other.stateful())
            {
                throw new IllegalStateException("uid=" + node.uid() + " is that of two operators: #" + other.id() +
                    " " + other.name() + " and #" + node.id() + " " + node.name() +
                    ": state is found again by its uid, so give each its own with uid(...)");
            }
            node.name(free(node.name(), byUid.keySet()));
            byUid.put(node.uid(), node);
        }
    }

    private void checkParallelism(final int maxParallelism)
    {
        if (maxParallelism < 1 || maxParallelism > 1 << 15 || Integer.bitCount(maxParallelism) != 1)
        {
            throw new IllegalArgumentException("maxParallelism=" + maxParallelism +
                " must be a power of two from 1 to 32768: the default is 128");
        }
        for (final PlanNode node : nodes)
        {
            if (node.oneInstance() && node.parallelism() > 1)
            {
                throw new IllegalStateException("parallelism=" + node.parallelism() + " of operator " + node.name() +
                    " must be 1, since it takes all records together or has one thread or file on its other side: " +
                    "declare one for each instance, or key the stream or rebalance() it for what does the work");
            }
            if (node.parallelism() > maxParallelism)
            {
                throw new IllegalStateException("parallelism=" + node.parallelism() + " of operator " + node.name() +
                    " is above maxParallelism=" + maxParallelism + ": raise maxParallelism or lower the parallelism");
            }
        }
        for (final PlanEdge edge : edges)
        {
            if (edge.exchange() == Exchange.FORWARD && edge.from().parallelism() != edge.to().parallelism())
            {
                throw new IllegalStateException("operator " + edge.to() + " is fed forward by " + edge.from() +
                    " of another parallelism: put rebalance(), broadcast() or a key between them");
            }
        }
    }

    private void checkEventTime()
    {
        final boolean[] without = new boolean[nodes.size()];
        for (final PlanNode node : nodes)
        {
            without[node.id()] = node.watermarks() != null ? !node.watermarks().emitsWatermarks() :
                edges.stream().anyMatch(edge -> edge.to() == node && without[edge.from().id()]);
            if (node.needsEventTime() && without[node.id()])
            {
                throw new IllegalStateException("operator " + node.name() +
                    " needs event time, but a source before it has " +
                    "WatermarkStrategy.noWatermarks(): give that source a strategy with timestamps");
            }
        }
    }
}
