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

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.FlatMapFunction;

/**
 * Makes any number of records out of each, for the main output and for side outputs.
 *
 * @param <V> read-only view of the input
 * @param <W> flyweight that writes the results
 */
public final class FlatMapOperator<V, W extends Flyweight> extends RecordOperator<V> implements SkippingOperator
{
    private final FlatMapFunction<? super V, W> function;
    private final RecordType<?, W> outputType;
    private ResultCollector<W> results;

    /**
     * An operator.
     *
     * @param inputType  of the records
     * @param outputType of the results
     * @param function   that makes them
     */
    public FlatMapOperator(
        final RecordType<V, ?> inputType,
        final RecordType<?, W> outputType,
        final FlatMapFunction<? super V, W> function)
    {
        super(inputType);
        this.function = function;
        this.outputType = outputType;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context)
    {
        super.open(context);
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
    }

    @Override
    public boolean process(final long slot)
    {
        results.begin(slot);
        function.flatMap(view(slot), results);
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        return results.goOn();
    }

    @Override
    public void close()
    {
        if (results != null)
        {
            results.close();
        }
    }
}
