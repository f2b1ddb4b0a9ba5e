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
package io.millrace.core.chain;

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.TimestampAssigner;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

import java.util.List;

/**
 * Stamps a source's records with event time, cause and ingress time, and tells when a watermark is due.
 */
public final class StampingOutput implements SourceOutput, SourceStamp
{
    private static final long NEVER = Long.MAX_VALUE;

    private final Output next;
    private final TimestampAssigner assigner;
    private final long lag;
    private final long step;
    private final int eventTimeOffset;
    private long slot;
    private long[] batch;
    private boolean goesOn = true;
    private int batchLimit = BatchProcessor.MAX_BATCH;
    private long ingressTime;
    private long cause;
    private long maxTimestamp = Long.MIN_VALUE;
    private long dueAt;

    /**
     * The way out of a source.
     *
     * @param next            output that takes the stamped records
     * @param assigner        gives the event time, when there is no field for it; else any
     * @param eventTimeOffset offset from the slot's start of the field with the event time; 0 to ask the assigner, -1
     *                        for none
     * @param lag             of the watermark behind the latest event time, above 0
     * @param step            by which a watermark must have grown, 0 or more
     * @param watermarks      false when there are none
     */
    public StampingOutput(
        final Output next,
        final TimestampAssigner assigner,
        final Integer eventTimeOffset,
        final Long lag,
        final Long step,
        final Boolean watermarks)
    {
        this.next = next;
        this.assigner = assigner;
        this.eventTimeOffset = eventTimeOffset;
        this.lag = lag;
        this.step = Math.max(1, step);
        this.dueAt = watermarks ? Long.MIN_VALUE + 1 : NEVER;
    }

    @Override
    public long claim()
    {
        final long claimed = next.claim();
        slot = claimed;
        return claimed;
    }

    @Override
    public void nextCause(final long nextCause)
    {
        cause = nextCause;
    }

    @Override
    public boolean commit()
    {
        final long slot = this.slot;
        final long timestamp = eventTimeOffset > 0 ? Memory.getLong(slot + eventTimeOffset) : assigned(slot);
        SlotDescriptor.timestamp(slot, timestamp);
        SlotDescriptor.cause(slot, cause++);
        SlotDescriptor.ingressTime(slot, ingressTime);
        boolean goOn = next.commit();
        if (timestamp > maxTimestamp)
        {
            maxTimestamp = timestamp;
            goOn &= timestamp < dueAt;
        }
        goesOn = goOn;
        return goOn;
    }

    @Override
    public long[] claimBatch(final int count)
    {
        batch = next.claimBatch(count);
        return batch;
    }

    @Override
    public int commitBatch(final int count)
    {
        final long[] batch = this.batch;
        final long ingressTime = this.ingressTime;
        final long cause = this.cause;
        final long dueAt = this.dueAt;
        long max = maxTimestamp;
        int taken = 0;
        try
        {
            while (taken < count)
            {
                final long slot = batch[taken];
                final long timestamp = eventTimeOffset > 0 ? Memory.getLong(slot + eventTimeOffset) : assigned(slot);
                SlotDescriptor.timestamp(slot, timestamp);
                SlotDescriptor.cause(slot, cause + taken);
                SlotDescriptor.ingressTime(slot, ingressTime);
                taken++;
                max = Math.max(max, timestamp);
                if (max >= dueAt)
                {
                    break;
                }
            }
        }
        catch (final RuntimeException | Error failure)
        {
            if (taken == 0)
            {
                throw failure;
            }
            // What was stamped before goes on its way; the source brings the record that fails again, as the first.
        }
        this.cause = cause + taken;
        maxTimestamp = max;
        final boolean due = max >= dueAt && dueAt != NEVER;
        batchLimit = due ? taken : Math.min(batchLimit << 1, BatchProcessor.MAX_BATCH);
        goesOn = next.commitBatch(taken) && !due;
        return taken;
    }

    @Override
    public int batchLimit()
    {
        return batchLimit;
    }

    @Override
    public boolean goesOn()
    {
        return goesOn;
    }

    private long assigned(final long slot)
    {
        return eventTimeOffset == 0 ? assigner.timestamp(slot) : Long.MIN_VALUE;
    }

    @Override
    public void ingressTime(final long nanos)
    {
        ingressTime = nanos;
    }

    @Override
    public boolean watermarkDue()
    {
        return maxTimestamp >= dueAt && dueAt != NEVER;
    }

    @Override
    public void observe(final long timestamp)
    {
        maxTimestamp = Math.max(maxTimestamp, timestamp);
    }

    @Override
    public long takeWatermark()
    {
        dueAt = maxTimestamp > NEVER - step ? NEVER : maxTimestamp + step;
        return maxTimestamp < Long.MIN_VALUE + lag ? Long.MIN_VALUE : maxTimestamp - lag;
    }

    @Override
    public long lastCause()
    {
        return cause - 1;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(maxTimestamp).putLong(dueAt);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        maxTimestamp = reader.getLong();
        dueAt = reader.getLong();
    }

    @Override
    public void restoreRescaled(final List<BlobReader> readers)
    {
        long least = Long.MAX_VALUE;
        long leastDue = Long.MAX_VALUE;
        for (final BlobReader reader : readers)
        {
            least = Math.min(least, reader.getLong());
            leastDue = Math.min(leastDue, reader.getLong());
        }
        maxTimestamp = least;
        dueAt = leastDue;
    }
}
