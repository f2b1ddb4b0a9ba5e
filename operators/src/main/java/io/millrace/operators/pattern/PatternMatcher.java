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

import io.millrace.core.chain.FailureJudge;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.FiringGuard;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.Arrays;

/**
 * Takes the partial matches of the key that is open one step further: a record is offered to each of them and to the
 * start (SEMANTICS CEP-2), or their time is over. What is to be emitted then waits in {@link #outbox()}.
 *
 * @param <V> read-only view of the records
 */
final class PatternMatcher<V>
{
    private static final int UNKNOWN = 0;
    private static final int HOLDS = 1;
    private static final int FAILS = 2;
    /** Edges are looked up instead of searched for when states times sets of answers are so many or fewer. */
    private static final int MOST_LOOK_UPS = 1024;

    private final CompiledPattern<V> pattern;
    private final PatternState state;
    private final MatchView<V> match;
    private final RecordType<V, ?> type;
    private final MatchSelection selection;
    private final String operator;
    /** Null without an error policy. */
    private final FiringGuard guard;
    private Flyweight view;

    private final byte[] answers;
    private final boolean[] visited;
    private int[] toVisit;
    private int[] edges = new int[8];
    private int edgeCount;
    /**
     * When all conditions ask for nothing but the record: the edges of each state for each set of answers, whether the
     * partial match ends there, and whether one that arrives there is a match; else null.
     * <pre>
     *   index:  | state | a bit for each condition, 1 when it holds |
     * </pre>
     */
    private final int[][] edgesOf;
    private final boolean[] stoppedOf;
    private final boolean[] completesOf;
    /** The answers that the record has, a bit each. */
    private int answerSet;
    /** The partial match that the record is offered to. */
    private long node;
    private boolean stopped;
    /** Whether a condition has failed with the record. */
    private boolean failed;
    /** Whether what the last record taken made is a match. */
    private boolean completes;

    PatternMatcher(
        final PatternSettings<V> settings,
        final PatternState state,
        final MatchView<V> match,
        final RecordType<V, ?> type,
        final Counter dropped,
        final String operator,
        final FiringGuard guard)
    {
        this.pattern = settings.pattern();
        this.state = state;
        this.match = match;
        this.type = type;
        this.operator = operator;
        this.guard = guard;
        this.selection = new MatchSelection(settings, state, dropped, operator);
        this.view = type.newFlyweight();
        this.answers = new byte[pattern.simple.length];
        this.visited = new boolean[pattern.stateCount];
        this.toVisit = new int[pattern.stateCount];
        final int sets = sets(pattern);
        this.edgesOf = sets == 0 ? null : new int[sets * pattern.stateCount][];
        this.stoppedOf = sets == 0 ? null : new boolean[sets * pattern.stateCount];
        this.completesOf = sets == 0 ? null : new boolean[sets * pattern.stateCount];
        for (answerSet = 0; answerSet < sets; answerSet++)
        {
            fillIn();
        }
    }

    /** How many sets of answers there are; 0 when edges are searched for. */
    private static int sets(final CompiledPattern<?> pattern)
    {
        for (final boolean simple : pattern.simple)
        {
            if (!simple)
            {
                return 0;
            }
        }
        final int bits = pattern.simple.length;
        return bits < Integer.SIZE - 1 && (long)pattern.stateCount << bits <= MOST_LOOK_UPS ? 1 << bits : 0;
    }

    private void fillIn()
    {
        for (int i = 0; i < answers.length; i++)
        {
            answers[i] = (byte)((answerSet >>> i & 1) != 0 ? HOLDS : FAILS);
        }
        for (int at = 0; at < pattern.stateCount; at++)
        {
            search(at);
            final int index = lookUp(at);
            edgesOf[index] = Arrays.copyOf(edges, edgeCount);
            stoppedOf[index] = stopped;
            completesOf[index] = completesAt(at);
        }
    }

    private int lookUp(final int at)
    {
        return at << answers.length | answerSet;
    }

    private void answerAll()
    {
        int set = 0;
        for (int i = 0; i < answers.length; i++)
        {
            set |= test(i) ? 1 << i : 0;
        }
        answerSet = set;
    }

    /** What is to be emitted, in its order. */
    Outbox outbox()
    {
        return selection.outbox();
    }

    /**
     * Takes the key one step further: ends what has timed out, else offers the first record that waits.
     *
     * @param time that the key is due at
     */
    void step(final long time)
    {
        selection.begin();
        if (timeOut(time))
        {
            state.copyStoredComplete();
            selection.select(time);
        }
        else if (state.isWaiting(time))
        {
            state.copyStoredComplete();
            state.live.clear();
            state.beginEvent();
            offer();
            selection.select(time);
            selection.limit();
            return;
        }
        else
        {
            state.copyStored();
        }
    }

