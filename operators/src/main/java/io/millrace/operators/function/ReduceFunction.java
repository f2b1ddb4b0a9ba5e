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
package io.millrace.operators.function;

/**
 * Combines a record into the one that stands for all before it.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes them
 */
@FunctionalInterface
public interface ReduceFunction<V, W>
{
    /**
     * Changes the reduced record.
     *
     * @param reduced what all records of the key so far came to; at first the first record itself
     * @param record  valid during the call
     */
    void reduce(W reduced, V record);
}
