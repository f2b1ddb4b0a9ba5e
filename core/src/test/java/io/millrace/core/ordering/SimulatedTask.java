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

import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A task that drops or multiplies records, fires a burst when its watermark moves, aligns barriers, and hashes what it
 * sees. At each slot it
 * takes from a merge it checks that nothing lower can still come.
 */
final class SimulatedTask implements Simulation.Agent
{
    final SimulatedOutput output = new SimulatedOutput();
    InputMerge merge;

    private final Simulation simulation;
    private final int node;
    private final int index;
    private final boolean last;
    private InputChannel[] channels;
    private long[] watermarks;
    private int filters = 1;
    private long watermark = -1;
    private long hash = 1;
    private long count;
    private String barriers = "";
    private int barrierChannels;
    private long lastTick = -1;
    private long lastCause = -1;
    private int lastChannel;
    private boolean taken;
    private boolean consumed;
    private Phase phase = Phase.WORK;

    SimulatedTask(final Simulation simulation, final int node, final int index, final boolean last)
    {
        this.simulation = simulation;
        this.node = node;
        this.index = index;
        this.last = last;
    }

    void filters(final int filters)
    {
        this.filters = filters;
    }

    void open()
    {
        channels = simulation.graph.inputs(node);
        watermarks = new long[channels.length];
        Arrays.fill(watermarks, -1);
        merge = channels.length == 1 ? new ArrivalMerge(channels) :
            new SimulatedMerge(simulation, "task " + node, channels, new SimulatedScan(simulation, node));
    }

    @Override
    public boolean step()
    {
        return switch (phase)
        {
            case WORK -> work();
            case PUBLISH -> publish();
            case RELEASE ->
            {
                merge.release();
                consumed = false;
                phase = simulation.mutant == Mutant.CONSUMED_BEFORE_OUTPUTS ? Phase.PUBLISH : Phase.WORK;
                yield true;
            }
        };
    }

    boolean ended()
    {
        return merge.ended() && output.isEmpty() && !taken && !consumed && phase == Phase.WORK;
    }

    String result()
    {
        return "task=" + node + " hash=" + hash + " count=" + count + " watermark=" + watermark + barriers;
    }

    /** What is true, from a view on everything at once: this task publishes nothing below. */
    long truth()
    {
        long truth = output.lowestHidden();
        for (final InputChannel channel : channels)
        {
            truth = Math.min(truth, truth(channel));
        }
        return truth;
    }

    @Override
    public String toString()
    {
        return result() + " phase=" + phase + " " + output + "\n" +
            (merge instanceof CausalMerge ? ((CausalMerge)merge).explain() : Arrays.toString(channels));
    }

    private long truth(final InputChannel channel)
    {
        if (channel.ended)
        {
            return IngressClock.NONE;
        }
        if (channel.laneHolds())
        {
            return SlotDescriptor.cause(channel.lane.address());
        }
        return channel.consumer.published() > channel.consumer.position() ?
            SlotDescriptor.cause(channel.consumer.address()) : Math.max(channel.last, simulation.truth(channel.producer));
    }

    private boolean work()
    {
        if (!output.isEmpty())
        {
            // Stuck in the outputs of a slot: it is not consumed, those before it are.
            return output.write(1 + simulation.random.nextInt(16)) || output.publish() | consumed && startRelease();
        }
        if (taken)
        {
            taken = false;
            consumed = true;
            merge.consume(1);
        }
        if (consumed && simulation.random.nextInt(4) == 0)
        {
            return startRelease();
        }
        if (merge.next() == 0)
        {
            return consumed && startRelease();
        }
        take();
        return true;
    }

    private boolean startRelease()
    {
        phase = simulation.mutant == Mutant.CONSUMED_BEFORE_OUTPUTS ? Phase.RELEASE : Phase.PUBLISH;
        return true;
    }

    private boolean publish()
    {
        if (output.publishOne())
        {
            phase = simulation.mutant == Mutant.CONSUMED_BEFORE_OUTPUTS ? Phase.WORK : Phase.RELEASE;
        }
        return true;
    }

    private void take()
    {
        final long slot = merge.address();
        final int channel = merge.channel();
        final byte kind = SlotDescriptor.kind(slot);
        final long cause = SlotDescriptor.cause(slot);
        final long value = kind == SlotDescriptor.KIND_DATA ? Memory.getLong(slot + SlotDescriptor.HEADER_LENGTH) :
            SlotDescriptor.timestamp(slot);
        check(kind == merge.kind(), () -> "kind=" + kind + " in a run of kind=" + merge.kind());
        if (channels.length > 1)
        {
            checkOrder(cause, channel, kind);
        }
        taken = true;
        process(channel, kind, value, cause);
    }

