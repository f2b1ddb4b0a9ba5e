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
package io.millrace.operators;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.process.KeyedCallbacks;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.ResultCollector;

import java.util.function.Supplier;

/** Runs a keyed function of readings; what the clock shows is the field time of each. */
public final class ProcessingTimeOperator<K, W extends Flyweight> implements Operator
{
    private final RecordType<?, W> outputType;
    private final OperatorFactory<KeyEncoder> encoders;
    private final OperatorFactory<KeyView<K>> keyViews;
    private final KeyedProcessFunction<K, Reading, W> function;
    private final ReadingFlyweight view = new ReadingFlyweight();
    private KeyEncoder encoder;
    private Region key;
    private KeyedCallbacks<K> callbacks;
    private ResultCollector<W> results;

    /** An operator. */
    public ProcessingTimeOperator(
        final RecordType<Reading, ?> inputType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final OperatorFactory<KeyView<K>> keyViews,
        final Supplier<? extends KeyedProcessFunction<K, Reading, W>> functions)
    {
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
        key = Region.allocate(context.account(), context.name() + " key", encoder.keyLength());
        callbacks = new KeyedCallbacks<>(context, encoder.keyLength(), keyViews);
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
    public boolean process(final long slot)
    {
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        callbacks.processingTime(view.time());
        encoder.encode(slot, key.address());
        callbacks.enter(key.address(), SlotDescriptor.timestamp(slot));
        results.begin(slot);
        function.processElement(view, callbacks, results);
        callbacks.leave();
        while (callbacks.nextExpired())
        {
            expire(slot);
        }
        return true;
    }

    private void expire(final long slot)
    {
        results.begin(slot, callbacks.timestamp());
        function.onExpiry(callbacks.expired(), callbacks, results);
        callbacks.leave();
    }

    @Override
    public boolean watermark(final long slot)
    {
        callbacks.advance(SlotDescriptor.timestamp(slot));
        for (int due = callbacks.nextDue(); due != KeyedCallbacks.DONE; due = callbacks.nextDue())
        {
            if (due == KeyedCallbacks.EXPIRY)
            {
                expire(slot);
            }
        }
        return true;
    }

    @Override
    public void close()
    {
        callbacks.close();
        results.close();
        key.close();
    }
}
