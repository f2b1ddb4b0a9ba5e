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
package io.millrace.operators.join;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.window.SessionDescriptor;
import io.millrace.operators.window.SessionFirings;
import io.millrace.operators.window.SessionHistory;
import io.millrace.operators.window.SessionRemoval;
import io.millrace.operators.window.SessionSchedule;
import io.millrace.operators.window.SessionWindow;

/**
 * Sessions over the records of both sides of a join: a record of either side is a session from its timestamp until the gap
 * behind it, and merges with those of its key that it touches (SEMANTICS WIN-8 to WIN-10). Which are due, and which are
 * gone, is as for session windows of one stream.
 * <pre>
 *   latest session of a key --previous end--&gt; the one before --&gt; ...      {@link SessionHistory}
 *        each --&gt; first and last part of its lefts and of its rights     {@link SessionSide}
 *   watermark --&gt; {@link SessionSchedule} --&gt; sessions that are due
 * </pre>
 * The task's thread.
 */
public final class JoinSessions implements SessionRemoval, AutoCloseable
{
    private static final long NO_END = SessionDescriptor.NO_END;

    private final long gap;
    private final KeyedTable latestSessions;
    private final SessionHistory history;
    private final SessionSchedule schedule;
    private final SessionSide left;
    private final SessionSide right;
    private final int length;
    /** End of the session that {@link #lookBack} came from last, {@link #NO_END} for the latest one. */
    private long laterEnd;

    /**
     * Nothing yet.
     *
     * @param context   of the operator
     * @param keyLength bytes of a key
     * @param leftType  of the left side's records, of fixed length
     * @param rightType of the right side's records, of fixed length
     * @param window    gap that ends a session, and how late a record may be
     */
    public JoinSessions(
        final OperatorContext context,
        final int keyLength,
        final RecordType<?, ?> leftType,
        final RecordType<?, ?> rightType,
        final SessionWindow window)
    {
        gap = window.gap();
        length = SessionDescriptor.length(JoinedSessionDescriptor.LENGTH);
        latestSessions = context.state().keyedTable("latestSessions", keyLength, length);
        history = new SessionHistory(context.state().windowTables("earlierSessions", keyLength, length), gap, length);
        left = new SessionSide(
            context, "left", keyLength, leftType.blockLength(), JoinedSessionDescriptor.LEFT_OFFSET);
        right = new SessionSide(
            context, "right", keyLength, rightType.blockLength(), JoinedSessionDescriptor.RIGHT_OFFSET);
        schedule = new SessionSchedule(
            latestSessions, history, this, window.lateness(), keyLength, context.account(), context.name());
    }

    /**
     * The left side.
     *
     * @return its records
     */
    public SessionSide left()
    {
        return left;
    }

    /**
     * The right side.
     *
     * @return its records
     */
    public SessionSide right()
    {
        return right;
    }

    /**
     * When sessions are due.
     *
     * @return the schedule
     */
    public SessionSchedule schedule()
    {
        return schedule;
    }

    /**
     * Whether a record is too late: what it would come to with the sessions that it touches is past its cleanup time.
     *
     * @param hash      of its key
     * @param key       address of its key's bytes
     * @param timestamp of the record
     * @return true when no session takes it
     */
    public boolean isTooLate(final long hash, final long key, final long timestamp)
    {
        if (timestamp < Long.MIN_VALUE + gap || timestamp > Long.MAX_VALUE - gap)
        {
            throw new IllegalArgumentException("timestamp=" + timestamp + " is too near to the end of time for a session " +
                "with gap=" + gap + ": check the field marked @EventTime, or filter such records out");
        }
        return schedule.isGone(timestamp + gap) && !touches(hash, key, latestSessions.find(hash, key), timestamp);
    }

    private boolean touches(final long hash, final long key, final long latest, final long timestamp)
    {
        if (latest == 0 || timestamp > SessionDescriptor.end(latest))
        {
            return false;
        }
        final long end = timestamp + gap;
        return end >= SessionDescriptor.start(latest) || lookBack(hash, key, latest, end) >= timestamp;
    }

    /** The end of the last session before the latest one that starts at or before a time, or {@link #NO_END}. */
    private long lookBack(final long hash, final long key, final long latest, final long time)
    {
        laterEnd = NO_END;
        long end = SessionDescriptor.previousEnd(latest);
        long session = history.find(hash, key, end);
        while (session != 0 && SessionDescriptor.start(session) > time)
        {
            laterEnd = end;
            end = SessionDescriptor.previousEnd(session);
            session = history.find(hash, key, end);
        }
        return session == 0 ? NO_END : end;
    }

