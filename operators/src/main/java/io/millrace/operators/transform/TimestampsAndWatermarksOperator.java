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
package io.millrace.operators.transform;

import io.millrace.core.operator.EventTimeOperator;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.PendingWatermark;
import io.millrace.core.time.WatermarkGenerator;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Passes on every record with another timestamp, and makes watermarks of its own of them (SEMANTICS WM-12).
 *
 * @param <V> read-only view of the records
 */
public final class TimestampsAndWatermarksOperator<V> extends RecordOperator<V> implements EventTimeOperator, RescalableOperator
{
    /** Instead of an offset: the function gives the timestamp. */
    public static final int ASSIGNED = 0;
    /** Instead of an offset: the record keeps the timestamp that it has. */
    public static final int KEPT = -1;

    private final int eventTimeOffset;
    private final ToLongFunction<? super V> assigner;
    private final WatermarkGenerator<? super V> generator;
    private final PendingWatermark pending;

    /**
     * An operator.
     *
     * @param type            of the records
     * @param eventTimeOffset offset from the slot's start of the field with the event time, {@link #ASSIGNED} or
     *                        {@link #KEPT}
     * @param assigner        gives the event time where it is {@link #ASSIGNED}, else any
     * @param generators      make the watermarks
     * @param step            by which a watermark must have grown, in the pipeline's time unit
     */
    public TimestampsAndWatermarksOperator(
        final RecordType<V, ?> type,
        final Integer eventTimeOffset,
        final ToLongFunction<? super V> assigner,
        final Supplier<? extends WatermarkGenerator<? super V>> generators,
        final Long step)
    {
        super(type);
        this.eventTimeOffset = eventTimeOffset;
        this.assigner = assigner;
        this.generator = generators.get();
        this.pending = new PendingWatermark(step);
        if (generator == null)
        {
            throw new IllegalStateException("watermark generator is null: the supplier of the strategy must make one");
        }
    }

    @Override
    public int takeBatch(final long[] slots, final int count)
    {
        final long[] claimed = output().claimBatch(count);
        int taken = 0;
        while (taken < count)
        {
            final long slot = slots[taken];
            final V view = view(slot);
            final long timestamp = eventTimeOffset > 0 ? Memory.getLong(slot + eventTimeOffset) :
                eventTimeOffset == ASSIGNED ? assigner.applyAsLong(view) : SlotDescriptor.timestamp(slot);
            generator.onEvent(view, timestamp, pending);
            if (DebugMode.ENABLED)
            {
                releaseView();
            }
            Memory.copy(slot, claimed[taken], SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot));
            SlotDescriptor.timestamp(claimed[taken], timestamp);
            taken++;
            if (pending.due())
            {
                break;
            }
        }
        output().commitBatch(taken);
        return taken;
    }

    @Override
    public boolean watermarkDue()
    {
        return pending.due();
    }

    @Override
    public long takeWatermark()
    {
        return pending.take();
    }

    @Override
    public boolean watermark(final long slot)
    {
        pending.forwarded(SlotDescriptor.timestamp(slot));
        return true;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        pending.snapshot(writer);
        generator.snapshot(writer);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        pending.restore(reader);
        generator.restore(reader);
    }

    /** Each instance begins to watch its records anew: a watermark that comes later than it could makes nothing late. */
    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
    }
}
