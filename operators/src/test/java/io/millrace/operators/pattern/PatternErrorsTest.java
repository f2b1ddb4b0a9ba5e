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
import java.util.function.Supplier;

import static io.millrace.operators.pattern.PatternVectors.begin;
import static io.millrace.operators.pattern.PatternVectors.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Patterns that cannot be matched are errors where they are built, with what is wrong and what helps. */
class PatternErrorsTest
{
    @Test
    void shouldFollowCEP13RefuseNegatedStepsThatAreOptionalOrRepeated()
    {
        refused("step=n has contiguity=NOT_NEXT and cannot be optional", () -> begin("a").notNext("n").optional());
        refused("step=n has contiguity=NOT_FOLLOWED_BY and cannot be repeated",
            () -> begin("a").notFollowedBy("n").times(2));
        refused("cannot be repeated", () -> begin("a").notFollowedBy("n").oneOrMore());
        refused("cannot be repeated", () -> begin("a").notNext("n").timesOrMore(2));
        refused("cannot be repeated", () -> begin("a").notNext("n").times(0, 2));
        refused("cannot be greedy", () -> begin("a").notNext("n").greedy());
    }

    @Test
    void shouldFollowCEP13RefuseNegatedStepsBehindOptionalOnes()
    {
        refused("step=n of contiguity=NOT_NEXT is behind step=b optional, which is optional",
            () -> begin("a").next("b").optional().notNext("n"));
        refused("make two patterns of it", () -> begin("a").next("b").times(0, 3).notFollowedBy("n"));
        refused("is optional", () -> begin("a").followedBy(begin("b")).optional().notFollowedBy("n"));
    }

    @Test
    void shouldFollowCEP13RefuseALastNotFollowedByWithoutTimeLimit()
    {
        refused("step=n of contiguity=NOT_FOLLOWED_BY is the last one of pattern=(a NOT_FOLLOWED_BY n) and has no time " +
            "limit", () -> compiled(begin("a").notFollowedBy("n")));
        compiled(begin("a").within(Duration.ofMillis(1)).notFollowedBy("n"));
    }

    @Test
    void shouldRefuseNamesThatAreNotUnique()
    {
        refused("name=a is that of several steps", () -> compiled(begin("a").next("b").next("a")));
        refused("name=b is that of several steps", () -> compiled(begin("b").next(begin("a").next("b"))));
        refused("name=\" \" of a step is blank", () -> Pattern.<Letter>begin(" "));
        refused("name=\"\" of a step is blank", () -> begin("a").notNext(""));
    }

    @Test
    void shouldFollowCEP20RefuseToSkipToAStepThatIsNotThere()
    {
        refused("skip=skipToFirst(x) of pattern=(a STRICT b) is to a step that the pattern has not, or " +
            "that takes no record: skip to one of [a, b]",
            () -> compiled(begin("a", AfterMatchSkipStrategy.skipToFirst("x")).next("b")));
        refused("skip=skipToLast(n)", () -> compiled(
            begin("a", AfterMatchSkipStrategy.skipToLast("n")).notNext("n").next("b")));
        compiled(begin("a", AfterMatchSkipStrategy.skipToLast("b")).next(begin("b")));
        assertTrue(assertThrows(IllegalStateException.class,
            () -> AfterMatchSkipStrategy.skipToNext().throwExceptionOnMiss()).getMessage().contains("skips to no step"));
    }

    @Test
    void shouldFollowCEP10RefuseGreedySinglesAndGroups()
    {
        refused("step=a is not repeated and cannot be greedy", () -> begin("a").greedy());
        refused("is a group and cannot be greedy", () -> Pattern.begin(begin("a")).oneOrMore().greedy());
        refused("allows combinations and cannot be greedy", () -> begin("a").oneOrMore().allowCombinations().greedy());
        refused("step=b is behind a greedy step", () -> begin("a").oneOrMore().greedy().next("b").optional());
        refused("step=b{1,2} is behind a greedy step", () -> begin("a").oneOrMore().greedy().next("b").times(0, 2));
        refused("is greedy and cannot allow combinations", () -> begin("a").oneOrMore().greedy().allowCombinations());
    }

    @Test
    void shouldFollowCEP12RefuseUntilWithoutALoop()
    {
        refused("step=a is no loop", () -> begin("a").until(is("b")));
        refused("step=a{2} is no loop", () -> begin("a").times(2).until(is("b")));
        refused("has an until(...) already", () -> begin("a").oneOrMore().until(is("b")).until(is("c")));
    }