    /**
     * Adds a record that is not too late to the session that it is of, or begins one.
     *
     * @param side that it is of
     * @param hash of its key
     * @param key  address of its key's bytes
     * @param slot address of its slot
     * @return the end of its session by now
     */
    public long add(final SessionSide side, final long hash, final long key, final long slot)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        final long latest = latestSessions.upsert(hash, key);
        final long end;
        if (latestSessions.created())
        {
            end = open(latest, timestamp, NO_END);
            side.add(key, latest, latest, slot);
            schedule.changeLatest(key, NO_END, end);
        }
        else if (timestamp > SessionDescriptor.end(latest))
        {
            end = openBehind(side, hash, key, latest, slot);
        }
        else if (timestamp + gap >= SessionDescriptor.start(latest))
        {
            final long oldEnd = SessionDescriptor.end(latest);
            end = Math.max(oldEnd, timestamp + gap);
            startNoLater(timestamp, hash, key, latest);
            SessionDescriptor.end(latest, end);
            side.add(key, latest, latest, slot);
            schedule.changeLatest(key, oldEnd, end);
        }
        else
        {
            end = addEarlier(side, hash, key, latest, slot);
        }
        latestSessions.written();
        return end;
    }

    /** Makes a session, without records, of a time and the gap behind it, and gives its end. */
    private long open(final long session, final long timestamp, final long previousEnd)
    {
        SessionDescriptor.start(session, timestamp);
        SessionDescriptor.end(session, timestamp + gap);
        SessionDescriptor.previousEnd(session, previousEnd);
        return timestamp + gap;
    }

    private long openBehind(
        final SessionSide side, final long hash, final long key, final long latest, final long slot)
    {
        final long previousEnd = SessionDescriptor.end(latest);
        Memory.copyWords(latest, history.upsert(hash, key, previousEnd), length);
        history.written();
        final long parts = JoinedSessionDescriptor.partsBegun(latest);
        Memory.zero(latest, length);
        JoinedSessionDescriptor.partsBegun(latest, parts);
        final long end = open(latest, SlotDescriptor.timestamp(slot), previousEnd);
        side.add(key, latest, latest, slot);
        schedule.moveToHistory(key, previousEnd);
        schedule.changeLatest(key, previousEnd, end);
        return end;
    }

    /** Adds a record that ends before the latest session starts. */
    private long addEarlier(
        final SessionSide side, final long hash, final long key, final long latest, final long slot)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        final long oldEnd = lookBack(hash, key, latest, timestamp + gap);
        final long end = Math.max(oldEnd, timestamp + gap);
        final long session;
        if (oldEnd < timestamp)
        {
            session = history.upsert(hash, key, end);
            open(session, timestamp, oldEnd);
        }
        else
        {
            session = end == oldEnd ? history.upsert(hash, key, end) : history.move(hash, key, oldEnd, end);
            startNoLater(timestamp, hash, key, session);
            SessionDescriptor.end(session, end);
        }
        side.add(key, latest, session, slot);
        history.written();
        if (end == oldEnd)
        {
            return end;
        }
        if (laterEnd == NO_END)
        {
            SessionDescriptor.previousEnd(latest, end);
        }
        else
        {
            history.link(hash, key, laterEnd, end);
        }
        schedule.changeEarlier(key, oldEnd, end);
        return end;
    }

    /** Makes a session start no later than a record, and takes in the one before it if the record touches that. */
    private void startNoLater(final long timestamp, final long hash, final long key, final long session)
    {
        if (timestamp >= SessionDescriptor.start(session))
        {
            return;
        }
        final long previousEnd = SessionDescriptor.previousEnd(session);
        final long previous = previousEnd < timestamp ? 0 : history.find(hash, key, previousEnd);
        if (previous == 0)
        {
            SessionDescriptor.start(session, timestamp);
            return;
        }
        SessionDescriptor.start(session, Math.min(timestamp, SessionDescriptor.start(previous)));
        SessionDescriptor.previousEnd(session, SessionDescriptor.previousEnd(previous));
        left.takeIn(key, session, previous);
        right.takeIn(key, session, previous);
        history.remove(hash, key, previousEnd);
    }

    /**
     * A session that there is.
     *
     * @param hash of the key
     * @param key  address of its bytes
     * @param end  of the session
     * @return address of the session, to be read only, until the next call
     */
    public long find(final long hash, final long key, final long end)
    {
        final long latest = latestSessions.find(hash, key);
        return SessionDescriptor.end(latest) == end ? latest : history.find(hash, key, end);
    }

    /**
     * Moves to the next session that a watermark makes due, when the one before has fired.
     *
     * @param now  the watermark; the same until there is none
     * @param most how much may still be looked at, above 0
     * @return how much more may be looked at; 0 to be called again
     */
    public int moveOn(final long now, final int most)
    {
        return schedule.firings().hasNext() ? most : schedule.gather(now, most);
    }

    /**
     * Goes to the session that {@link #moveOn} has moved to.
     *
     * @return address of the session, to be read only; 0 when none is due
     */
    public long next()
    {
        final SessionFirings firings = schedule.firings();
        return firings.next() ? find(firings.hash(), firings.key(), firings.end()) : 0;
    }

    /**
     * Ends a watermark, when no session is due any more.
     *
     * @param now  the watermark
     * @param most sessions to remove, above 0
     * @return false to be called again
     */
    public boolean pass(final long now, final int most)
    {
        if (now == Long.MAX_VALUE)
        {
            left.clear();
            right.clear();
        }
        return schedule.pass(now, most);
    }

    @Override
    public void removing(final long key, final long session)
    {
        left.remove(key, session);
        right.remove(key, session);
    }

    @Override
    public void close()
    {
        left.close();
        right.close();
        schedule.close();
    }
}
