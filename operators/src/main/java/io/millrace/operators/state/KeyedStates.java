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
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateForm;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.ReduceFunction;
import io.millrace.operators.keyed.KeyFormat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The states of one operator instance, by key: declared when its function opens, then entered and left with each
 * callback. The task's thread.
 */
public final class KeyedStates implements StateStore, AutoCloseable
{
    /** Begins the names of tables whose entries stay until they are removed, and of those whose entries expire. */
    private static final String LASTING = "user/";
    private static final String EXPIRING = "ttl/";

    private final StateBackend backend;
    private final MemoryAccount account;
    private final String operator;
    private final TimeUnit timeUnit;
    private final KeyScope scope;
    private final ExpiryClock clock = new ExpiryClock();
    private final boolean mayExpire;
    private final List<Runnable> closing = new ArrayList<>();
    private ScopedState[] states = {};
    /** Tables with the key of the stream as their key. */
    private KeyedTable[] direct = {};
    /** What was read ahead: kept, so that the compiler does not leave the reads out. */
    @SuppressWarnings("UnusedVariable")
    private long read;
    /** The table of each state that has an entry for each of its keys. */
    private KeyedEntry[] heads = {};
    private KeyedEntry declared;
    private SortedKeys gathered;
    private boolean open = true;
    /** Null while no state expires. */
    private Expiries expiries;

    /**
     * No states yet.
     *
     * @param context   of the operator
     * @param keyLength bytes of a key
     */
    public KeyedStates(final OperatorContext context, final int keyLength)
    {
        this(context, keyLength, false);
    }

    /**
     * No states yet.
     *
     * @param context   of the operator
     * @param keyLength bytes of a key
     * @param mayExpire whether the operator tells the time, and reclaims what has expired
     */
    public KeyedStates(final OperatorContext context, final int keyLength, final boolean mayExpire)
    {
        this.mayExpire = mayExpire;
        this.timeUnit = context.timeUnit();
        this.backend = context.state();
        this.account = context.account();
        this.operator = context.name();
        this.scope = new KeyScope(keyLength);
    }

    /** Ends the time in which states can be declared. */
    public void opened()
    {
        open = false;
    }

    /**
     * Begins a callback.
     *
     * @param key address of its key's bytes, valid until {@link #leave()}
     */
    public void enter(final long key)
    {
        scope.enter(key, scope.hashOf(key));
    }

    /**
     * Hash of a key.
     *
     * @param key address of its bytes
     * @return the hash
     */
    public long hashOf(final long key)
    {
        return scope.hashOf(key);
    }

    /**
     * Begins a callback for a key whose hash is known.
     *
     * @param key  address of its key's bytes, valid until {@link #leave()}
     * @param hash of them
     */
    public void enter(final long key, final long hash)
    {
        scope.enter(key, hash);
    }

    /**
     * Brings near what callbacks with some keys will ask for.
     *
     * @param hashes of the keys
     * @param count  number of them
     */
    public void prefetch(final long[] hashes, final int count)
    {
        long words = 0;
        for (final KeyedTable table : direct)
        {
            for (int i = 0; i < count; i++)
            {
                words ^= table.prefetch(hashes[i]);
            }
        }
        read = words;
    }

    /**
     * Brings near what a callback with a key will ask for.
     *
     * @param key address of its bytes
     */
    public void prefetch(final long key)
    {
        final long hash = scope.hashOf(key);
        long words = 0;
        for (final KeyedTable table : direct)
        {
            words ^= table.prefetch(hash);
        }
        read = words;
    }

    /**
     * Tells what time it is for what expires, before a callback.
     *
     * @param now event time of the callback
     */
    public void eventTime(final long now)
    {
        clock.eventTime(now);
    }

    /**
     * What was told.
     *
     * @return event time
     */
    public long eventTime()
    {
        return clock.eventTime();
    }

    /**
     * Tells what time it is for what expires in processing time, before a callback.
     *
     * @param now in the pipeline's unit; not before the last one
     */
    public void processingTime(final long now)
    {
        clock.processingTime(now);
    }

