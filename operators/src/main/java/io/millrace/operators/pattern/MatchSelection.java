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

/**
 * Decides which of the matches that a step completed are emitted, in which order, and what they skip (SEMANTICS CEP-18
 * to CEP-20, CEP-23): the one that started first goes first, of several the longest, of several of one length the one
 * whose partial match came first. Each drops what its pattern's strategy says before the next is looked at. Matches go
 * before partial matches that timed out.
 */
final class MatchSelection
{
    private final AfterMatchSkipStrategy skip;
    private final CompiledPattern<?> pattern;
    private final PatternState state;
    private final Counter dropped;
    private final String operator;
    private final boolean ordered;
    private final boolean takesTimedOut;
    private final int allowed;
    private final LimitPolicy policy;
    private final PartialMatches matches = new PartialMatches();
    private final PartialMatches timedOut = new PartialMatches();
    private final Outbox outbox = new Outbox();

    MatchSelection(
        final PatternSettings<?> settings, final PatternState state, final Counter dropped, final String operator)
    {
        this.pattern = settings.pattern();
        this.skip = pattern.skip;
        this.state = state;
        this.dropped = dropped;
        this.operator = operator;
        this.ordered = settings.ordered();
        this.takesTimedOut = settings.timedOut() != null;
        this.allowed = settings.allowedPartialMatches();
        this.policy = settings.limitPolicy();
    }

    Outbox outbox()
    {
        return outbox;
    }

    void begin()
    {
        matches.clear();
        timedOut.clear();
        outbox.clear();
    }

    /** Takes a match, with the reference to its node. */
    void completed(final long node, final long startTime, final long startOrder, final int records)
    {
        matches.set(matches.add(0, -1), node, startTime, 0, startOrder, 0, records);
    }

    /** Takes a partial match whose time is over, with the reference to its node. */
    void timedOut(final PartialMatches partials, final int index, final long due, final boolean isMatch)
    {
        if (isMatch)
        {
            completed(partials.node[index], partials.startTime[index], partials.startOrder[index],
                partials.records[index]);
        }
        else if (takesTimedOut)
        {
            timedOut.set(timedOut.add(0, -1), partials.node[index], partials.startTime[index], due,
                partials.startOrder[index], 0, partials.records[index]);
        }
        else
        {
            state.addReferences(partials.node[index], -1);
        }
    }

    /** Decides what is emitted. */
    void select(final long time)
    {
        matches.sortLongestFirst();
        if (ordered)
        {
            hold();
            selectHeld(time);
        }
        else
        {
            selectAll(time);
        }
        timedOut.sortLongestFirst();
        for (int i = 0; i < timedOut.count; i++)
        {
            outbox.add(timedOut.node[i], timedOut.previousTime[i], true);
        }
    }

    private void selectAll(final long time)
    {
        while (matches.count > 0)
        {
            emitFirst(matches, time);
        }
    }

    private void hold()
    {
        for (int i = 0; i < matches.count; i++)
        {
            state.complete.addFrom(matches, i);
            state.complete.sink();
        }
        matches.clear();
    }

    private void selectHeld(final long time)
    {
        final PartialMatches held = state.complete;
        while (held.count > 0 &&
            (state.live.count == 0 || held.startOrder[0] <= state.live.startOrder[0]))
        {
            emitFirst(held, time);
        }
    }

    private void emitFirst(final PartialMatches from, final long time)
    {
        final long node = from.node[0];
        final long skipped = skippedUpTo(node, from.startOrder[0], time);
        outbox.add(node, time, false);
        from.removeFirst(1);
        drop(matches, skipped);
        drop(state.live, skipped);
        drop(state.complete, skipped);
    }

    /** Drops what started with a record up to there. */
    private void drop(final PartialMatches list, final long order)
    {
        int first = 0;
        while (first < list.count && list.startOrder[first] <= order)
        {
            state.addReferences(list.node[first], -1);
            first++;
        }
        if (first > 0)
        {
            list.removeFirst(first);
        }
    }

    /** The order of the last record of those that, when it started with them, makes a match be dropped; 0 for none. */
    private long skippedUpTo(final long node, final long startOrder, final long time)
    {
        return switch (skip.target())
        {
            case NOTHING -> 0;
            case NEXT -> startOrder;
            case PAST_LAST -> state.orderOf(node);
            case FIRST_OF, LAST_OF -> upToStep(node, startOrder, time);
        };
    }

    private long upToStep(final long node, final long startOrder, final long time)
    {
        long found = 0;
        for (long at = node; at != 0; at = state.nodeBefore(at))
        {
            if (state.stageOf(at) == pattern.skipStage)
            {
                found = state.orderOf(at);
                if (skip.target() == AfterMatchSkipStrategy.Target.LAST_OF)
                {
                    break;
                }
            }
        }
        if (skip.throwing() && (found == 0 || found == startOrder))
        {
            throw new IllegalStateException("skip=" + skip + " of operator " + operator + " pattern=(" + pattern +
                ") cannot skip after the match at timestamp=" + time + ": " + (found == 0 ?
                "no record of it took step=" + skip.name() + ": make the step mandatory, or leave out " +
                "throwExceptionOnMiss() so that such a match skips nothing" :
                "it starts with step=" + skip.name() + ", so that it would be found again: skip to another step, or " +
                "leave out throwExceptionOnMiss()"));
        }
        return found == 0 ? 0 : found - 1;
    }

    /** Keeps to the number of partial matches that is allowed. */
    void limit()
    {
        int excess = state.live.count + state.complete.count - allowed;
        if (excess <= 0)
        {
            return;
        }
        if (policy == LimitPolicy.FAIL)
        {
            throw new IllegalStateException("operator " + operator + " has partialMatches=" + (allowed + excess) +
                " for one key at timestamp=" + state.currentTime() + ", allowedPartialMatches=" + allowed +
                " of pattern=(" + pattern + "): shorten within(...), raise the limit, or choose a LimitPolicy that drops");
        }
        dropped.add(excess);
        while (excess > 0)
        {
            excess -= dropFrom(state.live.count > 0 ? state.live : state.complete, excess);
        }
    }

    private int dropFrom(final PartialMatches list, final int excess)
    {
        final int number = Math.min(excess, list.count);
        final int first = policy == LimitPolicy.DROP_OLDEST ? 0 : list.count - number;
        for (int i = first; i < first + number; i++)
        {
            state.addReferences(list.node[i], -1);
        }
        if (first == 0)
        {
            list.removeFirst(number);
        }
        else
        {
            list.count -= number;
        }
        return number;
    }
}
