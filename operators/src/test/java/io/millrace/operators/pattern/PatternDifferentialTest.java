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

import io.millrace.operators.pattern.ReferenceMatcher.Follow;
import io.millrace.operators.pattern.ReferenceMatcher.Found;
import io.millrace.operators.pattern.ReferenceMatcher.Step;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Random patterns over random streams, against a matcher that tries everything. */
class PatternDifferentialTest
{
    private static final int ROUNDS = 600;
    private static final List<Follow> FOLLOWS = List.of(Follow.values());

    @Test
    void shouldFindWhatTheReferenceFinds()
    {
        final Random random = new Random(11);
        long matches = 0;
        for (int round = 0; round < ROUNDS; round++)
        {
            final List<Step> steps = steps(random);
            final int within = random.nextInt(3) == 0 ? 0 : 2 + random.nextInt(6);
            final String stream = stream(random);
            final List<String> found = found(pattern(steps, within, AfterMatchSkipStrategy.noSkip()), stream);
            final List<Found> expected = ReferenceMatcher.matches(steps, within, stream);
            final String what = "round=" + round + " steps=" + steps + " within=" + within + " stream=" + stream;
            assertEquals(texts(expected, stream).sorted().toList(), found.stream().sorted().toList(), what);
            assertEquals(texts(expected, stream).map(PatternDifferentialTest::rank).toList(),
                found.stream().map(PatternDifferentialTest::rank).toList(), what);
            matches += found.size();
        }
        assertTrue(matches > ROUNDS, "matches=" + matches);
    }

    @Test
    void shouldSkipWhatTheReferenceSkips()
    {
        final Random random = new Random(12);
        for (int round = 0; round < ROUNDS; round++)
        {
            final List<Step> steps = steps(random);
            final int within = 2 + random.nextInt(6);
            final String stream = stream(random);
            final boolean pastLast = random.nextBoolean();
            final List<String> found = found(pattern(steps, within, pastLast ?
                AfterMatchSkipStrategy.skipPastLastEvent() : AfterMatchSkipStrategy.skipToNext()), stream);
            final List<String> expected = new ArrayList<>();
            int skipped = -1;
            final Map<Integer, Boolean> starts = new HashMap<>();
            for (final Found match : ReferenceMatcher.matches(steps, within, stream))
            {
                if (pastLast ? match.first() <= skipped : starts.containsKey(match.first()) || match.first() <= skipped)
                {
                    continue;
                }
                expected.add(match.text(stream));
                starts.put(match.first(), true);
                skipped = pastLast ? match.last() : match.first();
            }
            assertEquals(expected.stream().map(PatternDifferentialTest::rank).toList(),
                found.stream().map(PatternDifferentialTest::rank).toList(), "round=" + round + " steps=" + steps +
                " within=" + within + " stream=" + stream + " found=" + found + " expected=" + expected);
        }
    }

    /** The test above sees it when a rule is bent: each of these differs from the operator on some stream. */
    @Test
    void shouldSeeBentRules()
    {
        assertTrue(differs(step -> new Step(step.letters(), Follow.ANY, step.loop(), step.optional()), 0));
        assertTrue(differs(step -> new Step(step.letters(), Follow.RELAXED, step.loop(), step.optional()), 0));
        assertTrue(differs(step -> new Step(step.letters(), step.follow(), step.loop() == null ? null : Follow.ANY,
            step.optional()), 0));
        assertTrue(differs(step -> new Step(step.letters(), step.follow(), step.loop(), false), 0));
        assertTrue(differs(step -> step, 1));
        assertTrue(!differs(step -> step, 0));
    }

    private static boolean differs(final UnaryOperator<Step> bend, final int longer)
    {
        final Random random = new Random(13);
        for (int round = 0; round < 200; round++)
        {
            final List<Step> steps = steps(random);
            final int within = 2 + random.nextInt(6);
            final String stream = stream(random);
            final List<Found> bent =
                ReferenceMatcher.matches(steps.stream().map(bend).toList(), within + longer, stream);
            if (!texts(bent, stream).sorted().toList().equals(found(
                pattern(steps, within, AfterMatchSkipStrategy.noSkip()), stream).stream().sorted().toList()))
            {
                return true;
            }
        }
        return false;
    }

    private static Stream<String> texts(final List<Found> found, final String stream)
    {
        return found.stream().map(match -> match.text(stream));
    }

    /** What of a match decides its place: where it ends, where it starts, how long it is. */
    private static String rank(final String match)
    {
        final String[] events = match.substring(1, match.length() - 1).split(" ", -1);
        return events[0] + " to " + events[events.length - 1] + " of " + events.length;
    }

    private static List<Step> steps(final Random random)
    {
        final List<Step> steps = new ArrayList<>();
        final int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++)
        {
            final String letters = random.nextInt(4) == 0 ? "ab" : String.valueOf("abc".charAt(random.nextInt(3)));
            final boolean loop = random.nextInt(3) == 0;
            steps.add(new Step(letters, FOLLOWS.get(random.nextInt(3)),
                loop ? FOLLOWS.get(random.nextInt(3)) : null, random.nextInt(4) == 0));
        }
        return steps;
    }

    private static String stream(final Random random)
    {
        return random.ints(4 + random.nextInt(6), 0, 4).mapToObj(i -> String.valueOf("abcd".charAt(i)))
            .collect(Collectors.joining());
    }

    private static Pattern<Letter> pattern(
        final List<Step> steps, final int within, final AfterMatchSkipStrategy skip)
    {
        Pattern<Letter> pattern = null;
        for (int i = 0; i < steps.size(); i++)
        {
            final Step step = steps.get(i);
            final String name = "s" + i;
            if (i == 0)
            {
                pattern = Pattern.begin(name, skip);
            }
            else
            {
                pattern = switch (step.follow())
                {
                    case NEXT -> pattern.next(name);
                    case RELAXED -> pattern.followedBy(name);
                    case ANY -> pattern.followedByAny(name);
                };
            }
            pattern = quantified(pattern.where(letter -> step.takes(letter.name().charAt(0))), step);
        }
        return within == 0 ? pattern : pattern.within(Duration.ofMillis(within));
    }

    private static Pattern<Letter> quantified(final Pattern<Letter> pattern, final Step step)
    {
        Pattern<Letter> quantified = pattern;
        if (step.loop() != null)
        {
            quantified = switch (step.loop())
            {
                case NEXT -> pattern.oneOrMore().consecutive();
                case RELAXED -> pattern.oneOrMore();
                case ANY -> pattern.oneOrMore().allowCombinations();
            };
        }
        return step.optional() ? quantified.optional() : quantified;
    }

    private static List<String> found(final Pattern<Letter> pattern, final String stream)
    {
        final StringBuilder vector = new StringBuilder();
        for (int i = 0; i < stream.length(); i++)
        {
            vector.append(i == 0 ? "" : " ").append(stream.charAt(i)).append(i + 1);
        }
        final String found = PatternVectors.run(pattern, vector.toString());
        return found.isEmpty() ? List.of() : List.of(found.split("(?<=}) ", -1));
    }
}
