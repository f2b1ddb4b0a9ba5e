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
import io.millrace.operators.process.BroadcastProcessFunction;
import io.millrace.operators.process.BroadcastProcessOperator;

import java.util.function.Supplier;

/**
 * A stream without keys beside one that every instance gets all of. Records come in the order of what caused them in the
 * sources, whatever the timing.
 *
 * @param <V> read-only view of the stream's records
 * @param <U> read-only view of the broadcast records
 */
public final class BroadcastConnectedStreams<V, U>
{
    private final DataStream<V> stream;
    private final BroadcastStream<U> broadcast;

    BroadcastConnectedStreams(final DataStream<V> stream, final BroadcastStream<U> broadcast)
    {
        stream.checkPipeline("connection of a stream", broadcast);
        this.stream = stream;
        this.broadcast = broadcast;
    }

    /**
     * Runs a function that keeps what is broadcast in maps, and reads them with each record of the stream.
     *
     * @param type      of the results
     * @param functions make one function for each parallel instance
     * @param <R>       read-only view of the results
     * @param <W>       flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> type, final Supplier<? extends BroadcastProcessFunction<V, U, W>> functions)
    {
        return stream.thenWith(broadcast, "process",
            Operators.factory(BroadcastProcessOperator.class, stream.type(), broadcast.type(), type, functions), type);
    }
}
