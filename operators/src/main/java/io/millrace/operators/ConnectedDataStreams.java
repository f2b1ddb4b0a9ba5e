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

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.process.CoProcessFunction;
import io.millrace.operators.process.CoProcessOperator;

import java.util.function.Supplier;

/**
 * Two streams without keys, that one operator takes side by side. Records come in the order of what caused them in the
 * sources, whatever the timing.
 *
 * @param <V> read-only view of the first stream's records
 * @param <U> read-only view of the second stream's records
 */
public final class ConnectedDataStreams<V, U>
{
    private final DataStream<V> first;
    private final DataStream<U> second;

    ConnectedDataStreams(final DataStream<V> first, final DataStream<U> second)
    {
        first.checkPipeline("connection of a stream", second);
        this.first = first;
        this.second = second;
    }

    /**
     * Runs a function of both streams.
     *
     * @param type      of the results
     * @param functions make one function for each parallel instance
     * @param <R>       read-only view of the results
     * @param <W>       flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> type, final Supplier<? extends CoProcessFunction<V, U, W>> functions)
    {
        return first.thenWith(second, "process",
            Operators.factory(CoProcessOperator.class, first.type(), second.type(), type, functions), type);
    }
}