    /**
     * What was told.
     *
     * @return processing time; {@link Long#MIN_VALUE} before the first
     */
    public long processingTime()
    {
        return clock.lastProcessingTime();
    }

    /**
     * What expires.
     *
     * @return null when nothing does
     */
    public Expiries expiries()
    {
        return expiries;
    }

    @Override
    public StateStore with(final StateTtl ttl)
    {
        if (!mayExpire)
        {
            throw new UnsupportedOperationException(ttl + " is asked for a state of operator " + operator +
                ", whose states end with their windows: use a keyed process function, or clear the state by a timer");
        }
        requireOpen(ttl.toString());
        if (expiries == null)
        {
            expiries = new Expiries(account, scope, clock);
            closing.add(expiries::close);
        }
        return new ExpiringStates(this, expiries, ttl);
    }

    /** Ends a callback: writes back what it changed. */
    public void leave()
    {
        for (final ScopedState state : states)
        {
            state.leave();
        }
        scope.leave();
    }

    @Override
    public <V, W extends Flyweight> ValueState<V, W> value(final String name, final RecordType<V, W> type)
    {
        return add(new StoredValue<>(entry(name, length(name, type), type), new StateView<>(label(name), type)));
    }

    @Override
    public LongState longValue(final String name, final long defaultValue)
    {
        return add(new StoredLong(entry(name, Long.BYTES), defaultValue));
    }

    @Override
    public DoubleState doubleValue(final String name, final double defaultValue)
    {
        return add(new StoredDouble(entry(name, Double.BYTES), defaultValue));
    }

    @Override
    public <V, W extends Flyweight> ListState<V, W> list(final String name, final RecordType<V, W> type)
    {
        return add(new StoredList<>(name, entry(name + "/size", Long.BYTES), elements(name, Long.BYTES, length(name, type), type, 0),
            new StateView<>(label(name), type)));
    }

    @Override
    public <V, W extends Flyweight> LongMapState<V, W> longMap(final String name, final RecordType<V, W> type)
    {
        return add(new StoredLongMap<>(name, map(name, Long.BYTES, type), new StateView<>(label(name), type)));
    }

    @Override
    public <V, W extends Flyweight> TextMapState<V, W> textMap(final String name, final RecordType<V, W> type)
    {
        return add(new StoredTextMap<>(name, map(name, KeyFormat.KEY_LENGTH, type),
            new StateView<>(label(name), type)));
    }

    @Override
    public <V, W extends Flyweight> ReducingState<V> reducing(
        final String name, final RecordType<V, W> type, final ReduceFunction<? super V, ? super W> function)
    {
        return add(new StoredReduction<>(entry(name, length(name, type), type), new StateView<>(label(name), type), function));
    }

    @Override
    public <I, V, W extends Flyweight> AggregatingState<I, V> aggregating(
        final String name, final RecordType<V, W> type, final AccumulateFunction<? super I, ? super W> function)
    {
        return add(new StoredAggregate<>(entry(name, length(name, type), type), new StateView<>(label(name), type), function));
    }

    private MapEntries map(final String name, final int secondLength, final RecordType<?, ?> type)
    {
        final MapEntries entries = new MapEntries(entry(name + "/size", Long.BYTES),
            elements(name, secondLength, Long.BYTES + length(name, type), type, Long.BYTES),
            elements(name + "/order", Long.BYTES, secondLength, null, 0),
            secondLength, account);
        closing.add(entries::close);
        return entries;
    }

    private KeyedEntry entry(final String name, final int length)
    {
        return entry(name, length, null);
    }

    private KeyedEntry entry(final String name, final int length, final RecordType<?, ?> type)
    {
        final KeyedTable table = table(name, scope.keyLength(), length, type, 0);
        direct = Arrays.copyOf(direct, direct.length + 1);
        direct[direct.length - 1] = table;
        declared = new KeyedEntry(name, scope, table);
        return declared;
    }

