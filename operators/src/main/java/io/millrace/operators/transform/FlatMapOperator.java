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

import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.FlatMapFunction;

/**
 * Makes any number of records out of each.
 *
 * @param <V> read-only view of the input
 * @param <W> flyweight that writes the results
 */
public final class FlatMapOperator<V, W extends Flyweight> extends RecordOperator<V> implements Collector<W>
{
    private final FlatMapFunction<? super V, W> function;
    private final RecordWriter<W> writer;
    private long input;
    private boolean goOn;
    private boolean begun;

    /**
     * An operator.
     *
     * @param inputType  of the records
     * @param outputType of the results
     * @param function   that makes them
     */
    public FlatMapOperator(
        final RecordType<V, ?> inputType, final RecordType<?, W> outputType, final FlatMapFunction<? super V,
        W> function)
    {
        super(inputType);
        this.function = function;
        this.writer = new RecordWriter<>(outputType);
    }

    @Override
    public boolean process(final long slot)
    {
        input = slot;
        goOn = true;
        begun = false;
        function.flatMap(view(slot), this);
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        return goOn;
    }

    @Override
    public W next()
    {
        begun = true;
        return writer.begin(output(), input);
    }

    @Override
    public void emit()
    {
        if (!begun)
        {
            throw new IllegalStateException("operator " + name() +
                " emits without next(): get the record from next(), fill it, then emit()");
        }
        begun = false;
        writer.end(name());
        goOn &= output().commit();
    }
}
