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

import io.millrace.operators.function.Collector;
import io.millrace.operators.state.ExpiredEntry;

/**
 * A function of a stream with keys and of one that every instance gets all of (SEMANTICS OP-3), with state and timers by key
 * ({@link io.millrace.operators.state.OperatorStateStore#keyed()} declares states by key), and maps that the broadcast side
 * writes and the keyed side reads.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the keyed stream's records
 * @param <U> read-only view of the broadcast records
 * @param <W> flyweight that writes the results
 */
public interface KeyedBroadcastProcessFunction<K, V, U, W> extends InstanceFunction
{
    /**
     * Takes a record of the keyed stream; broadcast maps are read-only here.
     *
     * @param record  valid during the call
     * @param context key, time and timers
     * @param out     takes the results, which have the record's time; valid during the call
     */
    void processElement(V record, KeyedContext<K> context, Collector<W> out);

    /**
     * Takes a broadcast record, as every instance does: what is written to broadcast maps must depend on nothing else.
     *
     * @param record  valid during the call
     * @param context time, and the states of all keys
     * @param out     takes the results of this instance, which have the record's time; valid during the call
     */
    void processBroadcastElement(U record, BroadcastContext<K> context, Collector<W> out);

    /**
     * Takes note of a timer that the watermark has reached, as in {@link KeyedProcessFunction#onTimer}; broadcast maps are
     * read-only here.
     *
     * @param timestamp of the timer
     * @param context   key, time and timers
     * @param out       takes the results, which have the timer's time; valid during the call
     */
    default void onTimer(final long timestamp, final KeyedContext<K> context, final Collector<W> out)
    {
    }

    /**
     * Takes note that something has expired, of a state that was declared with
     * {@link io.millrace.operators.state.StateTtl#withExpiryCallback()}, as
     * {@link KeyedProcessFunction#onExpiry(ExpiredEntry, KeyedContext, Collector)} says.
     *
     * @param expired what is gone; the key's other states are there, and this one can be written again
     * @param context key and time, that of the expiry; in processing time that of what is handled
     * @param out     takes the results, which have the context's time; valid during the call
     */
    default void onExpiry(final ExpiredEntry expired, final KeyedContext<K> context, final Collector<W> out)
    {
    }

    /**
     * Whether it asks for processing time or has timers of it. The job then keeps the engine's clock in its order log.
     *
     * @return false by default; always the same
     */
    default boolean usesProcessingTime()
    {
        return false;
    }
}
