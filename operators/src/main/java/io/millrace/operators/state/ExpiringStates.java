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

import io.millrace.core.state.KeyedTable;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.ReduceFunction;
import io.millrace.operators.keyed.KeyFormat;

/** Where the states with one time to live are declared. */
final class ExpiringStates implements StateStore
{
    private final KeyedStates states;
    private final Expiries expiries;
    private final StateTtl ttl;

    ExpiringStates(final KeyedStates states, final Expiries expiries, final StateTtl ttl)
    {
        this.states = states;
        this.expiries = expiries;
        this.ttl = ttl;
    }

    @Override
    public StateStore with(final StateTtl other)
    {
        return states.with(other);
    }

    @Override
    public <V, W extends Flyweight> ValueState<V, W> value(final String name, final RecordType<V, W> type)
    {
        final ExpiringEntry entry = entry(name, states.length(name, type), type);
        return add(entry, new StoredValue<>(entry, view(name, type)), view(name, type));
    }

    @Override
    public LongState longValue(final String name, final long defaultValue)
    {
        final ExpiringEntry entry = entry(name, Long.BYTES, null);
        return add(entry, new StoredLong(entry, defaultValue), null);
    }

    @Override
    public DoubleState doubleValue(final String name, final double defaultValue)
    {
        final ExpiringEntry entry = entry(name, Double.BYTES, null);
        return add(entry, new StoredDouble(entry, defaultValue), null);
    }

    @Override
    public <V, W extends Flyweight> ReducingState<V> reducing(
        final String name, final RecordType<V, W> type, final ReduceFunction<? super V, ? super W> function)
    {
        final ExpiringEntry entry = entry(name, states.length(name, type), type);
        return add(entry, new StoredReduction<>(entry, view(name, type), function), view(name, type));
    }

    @Override
    public <I, V, W extends Flyweight> AggregatingState<I, V> aggregating(
        final String name, final RecordType<V, W> type, final AccumulateFunction<? super I, ? super W> function)
    {
        final ExpiringEntry entry = entry(name, states.length(name, type), type);
        return add(entry, new StoredAggregate<I, V, W>(entry, view(name, type), function), view(name, type));
    }

    @Override
    public <V, W extends Flyweight> ListState<V, W> list(final String name, final RecordType<V, W> type)
    {
        final KeyScope scope = states.scope();
        final int length = states.length(name, type);
        final KeyedTable heads = states.expiringTable(name + "/size", scope.keyLength(), ExpiringList.HEAD_LENGTH);
        final ExpiringTable expiring = expiring(
            name, heads, scope.keyLength(), ExpiringList.TOUCHED_OFFSET, length);
        final ExpiringList<V, W> list = new ExpiringList<>(name, new KeyedEntry(name, scope, heads),
            states.elements(name, Long.BYTES,
                states.expiringTable(name, scope.keyLength() + Long.BYTES, length + Long.BYTES, type, 0)),
            view(name, type), expiring);
        return add(list, list, view(name, type));
    }

    @Override
    public <V, W extends Flyweight> LongMapState<V, W> longMap(final String name, final RecordType<V, W> type)
    {
        final ExpiringMap map = map(name, Long.BYTES, type);
        return add(map, new StoredLongMap<>(name, map, view(name, type)), view(name, type));
    }

    @Override
    public <V, W extends Flyweight> TextMapState<V, W> textMap(final String name, final RecordType<V, W> type)
    {
        final ExpiringMap map = map(name, KeyFormat.KEY_LENGTH, type);
        return add(map, new StoredTextMap<>(name, map, view(name, type)), view(name, type));
    }

    private ExpiringMap map(final String name, final int secondLength, final RecordType<?, ?> type)
    {
        final int length = states.length(name, type);
        final KeyScope scope = states.scope();
        final int keyLength = scope.keyLength() + secondLength;
        final KeyedTable heads = states.expiringTable(name + "/size", scope.keyLength(), ExpiringMap.HEAD_LENGTH);
        final KeyedTable entries = states.expiringTable(
            name, keyLength, MapEntries.POSITION_LENGTH + length + Long.BYTES, type, MapEntries.POSITION_LENGTH);
        final KeyedTable order = states.expiringTable(name + "/order", scope.keyLength() + Long.BYTES, secondLength);
        final ExpiringTable expiring = expiring(name, entries, keyLength, MapEntries.POSITION_LENGTH + length, length);
        final ExpiringMap map = new ExpiringMap(new KeyedEntry(name, scope, heads),
            states.elements(name, secondLength, entries), states.elements(name + "/order", Long.BYTES, order),
            secondLength, expiries.account(), expiring);
        states.closing(map);
        return map;
    }

    private ExpiringEntry entry(final String name, final int length, final RecordType<?, ?> type)
    {
        final KeyScope scope = states.scope();
        final KeyedTable table = states.expiringTable(name, scope.keyLength(), length + Long.BYTES, type, 0);
        return new ExpiringEntry(name, scope, table, expiring(name, table, scope.keyLength(), length, length));
    }

    private ExpiringTable expiring(
        final String name, final KeyedTable table, final int keyLength, final int touchedOffset, final int length)
    {
        final Lifetime lifetime = ttl.lifetime(name, states.timeUnit(), expiries.clock());
        return new ExpiringTable(expiries.nextNumber(), lifetime,
            new ExpiryIndex(table, keyLength, touchedOffset, lifetime, expiries.account()),
            ttl.hasExpiryCallback() ? expiries.expired() : null, length);
    }

    private <S extends ScopedState> S add(final ExpiringState expiring, final S state, final StateView<?, ?> expired)
    {
        expiries.add(expiring, state, expired);
        return states.add(state);
    }

    private <V, W extends Flyweight> StateView<V, W> view(final String name, final RecordType<V, W> type)
    {
        return new StateView<>(states.label(name), type);
    }
}
