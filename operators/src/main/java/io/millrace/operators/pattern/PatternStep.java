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

/**
 * One step of a pattern.
 *
 * @param name           of the step; empty for a group
 * @param group          the steps of a group, else null
 * @param contiguity     how it follows the step before
 * @param condition      that a record fulfils to take it; null when every record does
 * @param until          ends a loop; null when nothing does
 * @param quantifier     how often it is taken
 * @param within         limits the time from the first record of the match to the last; null when nothing does
 * @param withinPrevious limits the time from the record before; null when nothing does
 * @param <V>            read-only view of the records
 */
record PatternStep<V>(
    String name,
    Pattern<V> group,
    Contiguity contiguity,
    StepCondition<V> condition,
    StepCondition<V> until,
    Quantifier quantifier,
    Duration within,
    Duration withinPrevious)
{
    static <V> PatternStep<V> of(final String name, final Pattern<V> group, final Contiguity contiguity)
    {
        return new PatternStep<>(name, group, contiguity, null, null, Quantifier.ONE, null, null);
    }

    PatternStep<V> condition(final StepCondition<V> newCondition)
    {
        return new PatternStep<>(name, group, contiguity, newCondition, until, quantifier, within, withinPrevious);
    }

    PatternStep<V> until(final StepCondition<V> newUntil)
    {
        return new PatternStep<>(name, group, contiguity, condition, newUntil, quantifier, within, withinPrevious);
    }

    PatternStep<V> quantifier(final Quantifier newQuantifier)
    {
        return new PatternStep<>(name, group, contiguity, condition, until, newQuantifier, within, withinPrevious);
    }

    PatternStep<V> within(final Duration newWithin, final Duration newWithinPrevious)
    {
        return new PatternStep<>(
            name, group, contiguity, condition, until, quantifier, newWithin, newWithinPrevious);
    }

    boolean optional()
    {
        return quantifier.optional();
    }

    boolean isNot()
    {
        return contiguity.negated();
    }

    @Override
    public String toString()
    {
        return (group == null ? name : "(" + group + ")") + quantifier + (until == null ? "" : " until");
    }
}
