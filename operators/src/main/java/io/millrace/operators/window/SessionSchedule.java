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
package io.millrace.operators.window;

import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.table.KeyHash;

/**
 * When sessions are fired and removed. A session is unfired while its end - 1 is above the watermark; it is removed by
 * the watermark that reaches its cleanup time, end - 1 + allowed lateness.
 * <pre>
 *   latest:     one entry for each key whose latest session is unfired, at its end - 1 or before. To extend the session
 *               changes nothing: when the time has come, the entry is put to where the session ends by then.
 *   earlier:    an entry for each unfired session before the latest, at its end - 1; it holds if one has this end.
 *   cleanups:   an entry for each fired session, at its cleanup time; it holds if one has this end.
 *
 *   watermark --> due entries --sessions that end there--> {@link SessionFirings} --> operator
 * </pre>
 * It follows from the sessions, and is made anew after a restore. Which entries there are, beyond those of sessions as
 * they are, depends on what was before; what is fired, and in which order, does not. For the task's thread only.
 */
public final class SessionSchedule implements AutoCloseable
{
    private final KeyedTable latest;
    private final SessionHistory history;
    private final SessionRemoval removal;
    private final long lateness;
    private final int keyLength;
    private final SessionDeadlines latestDue;
    private final SessionDeadlines earlierDue;
    private final SessionDeadlines cleanups;
    private final SessionFirings firings;
    private long watermark = Long.MIN_VALUE;
    /** Whether sessions with the end of {@link #firings} are being gathered, and the times that are still to be looked at. */
    private boolean gathering;
    private long latestTime;
    private long earlierTime;
    /** How many entries may still be looked at. */
    private int left;

    /**
     * A schedule of no sessions yet.
     *
     * @param latest    the latest session of each key
     * @param history   the sessions before these
     * @param removal   is told of sessions that go, but for those that the last watermark clears away together; null when
     *                  nothing is kept elsewhere
     * @param lateness  allowed
     * @param keyLength bytes of a key, a multiple of 8
     * @param account   that the bytes are counted in
     * @param owner     for messages
     */
    public SessionSchedule(
        final KeyedTable latest,
        final SessionHistory history,
        final SessionRemoval removal,
        final long lateness,
        final int keyLength,
        final MemoryAccount account,
        final String owner)
    {
        this.latest = latest;
        this.history = history;
        this.removal = removal;
        this.lateness = lateness;
        this.keyLength = keyLength;
        latestDue = new SessionDeadlines(keyLength, account, owner);
        earlierDue = new SessionDeadlines(keyLength, account, owner);
        cleanups = new SessionDeadlines(keyLength, account, owner);
        firings = new SessionFirings(keyLength, account, owner);
    }

    /**
     * The watermark before the first record.
     *
     * @param restored as it was in the snapshot
     */
    public void restore(final long restored)
    {
        watermark = restored;
    }

    /** Takes in the sessions that there are. */
    public void start()
    {
        latestDue.next(watermark);
        earlierDue.next(watermark);
        cleanups.next(watermark);
        addAll(latest.cursor(), latestDue);
        long slice = history.firstSlice(Long.MIN_VALUE);
        while (slice != Long.MAX_VALUE)
        {
            addAll(history.sessions(slice).cursor(), earlierDue);
            slice = history.firstSlice(slice + 1);
        }
    }

    private void addAll(final KeyedCursor sessions, final SessionDeadlines due)
    {
        while (sessions.next())
        {
            final long end = SessionDescriptor.end(sessions.value());
            if (isUnfired(end))
            {
                due.add(end - 1, sessions.key());
            }
            else
            {
                addCleanup(end, sessions.key());
            }
        }
    }

    /**
     * The last watermark.
     *
     * @return event time
     */
    public long watermark()
    {
        return watermark;
    }

    /**
     * Whether a session is still to be fired.
     *
     * @param end of the session
     * @return false when its end - 1 is at or below the watermark, and when there is none
     */
    public boolean isUnfired(final long end)
    {
        return end != SessionDescriptor.NO_END && end - 1 > watermark;
    }

    /**
     * Whether a session would be removed already.
     *
     * @param end of the session
     * @return true when its cleanup time is at or below the watermark
     */
    public boolean isGone(final long end)
    {
        return cleanupTime(end) <= watermark;
    }

    private long cleanupTime(final long end)
    {
        return end - 1 > Long.MAX_VALUE - lateness ? Long.MAX_VALUE : end - 1 + lateness;
    }

    /**
     * A key's latest session was opened or changed.
     *
     * @param key    address of its bytes
     * @param oldEnd end of the latest session before, {@link SessionDescriptor#NO_END} when there was none
     * @param end    of the latest session now
     */
    public void changeLatest(final long key, final long oldEnd, final long end)
    {
        if (!isUnfired(end))
        {
            changeFired(key, oldEnd, end);
        }
        else if (!isUnfired(oldEnd))
        {
            latestDue.add(end - 1, key);
        }
    }

    /**
     * The latest session of a key is not the latest any more.
     *
     * @param key address of its bytes
     * @param end of the session
     */
    public void moveToHistory(final long key, final long end)
    {
        if (isUnfired(end))
        {
            earlierDue.add(end - 1, key);
        }
    }

    /**
     * A session before the latest one was opened or changed.
     *
     * @param key    address of its bytes
     * @param oldEnd its end before, or any other when there was none
     * @param end    its end now
     */
    public void changeEarlier(final long key, final long oldEnd, final long end)
    {
        if (!isUnfired(end))
        {
            changeFired(key, oldEnd, end);
        }
        else if (end != oldEnd)
        {
            earlierDue.add(end - 1, key);
        }
    }

