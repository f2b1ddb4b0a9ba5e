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

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Makes the automaton of a pattern, from its last step to its first (the NFA of "Efficient Pattern Matching over Event
 * Streams", SIGMOD 2008, with the contiguities and quantifiers of Apache Flink's CEP library).
 * <pre>
 *   a, next b          a --take--> b --take--> end
 *   followedBy b       b has an edge to itself that ignores what is no b; followedByAny: that ignores anything
 *   b optional         b --proceed--> what is behind it
 *   b oneOrMore        b --take--> loop --take--> loop, loop --proceed--> what is behind it
 *   times(2, 3)        b --take--> b2 --take--> b3 --take--> behind, b3 --proceed--> behind
 *   notFollowedBy n    no state: what is behind it has an edge that stops at n
 * </pre>
 * A state that ignores and also proceeds ignores into a copy of itself without the way to proceed: the states behind it
 * ignore the same record by themselves, and no match is found twice.
 *
 * @param <V> read-only view of the records
 */
final class PatternCompiler<V>
{
    private final Pattern<V> pattern;
    private final ToLongFunction<Duration> units;
    private final ConditionTable<V> conditions = new ConditionTable<>();
    /** What a state was before a greedy step in front of it made it wait. */
    private final Map<GraphState, GraphState> notGreedy = new HashMap<>();
    private long window;

    PatternCompiler(final Pattern<V> pattern, final ToLongFunction<Duration> units)
    {
        this.pattern = pattern;
        this.units = units;
    }

    /**
     * A sequence of steps: the whole pattern, or what is in a group.
     *
     * @param steps    from the first
     * @param group    place of the group; null for the whole pattern
     * @param first    whether this is the first pass through the group
     * @param proceeds whether one may go on behind the group from its first step
     */
    private record Sequence<V>(List<PatternStep<V>> steps, Place<V> group, boolean first, boolean proceeds)
    {
    }

    /** A step in a sequence. */
    private record Place<V>(Sequence<V> sequence, int index)
    {
        PatternStep<V> step()
        {
            return sequence.steps.get(index);
        }

        boolean headOfGroup()
        {
            return index == 0 && sequence.group != null;
        }

        PatternStep<V> following()
        {
            if (index + 1 < sequence.steps.size())
            {
                return sequence.steps.get(index + 1);
            }
            return sequence.group == null ? null : sequence.group.following();
        }
    }

    CompiledPattern<V> compile()
    {
        checkNames();
        final Sequence<V> whole = new Sequence<>(pattern.steps(), null, true, false);
        window = shortest(whole.steps);
        final PatternStep<V> last = whole.steps.get(whole.steps.size() - 1);
        if (last.contiguity() == Contiguity.NOT_FOLLOWED_BY && window == 0 && last.withinPrevious() == null)
        {
            throw new IllegalArgumentException("step=" + last + " of contiguity=" + last.contiguity() +
                " is the last one of pattern=(" + pattern + ") and has no time limit: it would never be over, add " +
                "within(...)");
        }
        final GraphState end = new GraphState(GraphState.Kind.FINAL, "", 0);
        return new CompiledPattern<>(pattern, sequence(whole, end), window, conditions);
    }

    private void checkNames()
    {
        final List<String> names = pattern.allNames();
        final Set<String> known = new HashSet<>();
        for (final String name : names)
        {
            if (!known.add(name))
            {
                throw new IllegalArgumentException("name=" + name + " is that of several steps of pattern=(" + pattern +
                    "): give each its own, also in groups");
            }
        }
    }

    private long shortest(final List<PatternStep<V>> steps)
    {
        long shortest = 0;
        for (final PatternStep<V> step : steps)
        {
            final long within = step.within() == null ? 0 : limit(step, step.within());
            shortest = shorter(shortest, within);
            if (step.group() != null)
            {
                shortest = shorter(shortest, shortest(step.group().steps()));
            }
        }
        return shortest;
    }

    private static long shorter(final long one, final long other)
    {
        return one == 0 || other != 0 && other < one ? other : one;
    }

    private long limit(final PatternStep<V> step, final Duration time)
    {
        final long limit = units.applyAsLong(time);
        if (limit <= 0)
        {
            throw new IllegalArgumentException("within=" + time + " of step=" + step + " is no time in the pipeline's " +
                "unit: make it longer, or choose a finer unit in Pipeline.create(name, unit)");
        }
        return limit;
    }

    private GraphState sequence(final Sequence<V> sequence, final GraphState behind)
    {
        GraphState next = behind;
        for (int i = sequence.steps.size() - 1; i >= 0; i--)
        {
            final Place<V> place = new Place<>(sequence, i);
            next = switch (place.step().contiguity())
            {
                case NOT_FOLLOWED_BY -> notFollowedBy(place, next);
                case NOT_NEXT -> notNext(place, next);
                default -> step(place, next);
            };
        }
        return next;
    }

    private GraphState notFollowedBy(final Place<V> place, final GraphState next)
    {
        if (next.kind != GraphState.Kind.FINAL)
        {
            return next;
        }
        final GraphState pending = newState(place, GraphState.Kind.PENDING);
        final int condition = take(place);
        pending.stop(place.step(), condition);
        addStops(place, pending);
        pending.ignore(pending, conditions.not(condition));
        return pending;
    }

    private GraphState notNext(final Place<V> place, final GraphState next)
    {
        final GraphState state = newState(place, GraphState.Kind.NORMAL);
        final int condition = take(place);
        if (next.kind == GraphState.Kind.FINAL)
        {
            state.ignore(next, conditions.not(condition));
        }
        else
        {
            state.proceed(next, conditions.not(condition));
        }
        state.stop(place.step(), condition);
        addStops(place, state);
        return state;
    }

    private GraphState step(final Place<V> place, final GraphState next)
    {
        final GraphState state = switch (place.step().quantifier().kind())
        {
            case LOOP -> times(place, looping(place, next), next);
            case TIMES -> times(place, next, next);
            case SINGLE -> single(place, next, next, take(place), ignore(place), place.step().optional(), true);
        };
        addStops(place, state);
        return state;
    }

    private GraphState times(final Place<V> place, final GraphState next, final GraphState proceed)
    {
        final Quantifier quantifier = place.step().quantifier();
        final int ignore = untilExtended(place, innerIgnore(place));
        final int take = untilExtended(place, take(place));
        if (quantifier.greedy() && quantifier.from() != quantifier.to())
        {
            wait(next, take);
        }
        GraphState state = next;
        for (int i = quantifier.from(); i < quantifier.to(); i++)
        {
            state = single(place, state, proceed, take, ignore, true, false);
            addStopOfFollowing(place, state);
        }
        for (int i = 1; i < quantifier.from(); i++)
        {
            state = single(place, state, proceed, take, ignore, false, false);
            addStopOfFollowing(place, state);
        }
        return single(place, state, proceed, take, ignore(place), quantifier.optional(), true);
    }

    private GraphState single(
        final Place<V> place,
        final GraphState next,
        final GraphState proceed,
        final int take,
        final int ignore,
        final boolean optional,
        final boolean first)
    {
        final PatternStep<V> step = place.step();
        if (step.group() != null)
        {
            final GraphState group =
                sequence(new Sequence<>(step.group().steps(), place, first, optional), next);
            if (optional)
            {
                group.proceed(proceed, always(place));
            }
            return group;
        }
        final GraphState state = newState(place, GraphState.Kind.NORMAL);
        final GraphState taken = withoutStops(place, next);
        state.take(taken, take);
        if (optional)
        {
            proceed(place, state, proceed);
        }
        if (ignore != ConditionTable.NONE)
        {
            GraphState ignoring = state;
            if (optional || headProceeds(place))
            {
                ignoring = newState(place, GraphState.Kind.NORMAL);
                ignoring.take(taken, take);
                ignoring.ignore(ignoring, ignore);
                addStops(place, ignoring);
            }
            state.ignore(ignoring, ignore);
        }
        return state;
    }

    private GraphState looping(final Place<V> place, final GraphState next)
    {
        final GraphState taken = withoutStops(place, next);
        final GraphState loop = loop(place, taken);
        if (taken != next && place.step().quantifier().greedy())
        {
            waitBehindLoop(place, next);
        }
        return loop;
    }

    private void waitBehindLoop(final Place<V> place, final GraphState next)
    {
        if (place.step().until() != null)
        {
            notGreedy.put(next, next.copy());
        }
        wait(next, take(place));
    }

    private GraphState loop(final Place<V> place, final GraphState next)
    {
        final PatternStep<V> step = place.step();
        if (step.group() != null)
        {
            final GraphState again = new GraphState(GraphState.Kind.NORMAL, "", 0);
            final GraphState group = sequence(new Sequence<>(step.group().steps(), place, false, true), again);
            group.proceed(next, always(place));
            again.proceed(group, always(place));
            return group;
        }
        final int ignore = untilExtended(place, innerIgnore(place));
        final int take = untilExtended(place, take(place));
        final GraphState loop = newState(place, GraphState.Kind.NORMAL);
        if (step.quantifier().greedy())
        {
            waitBehindLoop(place, next);
        }
        proceed(place, loop, next);
        loop.take(loop, take);
        addStopOfFollowing(place, loop);
        if (ignore != ConditionTable.NONE)
        {
            final GraphState ignoring = newState(place, GraphState.Kind.NORMAL);
            ignoring.take(loop, take);
            ignoring.ignore(ignoring, ignore);
            addStopOfFollowing(place, ignoring);
            loop.ignore(ignoring, ignore);
        }
        return loop;
    }

    /** Goes on behind a step. Behind a greedy one all waits for what it takes, until it is ended. */
    private void proceed(final Place<V> place, final GraphState state, final GraphState next)
    {
        final StepCondition<V> until = place.step().until();
        if (!place.step().quantifier().greedy() || until == null)
        {
            state.proceed(next, always(place));
            return;
        }
        final int ended = conditions.of(until);
        state.proceed(notGreedy.getOrDefault(next, next), conditions.and(always(place), ended));
        state.proceed(next, conditions.and(always(place), conditions.not(ended)));
    }

    private void wait(final GraphState state, final int take)
    {
        for (final GraphState.Edge edge : state.edges)
        {
            edge.expression = conditions.and(edge.expression, conditions.not(take));
        }
    }

    private boolean headProceeds(final Place<V> place)
    {
        return place.headOfGroup() && (place.sequence.proceeds || headProceeds(place.sequence.group));
    }

    private GraphState newState(final Place<V> place, final GraphState.Kind kind)
    {
        final PatternStep<V> step = place.step();
        final long gap = step.withinPrevious() == null ? 0 : limit(step, step.withinPrevious());
        if (window != 0 && gap > window)
        {
            throw new IllegalArgumentException("within=" + step.withinPrevious() + " " +
                WithinType.PREVIOUS_AND_CURRENT + " of step=" + step + " is longer than that of the whole pattern=(" +
                pattern + "): make it shorter, or leave it out");
        }
        return new GraphState(kind, step.name(), gap);
    }

    private int take(final Place<V> place)
    {
        return conditions.and(always(place), conditions.of(place.step().condition()));
    }

    private int ignore(final Place<V> place)
    {
        return ignore(place, outer(place));
    }

    private int innerIgnore(final Place<V> place)
    {
        return ignore(place, place.step().quantifier().inner());
    }

    private int ignore(final Place<V> place, final Contiguity contiguity)
    {
        return switch (contiguity)
        {
            case RELAXED -> conditions.and(always(place), conditions.not(conditions.of(place.step().condition())));
            case ANY -> always(place);
            default -> ConditionTable.NONE;
        };
    }

    /** How a step follows what is before it: the first one of a group as the group does. */
    private Contiguity outer(final Place<V> place)
    {
        if (!place.headOfGroup())
        {
            return place.step().contiguity();
        }
        final Place<V> group = place.sequence.group;
        return place.sequence.first ? outer(group) : group.step().quantifier().inner();
    }

    /** What holds for every transition in a group: the loop that it is in has not been ended. */
    private int always(final Place<V> place)
    {
        int expression = ConditionTable.TRUE;
        for (Place<V> group = place.sequence.group; group != null; group = group.sequence.group)
        {
            if (group.step().until() != null)
            {
                expression = conditions.and(conditions.not(conditions.of(group.step().until())), expression);
            }
        }
        return expression;
    }

    private int untilExtended(final Place<V> place, final int expression)
    {
        final StepCondition<V> until = place.step().until();
        return until == null || expression == ConditionTable.NONE || place.step().group() != null ? expression :
            conditions.and(conditions.not(conditions.of(until)), expression);
    }

    /** Stops at what may not come before the step: negated steps before it, with optional ones between. */
    private void addStops(final Place<V> place, final GraphState state)
    {
        final List<PatternStep<V>> steps = place.sequence.steps;
        int i = place.index - 1;
        while (i >= 0 && (steps.get(i).optional() || steps.get(i).isNot()))
        {
            if (steps.get(i).contiguity() == Contiguity.NOT_FOLLOWED_BY)
            {
                state.stop(steps.get(i), take(new Place<>(place.sequence, i)));
            }
            i--;
        }
        if (i < 0 && place.sequence.group != null && place.sequence.first)
        {
            addStops(place.sequence.group, state);
        }
    }

    private void addStopOfFollowing(final Place<V> place, final GraphState state)
    {
        final PatternStep<V> following = place.following();
        if (following != null && following.contiguity() == Contiguity.NOT_FOLLOWED_BY)
        {
            state.stop(following, conditions.of(following.condition()));
        }
    }

    /** What is behind an optional step when it was taken: the negated steps before it no longer count. */
    private GraphState withoutStops(final Place<V> place, final GraphState next)
    {
        final GraphState stops = new GraphState(GraphState.Kind.NORMAL, "", 0);
        addStops(place, stops);
        if (stops.edges.isEmpty() || !place.step().optional())
        {
            return next;
        }
        final Set<Object> nots = new HashSet<>();
        stops.edges.forEach(edge -> nots.add(edge.not));
        return withoutStops(next, nots, new HashMap<>());
    }

    private GraphState withoutStops(
        final GraphState state, final Set<Object> nots, final Map<GraphState, GraphState> copies)
    {
        final GraphState known = copies.get(state);
        if (known != null)
        {
            return known;
        }
        final GraphState copy = new GraphState(state.kind, state.name, state.window);
        copies.put(state, copy);
        for (final GraphState.Edge edge : state.edges)
        {
            switch (edge.action)
            {
                case TAKE -> copy.take(edge.target == state ? copy : edge.target, edge.expression);
                case IGNORE -> copy.ignore(ignoreTarget(edge.target, nots, copies), edge.expression);
                case PROCEED -> copy.proceed(withoutStops(edge.target, nots, copies), edge.expression);
                case STOP ->
                {
                    if (!nots.contains(edge.not))
                    {
                        copy.stop(edge.not, edge.expression);
                    }
                }
            }
        }
        return copy;
    }

    /** Where a record is passed over, the partial match stays at the same step. */
    private GraphState ignoreTarget(
        final GraphState target, final Set<Object> nots, final Map<GraphState, GraphState> copies)
    {
        return target.kind == GraphState.Kind.FINAL ? target : withoutStops(target, nots, copies);
    }
}
