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
 * Makes the result of a record of a window's ranking.
 *
 * @param <V> read-only view of the ranked records
 * @param <W> flyweight that writes the results
 */
@FunctionalInterface
public interface WindowRankFunction<V, W>
{
    /**
     * Writes the result.
     *
     * @param window start and end
     * @param rank   from 1
     * @param record that has it; valid during the call
     * @param out    all zeros at first; valid during the call
     */
    void apply(TimeWindow window, int rank, V record, W out);
}