    private void checkOrder(final long cause, final int channel, final byte kind)
    {
        check(cause > lastCause || cause == lastCause && channel >= lastChannel,
            () -> "cause=" + cause + " channel=" + channel + " released after cause=" + lastCause + " channel=" + lastChannel);
        check(barrierChannels == 0 || kind == SlotDescriptor.KIND_BARRIER, () -> "kind=" + kind + " released between barriers");
        lastCause = cause;
        lastChannel = channel;
        if (simulation.mutant == Mutant.NONE && simulation.random.nextInt(4) != 0)
        {
            return;
        }
        for (final InputChannel other : channels)
        {
            if (other.index != channel && !other.closed())
            {
                final long truth = truth(other);
                check(truth > cause || truth == cause && other.index > channel,
                    () -> "cause=" + cause + " channel=" + channel + " released while channel=" + other.index +
                        " can bring cause=" + truth);
            }
            check(!other.laneHolds() || other.laneCause() == cause && SlotDescriptor.cause(other.lane.address()) == cause,
                () -> "cause=" + cause + " released while " + other + " has laneCause=" + other.laneCause());
        }
    }

    private void process(final int channel, final byte kind, final long value, final long cause)
    {
        if (kind == SlotDescriptor.KIND_DATA && filters > 1 && SimulationPlan.bucket(value, filters) != index)
        {
            return;
        }
        count++;
        hash = SimulationPlan.mix(hash + SimulationPlan.mix(cause) * 31 + SimulationPlan.mix(value) + channel * 7L + kind);
        switch (kind)
        {
            case SlotDescriptor.KIND_DATA -> onRecord(value, cause);
            case SlotDescriptor.KIND_WATERMARK -> onWatermark(channel, value, cause);
            case SlotDescriptor.KIND_BARRIER -> onBarrier(value, cause);
            case SlotDescriptor.KIND_END_OF_STREAM -> onEnd(channel, value, cause);
            case SlotDescriptor.KIND_TICK -> onTick(value, cause);
            default -> throw new AssertionError("kind=" + kind);
        }
    }

    private void onRecord(final long value, final long cause)
    {
        if (!last)
        {
            for (int i = (int)(SimulationPlan.mix(value + node) >>> 40) % 4; i > 1; i--)
            {
                output.emit(SimulationPlan.mix(value + i), cause);
            }
            output.emit(SimulationPlan.mix(value), cause);
        }
    }

    private void onWatermark(final int channel, final long value, final long cause)
    {
        watermarks[channel] = Math.max(watermarks[channel], value);
        final long lowest = Arrays.stream(watermarks).min().orElseThrow();
        if (lowest > watermark)
        {
            watermark = lowest;
            if (!last)
            {
                for (int i = 0; i < simulation.plan.burst && simulation.plan.burstStage == stage(); i++)
                {
                    output.emit(SimulationPlan.mix(hash + i), cause);
                }
                output.emitToAll(SlotDescriptor.KIND_WATERMARK, watermark, cause);
            }
        }
    }

    private int stage()
    {
        int stage = 0;
        for (int nodes = node; nodes >= simulation.plan.stages[stage]; stage++)
        {
            nodes -= simulation.plan.stages[stage];
        }
        return stage;
    }

    private void onBarrier(final long value, final long cause)
    {
        barrierChannels++;
        long closed = barrierChannels;
        for (final InputChannel channel : channels)
        {
            closed += channel.ended ? 1 : 0;
        }
        check(merge.aligned() == (closed == channels.length), () -> "aligned=" + merge.aligned() + " after channels=" + barrierChannels);
        if (merge.aligned())
        {
            barrierChannels = 0;
            barriers += " barrier=" + value + "@" + cause + ":" + hash;
            output.emitToAll(SlotDescriptor.KIND_BARRIER, value, cause);
        }
    }

    private void onEnd(final int channel, final long value, final long cause)
    {
        onWatermark(channel, IngressClock.NONE, cause);
        if (merge.ending())
        {
            output.emitToAll(SlotDescriptor.KIND_END_OF_STREAM, value, cause);
        }
    }

    private void onTick(final long value, final long cause)
    {
        if (cause != lastTick)
        {
            lastTick = cause;
            output.emitToAll(SlotDescriptor.KIND_TICK, value, cause);
        }
    }

    private void check(final boolean holds, final Supplier<String> message)
    {
        if (!holds)
        {
            throw new AssertionError(message.get() + " at " + this + "\n" + simulation.describe());
        }
    }

    private enum Phase
    {
        WORK, PUBLISH, RELEASE
    }
}
