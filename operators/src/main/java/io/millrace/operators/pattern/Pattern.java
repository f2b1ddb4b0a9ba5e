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

import io.millrace.operators.function.FilterFunction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * What to look for in the records of a key: steps that records take one after the other. Semantics are those of
 * Apache Flink's CEP library, see SEMANTICS CEP-1 to CEP-24.
 * <pre>
 *   final Pattern&lt;Payment&gt; pattern = Pattern.&lt;Payment&gt;begin("small").where(payment -&gt; payment.amount() &lt; 1)
 *       .followedBy("large").where((payment, match) -&gt;
 *           payment.amount() &gt; 1_000 * match.events("small").get(0).amount())
 *       .within(Duration.ofMinutes(10));
 * </pre>
 * A step without a condition takes every record. Records have one fixed type, so there is no {@code subtype}: a
 * condition on the field that tells them apart does it. Each method gives a new pattern and leaves this one as it is.
 * What cannot be matched is an error of the method that asks for it, or of {@code KeyedStream.pattern(...)}.
 *
 * @param <V> read-only view of the records
 */
public final class Pattern<V>
{
    private final Pattern<V> previous;
    private final PatternStep<V> step;
    private final AfterMatchSkipStrategy skip;

    private Pattern(final Pattern<V> previous, final PatternStep<V> step, final AfterMatchSkipStrategy skip)
    {
        this.previous = previous;
        this.step = step;
        this.skip = skip;
    }

    /**
     * A pattern that emits every match.
     *
     * @param name of the first step
     * @param <V>  read-only view of the records
     * @return the pattern
     */
    public static <V> Pattern<V> begin(final String name)
    {
        return begin(name, AfterMatchSkipStrategy.noSkip());
    }

    /**
     * A pattern.
     *
     * @param name of the first step
     * @param skip what is dropped after a match
     * @param <V>  read-only view of the records
     * @return the pattern
     */
    public static <V> Pattern<V> begin(final String name, final AfterMatchSkipStrategy skip)
    {
        return new Pattern<>(null, PatternStep.of(checkName(name), null, Contiguity.STRICT),
            Objects.requireNonNull(skip, "skip"));
    }

    /**
     * A pattern that begins with a group, and emits every match.
     *
     * @param group steps that are repeated, or left out, together
     * @param <V>   read-only view of the records
     * @return the pattern
     */
    public static <V> Pattern<V> begin(final Pattern<V> group)
    {
        return begin(group, AfterMatchSkipStrategy.noSkip());
    }

    /**
     * A pattern that begins with a group.
     *
     * @param group steps that are repeated, or left out, together
     * @param skip  what is dropped after a match
     * @param <V>   read-only view of the records
     * @return the pattern
     */
    public static <V> Pattern<V> begin(final Pattern<V> group, final AfterMatchSkipStrategy skip)
    {
        return new Pattern<>(null, PatternStep.of("", checkGroup(group), Contiguity.STRICT),
            Objects.requireNonNull(skip, "skip"));
    }

    /**
     * Adds a condition to the step; all that were added must be fulfilled. It must be a pure function of the record: it is
     * asked of any record, as often as is convenient, and also when the record comes, so that one which no step of the
     * pattern wants need not be kept.
     *
     * @param condition on the record alone
     * @return the pattern
     */
    public Pattern<V> where(final FilterFunction<? super V> condition)
    {
        return where(StepCondition.of(condition));
    }

    /**
     * Adds a condition to the step; all that were added must be fulfilled.
     *
     * @param condition on the record and what was matched before it
     * @return the pattern
     */
    public Pattern<V> where(final IterativeCondition<V> condition)
    {
        return where(StepCondition.of(condition));
    }

    private Pattern<V> where(final StepCondition<V> condition)
    {
        refuse(step.group() != null, "has conditions of its own", "put the condition on steps of the group");
        return with(step.condition(step.condition() == null ? condition : step.condition().and(condition)));
    }

    /**
     * Adds a condition which is enough, too, besides those added before.
     *
     * @param condition on the record alone
     * @return the pattern
     */
    public Pattern<V> or(final FilterFunction<? super V> condition)
    {
        return or(StepCondition.of(condition));
    }

