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
package io.millrace.operators.process;

import java.util.List;
import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.state.Expiries;
import io.millrace.operators.state.ExpiredEntry;
import io.millrace.operators.state.KeyedStates;
import io.millrace.operators.state.StateStore;

/**
 * What surrounds the callbacks of a keyed function: its key, states, time and timers. The operator calls
 *
 * <pre>
 *   enter(key, timestamp)  processElement, leave()   while nextExpired()  onExpiry, leave()              for a record
 *   advance(watermark)     while nextDue() != DONE   onTimer, leave(), or onExpiry, leave(), or nothing  for a watermark
 *   while nextDueOfTick() != DONE likewise; then asleep()                                               for a tick
 * </pre>
 *
 * States that expire see the later one of the record's timestamp and the event time reached: the watermark, or, while a
 * watermark moves it on, the time of the timer or expiry that is due. The task's thread.
 *
 * @param <K> view of the key
 */
public final class KeyedCallbacks<K> implements KeyedContext<K>, TimerService, AutoCloseable
{
    /** {@link #nextDue}: nothing is due any more. */
    public static final int DONE = 0;
    /** {@link #nextDue}: the callback of a timer has begun. */
    public static final int TIMER = 1;
    /** {@link #nextDue}: the callback of what has expired has begun. */
    public static final int EXPIRY = 2;
    /** {@link #nextDue}: something was reclaimed, no callback has begun. */
    public static final int RECLAIMED = 3;

    /** Steps of reclaiming in processing time that one record pays for. */
    private static final int STEPS_PER_RECORD = 4;

    private final KeyedStates states;
    private final String name;
    private final Timers timers;
    /** Null, as is the clock, when the function does not use processing time. */
    private final Timers processingTimers;
    private final ProcessingClock clock;
    private final KeyView<K> keyView;
    private long watermark = Long.MIN_VALUE;
    /** The watermark, but for the time that it takes to get there. */
    private long eventTime = Long.MIN_VALUE;
    private long key;
    private long timestamp;
    private TimeDomain domain = TimeDomain.EVENT_TIME;
    private int steps;
    /** Null when no state expires. */
    private Expiries expiries;

    /**
     * No states and no timers yet.
     *
     * @param context        of the operator
     * @param keyLength      bytes of a key
     * @param keyViews       make the view of the key
     * @param processingTime whether the function uses processing time
     */
    @SuppressWarnings("unchecked")
    public KeyedCallbacks(
        final OperatorContext context,
        final int keyLength,
        final OperatorFactory<KeyView<K>> keyViews,
        final boolean processingTime)
    {
        name = context.name();
        states = new KeyedStates(context, keyLength, true);
        timers = new Timers(context, keyLength);
        clock = processingTime ? context.processingClock() : null;
        processingTimers = processingTime ? new Timers(context, keyLength, TimeDomain.PROCESSING_TIME) : null;
        keyView = IsolatedLoader.newInstance("key view", KeyView.class, keyViews);
    }

    /**
     * Where the function declares its states.
     *
     * @return the states, until {@link #opened()}
     */
    public StateStore states()
    {
        return states;
    }

    /** Ends the time in which states can be declared. */
    public void opened()
    {
        states.opened();
        expiries = states.expiries();
    }

    /**
     * Begins a callback for a record.
     *
     * @param newKey  address of its key's bytes, valid until {@link #leave()}
     * @param newTime event time
     */
    public void enter(final long newKey, final long newTime)
    {
        enter(newKey, states.hashOf(newKey), newTime);
    }

    private void begin(final long newKey, final long newTime, final long now)
    {
        key = newKey;
        timestamp = newTime;
        states.eventTime(now);
        states.enter(newKey);
    }

    /**
     * Begins a callback for a record whose key's hash is known.
     *
     * @param newKey  address of its key's bytes, valid until {@link #leave()}
     * @param hash    of them
     * @param newTime event time
     */
    public void enter(final long newKey, final long hash, final long newTime)
    {
        key = newKey;
        timestamp = newTime;
        if (expiries != null)
        {
            steps = STEPS_PER_RECORD;
            states.eventTime(Math.max(eventTime, newTime));
            showClock();
        }
        states.enter(newKey, hash);
    }

    private void showClock()
    {
        if (clock != null)
        {
            states.processingTime(clock.time());
        }
    }

    /**
     * Begins the callbacks for records of some keys: brings near what they will ask for, and lets timers that they
     * register wait, so that these are looked up at once.
     *
     * @param hashes of the keys
     * @param count  number of them
     */
    public void beginBatch(final long[] hashes, final int count)
    {
        states.prefetch(hashes, count);
        timers.defer();
    }

