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
package io.millrace.operators.window.triggered;

import io.millrace.core.operator.OperatorContext;
import io.millrace.operators.function.Collector;
import io.millrace.operators.trigger.WindowElements;

/**
 * Makes the results of a window's elements.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the elements
 * @param <W> flyweight that writes the results
 */
public interface WindowResult<K, V, W> extends AutoCloseable
{
    /**
     * Gets ready.
     *
     * @param context   of the operator
     * @param callbacks say the key and window
     */
    void open(OperatorContext context, WindowCallbacks callbacks);

    /**
     * Makes the results.
     *
     * @param key      of the window
     * @param elements at least one
     * @param out      takes the results
     */
    void make(K key, WindowElements<V> elements, Collector<W> out);

    /**
     * Takes note that the window is cleaned up.
     *
     * @param key of the window
     */
    void clear(K key);

    @Override
    void close();
}
