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

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;

import static io.millrace.operators.pattern.AfterMatchSkipStrategy.noSkip;
import static io.millrace.operators.pattern.AfterMatchSkipStrategy.skipPastLastEvent;
import static io.millrace.operators.pattern.AfterMatchSkipStrategy.skipToFirst;
import static io.millrace.operators.pattern.AfterMatchSkipStrategy.skipToLast;
import static io.millrace.operators.pattern.AfterMatchSkipStrategy.skipToNext;
import static io.millrace.operators.pattern.PatternVectors.begin;
import static io.millrace.operators.pattern.PatternVectors.is;
import static io.millrace.operators.pattern.PatternVectors.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The vectors of SEMANTICS.md for complex event processing. Where one event completes several matches they come in the
 * order of CEP-23.
 */
class PatternSemanticsTest
{
    private static Pattern<Letter> followedBy(final Pattern<Letter> before, final String name)
    {
        return before.followedBy(name).where(is(name));
    }

    private static Pattern<Letter> next(final Pattern<Letter> before, final String name)
    {
        return before.next(name).where(is(name));
    }

    private static Pattern<Letter> followedByAny(final Pattern<Letter> before, final String name)
    {
        return before.followedByAny(name).where(is(name));
    }

    private static Duration time(final long units)
    {
        return Duration.ofMillis(units);
    }

    @Test
    void shouldFollowCEP1RecordsAreProcessedInTheOrderOfTheirTimes()
    {
        assertEquals("{a b2}", run(followedBy(begin("a"), "b"), "b1@5 a@3 b2@4 W4"));
        assertEquals("{a b2}", run(followedBy(begin("a"), "b"), "b1@5 b2@4 a@3 W5"));
    }

    @Test
    void shouldFollowCEP1RecordsOfOneTimeAreProcessedAsTheyCame()
    {
        assertEquals("{a1 b1} {a1 b2}", run(followedByAny(begin("a"), "b"), "b0@3 a1@3 b1@3 b2@3 W3"));
    }

    @Test
    void shouldFollowCEP1AComparatorOrdersRecordsOfOneTime()
    {
        final Comparator<Letter> byName = Comparator.comparing(letter -> letter.name().toString());
        assertEquals("{a1 b0} {a1 b1} {a1 b2}", PatternVectors.of(followedByAny(begin("a"), "b"))
            .ties(byName).run("b2@3 b0@3 a1@3 b1@3 W3"));
        assertEquals("{a1 b2} {a1 b0}", PatternVectors.of(followedByAny(begin("a"), "b"))
            .ties(byName.reversed()).run("b0@3 a1@2 b2@3 W3"));
    }

    @Test
    void shouldFollowCEP2EveryRecordIsOfferedToEveryPartialMatchAndMayStartOne()
    {
        assertEquals("{a1 a2} {a2 a3} {a3 a4}",
            run(begin("x").or(is("a")).next("y").where(is("a")), "a1 a2 a3 a4"));
        assertEquals("{a1 b} {a2 b} {a3 b}", run(followedBy(begin("a"), "b"), "a1 a2 a3 b"));
    }

    @Test
    void shouldFollowCEP2KeysAreApart()
    {
        assertEquals("{a2 b2} {a1 b1}", run(next(begin("a"), "b"), "1:a1 2:a2 2:b2 1:b1"));
    }

    @Test
    void shouldFollowCEP3WhatIsNotAboveTheWatermarkIsLate()
    {
        assertEquals("{c b3} late a late b1", PatternVectors.of(followedBy(begin("a").or(is("c")), "b")).late("late")
            .run("W4 a@3 b1@4 c@5 b3@6 W6"));
        final PatternVectors vectors = PatternVectors.of(followedBy(begin("a"), "b"));
        vectors.open();
        vectors.feed("W4", true);
        vectors.feed("a@4", true);
        vectors.feed("a@5", true);
        assertEquals(1, vectors.harness().counter("lateRecordsDropped"));
        vectors.close();
    }

