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

import java.util.ArrayList;
import java.util.List;

/** The scan with others acting between any two of its reads, and with its reads in wrong orders. */
final class SimulatedScan extends PullScan
{
    private final Simulation simulation;
    private final IngressClock clock;

    SimulatedScan(final Simulation simulation, final int task)
    {
        super(simulation.graph, task);
        this.simulation = simulation;
        this.clock = simulation.clock;
    }

    @Override
    long bound(final int channel)
    {
        return switch (simulation.mutant)
        {
            case SCAN_DOWNSTREAM_FIRST -> downstreamFirst(channel);
            case SCAN_COUNTER_AFTER_FLOOR ->
            {
                // The sources with a placeholder for the counter, which is read when all floors were.
                scanSources(channel, SourceProgress.IDLE);
                final long late = nextCause();
                for (final int node : sourceNodes(channel))
                {
                    if (bounds(node) == SourceProgress.IDLE)
                    {
                        bounds(node, late);
                    }
                }
                scanTasks(channel);
                yield bounds(producer(channel));
            }
            default -> super.bound(channel);
        };
    }

    private long downstreamFirst(final int channel)
    {
        final InputChannel[][] tasks = tasks(channel);
        final List<long[]> reads = new ArrayList<>();
        for (int task = tasks.length - 1; task >= 0; task--)
        {
            final long[] read = new long[tasks[task].length];
            for (int i = 0; i < read.length; i++)
            {
                read[i] = pendingCause(tasks[task][i]);
                final long lane = laneCause(tasks[task][i]);
                read[i] = lane == RecordRing.NO_CAUSE ? read[i] : lane;
            }
            reads.add(0, read);
        }
        scanSources(channel, nextCause());
        for (int task = 0; task < tasks.length; task++)
        {
            long bound = IngressClock.NONE;
            for (int i = 0; i < tasks[task].length; i++)
            {
                final long read = reads.get(task)[i];
                bound = Math.min(bound, read == RecordRing.NO_CAUSE ? bounds(tasks[task][i].producer) : read);
            }
            bounds(taskNodes(channel)[task], bound);
        }
        return bounds(producer(channel));
    }

    @Override
    long nextCause()
    {
        simulation.interleave();
        return clock.nextCause();
    }

    @Override
    boolean ended(final SourceProgress source)
    {
        simulation.interleave();
        return super.ended(source);
    }

    @Override
    long floor(final SourceProgress source)
    {
        simulation.interleave();
        return super.floor(source);
    }

    @Override
    long broadcastFloor()
    {
        simulation.interleave();
        return super.broadcastFloor();
    }

    @Override
    long injected(final SourceProgress source)
    {
        simulation.interleave();
        return super.injected(source);
    }

    @Override
    long pendingCause(final InputChannel input)
    {
        simulation.interleave();
        return super.pendingCause(input);
    }

    @Override
    long laneCause(final InputChannel input)
    {
        simulation.interleave();
        return simulation.mutant == Mutant.SCAN_WITHOUT_LANES ? RecordRing.NO_CAUSE : super.laneCause(input);
    }
}
