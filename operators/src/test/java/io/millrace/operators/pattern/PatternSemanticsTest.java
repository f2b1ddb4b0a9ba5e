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

import static io.millrace.operators.pattern.PatternVectors.begin;
import static io.millrace.operators.pattern.PatternVectors.is;
import static io.millrace.operators.pattern.PatternVectors.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The vectors of SEMANTICS.md for complex event processing. */
class PatternSemanticsTest
{
    @Test
    void shouldFollowCEP1RecordsAreProcessedInTheOrderOfTheirTimes()
    {
        assertEquals("{a b2}", run(begin("a").followedBy("b").where(is("b")), "b1@5 a@3 b2@4 W4"));
    }

    @Test
    void shouldFollowCEP4NextIsTheVeryNextRecord()
    {
        final Pattern<Letter> pattern = begin("a").next("b").where(is("b"));
        assertEquals("", run(pattern, "a c b"));
        assertEquals("{a b1}", run(pattern, "a b1 b2"));
    }

    @Test
    void shouldFollowCEP5FollowedByIgnoresUntilTheFirstThatFits()
    {
        final Pattern<Letter> pattern = begin("a").followedBy("b").where(is("b"));
        assertEquals("{a b1}", run(pattern, "a c b1 b2"));
        assertEquals("{a1 b1} {a2 b1}", run(pattern, "a1 a2 b1 b2"));
    }

    @Test
    void shouldFollowCEP6FollowedByAnyBranchesAtEachThatFits()
    {
        assertEquals("{a b1} {a b2}", run(begin("a").followedByAny("b").where(is("b")), "a c b1 b2"));
    }
}