    @Test
    void shouldFollowCEP4NextIsTheVeryNextRecord()
    {
        assertEquals("", run(next(begin("a"), "b"), "a c b"));
        assertEquals("{a b1}", run(next(begin("a"), "b"), "a b1 b2"));
    }

    @Test
    void shouldFollowCEP5FollowedByIgnoresUntilTheFirstThatFits()
    {
        assertEquals("{a b1}", run(followedBy(begin("a"), "b"), "a c b1 b2"));
        assertEquals("{a1 b1} {a2 b1}", run(followedBy(begin("a"), "b"), "a1 a2 b1 b2"));
    }

    @Test
    void shouldFollowCEP6FollowedByAnyBranchesAtEachThatFits()
    {
        assertEquals("{a b1} {a b2}", run(followedByAny(begin("a"), "b"), "a c b1 b2"));
    }

    @Test
    void shouldFollowCEP7RepetitionsAreRelaxedStrictOrCombined()
    {
        final String vector = "a b1 d1 b2 d2 b3 c";
        final Pattern<Letter> loop = followedByAny(begin("a"), "b").oneOrMore();
        assertEquals("{a b1 b2 b3 c} {a b1 b2 c} {a b2 b3 c} {a b1 c} {a b2 c} {a b3 c}",
            sorted(run(followedBy(loop, "c"), vector)));
        assertEquals("{a b1 b2 b3 c} {a b1 b2 c} {a b1 b3 c} {a b2 b3 c} {a b1 c} {a b2 c} {a b3 c}",
            sorted(run(followedBy(loop.allowCombinations(), "c"), vector)));
        assertEquals("{a b1 c} {a b2 c} {a b3 c}", sorted(run(followedBy(loop.consecutive(), "c"), vector)));
        assertEquals("{a b3 c}", run(next(loop.consecutive(), "c"), vector));
        assertEquals("{a b1 b2 b3 c} {a b1 b2 c} {a b1 c}",
            run(followedBy(followedBy(begin("a"), "b").oneOrMore(), "c"), vector));
    }

    /** Longest first, then by name: what one event completes of one start may come in any order of equal lengths. */
    private static String sorted(final String matches)
    {
        return String.join(" ", Arrays.stream(matches.split("(?<=}) ", -1))
            .sorted(Comparator.comparingInt((final String match) -> -match.split(" ", -1).length)
            .thenComparing(Comparator.naturalOrder())).toList());
    }

    @Test
    void shouldFollowCEP8ALoopAtTheEndEmitsEveryGrowth()
    {
        assertEquals("{a b1}@2 {a b1 b2}@3 {a b1 b2 b3}@4", PatternVectors.of(
            followedBy(begin("a"), "b").oneOrMore()).timed().run("a b1 b2 b3"));
        assertEquals("{a b1}@2 {a b1 b2}@3 {a b1 b2 b3}@4", PatternVectors.of(
            followedBy(begin("a"), "b").oneOrMore().greedy()).timed().run("a b1 b2 b3"));
    }

    @Test
    void shouldFollowCEP9TimesAreExactOrWithinBounds()
    {
        assertEquals("{x a1 a2}", run(followedBy(begin("x"), "a").times(2), "x a1 c a2 a3"));
        assertEquals("", run(followedBy(begin("x"), "a").times(2).consecutive(), "x a1 c a2 a3"));
        assertEquals("{x a1 a2}@3 {x a1 a2 a3}@4", PatternVectors.of(
            followedBy(begin("x"), "a").times(2, 3)).timed().run("x a1 a2 a3 a4"));
        final String upToTwo = run(followedBy(followedBy(begin("x"), "a").times(0, 2), "c"), "x a1 a2 c");
        assertEquals(upToTwo,
            run(followedBy(followedBy(begin("x"), "a").times(1, 2).optional(), "c"), "x a1 a2 c"));
        assertEquals("{x a1 a2 c} {x a1 c} {x c}", upToTwo);
        assertEquals("{x a1 a2}@3 {x a1 a2 a3}@4", PatternVectors.of(
            followedBy(begin("x"), "a").timesOrMore(2)).timed().run("x a1 a2 a3"));
    }

