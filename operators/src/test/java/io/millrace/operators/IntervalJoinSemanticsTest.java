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
package io.millrace.operators;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.HashedBackend;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.join.IntervalBounds;
import io.millrace.operators.join.IntervalJoinOperator;
import io.millrace.operators.keyed.LongKeyEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The vectors of SEMANTICS.md for interval joins, and random input against a model that keeps everything. A pair shows as
 * {@code left-right@timestamp}.
 */
class IntervalJoinSemanticsTest
{
    private static final JoinFunction<Reading, Summary, SummaryFlyweight> PAIR = (left, right, out) ->
        out.sensor(left.sensor()).count(left.value()).sum(right.sum());

    private OperatorHarness<ReadingFlyweight, Summary> harness;

    @ParameterizedTest
    @CsvSource({"-2, 1, '5-3@5,5-4@5,5-6@6'", "-1, 1, '5-4@5,5-6@6'", "-2, 0, '5-3@5,5-4@5'", "0, 0, ''",
        "-3, 2, '5-2@5,5-3@5,5-4@5,5-6@6,5-7@7'", "-100, -3, '5-2@5'", "2, 3000, '5-7@7'"})
    void shouldFollowJOIN2BothBoundsAreIncludedWhicheverSideComesFirst(
        final long lower, final long upper, final String expected)
    {
        for (final boolean leftFirst : new boolean[] {true, false})
        {
            try (OperatorHarness<ReadingFlyweight, Summary> joins = open(lower, upper))
            {
                harness = joins;
                if (leftFirst)
                {
                    left(1, 5);
                }
                for (final long time : new long[] {2, 3, 4, 6, 7})
                {
                    right(1, time);
                    right(2, time);
                }
                if (!leftFirst)
                {
                    left(1, 5);
                }
                assertEquals(expected, String.join(",", pairs()));
            }
        }
    }