    /** Ends the callbacks for these records. */
    public void endBatch()
    {
        timers.settle();
    }

    /**
     * Runs an action for each key that has a state, as a callback of its own each.
     *
     * @param state  that was declared in {@link #states()}
     * @param time   event time of the callbacks
     * @param action takes each key and the state
     * @param <S>    type of the state
     */
    public <S> void applyToEachKey(
        final S state, final long time, final BroadcastContext.KeyedStateAction<? super K, ? super S> action)
    {
        final int count = states.gatherKeys(state);
        for (int i = 0; i < count; i++)
        {
            enter(states.gatheredKey(i), time);
            action.process(keyView.at(key), state);
            leave();
        }
    }

    /** Ends a callback. */
    public void leave()
    {
        states.leave();
        key = 0;
        domain = TimeDomain.EVENT_TIME;
        if (expiries != null)
        {
            expiries.leave(eventTime);
            if (clock != null)
            {
                asleep();
            }
        }
    }

    /** Ends a callback that has failed, and the batch that it is of. */
    public void abandon()
    {
        if (key != 0)
        {
            leave();
        }
        timers.settle();
    }

    /**
     * Begins the callback of what has expired: what the record's callback has found so, and some of what processing time has
     * reached. To be called after a record, until it says false.
     *
     * @return false when there is nothing
     */
    public boolean nextExpired()
    {
        if (expiries == null)
        {
            return false;
        }
        boolean shown = expiries.show();
        while (!shown && steps > 0 && expiries.next(false) <= states.processingTime())
        {
            steps--;
            shown = expiries.reclaim() == Expiries.SHOWN;
        }
        if (shown)
        {
            enterExpired(states.eventTime());
        }
        return shown;
    }

    private void enterExpired(final long now)
    {
        begin(expiries.key(), expiries.isEventTime() ? expiries.time() : timestamp, now);
    }

    /**
     * What has expired, during the callback that {@link #nextExpired} or {@link #nextDue} has begun.
     *
     * @return its entry
     */
    public ExpiredEntry expired()
    {
        return expiries;
    }

    /**
     * Moves event time on, before the timers that it makes due.
     *
     * @param now the watermark
     */
    public void advance(final long now)
    {
        watermark = now;
        showClock();
    }

    /**
     * Begins the next callback that is due; {@link #timestamp()} is its time. Timers and expiries go in the order of their
     * times, an expiry before a timer of the same time.
     *
     * @return {@link #DONE}, also when it {@link #isBusy()}, or {@link #TIMER}, {@link #EXPIRY} or {@link #RECLAIMED}
     */
    public int nextDue()
    {
        if (expiries != null)
        {
            final int due = nextExpiry();
            if (due != DONE)
            {
                return due;
            }
        }
        if (timers.takeDue(watermark))
        {
            final long ahead = timers.keyAhead();
            if (ahead != 0)
            {
                states.prefetch(ahead);
            }
            eventTime = Math.max(eventTime, timers.dueTime());
            begin(timers.dueKey(), timers.dueTime(), eventTime);
            return TIMER;
        }
        if (!timers.isBusy())
        {
            eventTime = watermark;
        }
        return DONE;
    }

    private int nextExpiry()
    {
        if (expiries.show())
        {
            enterExpired(states.eventTime());
            return EXPIRY;
        }
        final long end = expiries.next(true);
        if (end <= watermark && end != Long.MAX_VALUE && (end == Long.MIN_VALUE || !timers.isDue(end - 1)))
        {
            eventTime = Math.max(eventTime, end);
            return reclaim();
        }
        return nextExpiryInProcessingTime();
    }

    private int nextExpiryInProcessingTime()
    {
        if (expiries.next(false) <= states.processingTime())
        {
            timestamp = watermark;
            return reclaim();
        }
        return DONE;
    }

    private int reclaim()
    {
        if (expiries.reclaim() == Expiries.SHOWN)
        {
            enterExpired(eventTime);
            return EXPIRY;
        }
        return RECLAIMED;
    }

    /**
     * Begins the next callback that a tick makes due: what has expired in processing time, then timers of it.
     *
     * @return {@link #DONE}, also when it {@link #isBusy()}, or {@link #TIMER}, {@link #EXPIRY} or {@link #RECLAIMED}
     */
    public int nextDueOfTick()
    {
        if (clock == null)
        {
            return DONE;
        }
        if (expiries != null)
        {
            showClock();
            final int due = nextExpiryOfTick();
            if (due != DONE)
            {
                return due;
            }
        }
        if (!processingTimers.takeDue(clock.time()))
        {
            return DONE;
        }
        begin(processingTimers.dueKey(), processingTimers.dueTime(), eventTime);
        domain = TimeDomain.PROCESSING_TIME;
        return TIMER;
    }