    @Test
    void shouldFollowCEP10GreedyInTheMiddleKeepsTheLongest()
    {
        assertEquals("{x a1 a2 a3 c}",
            run(followedBy(followedBy(begin("x"), "a").oneOrMore().greedy(), "c"), "x a1 a2 a3 c"));
        assertEquals("{x a1 a2 a3 c} {x a1 a2 c}",
            run(followedBy(followedBy(begin("x"), "a").times(2, 3), "c"), "x a1 a2 a3 c"));
        assertEquals("{x a1 a2 a3 c}",
            run(followedBy(followedBy(begin("x"), "a").times(2, 3).greedy(), "c"), "x a1 a2 a3 c"));
        assertEquals("{x c}",
            run(followedBy(followedBy(begin("x"), "a").oneOrMore().greedy().optional(), "c"), "x c"));
        assertEquals("{x a1 a2 c}",
            run(followedBy(followedBy(begin("x"), "a").oneOrMore().greedy().optional(), "c"), "x a1 d a2 c"));
    }

    @Test
    void shouldFollowCEP11OptionalStepsAreTakenAndLeftOut()
    {
        assertEquals("{a b1 c1} {a c1}", run(followedBy(followedBy(begin("a"), "b").optional(), "c"), "a b1 c1"));
        assertEquals("{a b1 c1}", run(next(followedBy(begin("a"), "b").optional(), "c"), "a b1 c1"));
        assertEquals("{a}@1 {a b}@2", PatternVectors.of(followedBy(begin("a"), "b").optional()).timed().run("a b"));
        assertEquals("{a b} {b}", run(followedBy(begin("a").optional(), "b"), "a b"));
    }

    @Test
    void shouldFollowCEP12UntilEndsALoop()
    {
        assertEquals("{a1} {a1 a2} {a2} {a3}",
            run(begin("a").oneOrMore().until(is("b")), "a1 c a2 b a3"));
        assertEquals("{x a1 a2 c} {x a1 c}",
            run(followedBy(followedBy(begin("x"), "a").oneOrMore().until(is("u")), "c"), "x a1 a2 u a3 c"));
        assertEquals("{x a1 a2 c}",
            run(followedBy(followedBy(begin("x"), "a").oneOrMore().until(is("u")).greedy(), "c"), "x a1 a2 u a3 c"));
    }

    @Test
    void shouldFollowCEP13NotFollowedByKillsUntilTheNextStep()
    {
        final Pattern<Letter> pattern = followedBy(begin("a").notFollowedBy("n").where(is("n")), "b");
        assertEquals("{a b}", run(pattern, "a c b n"));
        assertEquals("", run(pattern, "a c n b"));
        assertEquals("{a2 b}", run(pattern, "a1 n a2 b"));
        final Pattern<Letter> two = followedBy(
            begin("a").notFollowedBy("m").where(is("m")).notFollowedBy("n").where(is("n")), "b");
        assertEquals("", run(two, "a m b"));
        assertEquals("", run(two, "a n b"));
        assertEquals("{a b}", run(two, "a c b"));
    }

    @Test
    void shouldFollowCEP13NotNextKillsAtTheVeryNextRecord()
    {
        final Pattern<Letter> pattern = followedBy(begin("a").notNext("n").where(is("n")), "b");
        assertEquals("{a b}", run(pattern, "a b"));
        assertEquals("{a b}", run(pattern, "a c n b"));
        assertEquals("", run(pattern, "a n b"));
        final Pattern<Letter> both = followedBy(
            begin("a").notFollowedBy("m").where(is("m")).notNext("n").where(is("n")), "b");
        assertEquals("", run(both, "a c m b"));
        assertEquals("", run(both, "a m b"));
        assertEquals("", run(both, "a n b"));
        assertEquals("{a b}", run(both, "a c n b"));
    }

