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
 * Makes any number of results of a window's records of two streams.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the first stream's records
 * @param <U> read-only view of the second stream's records
 * @param <W> flyweight that writes the results
 */
@FunctionalInterface
public interface CoGroupFunction<K, V, U, W>
{
    /**
     * Takes the records of a key and window, of which there is at least one.
     *
     * @param key    of the records; valid during the call
     * @param window start and end
     * @param lefts  records of the first stream, in the order of arrival, maybe none; valid during the call
     * @param rights records of the second stream, in the order of arrival, maybe none; valid during the call
     * @param out    takes the results, which have the last time of the window; valid during the call
     */
    void coGroup(K key, TimeWindow window, RecordList<V> lefts, RecordList<U> rights, Collector<W> out);
}
