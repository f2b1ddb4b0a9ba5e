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

import java.util.List;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.Memory;
import io.millrace.operators.function.TimeWindow;
import io.millrace.operators.process.TimeDomain;
import io.millrace.operators.trigger.MergeContext;
import io.millrace.operators.trigger.WindowContext;

/**
 * The key and window that callbacks are for: their entry in the table of windows, time and timers. The operator writes
 * the key to {@link #key()} and calls
 *
 * <pre>
 *   enterElement(start)      ...  leave()                for each window of a record
 *   enterSession(start, merging)  ...  leave()           instead, where windows merge
 *   advance(watermark)  while nextTimer()  ...  leave(), or removeSession() at the window's cleanup
 *   while nextProcessingTimer()            ...  leave(), or removeSession() at the window's cleanup; then asleep()
 * </pre>
 *
 * The task's thread.
 */
public final class WindowCallbacks extends WindowEntry implements MergeContext, WindowContext, AutoCloseable
{
    private final WindowAssigner assigner;
    private final WindowView window;
    private final long lateness;
    private final int keyLength;
    private final WindowTimers timers;
    /** Null, as is the clock, when neither windows nor trigger use processing time. */
    private final WindowTimers processingTimers;
    private final ProcessingClock clock;
    /** The times that windows are of, and that clean them up. */
    private final TimeDomain windowDomain;
    /** Null with windows that do not merge. */
    private final SessionSet sessions;
    private final SessionMerge merge;
    private long watermark = Long.MIN_VALUE;
    private long timerTime;
    private TimeDomain timerDomain = TimeDomain.EVENT_TIME;
    private boolean entered;

    /**
     * No windows yet.
     *
     * @param context        of the operator
     * @param assigner       of the windows
     * @param lateness       how late a record may be
     * @param keyLength      bytes of a key of the stream
     * @param stateLength    numbers that the trigger keeps of a key and window
     * @param contentsLength bytes that the contents keep in the window's entry
     * @param processingTime whether the trigger uses processing time
     */
    public WindowCallbacks(
        final OperatorContext context,
        final WindowAssigner assigner,
        final long lateness,
        final int keyLength,
        final int stateLength,
        final int contentsLength,
        final boolean processingTime)
    {
        super(context, keyLength, stateLength, contentsLength);
        this.assigner = assigner;
        this.lateness = lateness;
        this.keyLength = keyLength;
        window = new WindowView(assigner);
        timers = new WindowTimers(context, keyLength, TimeDomain.EVENT_TIME);
        windowDomain = assigner.usesProcessingTime() ? TimeDomain.PROCESSING_TIME : TimeDomain.EVENT_TIME;
        final boolean timed = processingTime || assigner.usesProcessingTime();
        processingTimers = timed ? new WindowTimers(context, keyLength, TimeDomain.PROCESSING_TIME) : null;
        clock = timed ? context.processingClock() : null;
        sessions = assigner.merges() ? new SessionSet(context, keyLength) : null;
        merge = new SessionMerge(stateLength);
    }

    /**
     * Length of a key of the stream.
     *
     * @return in bytes
     */
    public int keyLength()
    {
        return keyLength;
    }

    /**
     * Whether a window takes no more records (SEMANTICS WIN-4); never by processing time.
     *
     * @param start of the window
     * @return true when the watermark has reached its cleanup time
     */
    public boolean isLate(final long start)
    {
        return windowDomain == TimeDomain.EVENT_TIME && cleanupTime(assigner.maxTimestamp(start)) <= watermark;
    }

    /**
     * Whether a record is so late that it is missed when no window takes it (SEMANTICS WIN-7).
     *
     * @param timestamp of the record
     * @return true when the watermark has reached it and the allowed lateness
     */
    public boolean isTooLate(final long timestamp)
    {
        return windowDomain == TimeDomain.EVENT_TIME && cleanupTime(timestamp) <= watermark;
    }

    private long cleanupTime(final long timestamp)
    {
        if (windowDomain == TimeDomain.PROCESSING_TIME)
        {
            return timestamp;
        }
        return timestamp > Long.MAX_VALUE - lateness ? Long.MAX_VALUE : timestamp + lateness;
    }

    /**
     * Begins a callback for a record of the current key; the window is there from then on.
     *
     * @param start of the window
     */
    public void enterElement(final long start)
    {
        enter(start);
        makeWritable();
        if (table.created())
        {
            registerCleanup();
        }
        unfired(unfired() + 1);
    }