    @Test
    void shouldFollowJOIN2EmitsWithoutAWatermark()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = open(-2, 1))
        {
            harness = joins;
            left(1, 5);
            assertEquals(List.of(), pairs());
            right(1, 6);
            assertEquals(List.of("5-6@6"), pairs());
            joins.finish();
            assertEquals(List.of(), pairs());
        }
    }

    @Test
    void shouldFollowJOIN3ResultsHaveTheLaterTimeAndTheCauseOfTheSecondRecord()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = open(-5, 5))
        {
            harness = joins;
            left(1, 5);
            right(1, 3);
            right(1, 8);
            assertEquals(List.of(new Emitted<>(5, 1, 3L), new Emitted<>(8, 2, 8L)), joins.emitted(Summary::sum));
        }
    }

    @Test
    void shouldFollowJOIN4DeviationAtOrBehindTheWatermarkIsLate()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = open(-2, 1))
        {
            harness = joins;
            left(1, 5);
            joins.watermark(4);
            right(1, 3);
            right(1, 4);
            left(1, 4);
            assertEquals(List.of(), pairs());
            assertEquals(List.of("right 3", "right 4"), late("rights"));
            assertEquals(List.of("left 4"), late("lefts"));
            right(1, 5);
            assertEquals(List.of("5-5@5"), pairs());
        }
    }

    @Test
    void shouldFollowJOIN4LateRecordsAreCountedWithoutASideOutput()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness(-2, 1, "", "").open())
        {
            harness = joins;
            joins.watermark(4);
            right(1, 4);
            left(1, 3);
            assertEquals(2, joins.counter("lateRecordsDropped"));
            assertEquals(List.of(), pairs());
        }
    }

    @ParameterizedTest
    @CsvSource({"-2, 1, 106", "-2, -1, 106", "10, 50, 154", "-3000, 7, 3104", "0, 0, 104"})
    void shouldFollowJOIN5StateGoesWhenNoPartnerCanCome(final long lower, final long upper, final long gone)
    {
        final Backends backends = new Backends();
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness(lower, upper, "", "").stateBackend(backends).open())
        {
            harness = joins;
            final long empty = backends.opened.hash();
            for (int i = 0; i < 20; i++)
            {
                left(1, 104);
                right(1, 104);
            }
            joins.watermark(103);
            assertNotEquals(empty, backends.opened.hash());
            // A slice goes as a whole: it is up to a power of two above the interval long, and at least 8.
            joins.watermark(gone + Math.max(8, 2 * (upper - lower)));
            assertEquals(empty, backends.opened.hash());
        }
    }

    @Test
    void shouldFollowJOIN5NothingIsKeptThatCanFindNoPartner()
    {
        final Backends backends = new Backends();
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness(-5, -3, "", "").stateBackend(backends).open())
        {
            harness = joins;
            final long empty = backends.opened.hash();
            joins.watermark(100);
            left(1, 103);
            assertEquals(empty, backends.opened.hash());
            left(1, 104);
            assertNotEquals(empty, backends.opened.hash());
            right(1, 101);
            assertEquals(List.of("104-101@104"), pairs());
        }
    }

    @Test
    void shouldFollowJOIN6DuplicatesAreJoinedInOrderOfTimeThenArrival()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = open(-20, 20))
        {
            harness = joins;
            for (final long time : new long[] {9, 4, 25, 4, 17, 9, 4})
            {
                right(1, time);
            }
            left(1, 10);
            assertEquals(List.of("10-4@10", "10-4@10", "10-4@10", "10-9@10", "10-9@10", "10-17@17", "10-25@25"), pairs());
            right(1, 10);
            left(1, 10);
            assertEquals(9, pairs().size());
        }
    }

    @Test
    void shouldFollowJOIN6RecordsWithoutTimestampAreRefused()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = open(-2, 1))
        {
            harness = joins;
            final String message =
                assertThrows(IllegalArgumentException.class, () -> left(1, Long.MIN_VALUE)).getMessage();
            assertTrue(message.contains("without event time"), message);
        }
    }

    @Test
    void shouldJoinAtTheEndsOfTime()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = open(-10, 10))
        {
            harness = joins;
            left(1, Long.MAX_VALUE);
            right(1, Long.MAX_VALUE - 10);
            right(1, Long.MAX_VALUE - 11);
            left(2, Long.MIN_VALUE + 1);
            right(2, Long.MIN_VALUE + 11);
            right(2, Long.MIN_VALUE + 12);
            assertEquals(2, pairs().size());
            joins.finish();
            left(1, Long.MAX_VALUE);
            assertEquals(1, late("lefts").size());
        }
    }

    @Test
    void shouldRefuseBoundsThatLeaveNothing()
    {
        final String message =
            assertThrows(IllegalArgumentException.class, () -> new IntervalBounds(2, 1)).getMessage();
        assertTrue(message.contains("lower=2 upper=1"), message);
        assertThrows(IllegalArgumentException.class, () -> new IntervalBounds(Long.MIN_VALUE, 0));
        assertThrows(IllegalArgumentException.class, () -> new IntervalBounds(0, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldJoinAsAModelThatKeepsEverything(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final long lower = random.nextLong(-60, 40);
        final long upper = lower + random.nextLong(random.nextBoolean() ? 5 : 80);
        final List<String> expected = run(seed, lower, upper, null, 0);
        assertTrue(expected.stream().filter(line -> line.startsWith("late")).count() > 10);
        assertTrue(expected.size() > 300, () -> "lines=" + expected.size());
        assertEquals(expected, run(seed, lower, upper, OffHeapBackend.factory(), 0));
        assertEquals(expected, run(seed, lower, upper, OffHeapBackend.factory(), 40));
        assertEquals(expected, run(seed, lower, upper, CopyingBackend.factory(), 15));
        assertNotEquals(expected, run(seed, lower, upper + 1, OffHeapBackend.factory(), 0));
    }

    /** Random records and watermarks through the model, or through the operator with some restarts. */
    private static List<String> run(
        final long seed, final long lower, final long upper, final StateBackendFactory backend, final int restarts)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final SplittableRandom chance = new SplittableRandom(seed + 1);
        final int records = 3_000;
        final Model model = new Model(lower, upper);
        final List<String> lines = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Summary> joins =
            backend == null ? null : harness(lower, upper, "lefts", "rights").stateBackend(backend).room(1).open();
        for (int number = 0; number < records; number++)
        {
            final long base = number / 10;
            final long time = base + random.nextLong(60) - 40;
            final long sensor = random.nextInt(3) == 0 ? 7 : random.nextLong(300);
            final boolean isLeft = random.nextBoolean();
            final long value = number;
            if (joins == null)
            {
                model.add(isLeft, sensor, time, value, lines);
            }
            else if (isLeft)
            {
                joins.push(0, ReadingFlyweight.TYPE, time, reading -> reading.sensor(sensor).value(value));
            }
            else
            {
                joins.push(1, SummaryFlyweight.TYPE, time, summary -> summary.sensor(sensor).sum(value));
            }
            take(joins, lines);
            if (random.nextInt(30) == 0)
            {
                final long now = base - 15 - random.nextLong(15);
                model.watermark = Math.max(model.watermark, now);
                if (joins != null)
                {
                    joins.watermark(model.watermark);
                }
            }
            if (chance.nextInt(records) < restarts && joins != null)
            {
                final OperatorSnapshot snapshot = joins.barrier();
                joins.close();
                joins = harness(lower, upper, "lefts", "rights").stateBackend(backend).room(1).restore(snapshot);
            }
        }
        if (joins != null)
        {
            joins.finish();
            take(joins, lines);
            joins.close();
        }
        return lines;
    }

    private static void take(final OperatorHarness<ReadingFlyweight, Summary> joins, final List<String> lines)
    {
        if (joins != null)
        {
            joins.emitted(pair -> pair.sensor() + " " + pair.count() + "-" + pair.sum())
                .forEach(pair -> lines.add(pair.value() + "@" + pair.timestamp()));
            joins.emitted("lefts", ReadingFlyweight.TYPE, Reading::value)
                .forEach(late -> lines.add("late left " + late.value()));
            joins.emitted("rights", SummaryFlyweight.TYPE, Summary::sum)
                .forEach(late -> lines.add("late right " + late.value()));
        }
    }

    /** Keeps everything. */
    private static final class Model
    {
        private final List<List<long[]>> sides = List.of(new ArrayList<>(), new ArrayList<>());
        private final long lower;
        private final long upper;
        private long watermark = Long.MIN_VALUE;

        private Model(final long lower, final long upper)
        {
            this.lower = lower;
            this.upper = upper;
        }

        void add(final boolean isLeft, final long sensor, final long time, final long value, final List<String> lines)
        {
            if (time <= watermark)
            {
                lines.add("late " + (isLeft ? "left " : "right ") + value);
                return;
            }
            sides.get(isLeft ? 0 : 1).add(new long[] {sensor, time, value});
            sides.get(isLeft ? 1 : 0).stream()
                .filter(other -> other[0] == sensor)
                .filter(other ->
                {
                    final long difference = isLeft ? other[1] - time : time - other[1];
                    return difference >= lower && difference <= upper;
                })
                .sorted(Comparator.comparingLong(other -> other[1]))
                .forEach(other -> lines.add(sensor + " " + (isLeft ? value : other[2]) + "-" + (isLeft ? other[2] : value) +
                    "@" + Math.max(time, other[1])));
        }
    }

    private void left(final long sensor, final long time)
    {
        harness.push(0, ReadingFlyweight.TYPE, time, reading -> reading.sensor(sensor).value(time));
    }

    private void right(final long sensor, final long time)
    {
        harness.push(1, SummaryFlyweight.TYPE, time, summary -> summary.sensor(sensor).sum(time));
    }

    private List<String> pairs()
    {
        return harness.emitted(pair -> pair.count() + "-" + pair.sum()).stream()
            .map(pair -> pair.value() + "@" + pair.timestamp()).toList();
    }

    private List<String> late(final String tag)
    {
        final List<Emitted<String>> late = tag.equals("lefts") ?
            harness.emitted(tag, ReadingFlyweight.TYPE, left -> "left " + left.value()) :
            harness.emitted(tag, SummaryFlyweight.TYPE, right -> "right " + right.sum());
        return late.stream().map(Emitted::value).toList();
    }

    private static OperatorHarness<ReadingFlyweight, Summary> open(final long lower, final long upper)
    {
        return harness(lower, upper, "lefts", "rights").open();
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(
        final long lower, final long upper, final String leftTag, final String rightTag)
    {
        final ToLongFunction<Reading> leftKey = Reading::sensor;
        final ToLongFunction<Summary> rightKey = Summary::sensor;
        final OperatorFactory<Operator> factory = Operators.factory(IntervalJoinOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, leftKey),
            Operators.encoder(LongKeyEncoder.class, SummaryFlyweight.TYPE, rightKey), PAIR,
            new IntervalBounds(lower, upper), leftTag, rightTag);
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE)
            .sideOutput("lefts", ReadingFlyweight.TYPE).sideOutput("rights", SummaryFlyweight.TYPE);
    }

    /** Gives the backend that was opened. */
    private static final class Backends implements StateBackendFactory
    {
        private HashedBackend opened;

        @Override
        public String name()
        {
            return "HASHED";
        }

        @Override
        public StateBackend open(final StateContext context)
        {
            opened = new HashedBackend(OffHeapBackend.factory().open(context), context.operator());
            return opened;
        }
    }
}
