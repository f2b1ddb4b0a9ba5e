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
import io.millrace.operators.state.KeyedStates;
import io.millrace.operators.trigger.ProcessWindowFunction;
import io.millrace.operators.trigger.WindowElements;

import java.util.function.Supplier;

/**
 * What a user's function makes, with its states.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the elements
 * @param <W> flyweight that writes the results
 */
public final class ProcessResult<K, V, W> implements WindowResult<K, V, W>
{
    private final ProcessWindowFunction<K, V, W> function;
    private WindowCallbacks callbacks;
    private KeyedStates windowStates;
    private KeyedStates globalStates;

    /**
     * Results of a function.
     *
     * @param functions make the function of this instance
     */
    public ProcessResult(final Supplier<? extends ProcessWindowFunction<K, V, W>> functions)
    {
        this.function = functions.get();
    }

    @Override
    public void open(final OperatorContext context, final WindowCallbacks windowCallbacks)
    {
        callbacks = windowCallbacks;
        windowStates = new KeyedStates(context, callbacks.keyLength() + Long.BYTES);
        globalStates = new KeyedStates(context, callbacks.keyLength());
        function.open(windowStates, globalStates);
        windowStates.opened();
        globalStates.opened();
    }

    @Override
    public void make(final K key, final WindowElements<V> elements, final Collector<W> out)
    {
        enter();
        try
        {
            function.process(key, callbacks, elements, out);
        }
        finally
        {
            leave();
        }
    }

    @Override
    public void clear(final K key)
    {
        enter();
        function.clear(key, callbacks);
        leave();
    }

    private void enter()
    {
        windowStates.enter(callbacks.key());
        globalStates.enter(callbacks.key());
    }

    private void leave()
    {
        windowStates.leave();
        globalStates.leave();
    }

    @Override
    public void close()
    {
        if (windowStates != null)
        {
            windowStates.close();
            globalStates.close();
        }
        function.close();
    }
}
