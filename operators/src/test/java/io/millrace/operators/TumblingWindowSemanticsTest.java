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
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.keyed.TextKeyEncoder;
import io.millrace.operators.keyed.TextKeyView;
import io.millrace.operators.window.TumblingWindow;
import io.millrace.operators.window.TumblingWindowOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The vectors of SEMANTICS.md for windows, as far as they are for tumbling ones. Elements of a window are the digits of
 * its sum, in the order in which they were added.
 */
class TumblingWindowSemanticsTest
{
    private OperatorHarness<ReadingFlyweight, Summary> harness;

    @ParameterizedTest
    @CsvSource({"-1, 0, -5", "-5, 0, -5", "-6, 0, -10", "0, 0, 0", "4, 0, 0", "5, 0, 5", "1, 2, -3", "2, 2, 2", "1, -2, -2"})
    void shouldFollowWIN1StartsAreMultiplesOfTheSizeFromTheOffset(
        final long timestamp, final long offset, final long start)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new TumblingWindow(5, offset, 0)).open())
        {
            harness = windows;
            add("a", timestamp, 1);
            windows.watermark(start + 3);
            assertEquals(List.of(), fired());
            windows.watermark(start + 4);
            assertEquals(List.of("a [" + start + "," + (start + 5) + ") 1 @" + (start + 4)), fired());
        }
    }

    @Test
    void shouldFollowWIN2FiresWhenTheWatermarkReachesTheLastTimestamp()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new TumblingWindow(5, 0, 0)).open())
        {
            harness = windows;
            add("a", 0, 1);
            windows.watermark(3);
            assertEquals(List.of(), fired());
            windows.watermark(4);
            assertEquals(List.of("a [0,5) 1 @4"), fired());
        }
    }

    @Test
    void shouldFollowWIN3ResultsHaveTheLastTimestampOfTheirWindow()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new TumblingWindow(5, 0, 0)).open())
        {
            harness = windows;
            add("a", 7, 1);
            windows.finish();
            final List<Emitted<Long>> results = windows.emitted(Summary::sum);
            assertEquals(List.of(new Emitted<>(9, 0, 1L)), results);
        }
    }

    @Test
    void shouldFollowWIN4AnElementBehindTheWatermarkIsTakenWhileItsWindowIsOpen()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new TumblingWindow(5, 0, 0)).open())
        {
            harness = windows;
            windows.watermark(3);
            add("a", 2, 1);
            windows.watermark(4);
            assertEquals(List.of("a [0,5) 1 @4"), fired());
            add("a", 4, 2);
            assertEquals(List.of("a@4 2"), late());
            assertEquals(List.of(), fired());
        }
    }

    @Test
    void shouldFollowWIN4CleanupTimeSaturates()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows =
            text(new TumblingWindow(5, 0, Long.MAX_VALUE)).open())
        {
            harness = windows;
            add("a", 0, 1);
            windows.watermark(Long.MAX_VALUE - 1);
            add("a", 0, 2);
            assertEquals(List.of("a [0,5) 1 @4", "a [0,5) 12 @4"), fired());
        }
    }

    @Test
    void shouldFollowWIN5LateElementsFireAnewUntilCleanup()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new TumblingWindow(5, 0, 2)).open())
        {
            harness = windows;
            add("a", 0, 1);
            windows.watermark(4);
            assertEquals(List.of("a [0,5) 1 @4"), fired());
            add("a", 1, 2);
            assertEquals(List.of("a [0,5) 12 @4"), fired());
            windows.watermark(5);
            assertEquals(List.of(), fired());
            add("a", 2, 3);
            assertEquals(List.of("a [0,5) 123 @4"), fired());
            add("b", 2, 9);
            assertEquals(List.of("b [0,5) 9 @4"), fired());
            windows.watermark(6);
            assertEquals(List.of(), fired());
            add("a", 3, 4);
            assertEquals(List.of(), fired());
            assertEquals(List.of("a@3 4"), late());
        }
    }

    @Test
    void shouldFollowWIN6LateFiringsAccumulateInALaterLifeToo()
    {
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new TumblingWindow(5, 0, 10)).open())
        {
            harness = windows;
            add("a", 0, 1);
            add("a", 6, 5);
            windows.watermark(4);
            assertEquals(List.of("a [0,5) 1 @4"), fired());
            snapshot = windows.barrier();
        }
        try (OperatorHarness<ReadingFlyweight, Summary> windows =
            text(new TumblingWindow(5, 0, 10)).restore(snapshot))
        {
            harness = windows;
            // Its watermark is part of the snapshot (WM-11 of the deviations), so the window fires at once.
            add("a", 1, 2);
            assertEquals(List.of("a [0,5) 12 @4"), fired());
            windows.watermark(9);
            assertEquals(List.of("a [5,10) 5 @9"), fired());
            windows.watermark(14);
            add("a", 2, 3);
            assertEquals(List.of(), fired());
            assertEquals(List.of("a@2 3"), late());
        }
    }

    @Test
    void shouldFollowWIN7WhatIsRejectedIsDroppedAndCountedWithoutASideOutput()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows =
            text(new TumblingWindow(10, 5, 0), "").open())
        {
            harness = windows;
            add("a", 7, 7);
            windows.watermark(14);
            assertEquals(List.of("a [5,15) 7 @14"), fired());
            add("a", 9, 9);
            add("a", 14, 4);
            assertEquals(List.of(), fired());
            assertEquals(2, windows.counter("lateRecordsDropped"));
            add("a", 15, 5);
            windows.watermark(24);
            assertEquals(List.of("a [15,25) 5 @24"), fired());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void shouldFollowWIN18WindowsOfOneEndFireInCanonicalOrder(final int room)
    {
        final List<Long> keys = new ArrayList<>();
        try (OperatorHarness<ReadingFlyweight, Summary> windows = longs(new TumblingWindow(5, 0, 0)).room(room).open())
        {
            for (long key = 1_000; key > 0; key--)
            {
                final long sensor = key;
                windows.push(key % 10, reading -> reading.sensor(sensor).value(1));
                keys.add(key);
            }
            windows.watermark(100);
            final List<Long> expected = new ArrayList<>();
            for (final boolean second : new boolean[] {false, true})
            {
                keys.stream().filter(key -> key % 10 >= 5 == second)
                    .sorted(Comparator.comparing(TumblingWindowSemanticsTest::hash, Long::compareUnsigned))
                    .forEach(expected::add);
            }
            assertEquals(expected, windows.results(Summary::sensor));
        }
    }

    @Test
    void shouldLetOthersOnTheThreadHaveTheirTurnWhileAWatermarkFiresManyWindows()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new TumblingWindow(5, 0, 0)).open())
        {
            harness = windows;
            final int many = 3 * Operator.MAX_FIRINGS / 2;
            for (int i = 0; i < many; i++)
            {
                add("k" + i, i % 10, 1);
            }
            assertEquals(2, windows.watermark(9));
            assertEquals(many, fired().size());
        }
    }

    @Test
    void shouldFollowWIN19BadSizesAreRefused()
    {
        refused("size=PT0S of windows must be above 0", () -> TumblingEventTimeWindows.of(Duration.ZERO));
        refused("size=PT-1S of windows must be above 0", () -> TumblingEventTimeWindows.of(Duration.ofSeconds(-1)));
        refused("offset=PT5S of windows must be less than size=PT5S",
            () -> TumblingEventTimeWindows.of(Duration.ofSeconds(5), Duration.ofSeconds(5)));
        refused("offset=PT-5S of windows must be less than size=PT5S",
            () -> TumblingEventTimeWindows.of(Duration.ofSeconds(5), Duration.ofSeconds(-5)));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 3, Long.MAX_VALUE, Long.MAX_VALUE - 2})
    void shouldRefuseTimestampsAtTheEndsOfTime(final long timestamp)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new TumblingWindow(5, 0, 0)).open())
        {
            harness = windows;
            final String message =
                assertThrows(IllegalArgumentException.class, () -> add("a", timestamp, 1)).getMessage();
            assertTrue(message.contains("timestamp=" + timestamp) && message.contains("size=5") &&
                message.contains("@EventTime"), message);
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

    private static OperatorHarness<ReadingFlyweight, Summary> text(final TumblingWindow window)
    {
        return text(window, "late").sideOutput("late", ReadingFlyweight.TYPE);
    }

    private static OperatorHarness<ReadingFlyweight, Summary> text(final TumblingWindow window, final String lateTag)
    {
        final Function<Reading, CharSequence> key = Reading::place;
        final WindowFunction<CharSequence, Summary, SummaryFlyweight> result = (place, bounds, sum, out) ->
            out.place(place).count(bounds.start()).windowEnd(bounds.end()).sum(sum.sum());
        return harness(Operators.encoder(TextKeyEncoder.class, ReadingFlyweight.TYPE, key),
            Operators.keyView(TextKeyView.class), result, window, lateTag);
    }

    private static OperatorHarness<ReadingFlyweight, Summary> longs(final TumblingWindow window)
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        final WindowFunction<LongKey, Summary, SummaryFlyweight> result = (sensor, bounds, sum, out) ->
            out.sensor(sensor.value());
        return harness(Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key),
            Operators.keyView(LongKeyView.class), result, window, "");
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(
        final OperatorFactory<?> encoder,
        final OperatorFactory<?> keyView,
        final WindowFunction<?, ?, ?> result,
        final TumblingWindow window,
        final String lateTag)
    {
        final AccumulateFunction<Reading, SummaryFlyweight> digits = (sum, reading) ->
            sum.sum(sum.sum() * 10 + reading.value());
        final OperatorFactory<Operator> factory = Operators.factory(TumblingWindowOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, encoder, keyView, digits, result, window, lateTag);
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
    }

    private static long hash(final long key)
    {
        try (Region region = Region.allocate(new MemoryAccount("hash"), "key", Long.BYTES))
        {
            Memory.putLong(region.address(), key);
            return KeyHash.hash(region.address(), Long.BYTES);
        }
    }
}
