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
package io.millrace.operators.ranking;

import io.millrace.core.operator.Output;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.WindowRankFunction;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.RecordWriter;
import io.millrace.operators.window.WindowBounds;

/**
 * Makes a result of each record of a window's ranking, in its order.
 *
 * @param <V> read-only view of the ranked records
 * @param <W> flyweight that writes the results
 */
public final class RankOperator<V, W extends Flyweight> extends RecordOperator<TopRecords<V>>
{
    private final WindowRankFunction<? super V, ? super W> function;
    private final RecordWriter<W> writer;
    private final WindowBounds bounds = new WindowBounds();

    /**
     * An operator.
     *
     * @param type       of the rankings
     * @param outputType of the results
     * @param function   that makes them
     */
    public RankOperator(
        final RecordType<TopRecords<V>, ?> type,
        final RecordType<?, W> outputType,
        final WindowRankFunction<? super V, ? super W> function)
    {
        super(type);
        this.function = function;
        this.writer = new RecordWriter<>(outputType);
    }

    @Override
    public boolean process(final long slot)
    {
        final Output output = output();
        final TopRecords<V> records = view(slot);
        final int count = records.count();
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            final W out = writer.begin(output.claim(), slot, writer.flyweight().blockLength());
            function.apply(
                bounds.of(records.windowStart(), records.windowEnd()), i + 1, records.record(i), out);
            writer.end(name());
            if (DebugMode.ENABLED)
            {
                records.releaseRecord(name());
            }
            goOn &= output.commit();
        }
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        return goOn;
    }
}
