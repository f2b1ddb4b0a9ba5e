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
package io.millrace.operators.window;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;

import java.util.List;

/**
 * Runs an operator of event time by processing time (SEMANTICS WIN-17): what comes has the time of its arrival, in a copy of
 * its own, and ticks are the watermarks. The watermarks of the streams are for nobody here, so nothing is fired at the end of
 * the input (WM-4). How records come is for who extends this.
 *
 * @param <O> operator of event time
 */
public abstract class ByArrivalTime<O extends DueOperator> implements SkippingOperator, RescalableOperator
{
    private final Class<O> contract;
    private final OperatorFactory<O> operators;
    private final int stride;
    private final long[] copies = new long[BatchProcessor.MAX_BATCH];
    private O operator;
    private ProcessingClock clock;
    private Region slots;

    /**
     * An operator.
     *
     * @param contract  of the operator of event time
     * @param maxLength of a record
     * @param operators make the operator of event time
     */
    protected ByArrivalTime(final Class<O> contract, final int maxLength, final OperatorFactory<O> operators)
    {
        this.contract = contract;
        this.operators = operators;
        this.stride = SlotDescriptor.slotLength(maxLength, 64);
    }

    @Override
    public void open(final OperatorContext context)
    {
        clock = context.processingClock();
        slots = Region.allocate(context.account(), context.name() + " records", (long)stride * copies.length);
        for (int i = 0; i < copies.length; i++)
        {
            copies[i] = slots.address() + (long)i * stride;
        }
        operator = IsolatedLoader.newInstance(context.name(), contract, operators);
        opened(operator);
        operator.open(context);
    }

    /**
     * Takes the operator of event time, which is not open yet.
     *
     * @param made the operator
     */
    protected abstract void opened(O made);

    @Override
    public void start()
    {
        operator.start();
        clock.wakeAt(operator.nextDue());
    }

    /**
     * Copies records, with the time of their arrival.
     *
     * @param records addresses of their slots
     * @param count   number of records, at most {@link BatchProcessor#MAX_BATCH}
     * @return addresses of the copies, valid until the next call
     */
    protected final long[] arrived(final long[] records, final int count)
    {
        final long time = clock.time();
        for (int i = 0; i < count; i++)
        {
            Memory.copy(records[i], copies[i], SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(records[i]));
            SlotDescriptor.timestamp(copies[i], time);
        }
        return copies;
    }

    /**
     * Asks to be woken when the operator is due; after it took records.
     */
    protected final void wake()
    {
        clock.wakeAt(operator.nextDue());
    }

    @Override
    public boolean processingTime(final long slot)
    {
        final boolean done = operator.watermark(slot);
        clock.wakeAt(operator.nextDue());
        return done;
    }

    @Override
    public void idle()
    {
        operator.idle();
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        operator.prepareSnapshot(checkpointId);
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        operator.snapshot(writer);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        operator.restore(reader);
    }

    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        if (operator instanceof RescalableOperator rescalable)
        {
            rescalable.restoreRescaled(parts);
        }
        else
        {
            // Its watermark is processing time, of which all instances have the same at a barrier.
            operator.restore(parts.get(0));
        }
    }

    @Override
    public void checkpointComplete(final long checkpointId)
    {
        operator.checkpointComplete(checkpointId);
    }

    @Override
    public void recordFailed(final boolean again)
    {
        if (operator instanceof SkippingOperator skipping)
        {
            skipping.recordFailed(again);
        }
    }

    @Override
    public long currentSlot()
    {
        return operator == null ? 0 : operator.currentSlot();
    }

    @Override
    public String currentRecord()
    {
        return operator == null ? null : operator.currentRecord();
    }

    @Override
    public void close()
    {
        try
        {
            if (operator != null)
            {
                operator.close();
            }
        }
        finally
        {
            if (slots != null)
            {
                slots.close();
            }
        }
    }
}
