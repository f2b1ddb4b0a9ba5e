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

import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.operators.keyed.TextKeyView;

import java.util.Arrays;

/**
 * The entries of one operator instance that expire: reclaims them when time comes, and shows the function those that it is to be
 * told of. Entries of one time go in the order of their states' declaration, then of hash and key bytes. The task's thread.
 */
public final class Expiries implements ExpiredEntry, AutoCloseable
{
    /** {@link #reclaim}: a step was made, and nobody is to be told of it. */
    public static final int SILENT = 1;
    /** {@link #reclaim}: the function is to be told of what this shows. */
    public static final int SHOWN = 2;

    private static final int NONE = -1;
    /** One look ahead in so many callbacks. */
    private static final int AHEAD_MASK = 3;

    private final MemoryAccount account;
    private final KeyScope scope;
    private final ExpiryClock clock;
    private final ExpiredEntries expired;
    private final Region due;
    private final TextKeyView textKey = new TextKeyView();
    private ExpiringState[] states = {};
    private ExpiringState[] inEventTime = {};
    private ExpiringState[] inProcessingTime = {};
    /** Where {@link #next} has found what it said. */
    private ExpiringState first;
    private Object[] handles = {};
    private StateView<?, ?>[] views = {};
    private int shown = NONE;
    private int callbacks;
    private int looking;

    Expiries(final MemoryAccount account, final KeyScope scope, final ExpiryClock clock)
    {
        this.account = account;
        this.scope = scope;
        this.clock = clock;
        this.expired = new ExpiredEntries(account);
        this.due = Region.allocate(account, "key of an entry due", SegmentedTable.MAX_KEY_LENGTH);
    }

    MemoryAccount account()
    {
        return account;
    }

    ExpiryClock clock()
    {
        return clock;
    }

    ExpiredEntries expired()
    {
        return expired;
    }

    /** Number of the next state that is added. */
    int nextNumber()
    {
        return states.length;
    }

    /**
     * Takes a state.
     *
     * @param state  whose entries expire
     * @param handle that the function knows it by
     * @param view   of what has expired; null where that is a number
     */
    void add(final ExpiringState state, final Object handle, final StateView<?, ?> view)
    {
        final int number = states.length;
        states = with(states, state);
        if (state.expiring().lifetime().isEventTime())
        {
            inEventTime = with(inEventTime, state);
        }
        else
        {
            inProcessingTime = with(inProcessingTime, state);
        }
        handles = Arrays.copyOf(handles, number + 1);
        views = Arrays.copyOf(views, number + 1);
        handles[number] = handle;
        views[number] = view;
    }

    private static ExpiringState[] with(final ExpiringState[] some, final ExpiringState added)
    {
        final ExpiringState[] more = Arrays.copyOf(some, some.length + 1);
        more[some.length] = added;
        return more;
    }

    /** Reads what was restored. */
    public void start()
    {
        for (final ExpiringState state : states)
        {
            state.expiring().index().start();
        }
    }

    /**
     * When an entry may expire next.
     *
     * @param eventTime true for event time, false for processing time
     * @return no entry expires before; {@link Long#MAX_VALUE} when none does
     */
    public long next(final boolean eventTime)
    {
        long next = Lifetime.NEVER;
        for (final ExpiringState state : eventTime ? inEventTime : inProcessingTime)
        {
            final long end = state.expiring().index().next();
            if (end < next)
            {
                next = end;
                first = state;
            }
        }
        return next;
    }

    /**
     * Makes one step at the time that {@link #next} has just given, which has come. Not during a callback.
     *
     * @return {@link #SILENT} or {@link #SHOWN}
     */
    public int reclaim()
    {
        final ExpiryIndex index = first.expiring().index();
        if (index.isUnread())
        {
            index.read();
            return SILENT;
        }
        final long end = index.dueEnd();
        Memory.copyWords(index.dueKey(), due.address(), index.keyLength());
        index.removeDue();
        scope.enter(due.address(), scope.hashOf(due.address()));
        first.due(due.address(), end);
        first.leave();
        scope.leave();
        return show() ? SHOWN : SILENT;
    }

    /**
     * Shows the first entry that a callback found expired, if there is one.
     *
     * @return whether there is
     */
    public boolean show()
    {
        if (expired.isEmpty())
        {
            return false;
        }
        expired.take();
        shown = expired.state();
        return true;
    }

    /**
     * Takes note of the end of a callback.
     *
     * @param eventTime what time it is, but for what is ahead of the watermark
     */
    public void leave(final long eventTime)
    {
        if (shown != NONE)
        {
            if (DebugMode.ENABLED && views[shown] != null)
            {
                views[shown].release();
            }
            shown = NONE;
        }
        if ((++callbacks & AHEAD_MASK) == 0)
        {
            looking = looking + 1 < states.length ? looking + 1 : 0;
            final ExpiryIndex index = states[looking].expiring().index();
            index.readAhead(index.lifetime().isEventTime() ? eventTime : clock.lastProcessingTime());
        }
    }

    /**
     * The key of what is shown.
     *
     * @return address of its bytes, until the next is shown
     */
    public long key()
    {
        return expired.key();
    }

    /**
     * Whether something is shown.
     *
     * @return true during the callback
     */
    public boolean isShowing()
    {
        return shown != NONE;
    }

    /**
     * What the time of that which is shown is counted in.
     *
     * @return true for event time, false for processing time
     */
    public boolean isEventTime()
    {
        return states[required()].expiring().lifetime().isEventTime();
    }

    private int required()
    {
        if (shown == NONE)
        {
            throw new IllegalStateException("what has expired is shown during the call of onExpiry only: copy what you need");
        }
        return shown;
    }

    @Override
    public boolean isOf(final Object state)
    {
        return handles[required()] == state;
    }

    @Override
    public long time()
    {
        required();
        return expired.end();
    }

    @Override
    public <V> V record(final ValueState<V, ?> state)
    {
        return view(state);
    }

    @Override
    public <V> V record(final ListState<V, ?> state)
    {
        return view(state);
    }

    @Override
    public <V> V record(final LongMapState<V, ?> state)
    {
        return view(state);
    }

    @Override
    public <V> V record(final TextMapState<V, ?> state)
    {
        return view(state);
    }

    @Override
    public <V> V record(final ReducingState<V> state)
    {
        return view(state);
    }

    @Override
    public <V> V record(final AggregatingState<?, V> state)
    {
        return view(state);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private <V> V view(final Object state)
    {
        return isOf(state) ? (V)views[shown].read(expired.value()) : null;
    }

    @Override
    public long number(final LongState state)
    {
        return Memory.getLong(value(state));
    }

    @Override
    public double number(final DoubleState state)
    {
        return Memory.getDouble(value(state));
    }

    private long value(final Object state)
    {
        if (!isOf(state))
        {
            throw new IllegalArgumentException("what has expired was of another state: ask isOf(state) first");
        }
        return expired.value();
    }

    @Override
    public long longKey()
    {
        return Memory.getLong(second(LongMapState.class));
    }

    @Override
    public CharSequence textKey()
    {
        return textKey.at(second(TextMapState.class));
    }

    private long second(final Class<?> map)
    {
        if (!map.isInstance(handles[required()]))
        {
            throw new IllegalStateException("what has expired was no entry of a " + map.getSimpleName() +
                ": ask isOf(state) first");
        }
        return expired.key() + scope.keyLength();
    }

    @Override
    public void close()
    {
        for (final ExpiringState state : states)
        {
            state.expiring().index().close();
        }
        expired.close();
        due.close();
    }
}
