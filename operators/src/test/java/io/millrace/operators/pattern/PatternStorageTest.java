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

import io.millrace.memory.table.KeyHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static io.millrace.operators.pattern.PatternVectors.begin;
import static io.millrace.operators.pattern.PatternVectors.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What patterns keep: that it goes again, is bounded, and outlives a restart (SEMANTICS CEP-24). */
class PatternStorageTest
{
    private static final String RICH = "a b1 2:a b2 x 2:x c1 b3 a2@9 b4 c2 2:b 2:c b5@14 c3";

    private static Pattern<Letter> rich()
    {
        return begin("a").followedByAny("b").where(is("b")).oneOrMore().followedBy("c").where(is("c"))
            .within(Duration.ofMillis(20));
    }

    @Test
    void shouldFollowCEP24KeepNothingWhenMatchesAreOver()
    {
        final PatternVectors vectors = PatternVectors.of(rich()).timeouts();
        vectors.open();
        for (final String element : RICH.split(" ", -1))
        {
            vectors.feed(element, false);
        }
        assertTrue(vectors.rows() > 0);
        vectors.watermark(100);
        assertEquals(0, vectors.rows());
        vectors.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a x", "a n", "n", "x a b"})
    void shouldFollowCEP24KeepNothingOfWhatDoesNotMatch(final String vector)
    {
        final PatternVectors vectors =
            PatternVectors.of(begin("a").notNext("n").where(is("n")).next("b").where(is("b")));
        vectors.open();
        for (final String element : (vector + " x x").split(" ", -1))
        {
            vectors.feed(element, false);
        }
        assertEquals(0, vectors.rows());
        vectors.close();
    }

    @Test
    void shouldKeepAsManyRowsAsAreNeeded()
    {
        final PatternVectors vectors = PatternVectors.of(begin("a").followedBy("b").where(is("b")));
        vectors.open();
        vectors.feed("a1", false);
        // Its block.
        assertEquals(1, vectors.rows());
        vectors.feed("x", false);
        vectors.feed("y", false);
        assertEquals(1, vectors.rows());
        // A record that no step wants is not kept, not even until the watermark passes it.
        vectors.feed("z", true);
        assertEquals(1, vectors.rows());
        vectors.feed("b@9", true);
        assertEquals(1, vectors.rows());
        vectors.watermark(9);
        assertEquals(List.of("{a1 b}"), vectors.found());
        assertEquals(0, vectors.rows());
        vectors.close();
    }

    @Test
    void shouldGiveTheSameAfterARestoreAtAnyPlace()
    {
        for (final EmitOrder order : EmitOrder.values())
        {
            for (final AfterMatchSkipStrategy skip : List.of(AfterMatchSkipStrategy.noSkip(),
                AfterMatchSkipStrategy.skipToNext(), AfterMatchSkipStrategy.skipToLast("b")))
            {
                final Pattern<Letter> pattern = begin("a", skip).followedByAny("b").where(is("b")).oneOrMore()
                    .followedBy("c").where(is("c")).within(Duration.ofMillis(20));
                for (final String vector : List.of(RICH, RICH + " W100", RICH.replace("b3", "b3 W8") + " W40"))
                {
                    final String expected = vectors(pattern, order).run(vector);
                    assertNotEquals("", expected);
                    assertEquals(expected, vectors(pattern, order).restoring().run(vector));
                    assertEquals(sorted(expected), sorted(vectors(pattern, order).batch(5).run(vector)));
                    assertEquals(expected, vectors(pattern, order).room(1).run(vector));
                }
            }
        }
    }

    private static PatternVectors vectors(final Pattern<Letter> pattern, final EmitOrder order)
    {
        final PatternVectors vectors = PatternVectors.of(pattern).timed();
        return order == EmitOrder.ORDERED ? vectors.ordered() : vectors;
    }

    private static List<String> sorted(final String matches)
    {
        return List.of(matches.split("(?<=@[0-9]{1,3}) ", -1)).stream().sorted().toList();
    }

    @Test
    void shouldStopBehindEachMatchWhenTheOutputIsFull()
    {
        final PatternVectors vectors = PatternVectors.of(begin("b").oneOrMore().followedBy("c").where(is("c"))).room(1);
        vectors.open();
        for (final String element : "b1 b2 b3 c".split(" ", -1))
        {
            vectors.feed(element, true);
        }
        assertEquals(7, vectors.harness().watermark(100));
        vectors.watermark(101);
        assertEquals(List.of("{b1 b2 b3 c}", "{b1 b2 c}", "{b1 c}", "{b2 b3 c}", "{b2 c}", "{b3 c}"), vectors.found());
        vectors.close();
    }

    @Test
    void shouldEmitByTimeThenByKeyInCanonicalOrder()
    {
        final PatternVectors vectors = PatternVectors.of(begin("a").followedBy("b").where(is("b"))
            .within(Duration.ofMillis(5))).timeouts().timed();
        vectors.open();
        final List<Integer> keys = new ArrayList<>();
        for (int key = '0'; key <= '9'; key++)
        {
            vectors.feed((char)key + ":a" + (char)key + "@7", true);
            keys.add(key);
        }
        vectors.feed("5:a55@6", true);
        vectors.watermark(Long.MAX_VALUE);
        keys.sort((one, other) -> Long.compareUnsigned(KeyHash.hash(one), KeyHash.hash(other)));
        final List<String> expected = new ArrayList<>();
        expected.add("<a55>@11");
        keys.forEach(key -> expected.add("<a" + (char)(int)key + ">@12"));
        assertEquals(expected, vectors.found());
        vectors.close();
    }

    @Test
    void shouldFailAtTheLimitOfPartialMatches()
    {
        final Pattern<Letter> pattern = begin("a").followedBy("b").where(is("b"));
        assertEquals("{a1 b} {a2 b}", limited(pattern, 2, 99, LimitPolicy.FAIL, "a1 a2 b"));
        final String message = assertThrows(IllegalStateException.class,
            () -> limited(pattern, 2, 99, LimitPolicy.FAIL, "a1 a2 a3 b")).getMessage();
        assertTrue(message.contains("operator has partialMatches=3") && message.contains("allowedPartialMatches=2") &&
            message.contains("timestamp=3") && message.contains("raise the limit"), message);
    }

    @Test
    void shouldDropPartialMatchesAtTheLimitAndCountThem()
    {
        final Pattern<Letter> pattern = begin("a").followedBy("b").where(is("b"));
        final PatternVectors oldest = PatternVectors.of(pattern).limit(2, 99, LimitPolicy.DROP_OLDEST);
        oldest.open();
        final PatternVectors newest = PatternVectors.of(pattern).limit(2, 99, LimitPolicy.DROP_NEWEST);
        newest.open();
        for (final String element : "a1 a2 a3 a4 b".split(" ", -1))
        {
            oldest.feed(element, false);
            newest.feed(element, false);
        }
        assertEquals(List.of("{a3 b}", "{a4 b}"), oldest.found());
        assertEquals(List.of("{a1 b}", "{a2 b}"), newest.found());
        assertEquals(2, oldest.harness().counter("partialMatchesDropped"));
        assertEquals(2, newest.harness().counter("partialMatchesDropped"));
        assertEquals(0, oldest.rows());
        assertEquals(0, newest.rows());
        oldest.close();
        newest.close();
    }

    @Test
    void shouldFailAtTheLimitOfRecords()
    {
        final Pattern<Letter> pattern = begin("a").followedBy("b").where(is("b"));
        final String message = assertThrows(IllegalStateException.class,
            () -> limited(pattern, 9, 3, LimitPolicy.FAIL, "a1@1 a2@2 a3@3 b@4 W9")).getMessage();
        assertTrue(message.contains("operator keeps events=3") && message.contains("allowedEvents=3") &&
            message.contains("timestamp=4"), message);
        assertEquals("{a1 b}", limited(pattern, 9, 3, LimitPolicy.FAIL, "a1@1 W1 x@2 y@3 W3 b@4 x@5 W9"));
    }

    @Test
    void shouldDropRecordsAtTheLimitAndCountThem()
    {
        final Pattern<Letter> pattern = begin("a").followedBy("b").where(is("b"));
        assertEquals("{a1 b}", limited(pattern, 9, 2, LimitPolicy.DROP_NEWEST, "a1@1 b@3 a2@2 W9"));
        assertEquals("{a2 b}", limited(pattern, 9, 2, LimitPolicy.DROP_OLDEST, "a1@1 b@3 a2@2 W9"));
        // The record that waits stays, the partial match goes.
        assertEquals("{a2 b}", limited(pattern, 9, 2, LimitPolicy.DROP_OLDEST, "a1@1 W1 a2@2 b@3 W9"));
        assertEquals("", limited(pattern, 9, 2, LimitPolicy.DROP_NEWEST, "a1@1 W1 a2@2 b@3 W3"));
        final PatternVectors vectors = PatternVectors.of(pattern).limit(9, 2, LimitPolicy.DROP_OLDEST);
        vectors.open();
        for (final String element : "a1@1 W1 a2@2 b1@3 x@4 b2@5 W9".split(" ", -1))
        {
            vectors.feed(element, true);
        }
        assertEquals(1, vectors.harness().counter("partialMatchesDropped"));
        assertEquals(1, vectors.harness().counter("eventsDropped"));
        assertEquals(List.of(), vectors.found());
        assertEquals(0, vectors.rows());
        vectors.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DROP_OLDEST", "DROP_NEWEST"})
    void shouldStayWithinItsLimitsWithoutATimeLimit(final LimitPolicy policy)
    {
        final PatternVectors vectors = PatternVectors.of(begin("a").oneOrMore().allowCombinations()
            .followedByAny("b").where(is("b")).oneOrMore().next("c").where(is("c"))).limit(8, 20, policy);
        vectors.open();
        final Random random = new Random(24);
        for (int i = 0; i < 2_000; i++)
        {
            vectors.feed("abbax".charAt(random.nextInt(5)) + "" + random.nextInt(10), random.nextInt(3) != 0);
            // A block, and pages with partial matches, records, and the nodes between them.
            assertTrue(vectors.rows() <= 1 + 8 + 20 + 8 * 20, "rows=" + vectors.rows());
            if (random.nextInt(10) == 0)
            {
                vectors.watermark(i);
            }
        }
        vectors.close();
    }

    private static String limited(
        final Pattern<Letter> pattern, final int partials, final int events, final LimitPolicy policy,
        final String vector)
    {
        return PatternVectors.of(pattern).limit(partials, events, policy).run(vector);
    }

    @Test
    void shouldRefuseTheSnapshotOfAnotherPattern()
    {
        final PatternVectors before = PatternVectors.of(begin("a").followedBy("b").where(is("b")));
        before.open();
        before.feed("a", false);
        final var snapshot = before.harness().barrier();
        before.close();
        final PatternVectors after = PatternVectors.of(begin("a").next("b").where(is("b")));
        final String message =
            assertThrows(IllegalStateException.class, () -> after.restoreFrom(snapshot)).getMessage();
        assertTrue(message.contains("looks for pattern=(a STRICT b states=3)") &&
            message.contains("partial matches of pattern=(a RELAXED b states=3)"), message);
        after.close();
    }

    @Test
    void shouldRefuseTheEndOfTimeAndSaturateLimitsBeforeIt()
    {
        final Pattern<Letter> pattern = begin("a").followedBy("b").where(is("b")).within(Duration.ofMillis(5));
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> PatternVectors.run(pattern, "a@" + Long.MAX_VALUE)).getMessage().contains("is the end of time"));
        final String end = String.valueOf(Long.MAX_VALUE - 2);
        assertEquals("{a b}", PatternVectors.of(pattern).timeouts().run("a@" + end + " b@" + (Long.MAX_VALUE - 1) +
            " W" + Long.MAX_VALUE));
        assertEquals("<a>@" + (Long.MIN_VALUE + 6), PatternVectors.of(pattern).timeouts().timed()
            .run("a@" + (Long.MIN_VALUE + 1) + " W0"));
    }
}
