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

import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.ordering.InputMerge;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.WatermarkValve;
import io.millrace.memory.record.SlotDescriptor;

import java.util.List;

/**
 * Several channels that feed a task: runs of data slots in the order that the merge gives, watermarks merged into one, barriers and
 * ends taken once all channels have brought them.
 */
final class MergeInput implements TaskInput
{
    private static final int RUNS = 8;

    private final String uid;
    private final InputMerge merge;
    private final WatermarkValve valve;
    private final Chain chain;
    private final Channel[] channels;
    private final long[] batch = new long[BatchProcessor.MAX_BATCH];
    /** Set when the chain shows output, whose order must survive first. */
    private final OutputGate gate;
    /** Set when the channels are merged by arrival; else null. */
    private final ArrivalRuns arrival;
    private final boolean[] singleSlot;
    /** Null in a job without checkpoints. */
    private final CheckpointService checkpoints;
    private long barrier;
    /** When the first channel brought the barrier under way. */
    private long aligningSince;
    private long alignmentNanos;
    /** What those downstream were told. */
    private boolean idle;
    private boolean ended;

    /**
     * What a channel brings, and for whom.
     *
     * @param head            input of the chain that takes the records
     * @param slotLength      bytes of a slot
     * @param maxRecordLength bytes of the longest record
     */
    record Channel(BatchProcessor head, int slotLength, int maxRecordLength)
    {
        boolean singleSlot()
        {
            return SlotDescriptor.HEADER_LENGTH + maxRecordLength <= slotLength;
        }
    }

    /**
     * Several channels.
     *
     * @param uid         of the chain's head
     * @param merge       of the channels
     * @param arrival     runs of the merge when it is by arrival; null when it is by cause
     * @param channels    what each brings
     * @param chain       that takes it
     * @param gate        when the chain shows output; else null
     * @param checkpoints null in a job without
     */
    MergeInput(
        final String uid,
        final InputMerge merge,
        final ArrivalRuns arrival,
        final List<Channel> channels,
        final Chain chain,
        final OutputGate gate,
        final CheckpointService checkpoints)
    {
        this.checkpoints = checkpoints;
        this.uid = uid;
        this.merge = merge;
        this.arrival = arrival;
        this.valve = new WatermarkValve(channels.size());
        this.chain = chain;
        this.channels = channels.toArray(Channel[]::new);
        this.gate = gate;
        this.singleSlot = new boolean[channels.size()];
        for (int i = 0; i < singleSlot.length; i++)
        {
            singleSlot[i] = this.channels[i].singleSlot();
        }
    }

    /** What the task's part of a snapshot is kept under. */
    String uid()
    {
        return uid + "/valve";
    }

    @Override
    public int poll(final int room)
    {
        int work = 0;
        if (arrival != null && checkpoints != null && merge.aligning() && goesOnWithout())
        {
            merge.unblock();
        }
        for (int i = 0; i < RUNS && work < room && !chain.walking(); i++)
        {
            final int slots = arrival == null ? merge.next() : arrival.next(singleSlot);
            if (slots == 0 || gate != null && !gate.opens(cause()))
            {
                break;
            }
            work += merge.kind() == SlotDescriptor.KIND_DATA ? data(Math.min(slots, room - work)) : control();
        }
        return work;
    }

    /**
     * Whether a merge by arrival need not wait for the barrier that it aligns: when that is known is written down by the runs
     * that follow. A merge by cause waits for it in any case. It lies before what has a higher cause, unless a merge by arrival
     * further up gave it another cause in each instance: there the order would depend on when the checkpoint was given up.
     */
    private boolean goesOnWithout()
    {
        return checkpoints.givenUpCheckpoint() >= barrier || arrival.goesOnWhereHeld() && checkpoints.abandon(barrier);
    }

    /** Of what comes next. */
    private long cause()
    {
        return arrival == null ? SlotDescriptor.cause(merge.address()) : arrival.cause();
    }

    private void consume(final int records, final int slots)
    {
        merge.consume(slots);
        if (arrival != null)
        {
            arrival.consumed(records);
        }
    }

    private long record(final long slot, final int index)
    {
        return arrival == null ? slot : arrival.copy(slot, index);
    }

