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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The automaton of a pattern: states and their transitions, numbered, in arrays. Immutable; shared by all instances of
 * an operator.
 *
 * @param <V> read-only view of the records
 */
public final class CompiledPattern<V>
{
    /** Codes of {@link GraphState.Action}. */
    static final byte TAKE = 0;
    static final byte IGNORE = 1;
    static final byte PROCEED = 2;
    static final byte STOP = 3;

    /** The state that a match begins in. */
    static final int START = 0;

    final Pattern<V> pattern;
    final AfterMatchSkipStrategy skip;
    final String[] names;
    /** Index of the name that the skip strategy has; -1 when it has none. */
    final int skipStage;
    /** The most time from the first record to the last, 0 without limit. */
    final long window;

    final int stateCount;
    private final String[] stateNames;
    final boolean[] isFinal;
    /** Whether one may get to the end without a record. */
    final boolean[] reachesFinal;
    /** Whether what is here when its time is over is a match. */
    final boolean[] pending;
    final long[] gap;
    /** The edges of a state are those from here to where the next state's begin. */
    final int[] firstEdge;
    final byte[] edgeAction;
    final int[] edgeTarget;
    final int[] edgeExpression;
    /** The most time since the record before that an edge which takes one allows, 0 without limit. */
    final long[] edgeGap;
    /** Index of the name that a record gets which is taken; -1 where none is. */
    final int[] edgeStage;

    final byte[] operation;
    final int[] left;
    final int[] right;
    final List<IterativeCondition<V>> conditions = new ArrayList<>();
    final boolean[] simple;
    /** Whether a record that fulfils no condition changes nothing, and conditions ask for nothing but the record. */
    final boolean passesUnfit;

    CompiledPattern(
        final Pattern<V> pattern, final GraphState start, final long window, final ConditionTable<V> table)
    {
        this.pattern = pattern;
        this.skip = pattern.skip();
        this.window = window;
        final List<GraphState> states = new ArrayList<>();
        final Map<GraphState, Integer> numbers = new HashMap<>();
        number(start, states, numbers);
        stateCount = states.size();
        stateNames = states.stream().map(state -> state.name).toArray(String[]::new);
        final List<String> taken = pattern.allNames();
        taken.removeIf(name -> states.stream().noneMatch(state -> takes(state, name)));
        names = taken.toArray(String[]::new);
        skipStage = taken.indexOf(skip.name());
        if (skipStage < 0 && !skip.name().isEmpty())
        {
            throw new IllegalArgumentException("skip=" + skip + " of pattern=(" + pattern +
                ") is to a step that the pattern has not, or that takes no record: skip to one of " + taken);
        }

        isFinal = new boolean[stateCount];
        gap = new long[stateCount];
        firstEdge = new int[stateCount + 1];
        final int edges = states.stream().mapToInt(state -> state.edges.size()).sum();
        edgeAction = new byte[edges];
        edgeTarget = new int[edges];
        edgeExpression = new int[edges];
        edgeGap = new long[edges];
        edgeStage = new int[edges];
        int edge = 0;
        for (int i = 0; i < stateCount; i++)
        {
            final GraphState state = states.get(i);
            isFinal[i] = state.kind == GraphState.Kind.FINAL;
            gap[i] = state.window;
            firstEdge[i] = edge;
            for (final GraphState.Edge each : state.edges)
            {
                edgeAction[edge] = each.action.code;
                edgeTarget[edge] = each.target == null ? -1 : numbers.get(each.target);
                edgeExpression[edge] = each.expression;
                edgeGap[edge] = state.window;
                edgeStage[edge] = taken.indexOf(state.name);
                edge++;
            }
        }
        firstEdge[stateCount] = edge;
        reachesFinal = reaches(states, GraphState.Kind.FINAL);
        pending = reaches(states, GraphState.Kind.PENDING);

        final List<ConditionTable.Expression> expressions = table.expressions();
        operation = new byte[expressions.size()];
        left = new int[expressions.size()];
        right = new int[expressions.size()];
        for (int i = 0; i < operation.length; i++)
        {
            operation[i] = expressions.get(i).operation();
            left[i] = expressions.get(i).left();
            right[i] = expressions.get(i).right();
        }
        simple = new boolean[table.conditions().size()];
        for (int i = 0; i < simple.length; i++)
        {
            conditions.add(table.conditions().get(i).test());
            simple[i] = table.conditions().get(i).simple();
        }
        passesUnfit = passesUnfit();
    }

    private boolean passesUnfit()
    {
        for (final boolean each : simple)
        {
            if (!each)
            {
                return false;
            }
        }
        for (final int edge : unfitEdges(START))
        {
            if (edgeAction[edge] == TAKE)
            {
                return false;
            }
        }
        for (int edge = 0; edge < edgeAction.length; edge++)
        {
            final boolean stays = edgeAction[edge] == TAKE || edgeAction[edge] == IGNORE;
            if (stays && !isFinal[edgeTarget[edge]] && !keepsUnfit(edgeTarget[edge]))
            {
                return false;
            }
        }
        return true;
    }