    /** Ends the step, after everything was emitted. */
    void endStep()
    {
        if (state.hasCurrent())
        {
            state.endEvent();
        }
        closeKey();
    }

    /** Closes the key that is open. */
    void closeKey()
    {
        state.close(firstDue());
    }

    private long firstDue()
    {
        long first = PatternState.NEVER;
        for (int i = 0; i < state.live.count; i++)
        {
            first = Math.min(first, due(state.live, i));
        }
        return first;
    }

    /** When a partial match times out. */
    private long due(final PartialMatches partials, final int index)
    {
        final long gap = pattern.gap[partials.state[index]];
        final long whole = pattern.window == 0 ?
            PatternState.NEVER : saturatedSum(partials.startTime[index], pattern.window);
        return gap == 0 ? whole : Math.min(whole, saturatedSum(partials.previousTime[index], gap));
    }

    private static long saturatedSum(final long time, final long window)
    {
        return time > Long.MAX_VALUE - window ? PatternState.NEVER : time + window;
    }

    private boolean timeOut(final long time)
    {
        state.live.clear();
        boolean some = false;
        for (int i = 0; i < state.stored.count; i++)
        {
            final long due = due(state.stored, i);
            if (due > time || due == PatternState.NEVER)
            {
                state.live.addFrom(state.stored, i);
            }
            else
            {
                some = true;
                selection.timedOut(state.stored, i, due, pattern.pending[state.stored.state[i]]);
            }
        }
        return some;
    }

    private void offer()
    {
        if (DebugMode.ENABLED)
        {
            view = type.newFlyweight();
        }
        view.wrapUnchecked(state.current() + SlotDescriptor.HEADER_LENGTH);
        failed = false;
        Arrays.fill(answers, (byte)UNKNOWN);
        if (edgesOf != null)
        {
            answerAll();
        }
        final PartialMatches stored = state.stored;
        for (int i = 0; i < stored.count; i++)
        {
            collect(stored.state[i], stored.node[i]);
            follow(i);
        }
        collect(CompiledPattern.START, 0);
        begin();
        if (DebugMode.ENABLED)
        {
            view.release(operator);
        }
    }

    private void forgetIterative()
    {
        for (int i = 0; i < answers.length; i++)
        {
            if (!pattern.simple[i])
            {
                answers[i] = UNKNOWN;
            }
        }
    }

    /** Collects the edges that a partial match may follow with the record. */
    private void collect(final int from, final long fromNode)
    {
        node = fromNode;
        if (edgesOf != null)
        {
            final int index = lookUp(from);
            edges = edgesOf[index];
            edgeCount = edges.length;
            stopped = stoppedOf[index];
            return;
        }
        forgetIterative();
        match.on(fromNode, state.currentTime());
        search(from);
    }

    private void search(final int from)
    {
        edgeCount = 0;
        stopped = false;
        Arrays.fill(visited, false);
        int depth = 0;
        toVisit[depth++] = from;
        visited[from] = true;
        while (depth > 0)
        {
            final int at = toVisit[--depth];
            for (int edge = pattern.firstEdge[at]; edge < pattern.firstEdge[at + 1]; edge++)
            {
                final int target = pattern.edgeTarget[edge];
                if (pattern.edgeAction[edge] == CompiledPattern.PROCEED && visited[target] ||
                    !holds(pattern.edgeExpression[edge]))
                {
                    continue;
                }
                switch (pattern.edgeAction[edge])
                {
                    case CompiledPattern.PROCEED ->
                    {
                        visited[target] = true;
                        toVisit[depth++] = target;
                    }
                    case CompiledPattern.STOP -> stopped = true;
                    default -> addEdge(edge);
                }
            }
        }
    }

    private void addEdge(final int edge)
    {
        if (edgeCount == edges.length)
        {
            edges = Arrays.copyOf(edges, edgeCount * 2);
        }
        edges[edgeCount++] = edge;
    }

    /** Makes of a partial match what the edges say: none, itself, or several. */
    private void follow(final int index)
    {
        final PartialMatches stored = state.stored;
        // What refers to the node in the end, less the partial match as it was.
        int references = -1;
        int origin = index;
        for (int i = 0; i < edgeCount; i++)
        {
            final int edge = edges[i];
            final int target = pattern.edgeTarget[edge];
            if (pattern.edgeAction[edge] == CompiledPattern.TAKE)
            {
                final long taken =
                    isInTime(edge, stored.previousTime[index]) ? take(edge, stored.records[index]) : 0;
                if (taken == 0)
                {
                    continue;
                }
                references++;
                final long startTime = stored.startTime[index];
                origin = arrive(target, taken, startTime, stored.startOrder[index], stored.records[index] + 1, origin);
            }
            else if (pattern.isFinal[target])
            {
                references++;
                selection.completed(node, stored.startTime[index], stored.startOrder[index], stored.records[index]);
            }
            else if (!stopped)
            {
                references++;
                final int added = add(origin);
                origin = -1;
                state.live.set(added, node, stored.startTime[index], stored.previousTime[index],
                    stored.startOrder[index], target, stored.records[index]);
            }
        }
        state.addReferences(node, references);
    }

