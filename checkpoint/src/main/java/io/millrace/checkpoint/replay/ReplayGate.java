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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.core.operator.Source;
import io.millrace.core.runtime.SourceGate;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Holds the sources of a replay to its pace and to its end; where no order log says where barriers are, it also has them put
 * where the hashes say that they were. One thread, the one that steps the job.
 */
final class ReplayGate implements SourceGate, AutoCloseable
{
    private static final long START = Long.MIN_VALUE;

    private final ReplayPace pace;
    private final Map<String, Place> places = new LinkedHashMap<>();
    /** Of the only source: records up to each barrier; empty behind the last. */
    private final Deque<Long> intervals = new ArrayDeque<>();
    private ReplayedCheckpoints checkpoints;
    private PlanJournals journals;
    private long limit = Long.MAX_VALUE;
    private boolean stepping;
    private String stepSource;
    private boolean stepped;
    private String steppedSource;
    private long emitted;
    private long started = START;
    private long wait;

    /** How far one source is. */
    private static final class Place
    {
        private JournalPace journal;
        private long allowed;
        private long used;
    }

    ReplayGate(final ReplayPace pace)
    {
        this.pace = pace;
    }

    void plan(final PlanJournals planned)
    {
        journals = planned;
    }

    void checkpoints(final ReplayedCheckpoints service)
    {
        checkpoints = service;
    }

    /** Ends the only source of a job without an order log behind a cause. */
    void limit(final long cause)
    {
        limit = cause;
    }

    /** Has the only source put barriers behind so many records each. */
    void intervals(final Collection<Long> records)
    {
        intervals.addAll(records);
    }

    /** Allows no record but those that {@link #allowOne} does. */
    void step()
    {
        stepping = true;
        stepped = true;
    }

    /** Allows one record of a source, or of the first that has one when it is null. */
    void allowOne(final String uid)
    {
        stepSource = uid;
        stepped = false;
        steppedSource = null;
    }

    /** The source of the record that was allowed; null when none has come. */
    String steppedSource()
    {
        return steppedSource;
    }

    /** Records that sources have emitted. */
    long emitted()
    {
        return emitted;
    }

    /** Nanoseconds until a record is due that a source waits for; 0 when none waits. Begins to look anew. */
    long takeWait()
    {
        final long taken = wait;
        wait = 0;
        return taken;
    }

    @Override
    public int permits(final String uid, final int subtask, final Source source, final int most)
    {
        if (stepping && (stepped || stepSource != null && !stepSource.equals(uid)))
        {
            return 0;
        }
        int permits = stepping ? 1 : most;
        if (!intervals.isEmpty())
        {
            final long left = intervals.getFirst();
            if (left == 0)
            {
                if (checkpoints.request() != 0)
                {
                    intervals.removeFirst();
                }
                return 0;
            }
            permits = (int)Math.min(permits, left);
        }
        final boolean reads = !pace.fast() || limit != Long.MAX_VALUE;
        return reads ? read(place(uid, subtask, source), permits) : permits;
    }

    private Place place(final String uid, final int subtask, final Source source)
    {
        final String key = uid + '/' + subtask;
        Place place = places.get(key);
        if (place == null)
        {
            place = new Place();
            places.put(key, place);
            final JournalContext journal = PlanJournals.input(journals.source(uid));
            if (journal == null)
            {
                throw new IllegalStateException("source " + uid +
                    " reads no journal: replay it as fast as it goes, and to its end or to a place in the recorded order");
            }
            place.journal = new JournalPace(journal, source);
        }
        return place;
    }

    private int read(final Place place, final int most)
    {
        final JournalPace journal = place.journal;
        final long now = pace.fast() ? 0 : pace.now();
        started = started == START ? now : started;
        while (place.allowed - place.used < most && journal.hasNext() && (limit == Long.MAX_VALUE || journal.cause() <= limit))
        {
            final long early = pace.fast() ? 0 : journal.offset() - (now - started);
            if (early > 0)
            {
                wait = wait == 0 ? early : Math.min(wait, early);
                return (int)(place.allowed - place.used);
            }
            place.allowed++;
            journal.next();
        }
        final boolean ended = !journal.hasNext();
        return ended && place.allowed == place.used ? most : (int)(place.allowed - place.used);
    }

    @Override
    public void emitted(final String uid, final int subtask, final int records)
    {
        emitted += records;
        stepped |= records > 0;
        steppedSource = records > 0 ? uid : steppedSource;
        if (!intervals.isEmpty())
        {
            intervals.addFirst(intervals.removeFirst() - records);
        }
        final Place place = places.get(uid + '/' + subtask);
        if (place != null)
        {
            place.used += records;
        }
    }

    @Override
    public void close()
    {
        for (final Place place : places.values())
        {
            place.journal.close();
        }
    }
}
