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

import java.util.ArrayList;
import java.util.List;

/** A state of the automaton while it is being built. */
final class GraphState
{
    enum Kind
    {
        NORMAL,
        /** A partial match that is here when its time is over is a match. */
        PENDING,
        FINAL
    }

    enum Action
    {
        /** The record is added to the match, under the name of the state that the edge is of. */
        TAKE((byte)0),
        /** The record is passed over. */
        IGNORE((byte)1),
        /** The edges of the target are looked at, too, with the same record. */
        PROCEED((byte)2),
        /** The partial match ends. */
        STOP((byte)3);

        final byte code;

        Action(final byte code)
        {
            this.code = code;
        }
    }

    static final class Edge
    {
        final Action action;
        final GraphState target;
        /** The negated step that an edge which stops is of, else null. */
        final Object not;
        int expression;

        private Edge(final Action action, final GraphState target, final Object not, final int expression)
        {
            this.action = action;
            this.target = target;
            this.not = not;
            this.expression = expression;
        }
    }

    final Kind kind;
    /** Name of the step; empty for a state that takes no record. */
    final String name;
    /** The most time from the record before, 0 without limit. */
    final long window;
    final List<Edge> edges = new ArrayList<>();

    GraphState(final Kind kind, final String name, final long window)
    {
        this.kind = kind;
        this.name = name;
        this.window = window;
    }

    void take(final GraphState target, final int expression)
    {
        edges.add(new Edge(Action.TAKE, target, null, expression));
    }

    void ignore(final GraphState target, final int expression)
    {
        edges.add(new Edge(Action.IGNORE, target, null, expression));
    }

    void proceed(final GraphState target, final int expression)
    {
        edges.add(new Edge(Action.PROCEED, target, null, expression));
    }

    /** Ends partial matches here for a record that a negated step is fulfilled by; once for each step. */
    void stop(final Object not, final int expression)
    {
        if (edges.stream().noneMatch(edge -> edge.not == not))
        {
            edges.add(new Edge(Action.STOP, null, not, expression));
        }
    }

    /** A state with the same edges; one that led back to this one leads back to the new one. */
    GraphState copy()
    {
        final GraphState copy = new GraphState(kind, name, window);
        for (final Edge edge : edges)
        {
            copy.edges.add(new Edge(edge.action, edge.target == this ? copy : edge.target, edge.not, edge.expression));
        }
        return copy;
    }
}
