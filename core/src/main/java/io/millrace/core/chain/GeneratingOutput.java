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
import io.millrace.core.time.PendingWatermark;
import io.millrace.core.time.TimestampAssigner;
import io.millrace.core.time.WatermarkGenerator;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.List;

/**
 * Stamps a source's records as {@link StampingOutput} does, and asks a generator of the user's for watermarks: a class of
 * its own, so that sources without one do not pay for the call.
 *
 * @param <V> read-only view of the records
 */
public final class GeneratingOutput<V> implements SourceOutput, SourceStamp
{
    private final String name;
    private final Output next;
    private final RecordType<V, ?> type;
    private final TimestampAssigner assigner;
    private final int eventTimeOffset;
    private final WatermarkGenerator<? super V> generator;
    private final PendingWatermark pending;
    private final BlobWriter generatorState = new BlobWriter();
    private Flyweight view;
    private long slot;
    private long[] batch;
    private boolean goesOn = true;
    private int batchLimit = BatchProcessor.MAX_BATCH;
    private long ingressTime;
    private long cause;
    private long currentSlot;
    private Throwable failure;

    /**
     * The way out of a source.
     *
     * @param name            of the source, for messages
     * @param next            output that takes the stamped records
     * @param type            of the records
     * @param assigner        gives the event time, when there is no field for it; else any
     * @param eventTimeOffset offset from the slot's start of the field with the event time; 0 to ask the assigner
     * @param generator       makes the watermarks
     * @param step            by which a watermark must have grown, 0 or more
     */
    public GeneratingOutput(
        final String name,
        final Output next,
        final RecordType<V, ?> type,
        final TimestampAssigner assigner,
        final Integer eventTimeOffset,
        final WatermarkGenerator<? super V> generator,
        final Long step)
    {
        this.name = name;
        this.next = next;
        this.type = type;
        this.assigner = assigner;
        this.eventTimeOffset = eventTimeOffset;
        this.generator = generator;
        this.pending = new PendingWatermark(step);
        this.view = type.newFlyweight();
    }

    @Override
    public void observe(final long timestamp)
    {
        throw new IllegalStateException("timestamp=" + timestamp + " of ingestion at source " + name +
            ", whose watermarks a generator makes: a bug of the engine, report it");
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
        rethrow(slot);
        stamp(slot);
        cause++;
        goesOn = next.commit() & !pending.due();
        return goesOn;
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
        rethrow(batch[0]);
        int taken = 0;
        try
        {
            while (taken < count)
            {
                stamp(batch[taken]);
                cause++;
                taken++;
                if (pending.due())
                {
                    break;
                }
            }
        }
        catch (final RuntimeException | Error thrown)
        {
            if (taken == 0)
            {
                throw thrown;
            }
            // What was stamped before goes on its way. The generator may have seen the record, and is not asked again.
            failure = thrown;
            currentSlot = 0;
        }
        final boolean due = pending.due();
        batchLimit = due ? taken : Math.min(batchLimit << 1, BatchProcessor.MAX_BATCH);
        goesOn = next.commitBatch(taken) && !due;
        return taken;
    }

    /** Fails again at the record that it failed at, which has come again. */
    private void rethrow(final long slot)
    {
        currentSlot = failure == null ? 0 : slot;
        if (failure instanceof Error error)
        {
            throw error;
        }
        if (failure instanceof RuntimeException exception)
        {
            throw exception;
        }
    }

    @SuppressWarnings("unchecked")
    private void stamp(final long slot)
    {
        currentSlot = slot;
        final long timestamp = eventTimeOffset > 0 ? Memory.getLong(slot + eventTimeOffset) : assigner.timestamp(slot);
        SlotDescriptor.timestamp(slot, timestamp);
        SlotDescriptor.cause(slot, cause);
        SlotDescriptor.ingressTime(slot, ingressTime);
        if (DebugMode.ENABLED)
        {
            view = type.newFlyweight();
        }
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        generator.onEvent((V)view, timestamp, pending);
        if (DebugMode.ENABLED)
        {
            view.release(name);
        }
        currentSlot = 0;
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

    @Override
    public void ingressTime(final long nanos)
    {
        ingressTime = nanos;
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
    public long lastCause()
    {
        return cause - 1;
    }

    @Override
    public long currentSlot()
    {
        return currentSlot;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        pending.snapshot(writer);
        generatorState.reset();
        generator.snapshot(generatorState);
        writer.putInt(generatorState.length()).putAll(generatorState);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        pending.restore(reader);
        generator.restore(new BlobReader("watermark generator of source " + name, reader.getBytes()));
    }

    /** Generators do not say how far behind they are, so it begins anew: the first watermark comes with the records. */
    @Override
    public void restoreRescaled(final List<BlobReader> readers)
    {
        for (final BlobReader reader : readers)
        {
            new PendingWatermark(0).restore(reader);
            reader.getBytes();
        }
    }
}