    /**
     * Adds a condition which is enough, too, besides those added before.
     *
     * @param condition on the record and what was matched before it
     * @return the pattern
     */
    public Pattern<V> or(final IterativeCondition<V> condition)
    {
        return or(StepCondition.of(condition));
    }

    private Pattern<V> or(final StepCondition<V> condition)
    {
        refuse(step.group() != null, "has conditions of its own", "put the condition on steps of the group");
        return with(step.condition(step.condition() == null ? condition : step.condition().or(condition)));
    }

    /**
     * Ends a loop: from the record on that fulfils the condition, which is not part of it, it takes no more.
     *
     * @param condition on the record alone
     * @return the pattern
     */
    public Pattern<V> until(final FilterFunction<? super V> condition)
    {
        return until(StepCondition.of(condition));
    }

    /**
     * Ends a loop: from the record on that fulfils the condition, which is not part of it, it takes no more.
     *
     * @param condition on the record and what was matched before it
     * @return the pattern
     */
    public Pattern<V> until(final IterativeCondition<V> condition)
    {
        return until(StepCondition.of(condition));
    }

    private Pattern<V> until(final StepCondition<V> condition)
    {
        refuse(step.quantifier().kind() != Quantifier.Kind.LOOP, "is no loop that until(...) could end",
            "call oneOrMore() or timesOrMore(n) before until(...)");
        refuse(step.until() != null, "has an until(...) already", "join both conditions in one");
        return with(step.until(condition));
    }

    /**
     * Adds a step that the very next record of the key must take.
     *
     * @param name of the step
     * @return the pattern
     */
    public Pattern<V> next(final String name)
    {
        return then(PatternStep.of(checkName(name), null, Contiguity.STRICT));
    }

    /**
     * Adds a group that begins with the very next record of the key.
     *
     * @param group steps that are repeated, or left out, together
     * @return the pattern
     */
    public Pattern<V> next(final Pattern<V> group)
    {
        return then(PatternStep.of("", checkGroup(group), Contiguity.STRICT));
    }

    /**
     * Adds a step that the next record which fits takes; those between are ignored.
     *
     * @param name of the step
     * @return the pattern
     */
    public Pattern<V> followedBy(final String name)
    {
        return then(PatternStep.of(checkName(name), null, Contiguity.RELAXED));
    }

    /**
     * Adds a group that begins with the next record which fits; those between are ignored.
     *
     * @param group steps that are repeated, or left out, together
     * @return the pattern
     */
    public Pattern<V> followedBy(final Pattern<V> group)
    {
        return then(PatternStep.of("", checkGroup(group), Contiguity.RELAXED));
    }

    /**
     * Adds a step that any later record which fits takes, each in a match of its own.
     *
     * @param name of the step
     * @return the pattern
     */
    public Pattern<V> followedByAny(final String name)
    {
        return then(PatternStep.of(checkName(name), null, Contiguity.ANY));
    }

    /**
     * Adds a group that begins with any later record which fits, each in a match of its own.
     *
     * @param group steps that are repeated, or left out, together
     * @return the pattern
     */
    public Pattern<V> followedByAny(final Pattern<V> group)
    {
        return then(PatternStep.of("", checkGroup(group), Contiguity.ANY));
    }

    /**
     * Adds a step that the very next record of the key must not take. As the last step it is known when that record
     * comes: the match is emitted then.
     *
     * @param name of the step
     * @return the pattern
     */
    public Pattern<V> notNext(final String name)
    {
        return thenNot(PatternStep.of(checkName(name), null, Contiguity.NOT_NEXT));
    }

    /**
     * Adds a step that no record may take before one takes the step behind it. As the last step it needs a time limit:
     * the match is emitted when that has passed.
     *
     * @param name of the step
     * @return the pattern
     */
    public Pattern<V> notFollowedBy(final String name)
    {
        return thenNot(PatternStep.of(checkName(name), null, Contiguity.NOT_FOLLOWED_BY));
    }

    private Pattern<V> thenNot(final PatternStep<V> next)
    {
        if (step.optional())
        {
            throw new IllegalArgumentException("step=" + next + " of contiguity=" + next.contiguity() +
                " is behind step=" + step + ", which is optional: make two patterns of it, one with the optional step " +
                "and one without");
        }
        return then(next);
    }