    private int data(final int slots)
    {
        final long slot = merge.address();
        final Channel channel = channels[merge.channel()];
        if (singleSlot[merge.channel()])
        {
            final int most = Math.min(slots, BatchProcessor.MAX_BATCH);
            final int stride = merge.stride();
            for (int i = 0; i < most; i++)
            {
                batch[i] = record(slot + (long)i * stride, i);
            }
            final int count = gate == null ? most : gate.opens(batch, most);
            final int taken = chain.processBatch(channel.head, batch, count);
            consume(taken, taken);
            return taken;
        }
        batch[0] = record(slot, 0);
        chain.processBatch(channel.head, batch, 1);
        consume(1, (SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot) + channel.slotLength - 1) /
            channel.slotLength);
        return 1;
    }

    private int control()
    {
        final long slot = merge.address();
        final long value = SlotDescriptor.timestamp(slot);
        switch (merge.kind())
        {
            case SlotDescriptor.KIND_WATERMARK ->
            {
                if (valve.watermark(merge.channel(), value))
                {
                    beginWalk(SlotDescriptor.KIND_WATERMARK, valve.output(), slot);
                }
            }
            case SlotDescriptor.KIND_BARRIER ->
            {
                if (!merge.aligning())
                {
                    aligningSince = System.nanoTime();
                }
                barrier = value;
                if (merge.aligned())
                {
                    beginBarrier(slot);
                }
            }
            case SlotDescriptor.KIND_END_OF_STREAM ->
            {
                if (merge.ending())
                {
                    beginWalk(SlotDescriptor.KIND_END_OF_STREAM, 0, slot);
                }
                else if (merge.aligned())
                {
                    beginBarrier(slot);
                }
            }
            case SlotDescriptor.KIND_IDLE ->
            {
                if (valve.idle(merge.channel()))
                {
                    // The slot is looked at again, for what follows the watermark has the same place.
                    beginWalk(SlotDescriptor.KIND_WATERMARK, valve.output(), slot);
                    return 1;
                }
                status(slot);
            }
            case SlotDescriptor.KIND_ACTIVE ->
            {
                valve.active(merge.channel());
                status(slot);
            }
            case SlotDescriptor.KIND_TICK ->
            {
                if (value > chain.time())
                {
                    beginWalk(SlotDescriptor.KIND_TICK, value, slot);
                }
            }
            default ->
            {
                // Padding is for nobody.
            }
        }
        show(merge.channel());
        consume(1, 1);
        return 1;
    }

    private void beginBarrier(final long slot)
    {
        alignmentNanos = System.nanoTime() - aligningSince;
        beginWalk(SlotDescriptor.KIND_BARRIER, barrier, slot);
    }

    /** Tells those downstream when all channels are idle, and when one no longer is. */
    private void status(final long slot)
    {
        if (valve.isIdle() != idle)
        {
            idle = valve.isIdle();
            beginWalk(idle ? SlotDescriptor.KIND_IDLE : SlotDescriptor.KIND_ACTIVE, 0, slot);
        }
    }

    private void show(final int channel)
    {
        chain.watermarks().channel(channel, valve.channelWatermark(channel), valve.channelIdle(channel),
            valve.channelAligned(channel));
    }

    private void beginWalk(final byte kind, final long value, final long slot)
    {
        chain.beginWalk(kind, value, cause(), SlotDescriptor.ingressTime(slot));
    }

    @Override
    public void release()
    {
        merge.release();
    }

    @Override
    public void walked()
    {
        ended = chain.controlKind() == SlotDescriptor.KIND_END_OF_STREAM;
        if (ended && arrival != null)
        {
            arrival.end();
        }
    }

    @Override
    public boolean ended()
    {
        return ended;
    }

    @Override
    public long alignmentNanos()
    {
        return alignmentNanos;
    }

    @Override
    public void snapshot(final TaskSnapshot snapshot)
    {
        final BlobWriter writer = snapshot.blob();
        writer.putLong(valve.output());
        for (int i = 0; i < valve.channels(); i++)
        {
            writer.putLong(valve.channelWatermark(i)).putInt(valve.channelStatus(i));
        }
        if (arrival != null)
        {
            writer.putLong(arrival.lastCause());
        }
        snapshot.writeBlob(uid());
    }

    void restore(final BlobReader reader)
    {
        valve.restore(reader.getLong());
        for (int i = 0; i < valve.channels(); i++)
        {
            valve.restore(i, reader.getLong(), reader.getInt());
            show(i);
        }
        if (arrival != null)
        {
            arrival.restore(reader.getLong());
        }
        if (!chain.assignsEventTime())
        {
            chain.watermarks().arriving(valve.output());
            chain.watermarks().taken(valve.output());
        }
        idle = valve.isIdle();
    }

    /**
     * Goes on from what a savepoint says.
     *
     * @param output     the merged watermark
     * @param watermarks by channel
     * @param statuses   by channel
     */
    void restore(final long output, final long[] watermarks, final int[] statuses)
    {
        valve.restore(output);
        for (int i = 0; i < watermarks.length; i++)
        {
            valve.restore(i, watermarks[i], statuses[i]);
            show(i);
        }
        if (!chain.assignsEventTime())
        {
            chain.watermarks().arriving(output);
            chain.watermarks().taken(output);
        }
        idle = valve.isIdle();
    }

    @Override
    public void checkpointComplete(final long checkpointId)
    {
    }

    @Override
    public void close()
    {
        merge.close();
    }
}
