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
package io.millrace.operators.oracle;

import io.millrace.operators.Reading;
import io.millrace.operators.pattern.AfterMatchSkipStrategy;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.pattern.WithinType;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random pattern, from which Flink's and ours are built. Steps are named by letters; an element's letter is decided by
 * its number.
 *
 * @param steps  in their order
 * @param skip   0 none, 1 to next, 2 past last, 3 to the first of a step, 4 to the last of it
 * @param skipTo that step
 * @param within time limit, or 0
 */
record PatternSpec(List<Step> steps, int skip, int skipTo, long within)
{
    private static final int LETTERS = 3;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    /** How a step follows the one before. */
    enum Follows
    {
        /** At once. */
        NEXT,
        /** With others between. */
        FOLLOWED_BY,
        /** With others between, all that match. */
        FOLLOWED_BY_ANY,
        /** Must not follow at once. */
        NOT_NEXT,
        /** Must not occur before the next step. */
        NOT_FOLLOWED_BY
    }

    /**
     * A step.
     *
     * @param follows    how it follows; of no meaning for the first
     * @param letter     that it takes
     * @param from       fewest times, 0 for no quantifier
     * @param to         most times, 0 for any number
     * @param optional   may be left out
     * @param greedy     takes as many as it can
     * @param contiguity 0 relaxed, 1 consecutive, 2 combinations
     * @param gap        most time since the record before, or 0
     */
    record Step(
        Follows follows, int letter, int from, int to, boolean optional, boolean greedy, int contiguity, long gap)
    {
        private boolean isNot()
        {
            return follows == Follows.NOT_NEXT || follows == Follows.NOT_FOLLOWED_BY;
        }
    }

    static PatternSpec random(final long seed)
    {
        final Random random = new Random(seed);
        final int length = 1 + random.nextInt(4);
        final List<Step> steps = new ArrayList<>();
        for (int i = 0; i < length; i++)
        {
            final int follows = random.nextInt(12);
            final Follows how = Follows.values()[follows < 10 ? follows % 3 : follows - 7];
            final boolean looping = random.nextInt(3) == 0;
            final int from = looping ? 1 + random.nextInt(2) : 0;
            final int to = looping && random.nextBoolean() ? from + random.nextInt(2) : 0;
            final boolean optional = random.nextInt(5) == 0;
            final boolean limited = random.nextInt(8) == 0 && i > 0 && !looping && !optional;
            steps.add(new Step(how, random.nextInt(LETTERS), from, to, optional, looping && random.nextInt(4) == 0,
                looping ? random.nextInt(4) % 3 : 0, limited ? 1 + random.nextInt(6) : 0));
        }
        final int skip = Math.max(0, random.nextInt(7) - 2);
        final int skipTo = random.nextInt(length);
        final boolean toNothing = skip > 2 && skipTo > 0 && steps.get(skipTo).isNot();
        return new PatternSpec(
            steps, toNothing ? skip - 2 : skip, skipTo, random.nextInt(4) == 0 ? 0 : 3 + random.nextInt(20));
    }

    static int letter(final long bit)
    {
        final int number = Long.numberOfTrailingZeros(bit);
        return number >= Script.LAST_OF_KEYS ? LETTERS : (int)((number + 1) * 0x9E3779B1L >>> 20) % LETTERS;
    }

    /** Whether matches may be completed by time alone. */
    boolean endsByTime()
    {
        return skip != 0 || endsInAbsence();
    }

    boolean endsInAbsence()
    {
        return steps.get(steps.size() - 1).follows == Follows.NOT_FOLLOWED_BY;
    }

    /** Whether the time since the record before is limited for a step. */
    boolean hasGap()
    {
        return steps.stream().anyMatch(step -> step.gap != 0);
    }

    static String name(final int step)
    {
        return NAMES.get(step);
    }