    @Test
    void shouldRefuseQuantifiersThatSayNothingOrTwoThings()
    {
        refused("is repeated already", () -> begin("a").times(2).oneOrMore());
        refused("is optional already", () -> begin("a").optional().optional());
        refused("is repeated times=0", () -> begin("a").times(0));
        refused("is repeated from=3 to=2", () -> begin("a").times(3, 2));
        refused("is repeated from=0 to=0", () -> begin("a").times(0, 0));
        refused("is repeated times=-1 or more", () -> begin("a").timesOrMore(-1));
        refused("is not repeated, so consecutive() says nothing", () -> begin("a").consecutive());
        refused("has one of consecutive() and allowCombinations() already",
            () -> begin("a").oneOrMore().consecutive().allowCombinations());
    }

    @Test
    void shouldRefuseGroupsThatEndNegatedOrSkip()
    {
        refused("group=(a NOT_NEXT n) ends with step=n", () -> begin("s").next(begin("a").notNext("n")));
        refused("which only a whole pattern can have",
            () -> begin("s").next(begin("a", AfterMatchSkipStrategy.skipToNext())));
        refused("has conditions of its own", () -> Pattern.begin(begin("a")).where(is("a")));
        refused("step=(a optional STRICT b{1,2} optional) needs no record, so that its repetition has no end",
            () -> Pattern.begin(begin("a").optional().next("b").times(0, 2)).oneOrMore());
        refused("needs no record", () -> begin("s").next(Pattern.begin(begin("a").optional())).timesOrMore(2));
        refused("has conditions of its own", () -> Pattern.begin(begin("a")).or(is("a")));
    }

    @Test
    void shouldRefuseTimeLimitsThatLimitNothing()
    {
        refused("has within=PT0S", () -> begin("a").within(Duration.ZERO));
        refused("has within=PT-1S", () -> begin("a").within(Duration.ofSeconds(-1)));
        refused("is the first one", () -> begin("a").within(Duration.ofSeconds(1), WithinType.PREVIOUS_AND_CURRENT));
        refused("is a group",
            () -> begin("s").next(begin("a")).within(Duration.ofSeconds(1), WithinType.PREVIOUS_AND_CURRENT));
        refused("within=PT2S PREVIOUS_AND_CURRENT of step=b is longer than that of the whole pattern",
            () -> compiled(begin("a").next("b").within(Duration.ofSeconds(2), WithinType.PREVIOUS_AND_CURRENT)
            .within(Duration.ofSeconds(1))));
        refused("within=PT0.000001S of step=a is no time in the pipeline's unit",
            () -> compiled(begin("a").within(Duration.ofNanos(1_000))));
    }

    @Test
    void shouldRefuseToShowStepsThatTakeNoRecord()
    {
        final Pattern<Letter> pattern = begin("a").notFollowedBy("n").where(is("n")).followedBy("b").where(is("b"));
        final CompiledPattern<Letter> compiled = compiled(pattern);
        refused("name=n is none of the steps of pattern=(a NOT_FOLLOWED_BY n RELAXED b) that take records: ask for one " +
            "of [a, b]", () -> compiled.stageOf("n"));
        final Pattern<Letter> asking = begin("a").next("b").where((letter, match) -> match.events("c").count() == 0);
        refused("name=c is none of the steps", () -> PatternVectors.run(asking, "a b"));
    }

    @Test
    void shouldLeaveThePatternBeforeAsItIs()
    {
        final Pattern<Letter> a = begin("a");
        final Pattern<Letter> loop = a.oneOrMore();
        assertEquals("a", a.toString());
        assertEquals("a{1,}", loop.toString());
        assertEquals("a{1,} RELAXED b{2,3} inner=ANY optional STRICT (c ANY d)",
            loop.followedBy("b").times(2, 3).allowCombinations().optional().next(
            begin("c").followedByAny("d")).toString());
    }

    private static CompiledPattern<Letter> compiled(final Pattern<Letter> pattern)
    {
        return CompiledPattern.of(pattern, Duration::toMillis);
    }

    private static void refused(final String message, final Supplier<?> action)
    {
        final String actual = assertThrows(IllegalArgumentException.class, action::get).getMessage();
        assertTrue(actual.contains(message), actual);
    }
}
