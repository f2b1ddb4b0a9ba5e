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
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.RecordView;
import io.millrace.operators.transform.ResultCollector;

import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a keyed function of two streams with its states and timers.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the first input
 * @param <U> read-only view of the second input
 * @param <W> flyweight that writes the results
 */
public final class KeyedCoProcessOperator<K, V, U, W extends Flyweight>
    implements SkippingOperator, MultipleInputOperator, RescalableOperator
{
    private final RecordType<V, ?> firstType;
    private final RecordType<U, ?> secondType;
    private final RecordType<?, W> outputType;
    private final OperatorFactory<KeyEncoder> firstEncoders;
    private final OperatorFactory<KeyEncoder> secondEncoders;
    private final OperatorFactory<KeyView<K>> keyViews;
    private final KeyedCoProcessFunction<K, V, U, W> function;
    private KeyEncoder firstEncoder;
    private KeyEncoder secondEncoder;
    private RecordView<V> firstView;
    private RecordView<U> secondView;
    private Region key;
    private KeyedCallbacks<K> callbacks;
    private ResultCollector<W> results;
    private long firingSlot;
    private long encodingSlot;

    /**
     * An operator.
     *
     * @param firstType      of the first input's records
     * @param secondType     of the second input's records
     * @param outputType     of the results
     * @param firstEncoders  give the key of a record of the first input
     * @param secondEncoders give the key of a record of the second input
     * @param keyViews       show it
     * @param functions      make the function of this instance
     */
    public KeyedCoProcessOperator(
        final RecordType<V, ?> firstType,
        final RecordType<U, ?> secondType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> firstEncoders,
        final OperatorFactory<KeyEncoder> secondEncoders,
        final OperatorFactory<KeyView<K>> keyViews,
        final Supplier<? extends KeyedCoProcessFunction<K, V, U, W>> functions)
    {
        this.firstType = firstType;
        this.secondType = secondType;
        this.outputType = outputType;
        this.firstEncoders = firstEncoders;
        this.secondEncoders = secondEncoders;
        this.keyViews = keyViews;
        this.function = functions.get();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context)
    {
        firstEncoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, firstEncoders);
        secondEncoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, secondEncoders);
        firstView = new RecordView<>(firstType, context.name());
        secondView = new RecordView<>(secondType, context.name());
        key = Region.allocate(context.account(), context.name() + " key", firstEncoder.keyLength());
        callbacks = new KeyedCallbacks<>(context, firstEncoder.keyLength(), keyViews, function.usesProcessingTime());
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
        function.open(callbacks.states());
        callbacks.opened();
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return index == 0 ? new FirstInput() : new SecondInput();
    }

    @Override
    public void start()
    {
        callbacks.start();
    }

    private void enter(final KeyEncoder encoder, final long slot)
    {
        encodingSlot = slot;
        encoder.encode(slot, key.address());
        encodingSlot = 0;
        callbacks.enter(key.address(), SlotDescriptor.timestamp(slot));
        results.begin(slot);
    }

    private boolean leave(final long slot)
    {
        callbacks.leave();
        boolean goOn = results.goOn();
        while (callbacks.nextExpired())
        {
            goOn &= fire(slot, KeyedCallbacks.EXPIRY);
        }
        return goOn;
    }

    @Override
    public boolean watermark(final long slot)
    {
        callbacks.advance(SlotDescriptor.timestamp(slot));
        int firings = 0;
        for (int due = callbacks.nextDue(); due != KeyedCallbacks.DONE; due = callbacks.nextDue())
        {
            firings++;
            if (due != KeyedCallbacks.RECLAIMED && !fire(slot, due) || firings == MAX_FIRINGS)
            {
                return false;
            }
        }
        return !callbacks.isBusy();
    }

    @Override
    public boolean processingTime(final long slot)
    {
        int firings = 0;
        for (int due = callbacks.nextDueOfTick(); due != KeyedCallbacks.DONE; due = callbacks.nextDueOfTick())
        {
            firings++;
            if (due != KeyedCallbacks.RECLAIMED && !fire(slot, due) || firings == MAX_FIRINGS)
            {
                return false;
            }
        }
        callbacks.asleep();
        return !callbacks.isBusy();
    }

    /** Runs a callback that has begun for something due; false when the output is full. */
    private boolean fire(final long slot, final int due)
    {
        firingSlot = slot;
        results.begin(slot, callbacks.resultTime());
        if (due == KeyedCallbacks.TIMER)
        {
            function.onTimer(callbacks.timestamp(), callbacks, results);
        }
        else
        {
            function.onExpiry(callbacks.expired(), callbacks, results);
        }
        callbacks.leave();
        firingSlot = 0;
        return results.goOn();
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
    public long currentSlot()
    {
        return firingSlot != 0 ? firingSlot : encodingSlot != 0 ? encodingSlot :
            firstView.slot() != 0 ? firstView.slot() : secondView.slot();
    }

    @Override
    public String currentRecord()
    {
        return firingSlot != 0 ? callbacks.timer() :
            firstView.slot() != 0 ? firstView.record() : secondView.record();
    }

    @Override
    public void recordFailed(final boolean again)
    {
        callbacks.abandon();
        firingSlot = 0;
    }

    @Override
    public void close()
    {
        if (callbacks != null)
        {
            callbacks.close();
            key.close();
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
                enter(firstEncoder, slots[i]);
                function.processElement1(firstView.at(slots[i]), callbacks, results);
                firstView.leave();
                goOn &= leave(slots[i]);
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
                enter(secondEncoder, slots[i]);
                function.processElement2(secondView.at(slots[i]), callbacks, results);
                secondView.leave();
                goOn &= leave(slots[i]);
            }
            return goOn;
        }
    }
}