    private int nextExpiryOfTick()
    {
        if (expiries.show())
        {
            enterExpired(states.eventTime());
            return EXPIRY;
        }
        return nextExpiryInProcessingTime();
    }

    /**
     * Event time of what the callback makes.
     *
     * @return that of the callback; none for a timer of processing time
     */
    public long resultTime()
    {
        return domain == TimeDomain.PROCESSING_TIME ? SlotDescriptor.NO_TIMESTAMP : timestamp;
    }

    /**
     * Whether {@link #nextDue} or {@link #nextDueOfTick} is to be called again, after others had their turn.
     *
     * @return true when it may still find one
     */
    public boolean isBusy()
    {
        return timers.isBusy() || processingTimers != null && processingTimers.isBusy();
    }

    /** Asks to be woken when the next timer or expiry of processing time is due. */
    public void asleep()
    {
        if (clock != null)
        {
            clock.wakeAt(Math.min(processingTimers.earliest(), expiries == null ? Long.MAX_VALUE : expiries.next(false)));
        }
    }

    /**
     * The timer or expiry whose callback has not ended, for messages.
     *
     * @return its time and key, or null
     */
    public String timer()
    {
        if (key != 0 && expiries != null && expiries.isShowing())
        {
            return "expired=" + expiries.time() + " key=" + keyView.at(key);
        }
        return key != 0 && (key == timers.dueKey() || domain == TimeDomain.PROCESSING_TIME) ?
            "timer=" + timestamp + " key=" + keyView.at(key) : null;
    }

    /** Puts what was restored in order. */
    public void start()
    {
        timers.start();
        if (processingTimers != null)
        {
            processingTimers.start();
        }
        if (expiries != null)
        {
            expiries.start();
        }
        asleep();
    }

    /**
     * Writes what is in no table.
     *
     * @param blob to write to
     */
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(watermark);
        timers.snapshot(blob);
        if (processingTimers != null)
        {
            processingTimers.snapshot(blob);
        }
    }

    /**
     * Reads what {@link #snapshot} wrote.
     *
     * @param blob to read from
     */
    public void restore(final BlobReader blob)
    {
        watermark = blob.getLong();
        eventTime = watermark;
        timers.restore(blob);
        if (processingTimers != null)
        {
            processingTimers.restore(blob);
        }
    }

    /**
     * Puts together what the instances of before wrote.
     *
     * @param parts to read from, in the order of the instances
     */
    public void restoreRescaled(final List<BlobReader> parts)
    {
        watermark = BlobReader.leastLong(parts);
        eventTime = watermark;
        timers.restoreRescaled(parts);
        if (processingTimers != null)
        {
            processingTimers.restoreRescaled(parts);
        }
    }

    @Override
    public K currentKey()
    {
        return keyView.at(currentKeyAddress());
    }

    private long currentKeyAddress()
    {
        if (key == 0)
        {
            throw new IllegalStateException("the context is used outside of a callback, where there is no key: " +
                "use it in processElement or onTimer, and keep what you need of it in a state");
        }
        return key;
    }

    @Override
    public long timestamp()
    {
        return timestamp;
    }

    @Override
    public TimeDomain timeDomain()
    {
        return domain;
    }

    @Override
    public TimerService timerService()
    {
        return this;
    }

    @Override
    public long currentWatermark()
    {
        return watermark;
    }

    @Override
    public void registerEventTimeTimer(final long time)
    {
        timers.register(currentKeyAddress(), time);
    }

    @Override
    public void deleteEventTimeTimer(final long time)
    {
        timers.delete(currentKeyAddress(), time);
    }

    @Override
    public long currentProcessingTime()
    {
        checkProcessingTime();
        return clock.time();
    }

    @Override
    public void registerProcessingTimeTimer(final long time)
    {
        checkProcessingTime();
        processingTimers.register(currentKeyAddress(), time);
        asleep();
    }

    @Override
    public void deleteProcessingTimeTimer(final long time)
    {
        checkProcessingTime();
        processingTimers.delete(currentKeyAddress(), time);
    }

    private void checkProcessingTime()
    {
        if (processingTimers == null)
        {
            throw new IllegalStateException("the function of operator " + name +
                " asks for processing time without saying so: have its usesProcessingTime() return true");
        }
    }

    @Override
    public void close()
    {
        states.close();
        timers.close();
        if (processingTimers != null)
        {
            processingTimers.close();
        }
    }
}
