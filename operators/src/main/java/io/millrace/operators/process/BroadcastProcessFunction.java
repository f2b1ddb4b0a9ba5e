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

/**
 * A function of a stream without keys and of one that every instance gets all of (SEMANTICS OP-3): what comes by broadcast
 * is kept in maps, the other side reads them.
 *
 * @param <V> read-only view of the stream's records
 * @param <U> read-only view of the broadcast records
 * @param <W> flyweight that writes the results
 */
public interface BroadcastProcessFunction<V, U, W> extends InstanceFunction
{
    /**
     * Takes a record of the stream; broadcast maps are read-only here.
     *
     * @param record  valid during the call
     * @param context time
     * @param out     takes the results, which have the record's time; valid during the call
     */
    void processElement(V record, ProcessContext context, Collector<W> out);

    /**
     * Takes a broadcast record, as every instance does: what is written to broadcast maps must depend on nothing else.
     *
     * @param record  valid during the call
     * @param context time
     * @param out     takes the results of this instance, which have the record's time; valid during the call
     */
    void processBroadcastElement(U record, ProcessContext context, Collector<W> out);
}