    AfterMatchSkipStrategy ourSkip()
    {
        return switch (skip)
        {
            case 0 -> AfterMatchSkipStrategy.noSkip();
            case 1 -> AfterMatchSkipStrategy.skipToNext();
            case 2 -> AfterMatchSkipStrategy.skipPastLastEvent();
            case 3 -> AfterMatchSkipStrategy.skipToFirst(name(skipTo));
            default -> AfterMatchSkipStrategy.skipToLast(name(skipTo));
        };
    }

    org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy flinkSkip()
    {
        return switch (skip)
        {
            case 0 -> org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy.noSkip();
            case 1 -> org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy.skipToNext();
            case 2 -> org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy.skipPastLastEvent();
            case 3 -> org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy.skipToFirst(name(skipTo));
            default -> org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy.skipToLast(name(skipTo));
        };
    }

    Pattern<Reading> ours()
    {
        Pattern<Reading> pattern = null;
        for (int i = 0; i < steps.size(); i++)
        {
            final Step step = steps.get(i);
            final String name = name(i);
            pattern = pattern == null ? Pattern.begin(name, ourSkip()) : switch (step.follows)
            {
                case NEXT -> pattern.next(name);
                case FOLLOWED_BY -> pattern.followedBy(name);
                case FOLLOWED_BY_ANY -> pattern.followedByAny(name);
                case NOT_NEXT -> pattern.notNext(name);
                case NOT_FOLLOWED_BY -> pattern.notFollowedBy(name);
            };
            pattern = pattern.where((Reading reading) -> letter(reading.value()) == step.letter);
            pattern = step.from == 0 ? pattern : step.to != 0 ? pattern.times(step.from, step.to) :
                step.from == 1 ? pattern.oneOrMore() : pattern.timesOrMore(step.from);
            pattern = step.contiguity == 1 ? pattern.consecutive() :
                step.contiguity == 2 ? pattern.allowCombinations() : pattern;
            pattern = step.greedy ? pattern.greedy() : pattern;
            pattern = step.optional ? pattern.optional() : pattern;
            pattern = step.gap == 0 ? pattern :
                pattern.within(Duration.ofMillis(step.gap), WithinType.PREVIOUS_AND_CURRENT);
        }
        return within == 0 ? pattern : pattern.within(Duration.ofMillis(within));
    }

    org.apache.flink.cep.pattern.Pattern<Tuple3<Long, Long, Long>, ?> flinks()
    {
        org.apache.flink.cep.pattern.Pattern<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>> pattern = null;
        for (int i = 0; i < steps.size(); i++)
        {
            final Step step = steps.get(i);
            final String name = name(i);
            pattern = pattern == null ? org.apache.flink.cep.pattern.Pattern.begin(name, flinkSkip()) : switch (step.follows)
            {
                case NEXT -> pattern.next(name);
                case FOLLOWED_BY -> pattern.followedBy(name);
                case FOLLOWED_BY_ANY -> pattern.followedByAny(name);
                case NOT_NEXT -> pattern.notNext(name);
                case NOT_FOLLOWED_BY -> pattern.notFollowedBy(name);
            };
            final int letter = step.letter;
            pattern = pattern.where(SimpleCondition.of(element -> letter(element.f2) == letter));
            pattern = step.from == 0 ? pattern : step.to != 0 ? pattern.times(step.from, step.to) :
                step.from == 1 ? pattern.oneOrMore() : pattern.timesOrMore(step.from);
            pattern = step.contiguity == 1 ? pattern.consecutive() :
                step.contiguity == 2 ? pattern.allowCombinations() : pattern;
            pattern = step.greedy ? pattern.greedy() : pattern;
            pattern = step.optional ? pattern.optional() : pattern;
            pattern = step.gap == 0 ? pattern : pattern.within(Duration.ofMillis(step.gap),
                org.apache.flink.cep.pattern.WithinType.PREVIOUS_AND_CURRENT);
        }
        return within == 0 ? pattern : pattern.within(Duration.ofMillis(within));
    }
}
