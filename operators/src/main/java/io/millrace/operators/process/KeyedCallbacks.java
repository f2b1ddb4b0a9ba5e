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

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.ProcessingClock;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.state.KeyedStates;
import io.millrace.operators.state.StateStore;

/**
 * What surrounds the callbacks of a keyed function: its key, states, time and timers. The operator calls
 *
 * <pre>
 *   enter(key, timestamp)  function.processElement(...)  leave()          for a record
 *   advance(watermark)     while nextTimer()             onTimer, leave() for a watermark
 *   while nextProcessingTimer()                          onTimer, leave() for a tick; then asleep()
 * </pre>
 *
 * The task's thread.
 *
 * @param <K> view of the key
 */
public final class KeyedCallbacks<K> implements KeyedContext<K>, TimerService, AutoCloseable
{
    private final KeyedStates states;
    private final String name;
    private final Timers timers;
    /** Null, as is the clock, when the function does not use processing time. */
    private final Timers processingTimers;
    private final ProcessingClock clock;
    private final KeyView<K> keyView;
    private long watermark = Long.MIN_VALUE;
    private long key;
    private long timestamp;
    private TimeDomain domain = TimeDomain.EVENT_TIME;

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
        states = new KeyedStates(context, keyLength);
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
    }

    /**
     * Begins a callback for a record.
     *
     * @param newKey  address of its key's bytes, valid until {@link #leave()}
     * @param newTime event time
     */
    public void enter(final long newKey, final long newTime)
    {
        key = newKey;
        timestamp = newTime;
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
        states.enter(newKey, hash);
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
    }

    /**
     * Moves event time on, before the timers that it makes due.
     *
     * @param now the watermark
     */
    public void advance(final long now)
    {
        watermark = now;
    }

    /**
     * Begins the callback of the next timer that is due; {@link #timestamp()} is its time.
     *
     * @return false when there is none, or {@link #isBusy()}
     */
    public boolean nextTimer()
    {
        if (!timers.takeDue(watermark))
        {
            return false;
        }
        final long ahead = timers.keyAhead();
        if (ahead != 0)
        {
            states.prefetch(ahead);
        }
        enter(timers.dueKey(), timers.dueTime());
        return true;
    }

    /**
     * Whether {@link #nextTimer} or {@link #nextProcessingTimer} is to be called again, after others had their turn.
     *
     * @return true when it may still find one
     */
    public boolean isBusy()
    {
        return timers.isBusy() || processingTimers != null && processingTimers.isBusy();
    }

    /**
     * Begins the callback of the next timer of processing time that is due; {@link #timestamp()} is its time.
     *
     * @return false when there is none, or {@link #isBusy()}
     */
    public boolean nextProcessingTimer()
    {
        if (processingTimers == null || !processingTimers.takeDue(clock.time()))
        {
            return false;
        }
        enter(processingTimers.dueKey(), processingTimers.dueTime());
        domain = TimeDomain.PROCESSING_TIME;
        return true;
    }

    /** Asks to be woken when the next timer of processing time is due. */
    public void asleep()
    {
        if (processingTimers != null)
        {
            clock.wakeAt(processingTimers.earliest());
        }
    }

    /**
     * The timer whose callback has not ended, for messages.
     *
     * @return its time and key, or null
     */
    public String timer()
    {
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
        timers.restore(blob);
        if (processingTimers != null)
        {
            processingTimers.restore(blob);
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