    /** Whether a partial match in a state is the same after a record that fulfils no condition. */
    private boolean keepsUnfit(final int state)
    {
        final List<Integer> edges = unfitEdges(state);
        return edges.size() == 1 && edgeAction[edges.get(0)] == IGNORE && edgeTarget[edges.get(0)] == state;
    }

    /** The edges but those that proceed which a record that fulfils no condition has a partial match follow. */
    private List<Integer> unfitEdges(final int from)
    {
        final List<Integer> found = new ArrayList<>();
        final List<Integer> toVisit = new ArrayList<>(List.of(from));
        for (int i = 0; i < toVisit.size(); i++)
        {
            final int state = toVisit.get(i);
            for (int edge = firstEdge[state]; edge < firstEdge[state + 1]; edge++)
            {
                if (!holdsForUnfit(edgeExpression[edge]))
                {
                    continue;
                }
                if (edgeAction[edge] != PROCEED)
                {
                    found.add(edge);
                }
                else if (!toVisit.contains(edgeTarget[edge]))
                {
                    toVisit.add(edgeTarget[edge]);
                }
            }
        }
        return found;
    }

    private boolean holdsForUnfit(final int expression)
    {
        return switch (operation[expression])
        {
            case ConditionTable.IS_TRUE -> true;
            case ConditionTable.CONDITION -> false;
            case ConditionTable.NOT -> !holdsForUnfit(left[expression]);
            default -> holdsForUnfit(left[expression]) && holdsForUnfit(right[expression]);
        };
    }

    /**
     * Compiles a pattern.
     *
     * @param pattern to compile
     * @param units   gives a time in the pipeline's unit
     * @param <V>     read-only view of the records
     * @return its automaton
     * @throws IllegalArgumentException when the pattern cannot be matched
     */
    public static <V> CompiledPattern<V> of(final Pattern<V> pattern, final ToLongFunction<Duration> units)
    {
        return new PatternCompiler<>(pattern, units).compile();
    }

    private static boolean takes(final GraphState state, final String name)
    {
        return state.name.equals(name) && state.edges.stream().anyMatch(edge -> edge.action == GraphState.Action.TAKE);
    }

    private static void number(
        final GraphState start, final List<GraphState> states, final Map<GraphState, Integer> numbers)
    {
        states.add(start);
        numbers.put(start, 0);
        for (int i = 0; i < states.size(); i++)
        {
            for (final GraphState.Edge edge : states.get(i).edges)
            {
                if (edge.target != null && !numbers.containsKey(edge.target))
                {
                    numbers.put(edge.target, states.size());
                    states.add(edge.target);
                }
            }
        }
    }

    private boolean[] reaches(final List<GraphState> states, final GraphState.Kind kind)
    {
        final boolean[] reaching = new boolean[stateCount];
        boolean changed = true;
        while (changed)
        {
            changed = false;
            for (int state = 0; state < stateCount; state++)
            {
                if (!reaching[state] && (states.get(state).kind == kind || proceedsToOne(state, reaching)))
                {
                    reaching[state] = true;
                    changed = true;
                }
            }
        }
        return reaching;
    }

    private boolean proceedsToOne(final int state, final boolean[] reaching)
    {
        for (int edge = firstEdge[state]; edge < firstEdge[state + 1]; edge++)
        {
            if (edgeAction[edge] == PROCEED && reaching[edgeTarget[edge]])
            {
                return true;
            }
        }
        return false;
    }

    /**
     * The step at which a partial match may wait for ever: what comes between is ignored, and no time limit is over.
     *
     * @return name of the first such step; null when there is none
     */
    public String waitsAt()
    {
        for (int state = START + 1; window == 0 && state < stateCount; state++)
        {
            for (int edge = firstEdge[state]; gap[state] == 0 && edge < firstEdge[state + 1]; edge++)
            {
                if (edgeAction[edge] == IGNORE && !isFinal[edgeTarget[edge]] && !isNever(edgeExpression[edge]))
                {
                    return stateNames[state];
                }
            }
        }
        return null;
    }

    private boolean isNever(final int expression)
    {
        return operation[expression] == ConditionTable.NOT &&
            operation[left[expression]] == ConditionTable.IS_TRUE;
    }

    int stageOf(final String name)
    {
        for (int i = 0; i < names.length; i++)
        {
            if (names[i].equals(name))
            {
                return i;
            }
        }
        throw new IllegalArgumentException("name=" + name + " is none of the steps of pattern=(" + pattern +
            ") that take records: ask for one of " + List.of(names));
    }

    /**
     * What a snapshot of partial matches depends on, apart from the conditions.
     *
     * @return the steps as text
     */
    public String fingerprint()
    {
        return pattern + " states=" + stateCount;
    }

    @Override
    public String toString()
    {
        return pattern.toString();
    }
}