    @Test
    void shouldFollowCEP13ALastNotNextEmitsAtTheFollowingRecord()
    {
        final Pattern<Letter> pattern = begin("a").notNext("n").where(is("n"));
        assertEquals("", run(pattern, "a"));
        assertEquals("{a}@2", PatternVectors.of(pattern).timed().run("a c"));
        assertEquals("", run(pattern, "a n c"));
    }

    @Test
    void shouldFollowCEP13AnOptionalStepThatIsTakenEndsTheNegation()
    {
        final Pattern<Letter> pattern = followedByAny(followedByAny(
            begin("a").notFollowedBy("n").where(is("n")), "c").optional(), "d");
        assertEquals("{a c d}", run(pattern, "a c n d"));
        assertEquals("", run(pattern, "a n d"));
        assertEquals("", run(pattern, "a n c d"));
        assertEquals("{a c d} {a d}", run(pattern, "a c d"));
    }

    @Test
    void shouldFollowCEP14AMatchIsShorterThanWithin()
    {
        final Pattern<Letter> pattern = followedBy(begin("a"), "b").within(time(5));
        assertEquals("{a b}", PatternVectors.of(pattern).timeouts().run("a@1 b@5"));
        assertEquals("<a>", PatternVectors.of(pattern).timeouts().run("a@1 b@6"));
        final Pattern<Letter> least = followedBy(begin("a").within(time(5)), "b").within(time(9));
        assertEquals("<a>", PatternVectors.of(least).timeouts().run("a@1 b@6"));
        final Pattern<Letter> last = followedBy(begin("a").within(time(9)), "b").within(time(5));
        assertEquals("<a>", PatternVectors.of(last).timeouts().run("a@1 b@6"));
    }

    @Test
    void shouldFollowCEP15TimeoutsFireWhenTheTimeIsOver()
    {
        final Pattern<Letter> pattern = followedBy(begin("a"), "b").within(time(5));
        assertEquals("", PatternVectors.of(pattern).timeouts().timed().run("a@1 W5"));
        assertEquals("<a>@6", PatternVectors.of(pattern).timeouts().timed().run("a@1 W6"));
        assertEquals("<a>@6", PatternVectors.of(pattern).timeouts().timed().run("a@1 W100"));
        assertEquals("", PatternVectors.of(pattern).timed().run("a@1 W100"));
        final Pattern<Letter> loop = followedBy(followedBy(begin("a"), "b").oneOrMore(), "c").within(time(5));
        assertEquals("<a b1 b2>@6 <a b1>@6",
            PatternVectors.of(loop).timeouts().timed().run("a@1 b1@2 b2@3 W100"));
    }

    @Test
    void shouldFollowCEP16WithinThePreviousRecordLimitsAGap()
    {
        final Pattern<Letter> pattern =
            followedBy(begin("a"), "b").within(time(3), WithinType.PREVIOUS_AND_CURRENT);
        assertEquals("{a b}@3", PatternVectors.of(pattern).timeouts().timed().run("a@1 b@3"));
        assertEquals("<a>@4", PatternVectors.of(pattern).timeouts().timed().run("a@1 b@4"));
        final Pattern<Letter> chain = followedBy(pattern, "c").within(time(3), WithinType.PREVIOUS_AND_CURRENT);
        assertEquals("{a b c}@5", PatternVectors.of(chain).timeouts().timed().run("a@1 b@3 c@5"));
        assertEquals("<a b>@6", PatternVectors.of(chain).timeouts().timed().run("a@1 b@3 c@6"));
        final Pattern<Letter> half = followedBy(pattern, "c");
        assertEquals("{a b c}@90", PatternVectors.of(half).timeouts().timed().run("a@1 b@3 c@90"));
    }

