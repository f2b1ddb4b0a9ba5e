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
package io.millrace.operators.trigger;

import io.millrace.operators.function.Collector;
import io.millrace.operators.state.StateStore;

/**
 * Makes results of all the elements of a window. Each parallel instance of the operator has one of its own; all calls
 * come from its task's thread. What lives longer than a callback belongs in states, since fields are not restored.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the elements
 * @param <W> flyweight that writes the results
 */
@FunctionalInterface
public interface ProcessWindowFunction<K, V, W>
{
    /**
     * Declares states, before the first callback. No two of them may have the same name.
     *
     * @param windowStates of a key and window; {@link #clear} is where to clear them
     * @param globalStates of a key, whatever the window; they stay
     */
    default void open(final StateStore windowStates, final StateStore globalStates)
    {
    }

    /**
     * Makes the results of a window that fires.
     *
     * @param key      of the elements; valid during the call
     * @param context  window and time
     * @param elements of the window, at least one
     * @param out      takes the results, whose time is the window's last timestamp; valid during the call
     */
    void process(K key, WindowContext context, WindowElements<V> elements, Collector<W> out);

    /**
     * Clears the states of a window that is cleaned up, when the watermark has reached its last timestamp and the
     * allowed lateness. A purge is no cleanup (SEMANTICS WIN-12).
     *
     * @param key     of the window; valid during the call
     * @param context window and time
     */
    default void clear(final K key, final WindowContext context)
    {
    }

    /** Called once, when the job ends or fails. */
    default void close()
    {
    }
}
