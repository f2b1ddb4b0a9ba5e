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
package io.millrace.operators;

import io.millrace.memory.table.KeyHash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Session windows as SEMANTICS.md says them, on the heap, without a thought of speed: every watermark looks at every
 * session. It has bugs on demand, to see whether a comparison with it notices any.
 */
final class SessionModel
{
    /** What the model does wrong. */
    enum Bug
    {
        NONE, TOUCHING_IS_APART, LATE_BEFORE_MERGE, NO_FIRING_ANEW, FIRES_ONE_EARLY, CLEANS_UP_ONE_LATE, ORDER_OF_KEYS,
        KEEPS_START, LOSES_A_MERGED_SESSION, TOO_LATE_BY_TIMESTAMP
    }

    private record Session(long key, long start, long end, long count, long sum)
    {
    }

    private final long gap;
    private final long lateness;
    private final Bug bug;
    private final Map<Long, List<Session>> sessions = new HashMap<>();
    private final List<String> fired = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;
    private long lateRecords;
    private long firedRecords;

    SessionModel(final long gap, final long lateness, final Bug bug)
    {
        this.gap = gap;
        this.lateness = lateness;
        this.bug = bug;
    }

    /** A line for a result. */
    static String line(final long key, final long start, final long end, final long count, final long sum)
    {
        return key + " [" + start + "," + end + ") " + count + " " + sum;
    }

    /** What a record adds to the sum. */
    static long weight(final long value)
    {
        return value * value + 1;
    }

    void add(final long key, final long timestamp, final long value, final long cause)
    {
        final long reach = bug == Bug.TOUCHING_IS_APART ? 1 : 0;
        final List<Session> kept = new ArrayList<>();
        Session merged = new Session(key, timestamp, timestamp + gap, 1, weight(value));
        boolean tooLate = bug == Bug.LATE_BEFORE_MERGE && isGone(merged) ||
            bug == Bug.TOO_LATE_BY_TIMESTAMP && timestamp + lateness <= watermark;
        for (final Session session : sessions.getOrDefault(key, List.of()))
        {
            if (timestamp <= session.end - reach && session.start <= timestamp + gap - reach)
            {
                merged = merge(merged, session);
            }
            else
            {
                kept.add(session);
            }
        }
        tooLate |= isGone(merged);
        if (tooLate)
        {
            late.add(key + "@" + timestamp + " " + value + " @" + timestamp + " cause=" + cause);
            lateRecords++;
            return;
        }
        kept.add(merged);
        sessions.put(key, kept);
        if (merged.end - 1 <= watermark && bug != Bug.NO_FIRING_ANEW)
        {
            fire(merged, cause);
        }
    }

    private Session merge(final Session one, final Session other)
    {
        final boolean loses = bug == Bug.LOSES_A_MERGED_SESSION && one.count > 1;
        return new Session(one.key, bug == Bug.KEEPS_START ? other.start : Math.min(one.start, other.start),
            Math.max(one.end, other.end), one.count + (loses ? 0 : other.count), one.sum + (loses ? 0 : other.sum));
    }

    private boolean isGone(final Session session)
    {
        return session.end - 1 + lateness <= watermark;
    }

    private void fire(final Session session, final long cause)
    {
        fired.add(line(session.key, session.start, session.end, session.count, session.sum) + " @" + (session.end - 1) +
            " cause=" + cause);
        firedRecords += session.count;
    }

    void watermark(final long now, final long cause)
    {
        final long before = watermark;
        final long early = bug == Bug.FIRES_ONE_EARLY ? 1 : 0;
        final Comparator<Session> order = bug == Bug.ORDER_OF_KEYS ? Comparator.comparing(Session::key) :
            Comparator.comparing(session -> KeyHash.hash(session.key), Long::compareUnsigned);
        sessions.values().stream().flatMap(List::stream)
            .filter(session -> session.end - 1 - early > before - early && session.end - 1 - early <= now)
            .sorted(Comparator.comparing(Session::end).thenComparing(order))
            .forEach(session -> fire(session, cause));
        watermark = now - (bug == Bug.CLEANS_UP_ONE_LATE ? 1 : 0);
        sessions.values().forEach(list -> list.removeIf(this::isGone));
        sessions.values().removeIf(List::isEmpty);
        watermark = now;
    }

    /** Results and late records since the last call of this. */
    List<String> take()
    {
        final List<String> taken = new ArrayList<>(fired);
        taken.addAll(late);
        fired.clear();
        late.clear();
        return taken;
    }

    long records()
    {
        return firedRecords + lateRecords;
    }
}
