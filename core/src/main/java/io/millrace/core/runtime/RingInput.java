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

import io.millrace.core.operator.BatchProcessor;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RingConsumer;

/** The one ring that feeds a task: runs of data slots go through the chain, control slots are walked between them. */
final class RingInput implements TaskInput
{
    private static final int RUNS = 8;

    private final RingConsumer consumer;
    private final Chain chain;
    private final BatchProcessor head;
    private final boolean singleSlot;
    private final long[] batch = new long[BatchProcessor.MAX_BATCH];
    /** Set when the chain shows output, whose order must survive first. */
    private final OutputGate gate;
    private long watermark = Long.MIN_VALUE;
    private boolean idle;
    private boolean ended;

    RingInput(
        final RingConsumer consumer,
        final Chain chain,
        final BatchProcessor head,
        final int maxRecordLength,
        final OutputGate gate)
    {
        this.consumer = consumer;
        this.chain = chain;
        this.head = head;
        this.gate = gate;
        this.singleSlot = SlotDescriptor.HEADER_LENGTH + maxRecordLength <= consumer.slotLength();
    }

    @Override
    public int poll(final int room)
    {
        int work = 0;
        for (int i = 0; i < RUNS && work < room && !chain.walking(); i++)
        {
            final int available = Math.min(consumer.poll(), room - work);
            if (available == 0)
            {
                break;
            }
            final int taken = run(available);
            if (taken == 0)
            {
                break;
            }
            work += taken;
        }
        return work;
    }

    private int run(final int available)
    {
        final long first = consumer.address();
        final int stride = consumer.stride();
        final int limit = singleSlot ? Math.min(available, BatchProcessor.MAX_BATCH) : 1;
        final long[] batch = this.batch;
        int count = 0;
        long slot = first;
        while (count < limit && SlotDescriptor.kind(slot) == SlotDescriptor.KIND_DATA)
        {
            batch[count] = slot;
            count++;
            slot += stride;
        }
        if (count > 0)
        {
            return data(count);
        }
        return gate == null || gate.opens(SlotDescriptor.cause(first)) ? control(first) : 0;
    }

    private int data(final int count)
    {
        final int open = gate == null ? count : gate.opens(batch, count);
        if (open > 0)
        {
            final int taken = chain.processBatch(head, batch, open);
            consumer.consume(singleSlot ? taken : slots(batch[0]));
            return taken;
        }
        return 0;
    }

    private int control(final long first)
    {
        final byte kind = SlotDescriptor.kind(first);
        if (kind != SlotDescriptor.KIND_PADDING)
        {
            show(kind, SlotDescriptor.timestamp(first));
            chain.beginWalk(kind, SlotDescriptor.timestamp(first), SlotDescriptor.cause(first),
                SlotDescriptor.ingressTime(first));
        }
        consumer.consume(1);
        return 1;
    }

    private void show(final byte kind, final long value)
    {
        if (kind == SlotDescriptor.KIND_WATERMARK)
        {
            watermark = value;
        }
        idle = kind != SlotDescriptor.KIND_ACTIVE && (idle || kind == SlotDescriptor.KIND_IDLE);
        chain.watermarks().channel(0, watermark, idle, true);
    }

    private int slots(final long slot)
    {
        return (SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot) +
            consumer.slotLength() - 1) / consumer.slotLength();
    }

    @Override
    public void release()
    {
        consumer.release();
    }

    @Override
    public void walked()
    {
        ended = chain.controlKind() == SlotDescriptor.KIND_END_OF_STREAM;
    }

    @Override
    public boolean ended()
    {
        return ended;
    }

    @Override
    public void snapshot(final TaskSnapshot snapshot)
    {
    }

    @Override
    public void checkpointComplete(final long checkpointId)
    {
    }

    @Override
    public void close()
    {
    }
}
