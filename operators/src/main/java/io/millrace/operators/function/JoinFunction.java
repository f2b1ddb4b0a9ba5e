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
 * Makes one result of two records.
 *
 * @param <V> read-only view of the first stream's records
 * @param <U> read-only view of the second stream's records
 * @param <W> flyweight that writes the results
 */
@FunctionalInterface
public interface JoinFunction<V, U, W>
{
    /**
     * Writes the result.
     *
     * @param left  record of the first stream; valid during the call
     * @param right record of the second stream, or null where a join says that there may be none; valid during the call
     * @param out   all zeros at first; valid during the call
     */
    void join(V left, U right, W out);
}
