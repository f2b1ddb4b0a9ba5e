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

import static io.millrace.operators.pattern.PatternVectors.begin;
import static io.millrace.operators.pattern.PatternVectors.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which patterns let go of records that fulfil no condition, and that a key with much lies in several pages. */
class PatternBlocksTest
{
    private static boolean passesUnfit(final Pattern<Letter> pattern)
    {
        return CompiledPattern.of(pattern, Duration::toMillis).passesUnfit;
    }

    @Test
    void shouldPassUnfitRecordsWhereTheyMayLieBetweenSteps()
    {
        final Pattern<Letter> ab = begin("a").followedBy("b").where(is("b"));
        assertTrue(passesUnfit(begin("a")));
        assertTrue(passesUnfit(ab));
        assertTrue(passesUnfit(begin("a").followedByAny("b").where(is("b"))));
        assertTrue(passesUnfit(ab.times(2)));
        assertTrue(passesUnfit(ab.notFollowedBy("c").where(is("c")).within(Duration.ofMillis(5))));
        assertTrue(passesUnfit(begin("a").notFollowedBy("n").where(is("n")).followedBy("b").where(is("b"))));
    }

    @Test
    void shouldKeepUnfitRecordsWhereTheyChangeSomething()
    {
        final Pattern<Letter> a = begin("a");
        assertFalse(passesUnfit(a.next("b").where(is("b"))));
        assertFalse(passesUnfit(a.notNext("b").where(is("b"))));
        assertFalse(passesUnfit(a.notNext("n").where(is("n")).followedBy("b").where(is("b"))));
        assertFalse(passesUnfit(a.followedBy("b").where(is("b")).times(2).consecutive()));
        assertFalse(passesUnfit(a.followedBy("b")));
        assertFalse(passesUnfit(Pattern.<Letter>begin("all").followedBy("b").where(is("b"))));
        assertFalse(passesUnfit(a.followedBy("b").where((letter, match) -> true)));
        assertFalse(passesUnfit(Pattern.<Letter>begin("a").where(letter -> !is("x").test(letter)).next("b")));
    }

    @Test
    void shouldUsePagesForWhatTheBlockHasNoRoomForAndDropThem()
    {
        final PatternVectors vectors = PatternVectors.of(begin("a").followedBy("b").where(is("b"))
            .within(Duration.ofSeconds(1)));
        vectors.open();
        final StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 300; i++)
        {
            vectors.feed("a" + i, true);
            expected.append(i == 0 ? "" : " ").append("{a").append(i).append(" b}");
        }
        assertTrue(vectors.rows() > 10, "rows=" + vectors.rows());
        vectors.restore();
        vectors.watermark(150);
        vectors.restore();
        vectors.watermark(300);
        vectors.feed("b", true);
        vectors.restore();
        vectors.watermark(301);
        assertEquals(expected.toString(), String.join(" ", vectors.found()));
        assertEquals(0, vectors.rows());
        vectors.close();
    }

    @Test
    void shouldGatherWhatIsLeftInFewPages()
    {
        final PatternVectors vectors = PatternVectors.of(begin("a").followedBy("b").where(is("b"))
            .within(Duration.ofMillis(40)));
        vectors.open();
        long most = 0;
        for (int i = 0; i < 2_000; i++)
        {
            vectors.feed("a" + i, true);
            if (i % 7 == 6)
            {
                // At first all that came waits, then little does.
                vectors.watermark(i < 400 ? Long.MIN_VALUE + i : i);
                most = Math.max(most, vectors.rows());
            }
        }
        assertTrue(most > 10 && vectors.rows() < most / 3, "most=" + most + " rows=" + vectors.rows());
        vectors.watermark(10_000);
        assertEquals(0, vectors.rows());
        vectors.close();
    }
}
