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

import io.millrace.core.operator.OperatorContext;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Shows the records of a match, or of a partial one. They are looked for when they are asked for, and seen where
 * the key that is open has them. In debug mode every call gets views of its own.
 *
 * @param <V> read-only view of the records
 */
final class MatchView<V> implements Match<V>
{
    private final CompiledPattern<V> pattern;
    private final PatternState state;
    private final RecordType<V, ?> type;
    private final OperatorContext context;
    private final List<MatchedStep> steps = new ArrayList<>();
    private long node;
    private long timestamp;
    private boolean loaded;

    private int count;
    private int[] events = new int[16];
    private int[] stages = new int[16];
    private Flyweight[] views = new Flyweight[16];
    private boolean[] shown = new boolean[16];

    MatchView(
        final CompiledPattern<V> pattern,
        final PatternState state,
        final RecordType<V, ?> type,
        final OperatorContext context)
    {
        this.pattern = pattern;
        this.state = state;
        this.type = type;
        this.context = context;
        for (int stage = 0; stage < pattern.names.length; stage++)
        {
            steps.add(new MatchedStep());
        }
    }

    /**
     * Moves to a match.
     *
     * @param lastNode     of it; 0 when it has no records yet
     * @param newTimestamp of it
     * @return this
     */
    MatchView<V> on(final long lastNode, final long newTimestamp)
    {
        if (DebugMode.ENABLED)
        {
            release();
        }
        node = lastNode;
        timestamp = newTimestamp;
        loaded = false;
        return this;
    }

    /** Ends the call that it was handed to; called behind {@link DebugMode#ENABLED}. */
    void release()
    {
        for (int i = 0; loaded && i < count; i++)
        {
            if (views[i] != null)
            {
                views[i].release(context.name());
                views[i] = null;
            }
        }
        loaded = false;
        node = 0;
    }

    @Override
    public long timestamp()
    {
        return timestamp;
    }

    @Override
    public MatchedEvents<V> events(final String name)
    {
        final int stage = pattern.stageOf(name);
        if (!loaded)
        {
            load();
        }
        return steps.get(stage);
    }

    private void load()
    {
        count = node == 0 ? 0 : state.recordsOf(node);
        if (count > events.length)
        {
            grow();
        }
        for (int stage = 0; stage < steps.size(); stage++)
        {
            steps.get(stage).count = 0;
        }
        long next = node;
        for (int i = count - 1; i >= 0; i--)
        {
            events[i] = state.eventOf(next);
            stages[i] = state.stageOf(next);
            shown[i] = false;
            next = state.nodeBefore(next);
        }
        for (int i = 0; i < count; i++)
        {
            steps.get(stages[i]).add(i);
        }
        loaded = true;
    }

    private void grow()
    {
        final int length = Math.max(count, events.length * 2);
        events = new int[length];
        stages = new int[length];
        shown = new boolean[length];
        views = Arrays.copyOf(views, length);
    }

    @SuppressWarnings("unchecked")
    private V view(final int index)
    {
        if (views[index] == null)
        {
            views[index] = type.newFlyweight();
        }
        if (!shown[index])
        {
            views[index].wrapUnchecked(state.fieldsOf(events[index]));
            shown[index] = true;
        }
        return (V)views[index];
    }

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder("match at timestamp=").append(timestamp);
        for (final String name : pattern.names)
        {
            final MatchedEvents<V> matched = events(name);
            for (int i = 0; i < matched.count(); i++)
            {
                text.append(i == 0 ? " " + name + "=" : ", ").append(matched.get(i));
            }
        }
        return text.toString();
    }

    /** The records of one step. */
    private final class MatchedStep implements MatchedEvents<V>
    {
        private int[] indexes = new int[4];
        private int count;

        private void add(final int index)
        {
            if (count == indexes.length)
            {
                indexes = Arrays.copyOf(indexes, count * 2);
            }
            indexes[count++] = index;
        }

        @Override
        public int count()
        {
            return count;
        }

        @Override
        public V get(final int index)
        {
            if (index < 0 || index >= count)
            {
                throw new IndexOutOfBoundsException("index=" + index + " of records=" + count +
                    " that took the step: ask for 0 to count() - 1");
            }
            return view(indexes[index]);
        }
    }
}
