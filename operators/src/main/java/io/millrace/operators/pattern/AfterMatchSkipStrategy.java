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

import java.util.Objects;

/**
 * Which partial matches, and which other matches that are complete, are dropped after a match (SEMANTICS CEP-18,
 * CEP-20). What started later is never dropped by what started earlier alone: it is the record it started with that
 * counts.
 */
public final class AfterMatchSkipStrategy
{
    enum Target
    {
        NOTHING,
        NEXT,
        PAST_LAST,
        FIRST_OF,
        LAST_OF
    }

    private static final AfterMatchSkipStrategy NO_SKIP = new AfterMatchSkipStrategy(Target.NOTHING, "", false);
    private static final AfterMatchSkipStrategy SKIP_TO_NEXT = new AfterMatchSkipStrategy(Target.NEXT, "", false);
    private static final AfterMatchSkipStrategy SKIP_PAST_LAST = new AfterMatchSkipStrategy(Target.PAST_LAST, "", false);

    private final Target target;
    private final String name;
    private final boolean throwing;

    private AfterMatchSkipStrategy(final Target target, final String name, final boolean throwing)
    {
        this.target = target;
        this.name = Objects.requireNonNull(name, "name");
        this.throwing = throwing;
    }

    /**
     * Drops nothing: every match is emitted.
     *
     * @return the strategy
     */
    public static AfterMatchSkipStrategy noSkip()
    {
        return NO_SKIP;
    }

    /**
     * Drops what started with the same record as the match.
     *
     * @return the strategy
     */
    public static AfterMatchSkipStrategy skipToNext()
    {
        return SKIP_TO_NEXT;
    }

    /**
     * Drops what started with the last record of the match or before it, so that matches do not overlap.
     *
     * @return the strategy
     */
    public static AfterMatchSkipStrategy skipPastLastEvent()
    {
        return SKIP_PAST_LAST;
    }

    /**
     * Drops what started before the first record of the match that took a step.
     *
     * @param name of the step; a match without it drops nothing
     * @return the strategy
     */
    public static AfterMatchSkipStrategy skipToFirst(final String name)
    {
        return new AfterMatchSkipStrategy(Target.FIRST_OF, name, false);
    }

    /**
     * Drops what started before the last record of the match that took a step.
     *
     * @param name of the step; a match without it drops nothing
     * @return the strategy
     */
    public static AfterMatchSkipStrategy skipToLast(final String name)
    {
        return new AfterMatchSkipStrategy(Target.LAST_OF, name, false);
    }

    /**
     * Makes a match without the step an error, and also one that starts with the record to skip to.
     *
     * @return the strategy that fails
     * @throws IllegalStateException when it is none of {@link #skipToFirst} and {@link #skipToLast}
     */
    public AfterMatchSkipStrategy throwExceptionOnMiss()
    {
        if (name.isEmpty())
        {
            throw new IllegalStateException("strategy=" + this + " skips to no step, so it cannot miss one: " +
                "call throwExceptionOnMiss() on skipToFirst(name) or skipToLast(name)");
        }
        return new AfterMatchSkipStrategy(target, name, true);
    }

    Target target()
    {
        return target;
    }

    String name()
    {
        return name;
    }

    boolean throwing()
    {
        return throwing;
    }

    @Override
    public String toString()
    {
        return switch (target)
        {
            case NOTHING -> "noSkip";
            case NEXT -> "skipToNext";
            case PAST_LAST -> "skipPastLastEvent";
            case FIRST_OF -> "skipToFirst(" + name + ")" + (throwing ? " throwing" : "");
            case LAST_OF -> "skipToLast(" + name + ")" + (throwing ? " throwing" : "");
        };
    }
}
