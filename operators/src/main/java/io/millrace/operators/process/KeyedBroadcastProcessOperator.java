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
import io.millrace.core.operator.UnionStateOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.RecordView;
import io.millrace.operators.transform.ResultCollector;

import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a function of a keyed stream, with its states and timers, and of one that is broadcast.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the keyed input
 * @param <U> read-only view of the broadcast input
 * @param <W> flyweight that writes the results
 */
public final class KeyedBroadcastProcessOperator<K, V, U, W extends Flyweight>
    implements MultipleInputOperator, UnionStateOperator, RescalableOperator
{
    private final RecordType<V, ?> keyedType;
    private final RecordType<U, ?> broadcastType;
    private final RecordType<?, W> outputType;
    private final OperatorFactory<KeyEncoder> encoders;
    private final OperatorFactory<KeyView<K>> keyViews;
    private final KeyedBroadcastProcessFunction<K, V, U, W> function;
    private final long[] hashes = new long[BatchProcessor.MAX_BATCH];
    private KeyEncoder encoder;
    private RecordView<V> keyedView;
    private RecordView<U> broadcastView;
    private Region keys;
    private KeyedCallbacks<K> keyed;
    private InstanceCallbacks instance;
    private ResultCollector<W> results;
    private long firingSlot;
    private boolean encoding;

    /**
     * An operator.
     *
     * @param keyedType     of the keyed input's records
     * @param broadcastType of the broadcast input's records
     * @param outputType    of the results
     * @param encoders      give the key of a record of the keyed input
     * @param keyViews      show it
     * @param functions     make the function of this instance
     */
    public KeyedBroadcastProcessOperator(
        final RecordType<V, ?> keyedType,
        final RecordType<U, ?> broadcastType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final OperatorFactory<KeyView<K>> keyViews,
        final Supplier<? extends KeyedBroadcastProcessFunction<K, V, U, W>> functions)
    {
        this.keyedType = keyedType;
        this.broadcastType = broadcastType;
        this.outputType = outputType;
        this.encoders = encoders;
        this.keyViews = keyViews;
        this.function = functions.get();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context)
    {
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        keyedView = new RecordView<>(keyedType, context.name());
        broadcastView = new RecordView<>(broadcastType, context.name());
        keys = Region.allocate(
            context.account(), context.name() + " keys", (long)encoder.keyLength() * BatchProcessor.MAX_BATCH);
        keyed = new KeyedCallbacks<>(context, encoder.keyLength(), keyViews, function.usesProcessingTime());
        instance = new InstanceCallbacks(context, keyed.states(), true);
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
        instance.open(function);
        keyed.opened();
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return index == 0 ? new KeyedInput() : new BroadcastInput();
    }

    private void encode(final long[] slots, final int count)
    {
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
    public void start()
    {
        keyed.start();
        instance.start(function);
    }

    @Override
    public boolean watermark(final long slot)
    {
        keyed.advance(SlotDescriptor.timestamp(slot));
        instance.advance(SlotDescriptor.timestamp(slot));
        int firings = 0;
        for (int due = keyed.nextDue(); due != KeyedCallbacks.DONE; due = keyed.nextDue())
        {
            firings++;
            if (due != KeyedCallbacks.RECLAIMED && !fire(slot, due) || firings == MAX_FIRINGS)
            {
                return false;
            }
        }
        return !keyed.isBusy();
    }

    @Override
    public boolean processingTime(final long slot)
    {
        int firings = 0;
        for (int due = keyed.nextDueOfTick(); due != KeyedCallbacks.DONE; due = keyed.nextDueOfTick())
        {
            firings++;
            if (due != KeyedCallbacks.RECLAIMED && !fire(slot, due) || firings == MAX_FIRINGS)
            {
                return false;
            }
        }
        keyed.asleep();
        return !keyed.isBusy();
    }

    /** Runs a callback that has begun for something due; false when the output is full. */
    private boolean fire(final long slot, final int due)
    {
        firingSlot = slot;
        results.begin(slot, keyed.resultTime());
        if (due == KeyedCallbacks.TIMER)
        {
            function.onTimer(keyed.timestamp(), keyed, results);
        }
        else
        {
            function.onExpiry(keyed.expired(), keyed, results);
        }
        keyed.leave();
        instance.leave();
        firingSlot = 0;
        return results.goOn();
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        instance.prepareSnapshot(function, checkpointId);
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        keyed.snapshot(blob);
        instance.snapshot(blob);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        keyed.restore(blob);
        instance.restore(blob);
    }

    /** The parts are read one behind the other: each instance's watermark and timers, then what is not by key. */
    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        keyed.restoreRescaled(parts);
        instance.restoreRescaled(parts);
    }

    @Override
    public void writeUnion(final BlobWriter blob)
    {
        instance.writeUnion(blob);
    }

    @Override
    public void readUnion(final List<BlobReader> parts)
    {
        instance.readUnion(parts);
    }

    @Override
    public long currentSlot()
    {
        return firingSlot != 0 ? firingSlot : encoding ? encoder.currentSlot() :
            keyedView.slot() != 0 ? keyedView.slot() : broadcastView.slot();
    }

    @Override
    public String currentRecord()
    {
        return firingSlot != 0 ? keyed.timer() :
            keyedView.slot() != 0 ? keyedView.record() : broadcastView.record();
    }

    @Override
    public void close()
    {
        if (keys != null)
        {
            keys.close();
        }
        if (keyed != null)
        {
            keyed.close();
        }
        if (instance != null)
        {
            instance.close();
        }
        if (results != null)
        {
            results.close();
        }
        function.close();
    }

    /** Takes the records of the keyed stream. */
    private final class KeyedInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            encode(slots, count);
            keyed.beginBatch(hashes, count);
            final int keyLength = encoder.keyLength();
            boolean goOn = true;
            for (int i = 0; i < count; i++)
            {
                final long slot = slots[i];
                keyed.enter(keys.address() + (long)i * keyLength, hashes[i], SlotDescriptor.timestamp(slot));
                results.begin(slot);
                function.processElement(keyedView.at(slot), keyed, results);
                keyedView.leave();
                keyed.leave();
                instance.leave();
                goOn &= results.goOn();
                while (keyed.nextExpired())
                {
                    goOn &= fire(slot, KeyedCallbacks.EXPIRY);
                }
            }
            keyed.endBatch();
            return goOn;
        }
    }

    /** Takes the records of the broadcast stream. */
    private final class BroadcastInput implements BatchProcessor, BroadcastContext<K>
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            boolean goOn = true;
            for (int i = 0; i < count; i++)
            {
                instance.enterBroadcast(SlotDescriptor.timestamp(slots[i]));
                results.begin(slots[i]);
                function.processBroadcastElement(broadcastView.at(slots[i]), this, results);
                broadcastView.leave();
                instance.leave();
                goOn &= results.goOn();
            }
            return goOn;
        }

        @Override
        public long timestamp()
        {
            return instance.timestamp();
        }

        @Override
        public long currentWatermark()
        {
            return instance.currentWatermark();
        }

        @Override
        public <S> void applyToKeyedState(final S state, final KeyedStateAction<? super K, ? super S> action)
        {
            keyed.applyToEachKey(state, instance.timestamp(), action);
        }
    }
}