    private KeyedElements elements(
        final String name, final int secondLength, final int length, final RecordType<?, ?> type, final int recordOffset)
    {
        return elements(name, secondLength, table(name, scope.keyLength() + secondLength, length, type, recordOffset));
    }

    KeyedElements elements(final String name, final int secondLength, final KeyedTable table)
    {
        final KeyedElements elements = new KeyedElements(name, scope, secondLength, table, account);
        closing.add(elements::close);
        return elements;
    }

    private KeyedTable table(
        final String name, final int keyLength, final int length, final RecordType<?, ?> type, final int recordOffset)
    {
        requireOpen("state=" + name);
        backend.refuse(EXPIRING + name, "state=" + name + " of operator " + operator +
            " was written with a time to live, and is declared without one: declare it with one, or under another name");
        backend.describe(LASTING + name, form(type, recordOffset));
        return backend.keyedTable(LASTING + name, keyLength, length);
    }

    private StateForm form(final RecordType<?, ?> type, final int recordOffset)
    {
        final StateForm form = StateForm.beginningWith(scope.keyLength());
        return type == null ? form : form.withRecord(type, recordOffset);
    }

    KeyedTable expiringTable(final String name, final int keyLength, final int length)
    {
        return expiringTable(name, keyLength, length, null, 0);
    }

    KeyedTable expiringTable(
        final String name, final int keyLength, final int length, final RecordType<?, ?> type, final int recordOffset)
    {
        requireOpen("state=" + name);
        backend.refuse(LASTING + name, "state=" + name + " of operator " + operator +
            " was written without a time to live, and is declared with one: declare it without, or under another name");
        backend.describe(EXPIRING + name, form(type, recordOffset));
        return backend.keyedTable(EXPIRING + name, keyLength, length);
    }

    private void requireOpen(final String what)
    {
        if (!open)
        {
            throw new IllegalStateException(what + " of operator " + operator +
                " is declared after open(): declare all states in open()");
        }
    }

    KeyScope scope()
    {
        return scope;
    }

    TimeUnit timeUnit()
    {
        return timeUnit;
    }

    void closing(final MapEntries entries)
    {
        closing.add(entries::close);
    }

    int length(final String name, final RecordType<?, ?> type)
    {
        if (!type.fixedLength())
        {
            throw new IllegalArgumentException("state=" + name + " of operator " + operator + " keeps record=" + type +
                " of variable length: use fields of fixed length (@FixedBytes, @Ascii, @Utf8)");
        }
        return type.blockLength();
    }

    String label(final String name)
    {
        return operator + " state " + name;
    }

    <S extends ScopedState> S add(final S state)
    {
        final ScopedState[] more = new ScopedState[states.length + 1];
        System.arraycopy(states, 0, more, 0, states.length);
        more[states.length] = state;
        states = more;
        heads = Arrays.copyOf(heads, more.length);
        heads[more.length - 1] = declared;
        return state;
    }

    /**
     * Copies the keys that have a state, in their order, for {@link #gatheredKey}.
     *
     * @param state that was declared here
     * @return number of keys
     * @throws IllegalArgumentException when it was not
     */
    public int gatherKeys(final Object state)
    {
        for (int i = 0; i < states.length; i++)
        {
            if (states[i] == state)
            {
                return gather(heads[i]);
            }
        }
        throw new IllegalArgumentException("state=" + state + " is no state by key of operator=" + operator +
            ": give one that open() declared in keyed()");
    }

    private int gather(final KeyedEntry head)
    {
        if (gathered == null)
        {
            gathered = new SortedKeys(account, scope.keyLength());
            closing.add(gathered::close);
        }
        return head.gather(gathered);
    }

    /**
     * One of the keys that {@link #gatherKeys} copied.
     *
     * @param index from 0
     * @return address of its bytes, valid until keys are gathered again
     */
    public long gatheredKey(final int index)
    {
        return gathered.get(index);
    }

    @Override
    public void close()
    {
        closing.forEach(Runnable::run);
    }
}