    /**
     * Whether a record comes soon enough after the one before (SEMANTICS CEP-16). Where a loop goes on to a step with a
     * limit, the partial match has not timed out by then, as the loop might take more.
     */
    private boolean isInTime(final int edge, final long previousTime)
    {
        final long gap = pattern.edgeGap[edge];
        return gap == 0 || state.currentTime() < saturatedSum(previousTime, gap);
    }

    /** Begins partial matches with the record. */
    private void begin()
    {
        for (int i = 0; i < edgeCount; i++)
        {
            final int edge = edges[i];
            if (pattern.edgeAction[edge] == CompiledPattern.TAKE)
            {
                final long taken = take(edge, 0);
                if (taken != 0)
                {
                    arrive(pattern.edgeTarget[edge], taken, state.currentTime(), state.currentOrder(), 1, -1);
                }
            }
        }
    }

    /** Adds the record to the match; 0 when nothing comes of it. */
    private long take(final int edge, final int records)
    {
        final int target = pattern.edgeTarget[edge];
        final boolean goesOn = !stopped && !pattern.isFinal[target];
        completes = edgesOf != null ? completesOf[lookUp(target)] : completesAt(target);
        final int references = (goesOn ? 1 : 0) + (completes ? 1 : 0);
        return references == 0 ? 0 : state.newNode(node, pattern.edgeStage[edge], records + 1, references);
    }

    private boolean completesAt(final int target)
    {
        return pattern.isFinal[target] || pattern.reachesFinal[target] && proceedsToFinal(target);
    }

    private int arrive(
        final int target, final long taken, final long startTime, final long startOrder, final int records, final int origin)
    {
        int left = origin;
        if (!stopped && !pattern.isFinal[target])
        {
            final int added = add(left);
            left = -1;
            state.live.set(added, taken, startTime, state.currentTime(), startOrder, target, records);
        }
        if (completes)
        {
            selection.completed(taken, startTime, startOrder, records);
        }
        return left;
    }

    private int add(final int origin)
    {
        return state.live.add(origin < 0 ? 0 : state.stored.row[origin], origin);
    }

    private boolean proceedsToFinal(final int from)
    {
        Arrays.fill(visited, false);
        int depth = 0;
        toVisit[depth++] = from;
        visited[from] = true;
        while (depth > 0)
        {
            final int at = toVisit[--depth];
            for (int edge = pattern.firstEdge[at]; edge < pattern.firstEdge[at + 1]; edge++)
            {
                final int target = pattern.edgeTarget[edge];
                if (pattern.edgeAction[edge] == CompiledPattern.PROCEED && !visited[target] &&
                    holds(pattern.edgeExpression[edge]))
                {
                    if (pattern.isFinal[target])
                    {
                        return true;
                    }
                    visited[target] = true;
                    toVisit[depth++] = target;
                }
            }
        }
        return false;
    }

    private boolean holds(final int expression)
    {
        return switch (pattern.operation[expression])
        {
            case ConditionTable.IS_TRUE -> true;
            case ConditionTable.CONDITION -> test(pattern.left[expression]);
            case ConditionTable.NOT -> !holds(pattern.left[expression]);
            default -> holds(pattern.left[expression]) && holds(pattern.right[expression]);
        };
    }

    @SuppressWarnings("unchecked")
    private boolean test(final int condition)
    {
        if (answers[condition] == UNKNOWN)
        {
            final IterativeCondition<V> asked = pattern.conditions.get(condition);
            final boolean holds = guard == null ? asked.test((V)view, match) : tryToTest(asked);
            answers[condition] = (byte)(holds ? HOLDS : FAILS);
        }
        return answers[condition] == HOLDS;
    }

    /** A condition that fails does not hold, and the record is in the dead letters once, however many fail with it. */
    @SuppressWarnings("unchecked")
    private boolean tryToTest(final IterativeCondition<V> condition)
    {
        guard.begin();
        do
        {
            try
            {
                return condition.test((V)view, match);
            }
            catch (final Throwable thrown)
            {
                if (failed && FailureJudge.isOfRecord(thrown))
                {
                    return false;
                }
                if (!guard.takes(thrown, state.current(), type))
                {
                    throw thrown;
                }
            }
        }
        while (guard.again());
        failed = true;
        return false;
    }
}
