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
import io.millrace.operators.join.JoinKind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions over the records of two streams as SEMANTICS.md says them, in lists. It has bugs on demand, to see whether a
 * comparison with it notices any.
 */
final class SessionJoinModel
{
    /** What the model does wrong. */
    enum Bug
    {
        NONE, SIDES_APART, TOUCHING_IS_APART, LATE_BEFORE_MERGE, NO_FIRING_ANEW, LOSES_A_SIDE, LATER_FIRST,
        CLEANS_UP_ONE_LATE
    }

    private record Session(long key, long start, long end, List<Long> lefts, List<Long> rights)
    {
    }

    private final JoinKind kind;
    private final long gap;
    private final long lateness;
    private final Bug bug;
    private final Map<Long, List<Session>> sessions = new HashMap<>();
    private long watermark = Long.MIN_VALUE;

    SessionJoinModel(final JoinKind kind, final long gap, final long lateness, final Bug bug)
    {
        this.kind = kind;
        this.gap = gap;
        this.lateness = lateness;
        this.bug = bug;
    }

    void add(final boolean isLeft, final long key, final long time, final long value, final List<String> lines)
    {
        final long reach = bug == Bug.TOUCHING_IS_APART ? 1 : 0;
        final List<Session> kept = new ArrayList<>();
        final List<Session> touched = new ArrayList<>();
        for (final Session session : sessions.getOrDefault(key, List.of()))
        {
            final boolean apart = bug == Bug.SIDES_APART && (isLeft ? session.lefts : session.rights).isEmpty();
            (!apart && time <= session.end - reach && session.start <= time + gap - reach ? touched : kept).add(session);
        }
        final Comparator<Session> order = Comparator.comparing(Session::start);
        touched.sort(bug == Bug.LATER_FIRST ? order.reversed() : order);
        final List<Long> lefts = new ArrayList<>();
        final List<Long> rights = new ArrayList<>();
        long start = time;
        long end = time + gap;
        for (final Session session : touched)
        {
            lefts.addAll(session.lefts);
            if (bug != Bug.LOSES_A_SIDE || touched.size() < 2)
            {
                rights.addAll(session.rights);
            }
            start = Math.min(start, session.start);
            end = Math.max(end, session.end);
        }
        (isLeft ? lefts : rights).add(value);
        if (isGone(end) || bug == Bug.LATE_BEFORE_MERGE && isGone(time + gap))
        {
            lines.add("late " + (isLeft ? "left " : "right ") + value);
            return;
        }
        final Session merged = new Session(key, start, end, lefts, rights);
        kept.add(merged);
        sessions.put(key, kept);
        if (end - 1 <= watermark && bug != Bug.NO_FIRING_ANEW)
        {
            fire(merged, lines);
        }
    }

    private boolean isGone(final long end)
    {
        return end - 1 + lateness <= watermark;
    }

    void watermark(final long now, final List<String> lines)
    {
        final Comparator<Session> order =
            Comparator.comparing(session -> KeyHash.hash(session.key), Long::compareUnsigned);
        sessions.values().stream().flatMap(List::stream)
            .filter(session -> session.end - 1 > watermark && session.end - 1 <= now)
            .sorted(Comparator.comparing(Session::end).thenComparing(order))
            .forEach(session -> fire(session, lines));
        watermark = now - (bug == Bug.CLEANS_UP_ONE_LATE ? 1 : 0);
        sessions.values().forEach(list -> list.removeIf(session -> isGone(session.end)));
        watermark = now;
    }

    private void fire(final Session session, final List<String> lines)
    {
        final List<Long> none = List.of(-1L);
        final List<Long> lefts = session.lefts.isEmpty() && kind.keepsRight() ? none : session.lefts;
        final List<Long> rights = session.rights.isEmpty() && kind.keepsLeft() ? none : session.rights;
        for (final Long left : lefts)
        {
            for (final Long right : rights)
            {
                lines.add(session.key + " " + left + "-" + right + " end=" + session.end + "@" + (session.end - 1));
            }
        }
    }
}
