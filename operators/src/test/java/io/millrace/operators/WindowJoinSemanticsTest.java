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
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.CoGroupFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.RecordList;
import io.millrace.operators.function.WindowJoinFunction;
import io.millrace.operators.join.CoGroupOperator;
import io.millrace.operators.join.JoinKind;
import io.millrace.operators.join.JoinWindow;
import io.millrace.operators.join.WindowJoinOperator;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The vectors of SEMANTICS.md for window joins, and random input against a model on the heap. A pair shows as
 * {@code left-right@timestamp}, where -1 is for none.
 */
class WindowJoinSemanticsTest
{
    private static final Comparator<Long> CANONICAL =
        Comparator.comparing((final Long key) -> KeyHash.hash(key), Long::compareUnsigned);
    private static final JoinWindow FIVE = JoinWindow.tumbling(5, 0, 0);
    private static final WindowJoinFunction<LongKey, Reading, Summary, SummaryFlyweight> PAIR =
        (key, window, left, right, out) -> out.sensor(key.value()).windowEnd(window.end())
            .count(left == null ? -1 : left.value()).sum(right == null ? -1 : right.sum());
    private static final CoGroupFunction<LongKey, Reading, Summary, SummaryFlyweight> ALL_PAIRS =
        (key, window, lefts, rights, out) ->
        {
            for (int i = 0; i < Math.max(1, lefts.size()); i++)
            {
                final long left = lefts.isEmpty() ? -1 : lefts.get(i).value();
                for (int j = 0; j < Math.max(1, rights.size()); j++)
                {
                    out.next().sensor(key.value()).windowEnd(window.end()).count(left)
                        .sum(rights.isEmpty() ? -1 : rights.get(j).sum());
                    out.emit();
                }
            }
        };

    private OperatorHarness<ReadingFlyweight, Summary> harness;

    @ParameterizedTest
    @CsvSource({"INNER, '1-0@4,1-4@4,2-0@4,2-4@4'", "LEFT_OUTER, '1-0@4,1-4@4,2-0@4,2-4@4,6--1@9'",
        "RIGHT_OUTER, '1-0@4,1-4@4,2-0@4,2-4@4,-1-11@14'", "FULL_OUTER, '1-0@4,1-4@4,2-0@4,2-4@4,6--1@9,-1-11@14'"})
    void shouldFollowJOIN1PairsOfAWindowWhenItCloses(final JoinKind kind, final String expected)
    {
        for (int room = 1; room < 8; room++)
        {
            try (OperatorHarness<ReadingFlyweight, Summary> joins = join(kind, FIVE).room(room).open())
            {
                harness = joins;
                vector();
                joins.watermark(3);
                assertEquals(List.of(), pairs());
                final int calls = joins.finish();
                assertEquals(1, calls);
                assertEquals(expected, String.join(",", pairs()));
            }
        }
    }

    @Test
    void shouldFollowJOIN1CoGroupSeesOneSideEmpty()
    {
        final CoGroupFunction<LongKey, Reading, Summary, SummaryFlyweight> sizes = (key, window, lefts, rights, out) ->
        {
            out.next().count(lefts.size()).sum(rights.size());
            out.emit();
        };
        try (OperatorHarness<ReadingFlyweight, Summary> joins = coGroup(FIVE, sizes).open())
        {
            harness = joins;
            vector();
            joins.watermark(4);
            assertEquals(List.of("2-2@4"), pairs());
            joins.finish();
            assertEquals(List.of("1-0@9", "0-1@14"), pairs());
        }
    }

