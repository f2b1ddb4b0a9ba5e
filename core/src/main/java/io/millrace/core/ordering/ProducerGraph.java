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
package io.millrace.core.ordering;

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RingConsumer;

import java.util.ArrayList;
import java.util.List;

/**
 * Who produces for whom: what the pull scans walk. Described once, before the job runs, in topological order.
 *
 * <pre>
 *   final ProducerGraph graph = new ProducerGraph(clock);
 *   final int trades = graph.source(tradesProgress);
 *   final int quotes = graph.source(quotesProgress);
 *   final int map = graph.task("map");                           // producers have lower numbers than their consumers
 *   graph.input(map, trades, tradesRing.consumer(0), 1);         // one channel: the task reads the ring itself
 *   final int join = graph.task("join");
 *   graph.input(join, map, mapRing.consumer(0), 1);              // channel 0
 *   graph.input(join, quotes, quotesRing.consumer(0), 1);        // channel 1
 *   final CausalMerge merge = graph.merge(join, account, 1 &lt;&lt; 20);
 * </pre>
 *
 * The order of a task's inputs is the order of ties, hence part of the plan.
 */
public final class ProducerGraph
{
    private final IngressClock clock;
    private final List<Node> nodes = new ArrayList<>();

    /**
     * A graph without nodes.
     *
     * @param clock of the job
     */
    public ProducerGraph(final IngressClock clock)
    {
        this.clock = clock;
    }

    /**
     * Adds a source.
     *
     * @param progress of the source
     * @return its number
     */
    public int source(final SourceProgress progress)
    {
        return add(new Node(progress.name(), progress, false));
    }

    /**
     * Adds a task that is no source.
     *
     * @param name for messages
     * @return its number
     */
    public int task(final String name)
    {
        return add(new Node(name, null, true));
    }

    /**
     * Adds a task that merges by arrival. To those downstream it is a source.
     *
     * @param progress of the merge
     * @return its number
     */
    public int arrivalMerge(final SourceProgress progress)
    {
        return add(new Node(progress.name(), progress, true));
    }

    /**
     * Adds an input to a task. Every input of every task is described, those of tasks with a single one too: scans read
     * them.
     *
     * @param task        number of the task
     * @param producer    number of the source or task that writes the ring
     * @param consumer    of the ring
     * @param recordSlots the most slots that one of its records takes
     * @return the channel, counted from 0 for each task
     */
    public int input(final int task, final int producer, final RingConsumer consumer, final int recordSlots)
    {
        final Node node = nodes.get(task);
        if (!node.takesInputs || producer < 0 || producer >= task)
        {
            throw new IllegalArgumentException("producer=" + producer + " of task=" + task + " (" + node.name +
                "): describe producers before their consumers, and no inputs of sources");
        }
        if (recordSlots < 1 || recordSlots > consumer.ring().maxRecordSlots())
        {
            throw new IllegalArgumentException("recordSlots=" + recordSlots + " of " + consumer + " must be from 1 to " +
                consumer.ring().maxRecordSlots() + ": raise the ring's capacity");
        }
        node.inputs.add(new InputChannel(node.inputs.size(), producer, consumer, recordSlots));
        return node.inputs.size() - 1;
    }

    /**
     * Makes the causal merge of a task's inputs, once the whole graph upstream of the task is described.
     *
     * @param task         number of a task with at least two inputs
     * @param account      that lanes are counted in
     * @param maxLaneSlots the most slots in the lanes of this merge: a burst with one cause that is longer fails the
     *                     job
     * @return the merge, to be closed by the caller
     */
    public CausalMerge merge(final int task, final MemoryAccount account, final long maxLaneSlots)
    {
        return new CausalMerge(nodes.get(task).name, inputs(task), new PullScan(this, task), account, maxLaneSlots);
    }

    /**
     * Makes a merge of a task's inputs that takes what has arrived, or what it is told to.
     *
     * @param task number of a task
     * @return the merge
     */
    public ArrivalMerge arrivalMerge(final int task)
    {
        return new ArrivalMerge(inputs(task));
    }

    /**
     * Where a task says what it has taken and not yet shown.
     *
     * @param task number of the task
     * @return its place
     */
    public SavedPlace savedPlace(final int task)
    {
        return nodes.get(task).savedPlace;
    }

    IngressClock clock()
    {
        return clock;
    }

    String name(final int node)
    {
        return nodes.get(node).name;
    }

    /** The source's progress, null for a task. */
    SourceProgress progress(final int node)
    {
        return nodes.get(node).progress;
    }

    InputChannel[] inputs(final int node)
    {
        return nodes.get(node).inputs.toArray(new InputChannel[0]);
    }

    int size()
    {
        return nodes.size();
    }

    /** Number of slots that the record in a slot takes: as many as its length needs. */
    static int recordSlots(final long slot, final int slotLength)
    {
        final int length = SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot);
        return length <= slotLength ? 1 : (length + slotLength - 1) / slotLength;
    }

    private int add(final Node node)
    {
        nodes.add(node);
        return nodes.size() - 1;
    }

    private static final class Node
    {
        private final String name;
        private final SourceProgress progress;
        private final boolean takesInputs;
        private final List<InputChannel> inputs = new ArrayList<>();
        private final SavedPlace savedPlace = new SavedPlace();

        private Node(final String name, final SourceProgress progress, final boolean takesInputs)
        {
            this.takesInputs = takesInputs;
            this.name = name;
            this.progress = progress;
        }
    }
}
