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

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.StatePlacement;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.keyed.KeyFormat;

import java.util.ArrayList;
import java.util.List;

/**
 * The states that one operator instance has without a key: lists, and its copies of broadcast maps. Declared when its
 * function opens, restored with the tables of the operator's backend, then used in callbacks. The task's thread.
 */
public final class OperatorStates implements OperatorStateStore, AutoCloseable
{
    private final OperatorContext context;
    private final String operator;
    private final StateStore keyed;
    private final boolean broadcast;
    private final InstanceScope scope;
    private static final String LIST = "instance list/";
    private static final String UNION = "instance union/";
    private static final String BROADCAST = "broadcast/";

    private final List<InstanceList<?, ?>> unions = new ArrayList<>();
    private final List<Runnable> closing = new ArrayList<>();
    private ScopedState[] states = {};
    private boolean open = true;

    /**
     * No states yet.
     *
     * @param context   of the operator
     * @param keyed     where states by key are declared; null where there are no keys
     * @param broadcast whether the operator has an input that every instance gets all of
     */
    public OperatorStates(final OperatorContext context, final StateStore keyed, final boolean broadcast)
    {
        this.context = context;
        this.operator = context.name();
        this.keyed = keyed;
        this.broadcast = broadcast;
        this.scope = new InstanceScope(operator);
    }

    /** Ends the time in which states can be declared. */
    public void opened()
    {
        open = false;
    }

    /** Ends the time before the states are restored. */
    public void start()
    {
        scope.start();
    }

    /** Begins a callback for a record of the broadcast side, which may write broadcast maps. */
    public void enterBroadcast()
    {
        scope.broadcasting(true);
    }

    /** Ends a callback: writes back what it changed. */
    public void leave()
    {
        for (final ScopedState state : states)
        {
            state.leave();
        }
        scope.broadcasting(false);
    }

    /**
     * Writes the union lists, for all instances.
     *
     * @param blob to write to
     */
    public void writeUnion(final BlobWriter blob)
    {
        unions.forEach(list -> list.write(blob));
    }

    /**
     * Replaces the union lists by those of all instances.
     *
     * @param parts over what each instance wrote, in the order of the instances
     */
    public void readUnion(final List<BlobReader> parts)
    {
        unions.forEach(InstanceList::empty);
        parts.forEach(part -> unions.forEach(list -> list.read(part)));
    }

    @Override
    public int subtask()
    {
        return context.subtask();
    }

    @Override
    public int parallelism()
    {
        return context.parallelism();
    }

    @Override
    public <V, W extends Flyweight> ListState<V, W> listState(final String name, final RecordType<V, W> type)
    {
        return list(LIST, name, type);
    }

    @Override
    public <V, W extends Flyweight> ListState<V, W> unionListState(final String name, final RecordType<V, W> type)
    {
        final InstanceList<V, W> list = list(UNION, name, type);
        unions.add(list);
        return list;
    }

    private <V, W extends Flyweight> InstanceList<V, W> list(
        final String kind, final String name, final RecordType<V, W> type)
    {
        final KeyedTable table = table(kind, name, Long.BYTES, type);
        final InstanceList<V, W> list = new InstanceList<>(name, scope, table, view(name, type), context.account());
        closing.add(list::close);
        return add(list);
    }

    @Override
    public <V, W extends Flyweight> LongMapState<V, W> broadcastLongMap(final String name, final RecordType<V, W> type)
    {
        return add(new BroadcastLongMap<>(entries(name, Long.BYTES, type), view(name, type)));
    }

    @Override
    public <V, W extends Flyweight> TextMapState<V, W> broadcastTextMap(final String name, final RecordType<V, W> type)
    {
        return add(new BroadcastTextMap<>(entries(name, KeyFormat.KEY_LENGTH, type), view(name, type)));
    }

    private BroadcastEntries entries(final String name, final int keyLength, final RecordType<?, ?> type)
    {
        if (!broadcast)
        {
            throw new IllegalStateException("broadcast state=" + name + " of operator=" + operator +
                " has no side to write it: connect(...) the stream with one that is broadcast(), or declare a listState");
        }
        final KeyedTable table = table(BROADCAST, name, keyLength, type);
        final BroadcastEntries entries = new BroadcastEntries(name, scope, keyLength, table, context.account());
        closing.add(entries::close);
        return entries;
    }

    private KeyedTable table(final String kind, final String name, final int keyLength, final RecordType<?, ?> type)
    {
        if (!open)
        {
            throw new IllegalStateException("state=" + name + " of operator=" + operator +
                " is declared after open(): declare all states in open()");
        }
        if (!type.fixedLength())
        {
            throw new IllegalArgumentException("state=" + name + " of operator=" + operator + " keeps record=" + type +
                " of variable length: use fields of fixed length (@FixedBytes, @Ascii, @Utf8)");
        }
        final StatePlacement placement = kind.equals(BROADCAST) ? StatePlacement.BROADCAST :
            kind.equals(UNION) ? StatePlacement.UNION : StatePlacement.SPLIT;
        context.state().describe(kind + name, StateForm.placed(placement).withRecord(type, 0));
        return context.state().keyedTable(kind + name, keyLength, type.blockLength());
    }

    private <V, W extends Flyweight> StateView<V, W> view(final String name, final RecordType<V, W> type)
    {
        return new StateView<>(operator + " state " + name, type);
    }

    @Override
    public StateStore keyed()
    {
        if (keyed == null)
        {
            throw new IllegalStateException("state is asked for outside a key by operator=" + operator +
                ", whose stream has none: keyBy(...) it for state by key, or declare a listState, of which each instance " +
                "has one");
        }
        return keyed;
    }

    private <S extends ScopedState> S add(final S state)
    {
        final ScopedState[] more = new ScopedState[states.length + 1];
        System.arraycopy(states, 0, more, 0, states.length);
        more[states.length] = state;
        states = more;
        return state;
    }

    @Override
    public void close()
    {
        closing.forEach(Runnable::run);
    }
}
