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

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.Collector;
import io.millrace.operators.trigger.Evictor;

/**
 * Keeps the elements of each window.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the elements
 * @param <W> flyweight that writes the results
 */
public final class BufferedContents<K, V, W> implements WindowContents<K, V, W>
{
    /** Keeps all elements. */
    public static final Evictor<Object> NO_EVICTOR = new NoEvictor();

    private static final int EVICT_BEFORE = 0;
    private static final int MAKE = 1;
    private static final int EVICT_AFTER = 2;

    private final RecordType<V, ?> type;
    private final Evictor<V> evictor;
    private final OperatorFactory<WindowResult<K, V, W>> results;
    private WindowResult<K, V, W> result;
    private StoredElements<V> elements;
    private WindowCallbacks callbacks;
    /** Null without an error policy. */
    private FiringGuard guard;

    /**
     * Contents of no windows yet.
     *
     * @param type    of the elements, of fixed length
     * @param evictor removes elements of a window that fires
     * @param results make the results of what is left
     */
    public BufferedContents(
        final RecordType<V, ?> type,
        final Evictor<V> evictor,
        final OperatorFactory<WindowResult<K, V, W>> results)
    {
        this.type = type;
        this.evictor = evictor;
        this.results = results;
    }

    @Override
    public int entryLength()
    {
        return 0;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context, final WindowCallbacks windowCallbacks)
    {
        callbacks = windowCallbacks;
        guard = context.firingGuard();
        elements = new StoredElements<>(context, type, windowCallbacks);
        result = IsolatedLoader.newInstance(context.name(), WindowResult.class, results);
        result.open(context, windowCallbacks);
    }

    @Override
    public void add(final V element, final long slot)
    {
        elements.add(slot);
    }

    @Override
    public boolean fire(final K key, final long slot, final Collector<W> out)
    {
        elements.begin();
        return attempt(EVICT_BEFORE, key, slot, out) &
            (elements.count() == 0 || attempt(MAKE, key, slot, out) & attempt(EVICT_AFTER, key, slot, out));
    }

    /** Does one step of a firing; one that fails is over, where there is an error policy. */
    private boolean attempt(final int step, final K key, final long slot, final Collector<W> out)
    {
        if (guard == null)
        {
            call(step, key, out);
            return true;
        }
        guard.begin();
        do
        {
            try
            {
                call(step, key, out);
                return true;
            }
            catch (final Throwable thrown)
            {
                if (!guard.takes(thrown, slot, (step == MAKE ? "result" : "evictor=" + evictor) + " of window " +
                    callbacks.window() + " key=" + key + " elements=" + elements.count()))
                {
                    throw thrown;
                }
            }
        }
        while (guard.again());
        elements.settle();
        return guard.goOn();
    }

    private void call(final int step, final K key, final Collector<W> out)
    {
        switch (step)
        {
            case EVICT_BEFORE -> evictor.evictBefore(elements, callbacks.window(), callbacks.currentWatermark());
            case MAKE -> result.make(key, elements, out);
            default -> evictor.evictAfter(elements, callbacks.window(), callbacks.currentWatermark());
        }
        elements.settle();
    }

    @Override
    public void purge()
    {
        elements.clear();
    }

    @Override
    public void takeFrom(final long other, final long first, final long end)
    {
        elements.takeFrom(other, first, end);
    }

    @Override
    public void clear(final K key)
    {
        result.clear(key);
    }

    @Override
    public void close()
    {
        if (elements != null)
        {
            elements.close();
        }
        if (result != null)
        {
            result.close();
        }
    }
}
