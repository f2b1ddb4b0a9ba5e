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

import io.millrace.memory.ring.RecordRing;

import java.util.BitSet;

/**
 * Reads off the producers of a silent channel what it may still bring, without their help: an idle or parked producer
 * is not woken.
 * <p>
 * A record is visible in at least one place at any time (the floor of its source, a ring, a lane), because the next
 * place shows it before the one before forgets it. The scan reads the places in the direction in which records move:
 * the counter, the sources, then the tasks in topological order, each task's ring before its lane. So a record that has
 * left a place before it was read there is found in a later one. The other way round finds neither and releases too
 * early; every order of reads here matters.
 * <p>
 * Cost: two cache lines for each ring upstream, paid only when a merge is stuck. One instance belongs to one merge and
 * its thread.
 */
class PullScan
{
    private final IngressClock clock;
    private final SourceProgress[][] sources;
    private final int[][] sourceNodes;
    private final InputChannel[][][] tasks;
    private final SavedPlace[] savedPlaces;
    private final int[][] taskNodes;
    private final int[] producers;
    private final String[] producerNames;
    private final long[] bounds;

    PullScan(final ProducerGraph graph, final int task)
    {
        final InputChannel[] channels = graph.inputs(task);
        clock = graph.clock();
        sources = new SourceProgress[channels.length][];
        sourceNodes = new int[channels.length][];
        tasks = new InputChannel[channels.length][][];
        taskNodes = new int[channels.length][];
        producers = new int[channels.length];
        producerNames = new String[channels.length];
        bounds = new long[graph.size()];
        savedPlaces = new SavedPlace[graph.size()];
        for (int node = 0; node < savedPlaces.length; node++)
        {
            savedPlaces[node] = graph.savedPlace(node);
        }
        for (int i = 0; i < channels.length; i++)
        {
            final BitSet upstream = new BitSet();
            collect(graph, channels[i].producer, upstream);
            producers[i] = channels[i].producer;
            producerNames[i] = graph.name(producers[i]);
            sourceNodes[i] = upstream.stream().filter(node -> graph.progress(node) != null).toArray();
            taskNodes[i] = upstream.stream().filter(node -> graph.progress(node) == null).toArray();
            sources[i] = new SourceProgress[sourceNodes[i].length];
            for (int j = 0; j < sources[i].length; j++)
            {
                sources[i][j] = graph.progress(sourceNodes[i][j]);
            }
            tasks[i] = new InputChannel[taskNodes[i].length][];
            for (int j = 0; j < tasks[i].length; j++)
            {
                tasks[i][j] = graph.inputs(taskNodes[i][j]);
            }
        }
    }

    /**
     * Scans upstream of a channel. The caller looks at the channel's own ring afterwards.
     *
     * @param channel of the merge
     * @return what the channel's producer publishes from the start of the scan on is not below this cause; a bound
     *     never falls
     */
    long bound(final int channel)
    {
        final long nextCause = nextCause();
        scanSources(channel, nextCause);
        scanTasks(channel);
        return bounds[producers[channel]];
    }

    final void scanSources(final int channel, final long nextCause)
    {
        final SourceProgress[] sources = this.sources[channel];
        final int[] nodes = sourceNodes[channel];
        for (int i = 0; i < sources.length; i++)
        {
            bounds[nodes[i]] = sourceBound(sources[i], nextCause);
        }
    }

    final void scanTasks(final int channel)
    {
        final InputChannel[][] tasks = this.tasks[channel];
        final int[] nodes = taskNodes[channel];
        for (int i = 0; i < tasks.length; i++)
        {
            scanTask(tasks[i], nodes[i]);
        }
    }

    final void scanTask(final InputChannel[] inputs, final int node)
    {
        long bound = IngressClock.NONE;
        for (final InputChannel input : inputs)
        {
            bound = Math.min(bound, inputBound(input));
        }
        // Behind the rings: what a task has released from them and not yet shown is here.
        final long saved = savedPlaces[node].cause();
        bounds[node] = saved == RecordRing.NO_CAUSE ? bound : Math.min(bound, saved);
    }

    final long bounds(final int node)
    {
        return bounds[node];
    }

    final void bounds(final int node, final long bound)
    {
        bounds[node] = bound;
    }

    final int[] sourceNodes(final int channel)
    {
        return sourceNodes[channel];
    }

    final InputChannel[][] tasks(final int channel)
    {
        return tasks[channel];
    }

    final int[] taskNodes(final int channel)
    {
        return taskNodes[channel];
    }

    final int producer(final int channel)
    {
        return producers[channel];
    }

    final String producerName(final int channel)
    {
        return producerNames[channel];
    }

    long nextCause()
    {
        return clock.nextCause();
    }

    long sourceBound(final SourceProgress source, final long nextCause)
    {
        if (ended(source))
        {
            return IngressClock.NONE;
        }
        final long floor = floor(source);
        final long bound = floor == SourceProgress.IDLE ? nextCause : floor;
        final long broadcast = broadcastFloor();
        return broadcast < bound && injected(source) < broadcast ? broadcast : bound;
    }

    long inputBound(final InputChannel input)
    {
        final long pending = pendingCause(input);
        final long bound = pending == RecordRing.NO_CAUSE ? bounds[input.producer] : pending;
        final long lane = laneCause(input);
        return lane == RecordRing.NO_CAUSE ? bound : Math.min(bound, lane);
    }

    boolean ended(final SourceProgress source)
    {
        return source.ended();
    }

    long floor(final SourceProgress source)
    {
        return source.floor();
    }

    long broadcastFloor()
    {
        return clock.broadcastFloor();
    }

    long injected(final SourceProgress source)
    {
        return source.injected();
    }

    long pendingCause(final InputChannel input)
    {
        return input.pendingCause();
    }

    long laneCause(final InputChannel input)
    {
        return input.laneCause();
    }

    private static void collect(final ProducerGraph graph, final int node, final BitSet upstream)
    {
        if (!upstream.get(node))
        {
            upstream.set(node);
            if (graph.progress(node) != null)
            {
                // A source, or a merge by arrival, whose causes do not depend on what feeds it.
                return;
            }
            for (final InputChannel input : graph.inputs(node))
            {
                collect(graph, input.producer, upstream);
            }
        }
    }
}
