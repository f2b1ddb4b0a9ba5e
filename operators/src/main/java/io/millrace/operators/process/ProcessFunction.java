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
 * A function of one stream without keys, with side outputs, time, and state of its instance.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes the results
 */
@FunctionalInterface
public interface ProcessFunction<V, W> extends InstanceFunction
{
    /**
     * Takes a record.
     *
     * @param record  valid during the call
     * @param context time
     * @param out     takes the results, which have the record's time; valid during the call
     */
    void processElement(V record, ProcessContext context, Collector<W> out);
}
