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
package io.millrace.operators.join;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Runs a join of event time by processing time (SEMANTICS WIN-17): what comes, from either stream, has the time of its
 * arrival, in a copy of its own, and ticks are the watermarks. The watermarks of the streams are for nobody here, so nothing
 * is fired at the end of the input (WM-4).
 */
public final class ArrivalTimeJoinOperator implements MultipleInputOperator, SkippingOperator
{
    private final OperatorFactory<TimedJoinOperator> operators;
    private final int stride;
    private final long[] copies = new long[BatchProcessor.MAX_BATCH];
    private final Arriving[] inputs = {new Arriving(), new Arriving()};
    private TimedJoinOperator operator;
    private ProcessingClock clock;
    private Region slots;

    /**
     * An operator.
     *
     * @param leftType  of the left records
     * @param rightType of the right records
     * @param operators make the operator of event time
     */
    public ArrivalTimeJoinOperator(
        final RecordType<?, ?> leftType,
        final RecordType<?, ?> rightType,
        final OperatorFactory<TimedJoinOperator> operators)
    {
        this.operators = operators;
        this.stride = SlotDescriptor.slotLength(Math.max(leftType.maxLength(), rightType.maxLength()), 64);
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
        operator = IsolatedLoader.newInstance(context.name(), TimedJoinOperator.class, operators);
        for (int i = 0; i < inputs.length; i++)
        {
            inputs[i].processor = operator.input(i);
        }
        operator.open(context);
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return inputs[index];
    }

    @Override
    public void start()
    {
        operator.start();
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

    /** Takes the records of one stream. */
    private final class Arriving implements BatchProcessor
    {
        private BatchProcessor processor;

        @Override
        public boolean processBatch(final long[] records, final int count)
        {
            final long time = clock.time();
            for (int i = 0; i < count; i++)
            {
                Memory.copy(records[i], copies[i], SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(records[i]));
                SlotDescriptor.timestamp(copies[i], time);
            }
            final boolean goOn = processor.processBatch(copies, count);
            clock.wakeAt(operator.nextDue());
            return goOn;
        }
    }
}