    private void changeFired(final long key, final long oldEnd, final long end)
    {
        if (end != oldEnd)
        {
            addCleanup(end, key);
        }
    }

    private void addCleanup(final long end, final long key)
    {
        final long time = cleanupTime(end);
        if (time != Long.MAX_VALUE)
        {
            cleanups.add(time, key);
        }
    }

    /**
     * What is to be fired now.
     *
     * @return the sessions that {@link #gather} found
     */
    public SessionFirings firings()
    {
        return firings;
    }

    /**
     * When the next session may be due.
     *
     * @return not after the earliest end; {@link SessionDeadlines#NONE} when there is no session
     */
    public long nextDue()
    {
        return Math.min(latestDue.earliest(), earlierDue.earliest());
    }

    /**
     * Gathers the sessions of the next end that is due, when those before were fired. When {@link #firings()} has none
     * afterwards, none is due.
     *
     * @param now  watermark to come
     * @param most entries to look at, 1 or more
     * @return how many more could have been looked at; 0 to be called again
     */
    public int gather(final long now, final int most)
    {
        left = most;
        while (left > 0 && (gathering || beginGathering(now)))
        {
            if (latestTime == firings.end() - 1)
            {
                gatherLatest(firings.end());
            }
            if (left > 0 && earlierTime == firings.end() - 1)
            {
                gatherEarlier(firings.end());
            }
            if (left > 0)
            {
                gathering = false;
                firings.sort();
                if (firings.hasNext())
                {
                    break;
                }
            }
        }
        return left;
    }

    private boolean beginGathering(final long now)
    {
        latestTime = latestDue.next(now);
        earlierTime = earlierDue.next(now);
        if (latestTime == SessionDeadlines.BUSY || earlierTime == SessionDeadlines.BUSY)
        {
            left = 0;
            return false;
        }
        final long time = Math.min(latestTime, earlierTime);
        if (time == SessionDeadlines.NONE)
        {
            return false;
        }
        firings.begin(time + 1);
        gathering = true;
        return true;
    }

    private void gatherLatest(final long end)
    {
        for (long key = latestDue.take(); key != 0; key = latestDue.take())
        {
            final long hash = KeyHash.hash(key, keyLength);
            final long endByNow = SessionDescriptor.end(latest.find(hash, key));
            if (endByNow == end)
            {
                firings.add(hash, key, true);
            }
            else
            {
                latestDue.add(endByNow - 1, key);
            }
            left--;
            if (left == 0)
            {
                return;
            }
        }
        latestTime = SessionDeadlines.NONE;
    }

    private void gatherEarlier(final long end)
    {
        for (long key = earlierDue.take(); key != 0; key = earlierDue.take())
        {
            final long hash = KeyHash.hash(key, keyLength);
            if (history.find(hash, key, end) != 0)
            {
                firings.add(hash, key, false);
            }
            left--;
            if (left == 0)
            {
                return;
            }
        }
        earlierTime = SessionDeadlines.NONE;
    }

    /**
     * The session that {@link #firings()} is at was fired: it is removed, or its removal is scheduled.
     *
     * @param now watermark to come
     */
    public void fired(final long now)
    {
        final long end = firings.end();
        if (cleanupTime(end) > now)
        {
            addCleanup(end, firings.key());
        }
        else if (firings.isLatest())
        {
            if (removal != null)
            {
                removal.removing(firings.key(), latest.find(firings.hash(), firings.key()));
            }
            latest.remove(firings.hash(), firings.key());
        }
        else
        {
            removeEarlier(firings.hash(), firings.key(), end);
        }
    }

    private void removeEarlier(final long hash, final long key, final long end)
    {
        if (removal != null)
        {
            removal.removing(key, history.find(hash, key, end));
        }
        history.remove(hash, key, end);
    }

    /**
     * Everything due was fired: the watermark is past, and sessions that have reached their cleanup time are removed.
     *
     * @param now  the watermark
     * @param most sessions to remove, 1 or more
     * @return false to be called again
     */
    public boolean pass(final long now, final int most)
    {
        watermark = now;
        if (now == Long.MAX_VALUE)
        {
            latest.clear();
            history.clear();
            cleanups.clear();
            return true;
        }
        left = most;
        for (long time = cleanups.next(now); time != SessionDeadlines.NONE; time = cleanups.next(now))
        {
            if (time == SessionDeadlines.BUSY || !removeAll(time - lateness + 1))
            {
                return false;
            }
        }
        return true;
    }

    /** Removes the sessions with an end, of those whose time it is; false when they are too many for once. */
    private boolean removeAll(final long end)
    {
        for (long key = cleanups.take(); key != 0; key = cleanups.take())
        {
            remove(KeyHash.hash(key, keyLength), key, end);
            left--;
            if (left == 0)
            {
                return false;
            }
        }
        return true;
    }

    private void remove(final long hash, final long key, final long end)
    {
        final long session = latest.find(hash, key);
        if (session != 0 && SessionDescriptor.end(session) == end)
        {
            if (removal != null)
            {
                removal.removing(key, session);
            }
            latest.remove(hash, key);
        }
        else if (history.find(hash, key, end) != 0)
        {
            removeEarlier(hash, key, end);
        }
    }

    @Override
    public void close()
    {
        latestDue.close();
        earlierDue.close();
        cleanups.close();
        firings.close();
    }
}
