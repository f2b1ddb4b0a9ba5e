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

import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.process.KeyedBroadcastProcessFunction;
import io.millrace.operators.process.KeyedBroadcastProcessOperator;
import io.millrace.operators.process.ProbedFunctions;

import java.util.function.Supplier;

/**
 * A keyed stream beside one that every instance gets all of. Records come in the order of what caused them in the sources,
 * whatever the timing.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the keyed stream's records
 * @param <U> read-only view of the broadcast records
 */
public final class KeyedBroadcastConnectedStreams<K, V, U>
{
    private final KeyedStream<K, V> keyed;
    private final BroadcastStream<U> broadcast;

    KeyedBroadcastConnectedStreams(final KeyedStream<K, V> keyed, final BroadcastStream<U> broadcast)
    {
        keyed.input().checkPipeline("connection of a stream", broadcast);
        this.keyed = keyed;
        this.broadcast = broadcast;
    }

    /**
     * Runs a function with state and timers by key, that keeps what is broadcast in maps, and reads them with each record of
     * the keyed stream.
     *
     * @param type      of the results
     * @param functions make one function for each parallel instance
     * @param <R>       read-only view of the results
     * @param <W>       flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> type, final Supplier<? extends KeyedBroadcastProcessFunction<K, V, U, W>> functions)
    {
        final ProbedFunctions<KeyedBroadcastProcessFunction<K, V, U, W>> probed = new ProbedFunctions<>(functions);
        final PlanNode node = keyed.attach("process", Operators.factory(KeyedBroadcastProcessOperator.class,
            keyed.input().type(), broadcast.type(), type, keyed.encoder(), keyed.keyView(), probed), type).withState();
        if (probed.probe().usesProcessingTime())
        {
            node.withProcessingTime();
        }
        broadcast.feed(node, 1, Exchange.BROADCAST, null);
        return new SingleOutputStream<>(broadcast.pipeline(), node, type);
    }
}