    private Pattern<V> then(final PatternStep<V> next)
    {
        return new Pattern<>(this, next, skip);
    }

    /**
     * Repeats the step, or the group, exactly so often.
     *
     * @param times 1 or more
     * @return the pattern
     */
    public Pattern<V> times(final int times)
    {
        refuse(times < 1, "is repeated times=" + times, "repeat it once or more, or leave it out");
        refuseRepetition();
        return with(step.quantifier(step.quantifier().times(times, times)));
    }

    /**
     * Repeats the step, or the group. From 0 is from 1, and optional.
     *
     * @param from fewest times, 0 or more
     * @param to   most times, at least {@code from} and 1
     * @return the pattern
     */
    public Pattern<V> times(final int from, final int to)
    {
        refuse(from < 0 || to < 1 || to < from, "is repeated from=" + from + " to=" + to,
            "let from be 0 or more, and to at least from and 1");
        refuseRepetition();
        final Pattern<V> repeated = with(step.quantifier(step.quantifier().times(Math.max(1, from), to)));
        return from == 0 && !repeated.step.optional() ? repeated.optional() : repeated;
    }

    /**
     * Repeats the step, or the group, so often or more.
     *
     * @param times 1 or more
     * @return the pattern
     */
    public Pattern<V> timesOrMore(final int times)
    {
        refuse(times < 1, "is repeated times=" + times + " or more",
            "repeat it once or more; add optional() for none");
        refuseRepetition();
        refuse(step.group() != null && step.group().needsNoRecord(), "needs no record, so that its repetition has no end",
            "make the group optional, and a step in it mandatory");
        return with(step.quantifier(step.quantifier().loop(times)));
    }

    /**
     * Repeats the step, or the group, as long as records fit.
     *
     * @return the pattern
     */
    public Pattern<V> oneOrMore()
    {
        return timesOrMore(1);
    }

    private void refuseRepetition()
    {
        refuseNot("be repeated");
        refuse(step.quantifier().repeated(), "is repeated already", "call one of times(...), timesOrMore(...) and " +
            "oneOrMore()");
    }

    /**
     * Lets the step, or the group, be left out.
     *
     * @return the pattern
     */
    public Pattern<V> optional()
    {
        refuseNot("be optional");
        refuse(step.optional(), "is optional already", "call optional() once; times(0, n) includes it");
        refuse(previous != null && previous.step.quantifier().greedy(), "is behind a greedy step, which waits for what " +
            "is behind it, and cannot be optional", "leave out greedy() or optional(), or make two patterns of it");
        return with(step.quantifier(step.quantifier().asOptional()));
    }

    /**
     * Lets a repeated step take as much as it can: a record that fits it takes no later step instead. Without one
     * behind it, this changes nothing.
     *
     * @return the pattern
     */
    public Pattern<V> greedy()
    {
        refuseNot("be greedy");
        refuse(step.group() != null, "is a group and cannot be greedy", "make steps of the group greedy");
        refuse(!step.quantifier().repeated(), "is not repeated and cannot be greedy",
            "call oneOrMore(), timesOrMore(n) or times(from, to) before greedy()");
        refuse(step.quantifier().inner() == Contiguity.ANY, "allows combinations and cannot be greedy",
            "leave out one of allowCombinations() and greedy()");
        return with(step.quantifier(step.quantifier().asGreedy()));
    }

    /**
     * Repeats with records that follow one another directly.
     *
     * @return the pattern
     */
    public Pattern<V> consecutive()
    {
        return inner("consecutive()", Contiguity.STRICT);
    }

    /**
     * Repeats with any records that fit: those between may also be left out, each in a match of its own.
     *
     * @return the pattern
     */
    public Pattern<V> allowCombinations()
    {
        refuse(step.quantifier().greedy(), "is greedy and cannot allow combinations",
            "leave out one of greedy() and allowCombinations()");
        return inner("allowCombinations()", Contiguity.ANY);
    }

