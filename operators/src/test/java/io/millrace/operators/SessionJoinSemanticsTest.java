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
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.SessionJoinModel.Bug;
import io.millrace.operators.function.CoGroupFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowJoinFunction;
import io.millrace.operators.join.JoinKind;
import io.millrace.operators.join.SessionGroups;
import io.millrace.operators.join.SessionJoinOperator;
import io.millrace.operators.join.SessionPairs;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.source.Generator;
import io.millrace.operators.window.SessionWindow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The rules of SEMANTICS.md for sessions, over two streams, and random input against {@link SessionJoinModel}. A pair shows
 * as {@code left-right@timestamp}, where -1 is for none.
 */
class SessionJoinSemanticsTest
{
    private static final int RECORDS = 2_000;
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

    /** How the operator is run. */
    private record Run(boolean coGroup, StateBackendFactory backend, int restarts)
    {
    }

    @ParameterizedTest
    @CsvSource({"INNER, '0-3@5'", "LEFT_OUTER, '0-3@5,10--1@12'", "RIGHT_OUTER, '0-3@5,-1-14@16'",
        "FULL_OUTER, '0-3@5,10--1@12,-1-14@16'"})
    void shouldFollowWIN8RecordsOfBothSidesThatTouchAreOfOneSession(final JoinKind kind, final String expected)
    {
        for (int room = 1; room < 4; room++)
        {
            try (OperatorHarness<ReadingFlyweight, Summary> joins = join(kind, 3, 0).room(room).open())
            {
                harness = joins;
                left(1, 0);
                right(1, 3);
                left(1, 10);
                right(1, 14);
                joins.watermark(4);
                assertEquals(List.of(), pairs());
                joins.finish();
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
        try (OperatorHarness<ReadingFlyweight, Summary> joins = coGroup(3, 0, sizes).open())
        {
            harness = joins;
            left(1, 0);
            left(1, 1);
            right(1, 2);
            left(1, 6);
            right(1, 10);
            joins.watermark(4);
            assertEquals(List.of("2-1@4"), pairs());
            joins.finish();
            assertEquals(List.of("1-0@8", "0-1@12"), pairs());
        }
    }

    @Test
    void shouldFollowWIN8ARecordOfOneSideMakesSessionsOfTheOtherOne()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.INNER, 3, 0).open())
        {
            harness = joins;
            left(1, 6);
            left(1, 0);
            right(1, 3);
            joins.watermark(8);
            assertEquals(List.of("0-3@8", "6-3@8"), pairs());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN9MergeBeforeTheLateCheck(final boolean coGroup)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins =
            (coGroup ? coGroup(3, 0, ALL_PAIRS) : join(JoinKind.FULL_OUTER, 3, 0)).open())
        {
            harness = joins;
            left(1, 5);
            joins.watermark(5);
            right(1, 2);
            right(1, 0);
            left(1, -4);
            right(1, -4);
            assertEquals(List.of(), pairs());
            assertEquals(List.of("late left -4", "late right -4"), late());
            joins.watermark(7);
            assertEquals(List.of("5-2@7", "5-0@7"), pairs());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN10FiredSessionsMergeAndFireAnew(final boolean coGroup)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins =
            (coGroup ? coGroup(3, 10, ALL_PAIRS) : join(JoinKind.FULL_OUTER, 3, 10)).open())
        {
            harness = joins;
            left(1, 0);
            right(1, 6);
            joins.watermark(8);
            assertEquals(List.of("0--1@2", "-1-6@8"), pairs());
            left(1, 3);
            assertEquals(List.of("0-6@8", "3-6@8"), pairs());
            right(1, 8);
            assertEquals(List.of(), pairs());
            joins.watermark(10);
            assertEquals(List.of("0-6@10", "0-8@10", "3-6@10", "3-8@10"), pairs());
            joins.watermark(20);
            left(1, 7);
            assertEquals(List.of(), pairs());
            assertEquals(List.of("late left 7"), late());
        }
    }

    @Test
    void shouldFollowWIN7LateRecordsAreCountedWithoutASideOutput()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness(factory(JoinKind.INNER, 3, 0, "", "")).open())
        {
            harness = joins;
            joins.watermark(4);
            left(1, 1);
            right(1, 2);
            assertEquals(2, joins.counter("lateRecordsDropped"));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 2, Long.MAX_VALUE, Long.MAX_VALUE - 2})
    void shouldRefuseTimestampsAtTheEndsOfTime(final long timestamp)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.INNER, 3, 0).open())
        {
            harness = joins;
            final String message = assertThrows(IllegalArgumentException.class, () -> left(1, timestamp)).getMessage();
            assertTrue(message.contains("timestamp=" + timestamp) && message.contains("@EventTime"), message);
        }
    }

    @Test
    void shouldRefuseAGapThatIsOverWhenARecordComes()
    {
        final DataStream<Reading> readings = Pipeline.create("gap").source(Generator.of(ReadingFlyweight.TYPE, 1,
            (number, out) -> out.value(number)), WatermarkStrategy.noWatermarks(), "readings");
        final ConnectedStreams<LongKey, Reading, Reading> both =
            readings.keyByLong(Reading::sensor).connect(readings.keyByLong(Reading::sensor));
        final String message = assertThrows(IllegalArgumentException.class,
            () -> both.window(ProcessingTimeSessionWindows.withGap(Duration.ofMillis(1)))).getMessage();
        assertTrue(message.startsWith("gap=PT0.001S of sessions of processing time"), message);
    }

    @Test
    void shouldStopInsideTheLargestProductAndGoOn()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = join(JoinKind.INNER, 3, 0).room(1).open())
        {
            harness = joins;
            for (int i = 0; i < 40; i++)
            {
                left(1, i % 5);
                right(1, i % 5);
            }
            assertTrue(joins.watermark(7) >= 1_600);
            assertEquals(1_600, pairs().size());
            joins.watermark(8);
            assertEquals(List.of(), pairs());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLetOthersOnTheThreadHaveTheirTurn(final boolean coGroup)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins =
            (coGroup ? coGroup(3, 0, ALL_PAIRS) : join(JoinKind.INNER, 3, 0)).open())
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

    @ParameterizedTest
    @ValueSource(longs = {0, 500})
    void shouldKeepNothingOfSessionsThatAreGone(final long lateness)
    {
        final WatchedState state = new WatchedState(false);
        long most = 0;
        try (OperatorHarness<ReadingFlyweight, Summary> joins =
            join(JoinKind.INNER, 20, lateness).stateBackend(state).open())
        {
            harness = joins;
            for (int i = 0; i < 100_000; i++)
            {
                final long sensor = i % 7 == 0 ? i : i % 50;
                left(sensor, i);
                right(sensor, i);
                if (i % 500 == 499)
                {
                    joins.watermark(i - 10);
                    pairs();
                    most = Math.max(most, state.table("left").size() + state.table("right").size());
                }
            }
            joins.watermark(1_000_000);
            assertEquals(0, state.table("latestSessions").size());
            assertEquals(0, state.table("left").size());
            assertEquals(0, state.table("right").size());
        }
        assertTrue(most < 4_000, "most=" + most);
    }

    @ParameterizedTest
    @EnumSource(JoinKind.class)
    void shouldJoinAsAModelOnTheHeap(final JoinKind kind)
    {
        for (long seed = 1; seed <= 4; seed++)
        {
            final long gap = 1 + 3 * seed;
            final long lateness = seed % 2 * 25;
            final List<String> expected = modelled(seed, kind, gap, lateness, Bug.NONE);
            assertTrue(expected.size() > 300, () -> gap + " lines=" + expected.size());
            assertTrue(expected.stream().anyMatch(line -> line.startsWith("late")));
            assertEquals(expected, operated(seed, kind, gap, lateness, new Run(false, OffHeapBackend.factory(), 0)));
            assertEquals(expected, operated(seed, kind, gap, lateness, new Run(false, OffHeapBackend.factory(), 30)));
            assertEquals(expected, operated(seed, kind, gap, lateness, new Run(false, CopyingBackend.factory(), 10)));
            if (kind == JoinKind.FULL_OUTER)
            {
                assertEquals(expected, operated(seed, kind, gap, lateness, new Run(true, OffHeapBackend.factory(), 20)));
                assertEquals(expected, operated(seed, kind, gap, lateness, new Run(true, CopyingBackend.factory(), 10)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldNoticeABug(final Bug bug)
    {
        assertNotEquals(modelled(3, JoinKind.FULL_OUTER, 10, 25, bug),
            operated(3, JoinKind.FULL_OUTER, 10, 25, new Run(false, OffHeapBackend.factory(), 5)));
    }

    /** Takes what happens, as the model or the operator does. */
    private interface Joining
    {
        void add(boolean isLeft, long sensor, long time, long value);

        void watermark(long now);

        void restart();
    }

    /** Random records and watermarks. */
    private static void random(final long seed, final int restarts, final Joining joining)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final SplittableRandom chance = new SplittableRandom(seed + 1);
        long watermark = Long.MIN_VALUE;
        for (int number = 0; number < RECORDS; number++)
        {
            final long base = number / 4;
            final long time = base + random.nextLong(60) - 50;
            final long sensor = random.nextInt(4) == 0 ? 7 : random.nextLong(60);
            joining.add(random.nextBoolean(), sensor, time, number);
            if (random.nextInt(30) == 0)
            {
                watermark = Math.max(watermark, base - random.nextLong(40));
                joining.watermark(watermark);
            }
            if (chance.nextInt(RECORDS) < restarts)
            {
                joining.restart();
            }
        }
        joining.watermark(Long.MAX_VALUE);
    }

    private static List<String> modelled(
        final long seed, final JoinKind kind, final long gap, final long lateness, final Bug bug)
    {
        final SessionJoinModel model = new SessionJoinModel(kind, gap, lateness, bug);
        final List<String> lines = new ArrayList<>();
        random(seed, 0, new Joining()
        {
            @Override
            public void add(final boolean isLeft, final long sensor, final long time, final long value)
            {
                model.add(isLeft, sensor, time, value, lines);
            }

            @Override
            public void watermark(final long now)
            {
                model.watermark(now, lines);
            }

            @Override
            public void restart()
            {
            }
        });
        return lines;
    }

    private static List<String> operated(
        final long seed, final JoinKind kind, final long gap, final long lateness, final Run run)
    {
        final List<String> lines = new ArrayList<>();
        final Operated operated = new Operated(kind, gap, lateness, run, lines);
        try
        {
            random(seed, run.restarts, operated);
        }
        finally
        {
            operated.joins.close();
        }
        return lines;
    }

    /** The operator, with some restarts. */
    private static final class Operated implements Joining
    {
        private final JoinKind kind;
        private final long gap;
        private final long lateness;
        private final Run run;
        private final List<String> lines;
        private OperatorHarness<ReadingFlyweight, Summary> joins;

        private Operated(
            final JoinKind kind, final long gap, final long lateness, final Run run, final List<String> lines)
        {
            this.kind = kind;
            this.gap = gap;
            this.lateness = lateness;
            this.run = run;
            this.lines = lines;
            this.joins = newHarness().open();
        }

        private OperatorHarness<ReadingFlyweight, Summary> newHarness()
        {
            return (run.coGroup ? coGroup(gap, lateness, ALL_PAIRS) : join(kind, gap, lateness))
                .stateBackend(run.backend).room(1);
        }

        @Override
        public void add(final boolean isLeft, final long sensor, final long time, final long value)
        {
            if (isLeft)
            {
                joins.push(0, ReadingFlyweight.TYPE, time, reading -> reading.sensor(sensor).value(value));
            }
            else
            {
                joins.push(1, SummaryFlyweight.TYPE, time, summary -> summary.sensor(sensor).sum(value));
            }
            take();
        }

        @Override
        public void watermark(final long now)
        {
            if (now == Long.MAX_VALUE)
            {
                joins.finish();
            }
            else
            {
                joins.watermark(now);
            }
            take();
        }

        @Override
        public void restart()
        {
            final OperatorSnapshot snapshot = joins.barrier();
            joins.close();
            joins = newHarness().restore(snapshot);
        }

        private void take()
        {
            joins.emitted(pair -> pair.sensor() + " " + pair.count() + "-" + pair.sum() + " end=" + pair.windowEnd())
                .forEach(pair -> lines.add(pair.value() + "@" + pair.timestamp()));
            late(joins).forEach(lines::add);
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

    private static OperatorHarness<ReadingFlyweight, Summary> join(
        final JoinKind kind, final long gap, final long lateness)
    {
        return harness(factory(kind, gap, lateness, "lefts", "rights"));
    }

    private static OperatorFactory<Operator> factory(
        final JoinKind kind, final long gap, final long lateness, final String leftTag, final String rightTag)
    {
        return factory(OperatorFactory.of(SessionPairs.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE,
            SummaryFlyweight.TYPE, Operators.keyView(LongKeyView.class), PAIR, kind), gap, lateness, leftTag, rightTag);
    }

    private static OperatorFactory<Operator> factory(
        final OperatorFactory<?> results,
        final long gap,
        final long lateness,
        final String leftTag,
        final String rightTag)
    {
        return Operators.factory(SessionJoinOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, leftKey(),
            rightKey(), results, new SessionWindow(gap, lateness), leftTag, rightTag);
    }

    private static OperatorHarness<ReadingFlyweight, Summary> coGroup(
        final long gap, final long lateness, final CoGroupFunction<LongKey, Reading, Summary, SummaryFlyweight> function)
    {
        return harness(factory(OperatorFactory.of(SessionGroups.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE,
            SummaryFlyweight.TYPE, Operators.keyView(LongKeyView.class), function), gap, lateness, "lefts", "rights"));
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
