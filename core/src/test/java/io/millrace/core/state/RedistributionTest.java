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
package io.millrace.core.state;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The vectors of SEMANTICS OP-1 to OP-3; the order between writers, which Flink leaves open, is theirs. */
class RedistributionTest
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 2   | 2 | [e0.0] [e1.0 e1.1]",
        "2 3   | 2 | [e0.0 e0.1] [e1.0 e1.1 e1.2]",
        "2 3   | 3 | [e0.0 e0.1] [e1.0 e1.1] [e1.2]",
        "1 2 3 | 2 | [e0.0 e1.0 e1.1] [e2.0 e2.1 e2.2]",
        "1 2 3 | 3 | [e0.0] [e1.0 e1.1] [e2.0 e2.1 e2.2]",
        "1 2 3 | 1 | [e0.0 e1.0 e1.1 e2.0 e2.1 e2.2]",
        "0 1   | 3 | [e1.0] [] []",
        "0 0   | 2 | [] []",
        "0     | 3 | [] [] []"})
    void shouldFollowOP1(final String sizes, final int parallelism, final String expected)
    {
        final Redistribution redistribution = of(sizes);
        assertEquals(expected, IntStream.range(0, parallelism)
            .mapToObj(subtask -> text(redistribution.split(subtask, parallelism))).collect(Collectors.joining(" ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 2 | [e0.0 e1.0 e1.1]", "0 1 | [e1.0]", "1 0 2 | [e0.0 e2.0 e2.1]", "0 0 | []"})
    void shouldFollowOP2(final String sizes, final String expected)
    {
        assertEquals(expected, text(of(sizes).union()));
    }

    @Test
    void shouldFollowOP3()
    {
        final Redistribution two = of("5 5");
        assertEquals(List.of(0, 1, 0, 1, 0), IntStream.range(0, 5).map(two::broadcast).boxed().toList());
        assertEquals(0, of("5 5 5").broadcast(0));
    }

    /** What is given out is what there was, in its order, in chunks that differ by one at most, the longer ones first. */
    @Test
    void shouldGiveEveryElementToOneReader()
    {
        final Random random = new Random(7);
        for (int round = 0; round < 2000; round++)
        {
            final long[] sizes = random.longs(1 + random.nextInt(6), 0, 1 + random.nextInt(9)).toArray();
            final Redistribution redistribution = new Redistribution(sizes);
            final int parallelism = 1 + random.nextInt(8);
            final List<String> given = new ArrayList<>();
            final List<Integer> lengths = new ArrayList<>();
            for (int subtask = 0; subtask < parallelism; subtask++)
            {
                final List<String> own = elements(redistribution.split(subtask, parallelism));
                given.addAll(own);
                lengths.add(own.size());
            }
            assertEquals(elements(redistribution.union()), given);
            final int total = (int)LongStream.of(sizes).sum();
            if (parallelism == sizes.length)
            {
                assertEquals(LongStream.of(sizes).mapToObj(Math::toIntExact).toList(), lengths);
            }
            else
            {
                assertEquals(IntStream.range(0, parallelism)
                    .mapToObj(i -> total / parallelism + (i < total % parallelism ? 1 : 0)).toList(), lengths);
            }
        }
    }

    @Test
    void shouldRefuseWhatCannotBe()
    {
        refused("writers=0", Redistribution::new);
        refused("size=-1 of the list of subtask=1", () -> new Redistribution(3, -1));
        refused("subtask=2 is none of parallelism=2", () -> of("1 1").split(2, 2));
        refused("subtask=-1", () -> of("1 1").broadcast(-1));
    }

    private static void refused(final String part, final Runnable action)
    {
        final String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    private static Redistribution of(final String sizes)
    {
        return new Redistribution(List.of(sizes.trim().split(" ")).stream().mapToLong(Long::parseLong).toArray());
    }

    private static String text(final List<Redistribution.Piece> pieces)
    {
        return "[" + String.join(" ", elements(pieces)) + "]";
    }

    private static List<String> elements(final List<Redistribution.Piece> pieces)
    {
        return pieces.stream().flatMap(piece -> LongStream.range(piece.first(), piece.first() + piece.count())
            .mapToObj(index -> "e" + piece.writer() + "." + index)).toList();
    }
}
