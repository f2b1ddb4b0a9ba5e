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
import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.ResultCollector;

import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a keyed function with its states and timers.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the input
 * @param <W> flyweight that writes the results
 */
public final class KeyedProcessOperator<K, V, W extends Flyweight> extends RecordOperator<V>
    implements SkippingOperator, BatchOperator, RescalableOperator
{
    private final RecordType<?, W> outputType;
    private final OperatorFactory<KeyEncoder> encoders;
    private final OperatorFactory<KeyView<K>> keyViews;
    private final KeyedProcessFunction<K, V, W> function;
    private final long[] hashes = new long[BatchProcessor.MAX_BATCH];
    private KeyEncoder encoder;
    private Region keys;
    private KeyedCallbacks<K> callbacks;
    private ResultCollector<W> results;
    private long firingSlot;
    private boolean encoding;

    /**
     * An operator.
     *
     * @param inputType  of the records
     * @param outputType of the results
     * @param encoders   give the key
     * @param keyViews   show it
     * @param functions  make the function of this instance
     */
    public KeyedProcessOperator(
        final RecordType<V, ?> inputType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final OperatorFactory<KeyView<K>> keyViews,
        final Supplier<? extends KeyedProcessFunction<K, V, W>> functions)
    {
        super(inputType);
        this.outputType = outputType;
        this.encoders = encoders;
        this.keyViews = keyViews;
        this.function = functions.get();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context)
    {
        super.open(context);
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        keys = Region.allocate(context.account(), context.name() + " keys", (long)encoder.keyLength() * hashes.length);
        callbacks = new KeyedCallbacks<>(context, encoder.keyLength(), keyViews, function.usesProcessingTime());
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
        function.open(callbacks.states());
        callbacks.opened();
    }

    @Override
    public void start()
    {
        callbacks.start();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        encode(slots, count);
        callbacks.beginBatch(hashes, count);
        final int keyLength = encoder.keyLength();
        final ResultCollector<W> results = this.results;
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            final long slot = slots[i];
            callbacks.enter(keys.address() + (long)i * keyLength, hashes[i], SlotDescriptor.timestamp(slot));
            results.begin(slot);
            function.processElement(view(slot), callbacks, results);
            if (DebugMode.ENABLED)
            {
                releaseView();
            }
            callbacks.leave();
            goOn &= results.goOn();
            while (callbacks.nextExpired())
            {
                goOn &= fire(slot, KeyedCallbacks.EXPIRY);
            }
        }
        callbacks.endBatch();
        return goOn;
    }

    private void encode(final long[] slots, final int count)
    {
        final KeyEncoder encoder = this.encoder;
        final int keyLength = encoder.keyLength();
        long key = keys.address();
        encoding = true;
        for (int i = 0; i < count; i++)
        {
            encoder.encode(slots[i], key);
            hashes[i] = KeyHash.hash(key, keyLength);
            key += keyLength;
        }
        encoding = false;
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
        if (firingSlot != 0)
        {
            return firingSlot;
        }
        return encoding ? encoder.currentSlot() : super.currentSlot();
    }

    @Override
    public String currentRecord()
    {
        return firingSlot != 0 ? callbacks.timer() : super.currentRecord();
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
            keys.close();
        }
        if (results != null)
        {
            results.close();
        }
        function.close();
    }
}