    private Pattern<V> inner(final String method, final Contiguity contiguity)
    {
        refuse(!step.quantifier().repeated(), "is not repeated, so " + method + " says nothing",
            "call oneOrMore(), timesOrMore(n) or times(...) before it");
        refuse(step.quantifier().inner() != Contiguity.RELAXED, "has one of consecutive() and allowCombinations() already",
            "call one of them, once");
        return with(step.quantifier(step.quantifier().inner(contiguity)));
    }

    /**
     * Limits the time from the first record of a match to its last: what has not matched when it has passed times out.
     * Of several limits in a pattern the shortest holds.
     *
     * @param time above 0; a match is shorter than that
     * @return the pattern
     */
    public Pattern<V> within(final Duration time)
    {
        return within(time, WithinType.FIRST_AND_LAST);
    }

    /**
     * Limits the time of a match, or the time from the record before to one that takes this step.
     *
     * @param time above 0; a match, or the gap, is shorter than that
     * @param type what is limited
     * @return the pattern
     */
    public Pattern<V> within(final Duration time, final WithinType type)
    {
        refuse(time.isNegative() || time.isZero(), "has within=" + time, "make it more than 0");
        refuse(type == WithinType.PREVIOUS_AND_CURRENT && previous == null && !step.quantifier().repeated(),
            "is the first one, so no record is before it that within=" + time + " could count from",
            "limit the gap at a later step");
        refuse(type == WithinType.PREVIOUS_AND_CURRENT && step.group() != null, "is a group, which has no record before " +
            "it of its own that within=" + time + " could count from", "limit the gap at steps of the group");
        return with(type == WithinType.FIRST_AND_LAST ?
            step.within(time, step.withinPrevious()) : step.within(step.within(), time));
    }

    private Pattern<V> with(final PatternStep<V> newStep)
    {
        return new Pattern<>(previous, newStep, skip);
    }

    private void refuseNot(final String what)
    {
        refuse(step.isNot(), "has contiguity=" + step.contiguity() + " and cannot " + what,
            "leave the quantifier out");
    }

    private void refuse(final boolean refused, final String problem, final String remedy)
    {
        if (refused)
        {
            throw new IllegalArgumentException("step=" + step + " " + problem + ": " + remedy);
        }
    }

    private static String checkName(final String name)
    {
        if (name.isBlank())
        {
            throw new IllegalArgumentException("name=\"" + name + "\" of a step is blank: give it one, by which the " +
                "records of a match are asked for");
        }
        return name;
    }

    private static <V> Pattern<V> checkGroup(final Pattern<V> group)
    {
        if (group.step.isNot())
        {
            throw new IllegalArgumentException("group=(" + group + ") ends with step=" + group.step + " of contiguity=" +
                group.step.contiguity() + ": put that step behind the group, or a step behind it in the group");
        }
        if (group.skip != AfterMatchSkipStrategy.noSkip())
        {
            throw new IllegalArgumentException("group=(" + group + ") has skip=" + group.skip +
                ", which only a whole pattern can have: give it to the begin(...) of the pattern");
        }
        return group;
    }

    AfterMatchSkipStrategy skip()
    {
        return skip;
    }

    /** The steps from the first on. */
    List<PatternStep<V>> steps()
    {
        final List<PatternStep<V>> steps = new ArrayList<>();
        for (Pattern<V> pattern = this; pattern != null; pattern = pattern.previous)
        {
            steps.add(pattern.step);
        }
        Collections.reverse(steps);
        return steps;
    }

    /** Whether there is a way through the steps without a record. */
    private boolean needsNoRecord()
    {
        return steps().stream().allMatch(each ->
            each.optional() || each.isNot() || each.group() != null && each.group().needsNoRecord());
    }

    /** The names of all steps, those in groups too, from the first on. */
    List<String> allNames()
    {
        final List<String> names = new ArrayList<>();
        for (final PatternStep<V> each : steps())
        {
            if (each.group() == null)
            {
                names.add(each.name());
            }
            else
            {
                names.addAll(each.group().allNames());
            }
        }
        return names;
    }

    /** The steps and how they follow one another: what a snapshot is good for. */
    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        for (final PatternStep<V> each : steps())
        {
            text.append(text.isEmpty() ? "" : " " + each.contiguity() + " ").append(each);
        }
        return text.toString();
    }
}
