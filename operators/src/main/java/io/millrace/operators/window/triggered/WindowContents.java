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

/**
 * What is kept of the elements of windows, and made of it when one fires. The key and window of a call are those of the
 * callbacks.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the elements
 * @param <W> flyweight that writes the results
 */
public interface WindowContents<K, V, W> extends AutoCloseable
{
    /**
     * How much it keeps in the entry of each window.
     *
     * @return bytes, a multiple of 8
     */
    int entryLength();

    /**
     * Gets ready.
     *
     * @param context   of the operator
     * @param callbacks say the key and window
     */
    void open(OperatorContext context, WindowCallbacks callbacks);

    /**
     * Adds an element.
     *
     * @param element view of it
     * @param slot    address of its slot
     */
    void add(V element, long slot);

    /**
     * Makes the results of the window, which is not empty.
     *
     * @param key  of the window
     * @param slot that causes the firing
     * @param out  takes them
     * @return false to stop as soon as possible
     */
    boolean fire(K key, long slot, Collector<W> out);

    /** Forgets the elements. */
    void purge();

    /**
     * Takes the elements of another window of the key, which has merged into that of the callback.
     *
     * @param other name of the other window
     * @param first index of its first element
     * @param end   index behind its last element
     */
    default void takeFrom(final long other, final long first, final long end)
    {
        throw new UnsupportedOperationException("contents=" + this + " cannot be merged");
    }

    /**
     * Takes note that the window is cleaned up, after a purge.
     *
     * @param key of the window
     */
    void clear(K key);

    @Override
    void close();
}
