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
package io.millrace.operators.process;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.operator.UnionStateOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.RecordView;
import io.millrace.operators.transform.ResultCollector;

import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a function of a stream without keys and of one that is broadcast.
 *
 * @param <V> read-only view of the first input
 * @param <U> read-only view of the second input
 * @param <W> flyweight that writes the results
 */
public final class BroadcastProcessOperator<V, U, W extends Flyweight>
    implements SkippingOperator, MultipleInputOperator, UnionStateOperator, RescalableOperator
{
    private final RecordType<V, ?> firstType;
    private final RecordType<U, ?> secondType;
    private final RecordType<?, W> outputType;
    private final BroadcastProcessFunction<V, U, W> function;
    private RecordView<V> firstView;
    private RecordView<U> secondView;
    private InstanceCallbacks callbacks;
    private ResultCollector<W> results;

    /**
     * An operator.
     *
     * @param firstType  of the first input's records
     * @param secondType of the second input's records
     * @param outputType of the results
     * @param functions  make the function of this instance
     */
    public BroadcastProcessOperator(
        final RecordType<V, ?> firstType,
        final RecordType<U, ?> secondType,
        final RecordType<?, W> outputType,
        final Supplier<? extends BroadcastProcessFunction<V, U, W>> functions)
    {
        this.firstType = firstType;
        this.secondType = secondType;
        this.outputType = outputType;
        this.function = functions.get();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context)
    {
        firstView = new RecordView<>(firstType, context.name());
        secondView = new RecordView<>(secondType, context.name());
        callbacks = new InstanceCallbacks(context, null, true);
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
        callbacks.open(function);
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return index == 0 ? new FirstInput() : new SecondInput();
    }

    @Override
    public void start()
    {
        callbacks.start(function);
    }

    @Override
    public boolean watermark(final long slot)
    {
        callbacks.advance(SlotDescriptor.timestamp(slot));
        return true;
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        callbacks.prepareSnapshot(function, checkpointId);
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        callbacks.snapshot(blob);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        callbacks.restore(blob);
    }

    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        callbacks.restoreRescaled(parts);
    }

    @Override
    public void writeUnion(final BlobWriter blob)
    {
        callbacks.writeUnion(blob);
    }

    @Override
    public void readUnion(final List<BlobReader> parts)
    {
        callbacks.readUnion(parts);
    }

    @Override
    public long currentSlot()
    {
        return firstView.slot() != 0 ? firstView.slot() : secondView.slot();
    }

    @Override
    public String currentRecord()
    {
        return firstView.slot() != 0 ? firstView.record() : secondView.record();
    }

    @Override
    public void recordFailed(final boolean again)
    {
        callbacks.leave();
    }

    @Override
    public void close()
    {
        if (callbacks != null)
        {
            callbacks.close();
        }
        if (results != null)
        {
            results.close();
        }
        function.close();
    }

    /** Takes the records of the first stream. */
    private final class FirstInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            boolean goOn = true;
            for (int i = 0; i < count; i++)
            {
                callbacks.enter(SlotDescriptor.timestamp(slots[i]));
                results.begin(slots[i]);
                function.processElement(firstView.at(slots[i]), callbacks, results);
                firstView.leave();
                callbacks.leave();
                goOn &= results.goOn();
            }
            return goOn;
        }
    }

    /** Takes the records of the second stream. */
    private final class SecondInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            boolean goOn = true;
            for (int i = 0; i < count; i++)
            {
                callbacks.enterBroadcast(SlotDescriptor.timestamp(slots[i]));
                results.begin(slots[i]);
                function.processBroadcastElement(secondView.at(slots[i]), callbacks, results);
                secondView.leave();
                callbacks.leave();
                goOn &= results.goOn();
            }
            return goOn;
        }
    }
}