    /**
     * Begins a callback for a record of the current key that begins a session of its own or grows one. It merges with those
     * that it touches, each of which is first shown to {@code merging}, then ended, as it was. Late is what is no part of a
     * session and would be a late one (SEMANTICS WIN-9).
     *
     * @param start   of the session that the record would have alone
     * @param merging does what there is to do
     * @return false when the record is late, and no callback begins
     */
    public boolean enterSession(final long start, final SessionMerging merging)
    {
        sessions.load(key);
        merge.look(sessions, start, assigner.end(start));
        if (merge.count() == 0)
        {
            if (isLate(start))
            {
                return false;
            }
            sessions.add(start, start, assigner.end(start));
            enter(start);
            window.extent(start, assigner.end(start));
            registerCleanup();
        }
        else
        {
            if (merge.grows())
            {
                endMerged(merging);
            }
            enterSession(merge.name(), merge.start(), merge.end());
            if (merge.grows())
            {
                mergeInto(merging);
            }
        }
        makeWritable();
        unfired(unfired() + 1);
        return true;
    }

    private void enterSession(final long name, final long start, final long end)
    {
        enter(name);
        window.extent(start, end);
        entry = table.find(hash, key);
        writable = false;
    }

    /** Ends the sessions that merge, as they were. */
    private void endMerged(final SessionMerging merging)
    {
        for (int i = 0; i < merge.count(); i++)
        {
            enterSession(merge.name(i), merge.start(i), merge.end(i));
            merge.keep(i, firstIndex(), endIndex(), unfired());
            for (int index = 0; index < stateLength; index++)
            {
                merge.keepState(i, index, state(index));
            }
            merging.clear();
            takeBackCleanup();
            if (i > 0)
            {
                remove();
            }
            else
            {
                clearState();
                leave();
            }
        }
        for (int i = merge.count() - 1; i > 0; i--)
        {
            sessions.remove(sessions.find(merge.name(i)));
        }
        sessions.extend(sessions.find(merge.name()), merge.start(), merge.end());
    }

    private void takeBackCleanup()
    {
        final long cleanup = cleanupTime(window.maxTimestamp());
        if (cleanup != Long.MAX_VALUE)
        {
            (windowDomain == TimeDomain.EVENT_TIME ? timers : processingTimers).delete(key, cleanup);
        }
    }

    /** Makes the session, whose callback has begun, of those that have ended. */
    private void mergeInto(final SessionMerging merging)
    {
        for (int i = 1; i < merge.count(); i++)
        {
            merging.takeFrom(merge.name(i), merge.first(i), merge.endIndex(i));
            unfired(unfired() + merge.unfired(i));
        }
        merging.merge();
        registerCleanup();
    }

    private void registerCleanup()
    {
        final long cleanup = cleanupTime(window.maxTimestamp());
        if (cleanup != Long.MAX_VALUE)
        {
            register(windowDomain, cleanup);
        }
    }

    @Override
    public int merged()
    {
        return merge.count();
    }

    @Override
    public long mergedState(final int session, final int index)
    {
        checkState(index);
        return merge.state(session, index);
    }

