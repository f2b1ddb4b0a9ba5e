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
package io.millrace.operators.state;

import io.millrace.memory.record.Flyweight;
import io.millrace.operators.function.AccumulateFunction;

/** An accumulator a key. */
final class StoredAggregate<I, V, W extends Flyweight> implements AggregatingState<I, V>, ScopedState
{
    private final KeyedEntry entry;
    private final StateView<V, W> view;
    private final AccumulateFunction<? super I, ? super W> function;

    StoredAggregate(
        final KeyedEntry entry, final StateView<V, W> view, final AccumulateFunction<? super I, ? super W> function)
    {
        this.entry = entry;
        this.view = view;
        this.function = function;
    }

    @Override
    public V read()
    {
        return view.read(entry.find());
    }

    @Override
    public void add(final I record)
    {
        function.add(view.at(entry.upsert()), record);
    }

    @Override
    public boolean isEmpty()
    {
        return !entry.exists();
    }

    @Override
    public void clear()
    {
        entry.remove();
    }

    @Override
    public void leave()
    {
        view.release();
        entry.leave();
    }
}
