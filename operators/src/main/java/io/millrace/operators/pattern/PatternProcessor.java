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
package io.millrace.operators.pattern;

import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.OperatorContext;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * What a {@link PatternOperator} does apart from its outputs: keeps records until they are due, and finds the matches
 * that they make.
 *
 * @param <V> read-only view of the records
 */
public final class PatternProcessor<V> implements AutoCloseable
{
    private final PatternSettings<V> settings;
    private final RecordType<V, ?> type;
    private final OperatorContext context;
    private final PatternState state;
    private final MatchView<V> match;
    private final PatternMatcher<V> matcher;
    private final Outbox outbox;
    private final Counter eventsDropped;
    private final Counter partialsDropped;
    private final PatternState.TieOrder tieOrder;
    private Flyweight one;
    private Flyweight two;
    /**
     * Records that change nothing are let go when they come. Where matches wait for others to go first, a drop at a limit
     * may let one go, and then any record is its occasion.
     */
    private final boolean filtering;
    private final IterativeCondition<V>[] conditions;
    private final long[] found = new long[BatchProcessor.MAX_BATCH];
    private final int[] created = new int[BatchProcessor.MAX_BATCH];
    /** Whether what was found for a batch still holds. */
    private boolean opened;
    private boolean open;
    private long shown;

    /**
     * A processor; its tables are declared.
     *
     * @param settings  of the pattern
     * @param type      of the records, of fixed length
     * @param keyLength bytes of a key
     * @param context   of the operator
     */
    @SuppressWarnings("unchecked")
    public PatternProcessor(
        final PatternSettings<V> settings,
        final RecordType<V, ?> type,
        final int keyLength,
        final OperatorContext context)
    {
        this.settings = settings;
        this.type = type;
        this.context = context;
        this.eventsDropped = context.counter("eventsDropped");
        this.partialsDropped = context.counter("partialMatchesDropped");
        this.tieOrder = settings.tieOrder() == null ? null : this::isBefore;
        this.state = new PatternState(context, keyLength, type.blockLength());
        this.match = new MatchView<>(settings.pattern(), state, type, context);
        this.matcher = new PatternMatcher<>(settings, state, match, type, partialsDropped, context.name(),
            context.firingGuard());
        this.outbox = matcher.outbox();
        this.filtering = settings.pattern().passesUnfit &&
            (!settings.ordered() || settings.limitPolicy() == LimitPolicy.FAIL);
        this.conditions = settings.pattern().conditions.toArray(IterativeCondition[]::new);
        this.one = type.newFlyweight();
        this.two = type.newFlyweight();
    }

    /** Begins, after the tables were restored where there is something to restore. */
    public void start()
    {
        state.start();
    }

    /**
     * Whether {@link #wants} is to be asked before a record is added.
     *
     * @return false when every record is to be added
     */
    public boolean isFiltering()
    {
        return filtering;
    }