    @Test
    void shouldFollowCEP17ALastNotFollowedByMatchesWhenTheTimeIsOver()
    {
        final Pattern<Letter> pattern = begin("a").notFollowedBy("n").where(is("n")).within(time(5));
        assertEquals("{a}@6", PatternVectors.of(pattern).timeouts().timed().run("a@1 W100"));
        assertEquals("{a}@6", PatternVectors.of(pattern).timeouts().timed().run("a@1 n@6 W100"));
        assertEquals("", PatternVectors.of(pattern).timeouts().timed().run("a@1 n@5 W100"));
        final Pattern<Letter> two = begin("a").notFollowedBy("m").where(is("m")).notFollowedBy("n").where(is("n"))
            .within(time(5));
        assertEquals("", PatternVectors.of(two).run("a@1 m@2 W100"));
        assertEquals("", PatternVectors.of(two).run("a@1 n@2 W100"));
        assertEquals("{a}", PatternVectors.of(two).run("a@1 c@2 W100"));
        final Pattern<Letter> gap =
            begin("a").notFollowedBy("n").where(is("n")).within(time(3), WithinType.PREVIOUS_AND_CURRENT);
        assertEquals("{a}@4", PatternVectors.of(gap).timed().run("a@1 n@4 W9"));
    }

    @Test
    void shouldFollowCEP18SkipStrategiesDropWhatStartedBefore()
    {
        assertEquals("{b1 b2 b3 c} {b1 b2 c} {b1 c} {b2 b3 c} {b2 c} {b3 c}", skipping(noSkip()));
        assertEquals("{b1 b2 b3 c} {b2 b3 c} {b3 c}", skipping(skipToNext()));
        assertEquals("{b1 b2 b3 c}", skipping(skipPastLastEvent()));
        assertEquals("{b1 b2 b3 c} {b1 b2 c} {b1 c} {b2 b3 c} {b2 c} {b3 c}", skipping(skipToFirst("b")));
        assertEquals("{b1 b2 b3 c} {b3 c}", skipping(skipToLast("b")));
    }

    private static String skipping(final AfterMatchSkipStrategy skip)
    {
        return run(followedBy(begin("b", skip).oneOrMore(), "c"), "b1 b2 b3 c");
    }

    @Test
    void shouldFollowCEP19OrderedMatchesWaitForWhatStartedBefore()
    {
        final Pattern<Letter> pattern = followedBy(begin("b", skipToFirst("b")).oneOrMore(), "c").within(time(10));
        assertEquals("{b1 b2 b3 c}@4 {b1 b2 c}@4 {b1 c}@4 {b2 b3 c}@11 {b2 c}@11 {b3 c}@12",
            PatternVectors.of(pattern).ordered().timed().run("b1@1 b2@2 b3@3 c@4 W4 W11 W12"));
        assertEquals("{b1 b2 b3 c}@4 {b1 b2 c}@4 {b1 c}@4 {b2 b3 c}@11 {b2 c}@11 {b3 c}@12",
            PatternVectors.of(pattern).ordered().timed().run("b1@1 b2@2 b3@3 c@4 W100"));
        assertEquals("{b1 b2 b3 c}@4 {b1 b2 c}@4 {b1 c}@4 {b2 b3 c}@4 {b2 c}@4 {b3 c}@4",
            PatternVectors.of(pattern).timed().run("b1@1 b2@2 b3@3 c@4 W100"));
        final Pattern<Letter> unlimited = followedBy(begin("b", skipToFirst("b")).oneOrMore(), "c");
        assertEquals("{b1 b2 b3 c} {b1 b2 c} {b1 c}",
            PatternVectors.of(unlimited).ordered().run("b1@1 b2@2 b3@3 c@4 W100"));
        assertEquals("{a1 b} {a2 b}", PatternVectors.of(followedBy(begin("a", skipToNext()), "b"))
            .ordered().run("a1 a2 b"));
    }