    private void vector()
    {
        left(1, 1);
        right(1, 0);
        left(1, 2);
        right(1, 4);
        left(1, 6);
        right(1, 11);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN5LateRecordsFireAnewUntilCleanup(final boolean coGroup)
    {
        final JoinWindow late = JoinWindow.tumbling(5, 0, 2);
        try (OperatorHarness<ReadingFlyweight, Summary> joins =
            (coGroup ? coGroup(late, ALL_PAIRS) : join(JoinKind.FULL_OUTER, late)).open())
        {
            harness = joins;
            left(1, 0);
            joins.watermark(4);
            assertEquals(List.of("0--1@4"), pairs());
            right(1, 1);
            assertEquals(List.of("0-1@4"), pairs());
            joins.watermark(5);
            assertEquals(List.of(), pairs());
            left(1, 2);
            assertEquals(List.of("0-1@4", "2-1@4"), pairs());
            right(2, 3);
            assertEquals(List.of("-1-3@4"), pairs());
            joins.watermark(6);
            assertEquals(List.of(), pairs());
            left(1, 3);
            right(1, 4);
            assertEquals(List.of(), pairs());
            assertEquals(List.of("late left 3", "late right 4"), late());
        }
    }

    @Test
    void shouldFollowWIN7LateRecordsAreCountedWithoutASideOutput()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.INNER, FIVE, "").open())
        {
            harness = joins;
            joins.watermark(4);
            left(1, 3);
            right(1, 4);
            assertEquals(2, joins.counter("lateRecordsDropped"));
        }
    }

    @Test
    void shouldFollowWIN7WindowsMayOverlap()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.FULL_OUTER, new JoinWindow(10, 5, 0, 0)).open())
        {
            harness = joins;
            left(1, 7);
            joins.watermark(9);
            assertEquals(List.of("7--1@9"), pairs());
            right(1, 8);
            right(1, 3);
            assertEquals(List.of("late right 3"), late());
            joins.watermark(14);
            assertEquals(List.of("7-8@14"), pairs());
            right(1, 9);
            assertEquals(List.of("late right 9"), late());
        }
    }

    @Test
    void shouldFollowWIN7RecordsBetweenWindowsAreInNone()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.FULL_OUTER, new JoinWindow(3, 5, 0, 0)).open())
        {
            harness = joins;
            for (long time = 0; time < 6; time++)
            {
                left(1, time);
            }
            joins.finish();
            assertEquals(List.of("0--1@2", "1--1@2", "2--1@2", "5--1@7"), pairs());
            assertEquals(List.of(), late());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void shouldFollowWIN18KeysFireInCanonicalOrder(final int room)
    {
        final List<Long> keys = new ArrayList<>();
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.INNER, FIVE).room(room).open())
        {
            harness = joins;
            for (long key = 1_000; key > 0; key--)
            {
                left(key, 1);
                right(key, 2);
                right(key, 3);
                keys.add(key);
                keys.add(key);
            }
            joins.watermark(100);
            keys.sort(CANONICAL);
            assertEquals(keys, joins.results(Summary::sensor));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 3, Long.MAX_VALUE, Long.MAX_VALUE - 2})
    void shouldRefuseTimestampsAtTheEndsOfTime(final long timestamp)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.INNER, FIVE).open())
        {
            harness = joins;
            final String message = assertThrows(IllegalArgumentException.class, () -> left(1, timestamp)).getMessage();
            assertTrue(message.contains("timestamp=" + timestamp) && message.contains("@EventTime"), message);
        }
    }

    @Test
    void shouldStopInsideTheLargestProductAndGoOn()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.INNER, FIVE).room(1).open())
        {
            harness = joins;
            for (int i = 0; i < 40; i++)
            {
                left(1, i % 5);
                right(1, i % 5);
            }
            assertTrue(joins.watermark(4) >= 1_600);
            assertEquals(1_600, pairs().size());
            joins.watermark(5);
            assertEquals(List.of(), pairs());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLetOthersOnTheThreadHaveTheirTurn(final boolean coGroup)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins =
            (coGroup ? coGroup(FIVE, ALL_PAIRS) : join(JoinKind.INNER, FIVE)).open())
        {
            harness = joins;
            final int keys = 3 * Operator.MAX_FIRINGS / 2;
            for (int key = 0; key < keys; key++)
            {
                left(key, 1);
                right(key, 2);
            }
            assertTrue(joins.watermark(4) >= 2);
            assertEquals(keys, pairs().size());
        }
    }

    @Test
    void shouldFailAnyLookAtARecordAfterTheCall()
    {
        final List<RecordList<Reading>> lists = new ArrayList<>();
        final List<Reading> readings = new ArrayList<>();
        final CoGroupFunction<LongKey, Reading, Summary, SummaryFlyweight> keeping = (key, window, lefts, rights, out) ->
        {
            lists.add(lefts);
            readings.add(lefts.get(0));
            readings.add(lefts.get(1));
        };
        try (OperatorHarness<ReadingFlyweight, Summary> joins = coGroup(FIVE, keeping).open())
        {
            harness = joins;
            left(1, 1);
            left(1, 2);
            joins.finish();
            assertThrows(IndexOutOfBoundsException.class, () -> lists.get(0).get(0));
            assertThrows(IllegalStateException.class, () -> readings.get(0).value());
            assertThrows(IllegalStateException.class, () -> readings.get(1).value());
        }
    }

    @ParameterizedTest
    @EnumSource(JoinKind.class)
    void shouldJoinAsAModelOnTheHeap(final JoinKind kind)
    {
        for (long seed = 1; seed <= 4; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            final long slide = random.nextLong(5, 40);
            final long size = seed % 3 == 0 ? random.nextLong(1, 3 * slide) : slide;
            final JoinWindow window =
                new JoinWindow(size, slide, random.nextLong(slide), random.nextLong(2) * random.nextLong(40));
            final List<String> expected = run(seed, kind, false, window, null, 0);
            assertTrue(expected.size() > 300, () -> window + " lines=" + expected.size());
            assertTrue(expected.stream().anyMatch(line -> line.startsWith("late")), window::toString);
            assertEquals(expected, run(seed, kind, false, window, OffHeapBackend.factory(), 0));
            assertEquals(expected, run(seed, kind, false, window, OffHeapBackend.factory(), 30));
            assertEquals(expected, run(seed, kind, false, window, CopyingBackend.factory(), 10));
            if (kind == JoinKind.FULL_OUTER)
            {
                assertEquals(expected, run(seed, kind, true, window, OffHeapBackend.factory(), 20));
                assertEquals(expected, run(seed, kind, true, window, CopyingBackend.factory(), 10));
            }
            assertNotEquals(expected, run(seed, kind == JoinKind.INNER ? JoinKind.LEFT_OUTER : JoinKind.INNER, false, window,
                OffHeapBackend.factory(), 0));
        }
    }

    /** Random records and watermarks through the model, or through the operator with some restarts. */
    private static List<String> run(
        final long seed,
        final JoinKind kind,
        final boolean coGroup,
        final JoinWindow window,
        final StateBackendFactory backend,
        final int restarts)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final SplittableRandom chance = new SplittableRandom(seed + 1);
        final int records = 2_000;
        final Model model = new Model(kind, window);
        final List<String> lines = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Summary> joins = backend == null ? null :
            (coGroup ? coGroup(window, ALL_PAIRS) : join(kind, window)).stateBackend(backend).room(1).open();
        long watermark = Long.MIN_VALUE;
        for (int number = 0; number < records; number++)
        {
            final long base = number / 10;
            final long time = base + random.nextLong(60) - 50;
            final long sensor = random.nextInt(5) == 0 ? 7 : random.nextLong(100);
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
                watermark = Math.max(watermark, base - random.nextLong(30));
                if (joins == null)
                {
                    model.watermark(watermark, lines);
                }
                else
                {
                    joins.watermark(watermark);
                    take(joins, lines);
                }
            }
            if (chance.nextInt(records) < restarts && joins != null)
            {
                final OperatorSnapshot snapshot = joins.barrier();
                joins.close();
                joins = (coGroup ? coGroup(window, ALL_PAIRS) : join(kind, window))
                    .stateBackend(backend).room(1).restore(snapshot);
            }
        }
        if (joins == null)
        {
            model.watermark(Long.MAX_VALUE, lines);
        }
        else
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
            joins.emitted(pair -> pair.sensor() + " " + pair.count() + "-" + pair.sum() + " end=" + pair.windowEnd())
                .forEach(pair -> lines.add(pair.value() + "@" + pair.timestamp()));
            late(joins).forEach(lines::add);
        }
    }

    /** Windows as lists in maps. */
    private static final class Model
    {
        private final JoinKind kind;
        private final JoinWindow window;
        private final TreeMap<Long, TreeMap<Long, List<List<Long>>>> windows = new TreeMap<>();
        private long watermark = Long.MIN_VALUE;

        private Model(final JoinKind kind, final JoinWindow window)
        {
            this.kind = kind;
            this.window = window;
        }

        void add(final boolean isLeft, final long sensor, final long time, final long value, final List<String> lines)
        {
            boolean taken = false;
            for (long start = time - window.size() + 1; start <= time; start++)
            {
                if (Math.floorMod(start - window.offset(), window.slide()) == 0 &&
                    start + window.size() - 1 + window.lateness() > watermark)
                {
                    taken = true;
                    final List<List<Long>> sides = windows.computeIfAbsent(start, key -> new TreeMap<>(CANONICAL))
                        .computeIfAbsent(sensor, key -> List.of(new ArrayList<>(), new ArrayList<>()));
                    sides.get(isLeft ? 0 : 1).add(value);
                    if (start + window.size() - 1 <= watermark)
                    {
                        fire(sensor, start + window.size(), sides, lines);
                    }
                }
            }
            if (!taken && time + window.lateness() <= watermark)
            {
                lines.add("late " + (isLeft ? "left " : "right ") + value);
            }
        }

        void watermark(final long now, final List<String> lines)
        {
            for (final Map.Entry<Long, TreeMap<Long, List<List<Long>>>> entry : windows.entrySet())
            {
                final long end = entry.getKey() + window.size();
                if (end - 1 <= now && end - 1 > watermark)
                {
                    entry.getValue().forEach((sensor, sides) -> fire(sensor, end, sides, lines));
                }
            }
            windows.keySet().removeIf(start -> start + window.size() - 1 + window.lateness() <= now);
            watermark = now;
        }

        private void fire(final long sensor, final long end, final List<List<Long>> sides, final List<String> lines)
        {
            final List<Long> none = List.of(-1L);
            final List<Long> lefts = sides.get(0).isEmpty() && kind.keepsRight() ? none : sides.get(0);
            final List<Long> rights = sides.get(1).isEmpty() && kind.keepsLeft() ? none : sides.get(1);
            for (final Long left : lefts)
            {
                for (final Long right : rights)
                {
                    lines.add(sensor + " " + left + "-" + right + " end=" + end + "@" + (end - 1));
                }
            }
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

    private List<String> late()
    {
        return late(harness);
    }

    private static List<String> late(final OperatorHarness<ReadingFlyweight, Summary> joins)
    {
        return Stream.concat(
            joins.emitted("lefts", ReadingFlyweight.TYPE, left -> "late left " + left.value()).stream(),
            joins.emitted("rights", SummaryFlyweight.TYPE, right -> "late right " + right.sum()).stream())
            .map(Emitted::value).toList();
    }

    private static OperatorHarness<ReadingFlyweight, Summary> join(final JoinKind kind, final JoinWindow window)
    {
        return join(kind, window, "s");
    }

    private static OperatorHarness<ReadingFlyweight, Summary> join(
        final JoinKind kind, final JoinWindow window, final String plural)
    {
        return harness(Operators.factory(WindowJoinOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE,
            SummaryFlyweight.TYPE, leftKey(), rightKey(), Operators.keyView(LongKeyView.class), PAIR, kind, window,
            plural.isEmpty() ? "" : "lefts", plural.isEmpty() ? "" : "rights"));
    }

    private static OperatorHarness<ReadingFlyweight, Summary> coGroup(
        final JoinWindow window, final CoGroupFunction<LongKey, Reading, Summary, SummaryFlyweight> function)
    {
        return harness(Operators.factory(CoGroupOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE,
            SummaryFlyweight.TYPE, leftKey(), rightKey(), Operators.keyView(LongKeyView.class), function, window, "lefts",
            "rights"));
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(final OperatorFactory<Operator> factory)
    {
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE)
            .sideOutput("lefts", ReadingFlyweight.TYPE).sideOutput("rights", SummaryFlyweight.TYPE);
    }

    private static OperatorFactory<?> leftKey()
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        return Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key);
    }

    private static OperatorFactory<?> rightKey()
    {
        final ToLongFunction<Summary> key = Summary::sensor;
        return Operators.encoder(LongKeyEncoder.class, SummaryFlyweight.TYPE, key);
    }
}
