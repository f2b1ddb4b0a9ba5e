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
import io.millrace.operators.state.StateStore;

/**
 * A function with state and timers by key. Each parallel instance of the operator has one of its own; all calls come
 * from its task's thread. What lives longer than a callback belongs in states, since fields are not restored.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes the results
 */
public interface KeyedProcessFunction<K, V, W>
{
    /**
     * Declares the states, before the first callback.
     *
     * @param states to declare them in
     */
    default void open(final StateStore states)
    {
    }

    /**
     * Takes a record.
     *
     * @param record  valid during the call
     * @param context key, time and timers
     * @param out     takes the results, which have the record's time; valid during the call
     */
    void processElement(V record, KeyedContext<K> context, Collector<W> out);

    /**
     * Takes note of a timer that the watermark, or processing time, has reached. Timers fire in the order of their times,
     * those of the same time in the order of their registration, whatever their keys.
     *
     * @param timestamp of the timer
     * @param context   key, time and timers
     * @param out       takes the results, which have the timer's time, or no event time when it is one of processing time;
     *                  valid during the call
     */
    default void onTimer(final long timestamp, final KeyedContext<K> context, final Collector<W> out)
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

    /**
     * Takes note that something has expired, of a state that was declared with
     * {@link io.millrace.operators.state.StateTtl#withExpiryCallback()}: once each, in the order of their times, before
     * timers of the same time. What a callback found expired ahead of the watermark is told of when that callback has ended,
     * which may have written the state anew.
     *
     * @param expired what is gone; the key's other states are there, and this one can be written again
     * @param context key and time, that of the expiry; in processing time that of what is handled
     * @param out     takes the results, which have the context's time; valid during the call
     */
    default void onExpiry(final ExpiredEntry expired, final KeyedContext<K> context, final Collector<W> out)
    {
    }

    /** Called once, when the job ends or fails. */
    default void close()
    {
    }
}
