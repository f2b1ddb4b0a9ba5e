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
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.operator.UnionStateOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.ResultCollector;

import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a function of one stream without keys.
 *
 * @param <V> read-only view of the input
 * @param <W> flyweight that writes the results
 */
public final class ProcessOperator<V, W extends Flyweight> extends RecordOperator<V>
    implements SkippingOperator, UnionStateOperator, RescalableOperator
{
    private final RecordType<?, W> outputType;
    private final ProcessFunction<V, W> function;
    private InstanceCallbacks callbacks;
    private ResultCollector<W> results;

    /**
     * An operator.
     *
     * @param inputType  of the records
     * @param outputType of the results
     * @param functions  make the function of this instance
     */
    public ProcessOperator(
        final RecordType<V, ?> inputType,
        final RecordType<?, W> outputType,
        final Supplier<? extends ProcessFunction<V, W>> functions)
    {
        super(inputType);
        this.outputType = outputType;
        this.function = functions.get();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context)
    {
        super.open(context);
        callbacks = new InstanceCallbacks(context, null, false);
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
        callbacks.open(function);
    }

    @Override
    public void start()
    {
        callbacks.start(function);
    }

    @Override
    public boolean process(final long slot)
    {
        callbacks.enter(SlotDescriptor.timestamp(slot));
        results.begin(slot);
        function.processElement(view(slot), callbacks, results);
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        callbacks.leave();
        return results.goOn();
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
}