    /**
     * Begins the callback of the next timer that is due.
     *
     * @return false when there is none
     */
    public boolean nextTimer()
    {
        while (timers.isDue(watermark))
        {
            if (enterTimer(timers, TimeDomain.EVENT_TIME))
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Begins the callback of the next timer of processing time that is due.
     *
     * @return false when there is none
     */
    public boolean nextProcessingTimer()
    {
        while (processingTimers != null && processingTimers.isDue(clock.time()))
        {
            if (enterTimer(processingTimers, TimeDomain.PROCESSING_TIME))
            {
                return true;
            }
        }
        return false;
    }

    /** Asks to be woken when the next timer of processing time is due. */
    public void asleep()
    {
        if (processingTimers != null)
        {
            clock.wakeAt(processingTimers.earliest());
        }
    }

    /** False when the timer is of a session that is gone. */
    private boolean enterTimer(final WindowTimers due, final TimeDomain domain)
    {
        timerTime = due.takeDue();
        timerDomain = domain;
        Memory.copyWords(due.dueKey(), key, keyLength);
        final long name = Memory.getLong(due.dueKey() + keyLength);
        if (sessions == null)
        {
            enter(name);
            entry = table.find(hash, key);
            return true;
        }
        sessions.load(key);
        final int place = sessions.find(name);
        if (place >= 0)
        {
            enterSession(name, sessions.start(place), sessions.end(place));
        }
        return place >= 0;
    }

    private void register(final TimeDomain domain, final long timestamp)
    {
        if (domain == TimeDomain.EVENT_TIME)
        {
            timers.register(key, timestamp);
        }
        else
        {
            processingTimers.register(key, timestamp);
            asleep();
        }
    }

    private void enter(final long start)
    {
        window.start(start);
        name(start);
        entered = true;
    }

    /**
     * Time of the timer that the callback is for.
     *
     * @return in the pipeline's unit
     */
    public long timerTime()
    {
        return timerTime;
    }

    /**
     * Whether the timer says that the window is to be cleaned up.
     *
     * @return true at the window's cleanup time
     */
    public boolean isCleanup()
    {
        final long cleanup = cleanupTime(window.maxTimestamp());
        return timerDomain == windowDomain && timerTime == cleanup && cleanup != Long.MAX_VALUE;
    }

    /** Ends a callback. An entry that says nothing goes; the window's cleanup timer stays. */
    public void leave()
    {
        if (writable)
        {
            table.written();
            if (isEmpty())
            {
                table.remove(hash, key);
            }
        }
        end();
    }

    /** Ends a callback, and the window, or session. */
    public void removeSession()
    {
        if (sessions != null)
        {
            sessions.load(key);
            sessions.remove(sessions.find(name()));
        }
        remove();
    }

    private void remove()
    {
        if (entry != 0)
        {
            if (writable)
            {
                table.written();
            }
            table.remove(hash, key);
        }
        end();
    }

    private void end()
    {
        entry = 0;
        writable = false;
        entered = false;
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

    @Override
    public TimeWindow window()
    {
        return window;
    }

    @Override
    public long currentWatermark()
    {
        return watermark;
    }

    @Override
    public void registerEventTimeTimer(final long timestamp)
    {
        checkEntered();
        registerWithin(TimeDomain.EVENT_TIME, timestamp);
    }

    /** Registers a timer, unless the window is gone by then. */
    private void registerWithin(final TimeDomain domain, final long timestamp)
    {
        if (domain != windowDomain || timestamp <= cleanupTime(window.maxTimestamp()))
        {
            register(domain, timestamp);
        }
    }

    @Override
    public void deleteEventTimeTimer(final long timestamp)
    {
        checkEntered();
        if (mayDelete(TimeDomain.EVENT_TIME, timestamp))
        {
            timers.delete(key, timestamp);
        }
    }

    /** Whether a timer is not the one that cleans the window up. */
    private boolean mayDelete(final TimeDomain domain, final long timestamp)
    {
        final long cleanup = cleanupTime(window.maxTimestamp());
        return domain != windowDomain || timestamp != cleanup || cleanup == Long.MAX_VALUE;
    }

    @Override
    public long currentProcessingTime()
    {
        checkProcessingTime();
        return clock.time();
    }

    @Override
    public void registerProcessingTimeTimer(final long timestamp)
    {
        checkEntered();
        checkProcessingTime();
        registerWithin(TimeDomain.PROCESSING_TIME, timestamp);
    }

    @Override
    public void deleteProcessingTimeTimer(final long timestamp)
    {
        checkEntered();
        checkProcessingTime();
        if (mayDelete(TimeDomain.PROCESSING_TIME, timestamp))
        {
            processingTimers.delete(key, timestamp);
        }
    }

    private void checkProcessingTime()
    {
        if (processingTimers == null)
        {
            throw new IllegalStateException("a trigger of windows of event time asks for processing time without saying so: " +
                "have its usesProcessingTime() return true");
        }
    }

    private void checkEntered()
    {
        if (!entered)
        {
            throw new IllegalStateException("a trigger's context is used outside of a callback, where there is no " +
                "window: use it in onElement, onEventTime and clear only");
        }
    }

    @Override
    public long state(final int index)
    {
        checkState(index);
        return entry == 0 ? 0 : Memory.getLong(stateAddress(index));
    }

    @Override
    public void state(final int index, final long value)
    {
        checkState(index);
        makeWritable();
        Memory.putLong(stateAddress(index), value);
    }

    private void checkState(final int index)
    {
        checkEntered();
        if (index < 0 || index >= stateLength)
        {
            throw new IndexOutOfBoundsException("index=" + index + " of a trigger's state, which has stateLength=" +
                stateLength + ": return more from stateLength()");
        }
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

    /**
     * Puts together what the instances of before wrote.
     *
     * @param parts to read from, in the order of the instances
     */
    public void restoreRescaled(final List<BlobReader> parts)
    {
        watermark = BlobReader.leastLong(parts);
        for (final BlobReader part : parts)
        {
            timers.restoreRescaled(part);
            if (processingTimers != null)
            {
                processingTimers.restoreRescaled(part);
            }
        }
    }

    @Override
    public void close()
    {
        timers.close();
        if (processingTimers != null)
        {
            processingTimers.close();
        }
        super.close();
        if (sessions != null)
        {
            sessions.close();
        }
    }
}