    /**
     * Whether a record may change anything: it fulfils a condition.
     *
     * @param record view of it
     * @return false to let it go
     */
    public boolean wants(final V record)
    {
        for (final IterativeCondition<V> condition : conditions)
        {
            if (condition.test(record, null))
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Why a record at the end of time is refused, before its key is opened.
     *
     * @return to be thrown
     */
    public static IllegalArgumentException atTheEndOfTime()
    {
        return new IllegalArgumentException("timestamp=" + PatternState.NEVER + " is the end of time, at which nothing is due " +
            "any more: check the field marked @EventTime, or filter such records out");
    }

    /**
     * Says of which keys records will be added next, so that they are looked up at once.
     *
     * @param keys  address of the keys, one after the other
     * @param count number of keys, up to {@link BatchProcessor#MAX_BATCH}
     */
    public void begin(final long keys, final int count)
    {
        opened = state.openAll(keys, count, found, created);
    }

    /**
     * Keeps a record until it is due.
     *
     * @param index of its key among those that {@link #begin} named
     * @param slot  of the record, which is not late
     * @param hash  of its key
     * @param key   address of the key
     */
    public void add(final int index, final long slot, final long hash, final long key)
    {
        final long time = SlotDescriptor.timestamp(slot);
        if (opened)
        {
            state.openAt(found[index], hash, key);
        }
        else
        {
            state.open(hash, key);
        }
        if (state.events() < settings.allowedEvents() || makeRoom(slot))
        {
            state.add(slot, tieOrder);
            state.closeAdded(time);
        }
    }

    /** Acts as told when a key has as many records as are allowed; false to drop the one that comes. */
    private boolean makeRoom(final long slot)
    {
        switch (settings.limitPolicy())
        {
            case FAIL -> throw new PatternFailedException("operator " + context.name() + " keeps events=" + state.events() +
                " of one key at timestamp=" + SlotDescriptor.timestamp(slot) + ", allowedEvents=" +
                settings.allowedEvents() + " of pattern=(" + settings.pattern() + "): shorten within(...), let " +
                "watermarks come sooner, raise the limit, or choose a LimitPolicy that drops", null);
            case DROP_NEWEST ->
            {
                eventsDropped.increment();
                return false;
            }
            case DROP_OLDEST -> dropOldest();
        }
        return true;
    }

    private void dropOldest()
    {
        state.loadPartials();
        int dropped = 0;
        while (state.events() >= settings.allowedEvents() && dropped < state.live.count)
        {
            state.addReferences(state.live.node[dropped], -1);
            dropped++;
        }
        state.live.removeFirst(dropped);
        partialsDropped.add(dropped);
        dropped = 0;
        while (state.events() >= settings.allowedEvents() && dropped < state.complete.count)
        {
            state.addReferences(state.complete.node[dropped], -1);
            dropped++;
        }
        state.complete.removeFirst(dropped);
        partialsDropped.add(dropped);
        while (state.events() >= settings.allowedEvents())
        {
            state.dropFirstWaiting();
            eventsDropped.increment();
        }
        opened = false;
        matcher.closeKey();
        state.openAgain();
    }

    /**
     * Does one step of what is due: one record of one key, or what of it has timed out. What that makes is in the
     * processor until it was {@link #sent()}.
     *
     * @param now no record at or before it will follow
     * @return false when nothing is due
     */
    public boolean step(final long now)
    {
        if (open)
        {
            matcher.endStep();
            open = false;
        }
        final long due = state.nextDue(now);
        if (due == PatternState.NEVER)
        {
            return false;
        }
        state.openDue();
        open = true;
        matcher.step(due);
        return true;
    }

    /**
     * Whether there is a match, or a partial match that timed out, to be sent.
     *
     * @return true when {@link #match()} shows it
     */
    public boolean hasMatch()
    {
        return !outbox.isEmpty();
    }

    /**
     * Whether what is to be sent is a partial match that timed out.
     *
     * @return false when it is a match
     */
    public boolean isTimedOut()
    {
        return outbox.isTimedOut();
    }

    /**
     * Timestamp of what is to be sent.
     *
     * @return event time
     */
    public long timestamp()
    {
        return outbox.time();
    }

    /**
     * Shows what is to be sent.
     *
     * @return its records, until {@link #sent()}
     */
    public Match<V> match()
    {
        shown = outbox.node();
        return match.on(shown, outbox.time());
    }

    /** Takes note that it was sent. */
    public void sent()
    {
        if (DebugMode.ENABLED)
        {
            match.release();
        }
        state.addReferences(outbox.node(), -1);
        outbox.removeFirst();
        shown = 0;
    }

    /**
     * The record that is being looked at, for the message of a failure.
     *
     * @return address of its slot; 0 when it is none
     */
    public long currentSlot()
    {
        return open && shown == 0 && state.hasCurrent() ? state.current() : 0;
    }

    /**
     * The match that is being shown, for the message of a failure.
     *
     * @return its records as text; null when it is none
     */
    public String currentMatch()
    {
        return shown == 0 ? null : match.on(shown, outbox.time()).toString();
    }

    /** A comparison that fails leaves the key's records half in order: no policy may go on behind it. */
    private int compare(final V left, final V right)
    {
        try
        {
            return settings.tieOrder().compare(left, right);
        }
        catch (final RuntimeException | AssertionError failure)
        {
            throw new PatternFailedException("operator " + context.name() + " cannot order record=" + left +
                " and record=" + right + " of one time: have the comparator take all records of the stream", failure);
        }
    }

    @SuppressWarnings("unchecked")
    private boolean isBefore(final long slot, final long other)
    {
        if (DebugMode.ENABLED)
        {
            one = type.newFlyweight();
            two = type.newFlyweight();
        }
        one.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        two.wrapUnchecked(other + SlotDescriptor.HEADER_LENGTH);
        final boolean before = compare((V)one, (V)two) < 0;
        if (DebugMode.ENABLED)
        {
            one.release(context.name());
            two.release(context.name());
        }
        return before;
    }

    @Override
    public void close()
    {
        state.close();
    }
}
