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
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.keyed.TextKeyEncoder;
import io.millrace.operators.keyed.TextKeyView;
import io.millrace.operators.window.SessionWindow;
import io.millrace.operators.window.SessionWindowOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The vectors of SEMANTICS.md for windows, as far as they are for sessions. Elements of a session are the digits of its
 * sum, in the order in which they were added; what was merged stands behind what it was merged into.
 */
class SessionWindowSemanticsTest
{
    private OperatorHarness<ReadingFlyweight, Summary> harness;

    @Test
    void shouldFollowWIN3ResultsHaveTheLastTimestampOfTheirSession()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(3, 0).open())
        {
            harness = sessions;
            add("a", 7, 1);
            add("a", 8, 2);
            sessions.finish();
            assertEquals(List.of(new Emitted<>(10, 1, 12L)), sessions.emitted(Summary::sum));
        }
    }

    @Test
    void shouldFollowWIN4AnElementBehindTheWatermarkIsTakenWhileItsSessionIsOpen()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(5, 0).open())
        {
            harness = sessions;
            sessions.watermark(3);
            add("a", 0, 1);
            add("a", -1, 2);
            assertEquals(List.of(), fired());
            sessions.watermark(4);
            assertEquals(List.of("a [-1,5) 12 @4"), fired());
            add("a", 0, 3);
            assertEquals(List.of("a@0 3"), late());
            add("a", 1, 4);
            sessions.watermark(5);
            assertEquals(List.of("a [1,6) 4 @5"), fired());
        }
    }

    @Test
    void shouldFollowWIN4CleanupTimeSaturates()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(5, Long.MAX_VALUE).open())
        {
            harness = sessions;
            add("a", 0, 1);
            sessions.watermark(Long.MAX_VALUE - 1);
            add("a", 0, 2);
            add("a", 100, 3);
            assertEquals(List.of("a [0,5) 1 @4", "a [0,5) 12 @4", "a [100,105) 3 @104"), fired());
            sessions.watermark(Long.MAX_VALUE);
            add("a", 0, 4);
            assertEquals(List.of("a@0 4"), late());
        }
    }

    @Test
    void shouldFollowWIN5LateElementsFireAnewUntilCleanup()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(5, 2).open())
        {
            harness = sessions;
            add("a", 0, 1);
            sessions.watermark(4);
            assertEquals(List.of("a [0,5) 1 @4"), fired());
            add("a", 0, 2);
            assertEquals(List.of("a [0,5) 12 @4"), fired());
            sessions.watermark(5);
            assertEquals(List.of(), fired());
            add("a", 0, 3);
            add("b", 0, 9);
            assertEquals(List.of("a [0,5) 123 @4", "b [0,5) 9 @4"), fired());
            sessions.watermark(6);
            add("a", 0, 4);
            add("b", -1, 8);
            assertEquals(List.of(), fired());
            assertEquals(List.of("a@0 4", "b@-1 8"), late());
        }
    }

    @Test
    void shouldFollowWIN6LateFiringsAccumulateInALaterLifeToo()
    {
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(5, 10).open())
        {
            harness = sessions;
            add("a", 0, 1);
            add("a", 6, 5);
            sessions.watermark(4);
            assertEquals(List.of("a [0,5) 1 @4"), fired());
            snapshot = sessions.barrier();
        }
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(5, 10).restore(snapshot))
        {
            harness = sessions;
            // Its watermark is part of the snapshot (WM-11 of the deviations), so the session fires at once.
            add("a", 0, 2);
            assertEquals(List.of("a [0,5) 12 @4"), fired());
            sessions.watermark(10);
            assertEquals(List.of("a [6,11) 5 @10"), fired());
            sessions.watermark(14);
            add("a", 0, 3);
            assertEquals(List.of(), fired());
            assertEquals(List.of("a@0 3"), late());
            add("a", 2, 4);
            assertEquals(List.of("a [2,11) 54 @10"), fired());
        }
    }

    @Test
    void shouldFollowWIN8SessionsThatTouchAreOne()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(3, 0).open())
        {
            harness = sessions;
            add("a", 0, 1);
            add("a", 3, 2);
            add("b", 0, 1);
            add("b", 4, 2);
            sessions.watermark(4);
            assertEquals(List.of("b [0,3) 1 @2"), fired());
            sessions.watermark(5);
            assertEquals(List.of("a [0,6) 12 @5"), fired());
            sessions.watermark(6);
            assertEquals(List.of("b [4,7) 2 @6"), fired());
        }
    }

    @Test
    void shouldFollowWIN8AnElementMergesTheSessionsThatItTouches()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(3, 0).open())
        {
            harness = sessions;
            add("a", 0, 1);
            add("a", 6, 2);
            add("a", 20, 3);
            add("a", 30, 4);
            add("a", 3, 5);
            add("a", 23, 6);
            add("a", 27, 7);
            add("a", 26, 8);
            sessions.watermark(40);
            assertEquals(List.of("a [0,9) 215 @8", "a [20,33) 47368 @32"), fired());
        }
    }

    @Test
    void shouldFollowWIN9ElementsAreMergedBeforeTheyAreJudged()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(3, 0).open())
        {
            harness = sessions;
            add("a", 5, 1);
            sessions.watermark(5);
            add("a", 2, 2);
            add("a", 0, 3);
            assertEquals(List.of(), late());
            add("a", -4, 4);
            assertEquals(List.of("a@-4 4"), late());
            assertEquals(List.of(), fired());
            sessions.watermark(7);
            assertEquals(List.of("a [0,8) 123 @7"), fired());
        }
    }

    @Test
    void shouldFollowWIN9AnElementThatTouchesOnlyWhatWasCleanedUpIsLate()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(3, 0).open())
        {
            harness = sessions;
            add("a", 0, 1);
            add("a", 10, 2);
            sessions.watermark(2);
            assertEquals(List.of("a [0,3) 1 @2"), fired());
            add("a", 0, 3);
            assertEquals(List.of("a@0 3"), late());
            add("a", 1, 4);
            add("a", 0, 5);
            assertEquals(List.of(), late());
            sessions.watermark(20);
            assertEquals(List.of("a [0,4) 45 @3", "a [10,13) 2 @12"), fired());
        }
    }

    @Test
    void shouldFollowWIN10FiredSessionsGoOnMerging()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(3, 10).open())
        {
            harness = sessions;
            add("a", 0, 1);
            add("a", 8, 2);
            sessions.watermark(10);
            assertEquals(List.of("a [0,3) 1 @2", "a [8,11) 2 @10"), fired());
            add("a", 5, 3);
            assertEquals(List.of("a [5,11) 23 @10"), fired());
            add("a", 3, 4);
            assertEquals(List.of("a [0,11) 2314 @10"), fired());
            // It is unfired again from here on.
            add("a", 9, 5);
            assertEquals(List.of(), fired());
            sessions.watermark(11);
            assertEquals(List.of("a [0,12) 23145 @11"), fired());
            sessions.watermark(20);
            add("a", 1, 6);
            assertEquals(List.of("a [0,12) 231456 @11"), fired());
            sessions.watermark(21);
            add("a", 2, 7);
            assertEquals(List.of(), fired());
            assertEquals(List.of("a@2 7"), late());
        }
    }

    @Test
    void shouldFollowWIN10AFiredSessionMergesWithUnfiredOnes()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(3, 10).open())
        {
            harness = sessions;
            add("a", 0, 1);
            add("a", 6, 2);
            add("a", 20, 3);
            sessions.watermark(4);
            assertEquals(List.of("a [0,3) 1 @2"), fired());
            add("a", 3, 4);
            assertEquals(List.of(), fired());
            sessions.watermark(12);
            assertEquals(List.of("a [0,9) 214 @8"), fired());
        }
    }

    @Test
    void shouldCountWhatIsTooLateWithoutASideOutput()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(3, 0, false, "").open())
        {
            harness = sessions;
            sessions.watermark(10);
            add("a", 8, 1);
            add("a", 9, 2);
            add("a", 8, 3);
            assertEquals(1, sessions.counter("lateRecordsDropped"));
            sessions.watermark(11);
            assertEquals(List.of("a [8,12) 23 @11"), fired());
        }
    }

    @Test
    void shouldStartWithTheFirstRecordOfASessionWhenItReduces()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> sessions = reduced().open())
        {
            sessions.push(0, reading -> reading.time(0).sensor(1).place("first").value(5));
            sessions.push(1, reading -> reading.time(1).sensor(1).place("second").value(7));
            sessions.push(9, reading -> reading.time(9).sensor(1).place("third").value(11));
            sessions.push(12, reading -> reading.time(12).sensor(1).place("fourth").value(13));
            sessions.finish();
            assertEquals(List.of("first 12", "third 24"),
                sessions.results(reading -> reading.place() + " " + reading.value()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void shouldFollowWIN18SessionsOfOneEndFireInCanonicalOrder(final int room)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = longs().room(room).open())
        {
            for (long key = 1_000; key > 0; key--)
            {
                final long sensor = key;
                sessions.push(key % 2, reading -> reading.sensor(sensor).value(1));
                // Ends later, so that it is looked at twice.
                sessions.push(key % 2 + 2, reading -> reading.sensor(sensor).value(1));
                sessions.push(key % 2 + 200, reading -> reading.sensor(sensor).value(1));
            }
            sessions.watermark(100);
            assertEquals(LongStream.of(0, 1).flatMap(SessionWindowSemanticsTest::canonical).boxed().toList(),
                sessions.results(Summary::sensor));
            sessions.watermark(300);
            assertEquals(LongStream.of(0, 1).flatMap(SessionWindowSemanticsTest::canonical).boxed().toList(),
                sessions.results(Summary::sensor));
        }
    }

    private static LongStream canonical(final long remainder)
    {
        return LongStream.rangeClosed(1, 1_000).filter(key -> key % 2 == remainder).boxed()
            .sorted(Comparator.comparing(KeyHash::hash, Long::compareUnsigned)).mapToLong(Long::longValue);
    }

    @Test
    void shouldLetOthersOnTheThreadHaveTheirTurnWhileAWatermarkFiresManySessions()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(5, 3).open())
        {
            harness = sessions;
            final int many = 3 * Operator.MAX_FIRINGS / 2;
            for (int i = 0; i < many; i++)
            {
                add("k" + i, i % 10, 1);
            }
            // Each is gathered first, then fired.
            final int calls = sessions.watermark(15);
            assertTrue(calls > 2 * many / Operator.MAX_FIRINGS, () -> "calls=" + calls);
            assertEquals(many, fired().size());
        }
    }

    @Test
    void shouldFollowWIN19BadGapsAreRefused()
    {
        refused("gap=PT0S of session windows must be above 0", () -> EventTimeSessionWindows.withGap(Duration.ZERO));
        refused("gap=PT-1S of session windows must be above 0",
            () -> EventTimeSessionWindows.withGap(Duration.ofSeconds(-1)));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 4, Long.MAX_VALUE, Long.MAX_VALUE - 4})
    void shouldRefuseTimestampsAtTheEndsOfTime(final long timestamp)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(5, 0).open())
        {
            harness = sessions;
            final String message =
                assertThrows(IllegalArgumentException.class, () -> add("a", timestamp, 1)).getMessage();
            assertTrue(message.contains("timestamp=" + timestamp) && message.contains("gap=5") &&
                message.contains("@EventTime"), message);
        }
    }

    @Test
    void shouldTakeTimestampsNearTheEndsOfTime()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> sessions = text(5, 0).open())
        {
            harness = sessions;
            add("a", Long.MAX_VALUE - 5, 2);
            add("a", Long.MIN_VALUE + 5, 1);
            sessions.watermark(Long.MIN_VALUE + 8);
            assertEquals(List.of(), fired());
            sessions.watermark(0);
            assertEquals(1, fired().size());
            sessions.watermark(Long.MAX_VALUE - 2);
            assertEquals(List.of(), fired());
            sessions.watermark(Long.MAX_VALUE - 1);
            assertEquals(1, fired().size());
        }
    }

    private static void refused(final String message, final Runnable action)
    {
        assertTrue(assertThrows(IllegalArgumentException.class, action::run).getMessage().startsWith(message));
    }

    private void add(final String key, final long timestamp, final long digit)
    {
        harness.push(timestamp, reading -> reading.time(timestamp).place(key).value(digit));
    }

    private List<String> fired()
    {
        return harness.emitted(summary -> summary.place() + " [" + summary.count() + "," + summary.windowEnd() + ") " +
            summary.sum()).stream().map(result -> result.value() + " @" + result.timestamp()).toList();
    }

    private List<String> late()
    {
        return harness.emitted("late", ReadingFlyweight.TYPE, reading -> reading.place() + "@" + reading.time() + " " +
            reading.value()).stream().map(Emitted::value).toList();
    }

    private static OperatorHarness<ReadingFlyweight, Summary> text(final long gap, final long lateness)
    {
        return text(gap, lateness, false, "late").sideOutput("late", ReadingFlyweight.TYPE);
    }

    private static OperatorHarness<ReadingFlyweight, Summary> text(
        final long gap, final long lateness, final boolean startWithFirst, final String lateTag)
    {
        final Function<Reading, CharSequence> key = Reading::place;
        final WindowFunction<CharSequence, Summary, SummaryFlyweight> result = (place, bounds, sum, out) ->
            out.place(place).count(bounds.start()).windowEnd(bounds.end()).sum(sum.sum());
        final OperatorFactory<Operator> factory = Operators.factory(SessionWindowOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            Operators.encoder(TextKeyEncoder.class, ReadingFlyweight.TYPE, key), Operators.keyView(TextKeyView.class),
            new Digits(), result, new SessionWindow(gap, lateness), startWithFirst, lateTag);
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
    }

    private static OperatorHarness<ReadingFlyweight, Summary> longs()
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        final WindowFunction<LongKey, Summary, SummaryFlyweight> result = (sensor, bounds, sum, out) ->
            out.sensor(sensor.value());
        final OperatorFactory<Operator> factory = Operators.factory(SessionWindowOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key), Operators.keyView(LongKeyView.class),
            new Digits(), result, new SessionWindow(20, 0), false, "");
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
    }

    private static OperatorHarness<ReadingFlyweight, Reading> reduced()
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        final WindowFunction<LongKey, Reading, ReadingFlyweight> result = (sensor, bounds, reduced, out) ->
            ReadingFlyweight.TYPE.copy(reduced, out);
        final AggregateFunction<Reading, Reading, ReadingFlyweight> sum = new AggregateFunction<>()
        {
            @Override
            public void add(final ReadingFlyweight accumulator, final Reading record)
            {
                accumulator.value(accumulator.value() + record.value());
            }

            @Override
            public void merge(final ReadingFlyweight accumulator, final Reading other)
            {
                add(accumulator, other);
            }
        };
        final OperatorFactory<Operator> factory = Operators.factory(SessionWindowOperator.class, ReadingFlyweight.TYPE,
            ReadingFlyweight.TYPE, ReadingFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key), Operators.keyView(LongKeyView.class),
            sum, result, new SessionWindow(5, 0), true, "");
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, ReadingFlyweight.TYPE);
    }

    /** Writes the digits one behind the other. */
    private static final class Digits implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight accumulator, final Reading record)
        {
            accumulator.sum(accumulator.sum() * 10 + record.value());
        }

        @Override
        public void merge(final SummaryFlyweight accumulator, final Summary other)
        {
            long scale = 1;
            while (scale <= other.sum())
            {
                scale *= 10;
            }
            accumulator.sum(accumulator.sum() * scale + other.sum());
        }
    }
}