    @Test
    void shouldFollowCEP20SkippingToAStepThatIsMissingSkipsNothingOrFails()
    {
        assertEquals("{a1 b1} {a3 b3}",
            run(followedBy(begin("a", skipPastLastEvent()), "b"), "a1 a2 b1 b2 a3 b3"));
        assertEquals("{a1 c} {a2 c}",
            run(followedBy(followedBy(begin("a", skipToFirst("x")), "x").optional(), "c"), "a1 a2 c"));
        final Pattern<Letter> throwing =
            followedBy(followedBy(begin("a", skipToFirst("x").throwExceptionOnMiss()), "x").optional(), "c");
        final String message = assertThrows(IllegalStateException.class, () -> run(throwing, "a1 c")).getMessage();
        assertTrue(message.contains("no record of it took step=x") && message.contains("timestamp=2"), message);
        final Pattern<Letter> toStart = followedBy(begin("a", skipToLast("a").throwExceptionOnMiss()), "b");
        assertTrue(assertThrows(IllegalStateException.class, () -> run(toStart, "a b")).getMessage()
            .contains("it starts with step=a"));
    }

    @Test
    void shouldFollowCEP21ConditionsSeeWhatThePartialMatchHasTaken()
    {
        final Pattern<Letter> pattern = followedBy(begin("a").followedBy("m").where(is("m"))
            .where((letter, match) -> match.events("m").count() < 2).oneOrMore(), "c");
        assertEquals("{a m1 m2 c} {a m1 c}", run(pattern, "a m1 m2 m3 c"));
        final Pattern<Letter> gap = begin("a").followedBy("b").where(is("b")).where((letter, match) ->
            match.timestamp() - match.events("a").get(0).time() > 2 && match.events("b").count() == 0);
        assertEquals("{a b4}", run(gap, "a@1 b2@2 b3@3 b4@4 b5@5"));
    }

    @Test
    void shouldFollowCEP22GroupsAreRepeatedAndGroupedByName()
    {
        final Pattern<Letter> group = followedBy(begin("a"), "b");
        assertEquals("{s a1 a2 b1 b2}", run(begin("s").followedBy(group).times(2), "s a1 b1 a2 b2"));
        assertEquals("{s a1 b1}@3 {s a1 a2 b1 b2}@5",
            PatternVectors.of(begin("s").followedBy(group).oneOrMore()).timed().run("s a1 b1 a2 b2"));
        assertEquals("{s a b e} {s e}", run(followedBy(begin("s").followedBy(group).optional(), "e"), "s a b e"));
        assertEquals("{s e}", run(followedBy(begin("s").followedBy(group).optional(), "e"), "s e"));
        assertEquals("{s a b e}", run(followedBy(begin("s").followedBy(group).oneOrMore(), "e"), "s a b x x e"));
        assertEquals("{a1 a2 b1 b2}", run(Pattern.begin(group).times(2).consecutive(), "a1 b1 a2 b2"));
        assertEquals("", run(Pattern.begin(group).times(2).consecutive(), "a1 b1 x a2 b2"));
        assertEquals("{s a b}", run(begin("s").next(group), "s a x b"));
        assertEquals("", run(begin("s").next(group), "s x a b"));
        assertEquals("{s a1 b1} {s a2 b1}", run(begin("s").followedByAny(group), "s a1 a2 b1 b2"));
    }

    @Test
    void shouldFindAMatchOnceThatTwoWaysThroughTheAutomatonLeadTo()
    {
        assertEquals("{s e}", run(followedBy(begin("s").followedBy(begin("a").optional()).optional(), "e"), "s e"));
        assertEquals("{s a b e}", run(followedBy(begin("s").followedBy(followedBy(begin("a"), "b")).oneOrMore(), "e"),
            "s a b x e"));
    }

    @Test
    void shouldFollowCEP22AGroupLoopEndsAtUntil()
    {
        final Pattern<Letter> group = followedBy(begin("a"), "b");
        assertEquals("{s a1 b1}",
            run(begin("s").followedBy(group).oneOrMore().until(is("u")), "s a1 b1 u a2 b2"));
    }

    @Test
    void shouldFollowCEP23MatchesOfOneRecordComeByStartThenLongestFirst()
    {
        assertEquals("{b1 b2 c} {b1 c} {b2 c}", run(followedBy(begin("b").oneOrMore(), "c"), "b1 b2 c"));
    }
}
