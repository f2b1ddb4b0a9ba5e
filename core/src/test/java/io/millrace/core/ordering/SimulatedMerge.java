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

/** The merge with others acting inside of its steps, and with its rules broken. */
final class SimulatedMerge extends CausalMerge
{
    private final Simulation simulation;
    private final SimulatedScan scan;
    private int turn;

    SimulatedMerge(final Simulation simulation, final String name, final InputChannel[] channels, final SimulatedScan scan)
    {
        super(name, channels, scan, simulation.account, 1 << 20);
        this.simulation = simulation;
        this.scan = scan;
    }

    @Override
    InputChannel candidate()
    {
        final InputChannel candidate = super.candidate();
        if (simulation.mutant != Mutant.ROUND_ROBIN_TIES || candidate == null)
        {
            return candidate;
        }
        turn++;
        for (int i = 0; i < channels.length; i++)
        {
            final InputChannel channel = channels[(turn + i) % channels.length];
            if (!channel.closed() && channel.head == candidate.head)
            {
                return channel;
            }
        }
        return candidate;
    }

    @Override
    long limit(final InputChannel candidate)
    {
        long limit = Long.MAX_VALUE;
        switch (simulation.mutant)
        {
            case LIMIT_IGNORES_TIES ->
            {
                for (final InputChannel channel : channels)
                {
                    final long frontier = frontier(channel);
                    limit = channel == candidate || frontier == Long.MAX_VALUE ? limit : Math.min(limit, frontier + 1);
                }
                return limit;
            }
            case LIMIT_OF_FIRST_CHANNEL_ONLY ->
            {
                return candidate.index == 0 ? limit : frontier(channels[0]);
            }
            default ->
            {
                return super.limit(candidate);
            }
        }
    }

    @Override
    boolean blocks(final InputChannel channel, final InputChannel candidate)
    {
        return simulation.mutant == Mutant.ROUND_ROBIN_TIES ? frontier(channel) < candidate.head : super.blocks(channel, candidate);
    }

    @Override
    boolean pull(final InputChannel channel, final InputChannel candidate)
    {
        if (simulation.mutant == Mutant.SCAN_WITHOUT_OWN_RING)
        {
            channel.bound = Math.max(channel.bound, scan.bound(channel.index));
            return !blocks(channel, candidate);
        }
        return super.pull(channel, candidate);
    }

    @Override
    void stash(final InputChannel candidate)
    {
        if (simulation.mutant != Mutant.NO_LANES)
        {
            super.stash(candidate);
        }
    }

    @Override
    void handOver(final InputChannel channel, final long cause)
    {
        simulation.interleave();
        super.handOver(channel, cause);
        simulation.interleave();
        if (channel.laneCause() == RecordRing.NO_CAUSE)
        {
            throw new AssertionError("lane is not visible: " + channel);
        }
    }
}
