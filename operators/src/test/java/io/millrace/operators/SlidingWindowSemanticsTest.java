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
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.TextKeyEncoder;
import io.millrace.operators.keyed.TextKeyView;
import io.millrace.operators.window.SlidingWindow;
import io.millrace.operators.window.SlidingWindowOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The vectors of SEMANTICS.md for windows, as far as they are for sliding ones. Elements of a window are the digits of
 * its sum: those of a slice in the order in which they were added, slices in the order of time.
 */
class SlidingWindowSemanticsTest
{
    private OperatorHarness<ReadingFlyweight, Summary> harness;

    @ParameterizedTest
    @CsvSource({"-1, 10, 5, 0, -10 -5", "-5, 10, 5, 0, -10 -5", "-6, 10, 5, 0, -15 -10", "0, 10, 5, 0, -5 0",
        "4, 10, 5, 0, -5 0", "5, 10, 5, 0, 0 5", "1, 10, 5, 2, -8 -3", "2, 10, 5, 2, -3 2", "1, 10, 5, -2, -7 -2",
        "0, 5, 2, 0, -4 -2 0", "1, 5, 2, 0, -2 0", "2, 5, 2, 0, -2 0 2", "-1, 5, 2, 0, -4 -2", "0, 5, 5, 0, 0",
        "-1, 3, 5, 1, ''", "-2, 3, 5, 1, -4", "3, 3, 5, 1, 1", "4, 3, 5, 1, ''"})
    void shouldFollowWIN1AnElementIsInEveryWindowThatCoversIt(
        final long timestamp, final long size, final long slide, final long offset, final String starts)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(size, slide, offset, 0)).open())
        {
            harness = windows;
            add("a", timestamp, 1);
            windows.finish();
            assertEquals(Arrays.stream(starts.split(" ")).filter(start -> !start.isEmpty()).mapToLong(Long::parseLong)
                .mapToObj(start -> "a [" + start + "," + (start + size) + ") 1 @" + (start + size - 1)).toList(), fired());
        }
    }

    @Test
    void shouldFollowWIN2FiresWhenTheWatermarkReachesTheLastTimestamp()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(5, 2, 0, 0)).open())
        {
            harness = windows;
            add("a", 0, 1);
            add("a", 1, 2);
            add("a", 4, 3);
            windows.watermark(-1);
            assertEquals(List.of(), fired());
            windows.watermark(0);
            assertEquals(List.of("a [-4,1) 1 @0"), fired());
            windows.watermark(1);
            assertEquals(List.of(), fired());
            windows.watermark(4);
            assertEquals(List.of("a [-2,3) 12 @2", "a [0,5) 123 @4"), fired());
            windows.watermark(100);
            assertEquals(List.of("a [2,7) 3 @6", "a [4,9) 3 @8"), fired());
        }
    }

    @Test
    void shouldFollowWIN3ResultsHaveTheLastTimestampOfTheirWindow()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(10, 5, 0, 0)).open())
        {
            harness = windows;
            add("a", 7, 1);
            windows.finish();
            final List<Emitted<Long>> results = windows.emitted(Summary::sum);
            assertEquals(List.of(new Emitted<>(9, 0, 1L), new Emitted<>(14, 0, 1L)), results);
        }
    }

    @Test
    void shouldFollowWIN4AnElementIsJudgedByEachOfItsWindows()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(10, 5, 0, 3)).open())
        {
            harness = windows;
            add("a", 1, 1);
            windows.watermark(8);
            assertEquals(List.of("a [-5,5) 1 @4"), fired());
            // [-5,5) is past its cleanup at 7, [0,10) is still to come.
            add("a", 2, 2);
            assertEquals(List.of(), fired());
            windows.watermark(11);
            assertEquals(List.of("a [0,10) 12 @9"), fired());
            // [0,10) was fired and is kept up to 12, [5,15) is to come.
            add("a", 6, 3);
            assertEquals(List.of("a [0,10) 123 @9"), fired());
            add("a", 4, 4);
            assertEquals(List.of("a [0,10) 1243 @9"), fired());
            windows.watermark(12);
            add("a", 7, 5);
            add("a", 3, 6);
            assertEquals(List.of(), fired());
            assertEquals(List.of("a@3 6"), late());
            windows.watermark(14);
            assertEquals(List.of("a [5,15) 35 @14"), fired());
        }
    }

    @Test
    void shouldFollowWIN4CleanupTimeSaturates()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows =
            text(new SlidingWindow(10, 5, 0, Long.MAX_VALUE)).open())
        {
            harness = windows;
            add("a", 0, 1);
            windows.watermark(Long.MAX_VALUE - 1);
            assertEquals(List.of("a [-5,5) 1 @4", "a [0,10) 1 @9"), fired());
            add("a", 0, 2);
            assertEquals(List.of("a [0,10) 12 @9", "a [-5,5) 12 @4"), fired());
        }
    }

    @Test
    void shouldFollowWIN5LateElementsFireAnewUntilCleanup()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(5, 5, 0, 2)).open())
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
    void shouldFollowWIN5EveryFiredWindowOfALateElementFiresAnew()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(6, 2, 0, 100)).open())
        {
            harness = windows;
            add("a", 0, 1);
            add("a", 2, 2);
            add("a", 4, 3);
            add("a", 6, 4);
            windows.watermark(7);
            assertEquals(List.of("a [-4,2) 1 @1", "a [-2,4) 12 @3", "a [0,6) 123 @5", "a [2,8) 234 @7"), fired());
            add("a", 3, 5);
            assertEquals(List.of("a [2,8) 2534 @7", "a [0,6) 1253 @5", "a [-2,4) 125 @3"), fired());
            add("b", 5, 6);
            assertEquals(List.of("b [2,8) 6 @7", "b [0,6) 6 @5"), fired());
            windows.watermark(9);
            assertEquals(List.of("a [4,10) 34 @9", "b [4,10) 6 @9"), fired().stream().sorted().toList());
        }
    }

    @Test
    void shouldFollowWIN6LateFiringsAccumulateInALaterLifeToo()
    {
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(10, 5, 0, 10)).open())
        {
            harness = windows;
            add("a", 0, 1);
            add("a", 6, 5);
            windows.watermark(9);
            assertEquals(List.of("a [-5,5) 1 @4", "a [0,10) 15 @9"), fired());
            snapshot = windows.barrier();
        }
        try (OperatorHarness<ReadingFlyweight, Summary> windows =
            text(new SlidingWindow(10, 5, 0, 10)).restore(snapshot))
        {
            harness = windows;
            // Its watermark is part of the snapshot (WM-11 of the deviations), so the windows fire at once.
            add("a", 1, 2);
            assertEquals(List.of("a [0,10) 125 @9", "a [-5,5) 12 @4"), fired());
            windows.watermark(14);
            assertEquals(List.of("a [5,15) 5 @14"), fired());
            add("a", 2, 3);
            assertEquals(List.of("a [0,10) 1235 @9"), fired());
            windows.watermark(19);
            assertEquals(List.of(), fired());
            add("a", 3, 4);
            assertEquals(List.of(), fired());
            assertEquals(List.of("a@3 4"), late());
        }
    }

    @Test
    void shouldFollowWIN7AnElementIsLateWhenAllItsWindowsRejectIt()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(10, 5, 0, 0)).open())
        {
            harness = windows;
            add("a", 7, 7);
            windows.watermark(9);
            assertEquals(List.of("a [0,10) 7 @9"), fired());
            add("a", 8, 8);
            assertEquals(List.of(), fired());
            assertEquals(List.of(), late());
            add("a", 3, 3);
            assertEquals(List.of("a@3 3"), late());
            windows.watermark(14);
            assertEquals(List.of("a [5,15) 78 @14"), fired());
            add("a", 9, 9);
            assertEquals(List.of("a@9 9"), late());
            assertEquals(List.of(), fired());
        }
    }

    @ParameterizedTest
    @CsvSource({"-100, 0", "-2, 0", "2, 1", "3, 2", "4, 3", "100, 3"})
    void shouldFollowWIN7ElementsOfNoWindowAreLostWithoutTraceUnlessTheyAreBehindTheWatermark(
        final long watermark, final long late)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(3, 5, 0, 0), "").open())
        {
            harness = windows;
            windows.watermark(watermark);
            add("a", 3, 3);
            add("a", 4, 4);
            add("a", -1, 4);
            windows.finish();
            assertEquals(List.of(), fired());
            assertEquals(late, windows.counter("lateRecordsDropped"));
        }
    }

    @Test
    void shouldFollowWIN7WhatIsRejectedIsDroppedAndCountedWithoutASideOutput()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(10, 5, 0, 0), "").open())
        {
            harness = windows;
            add("a", 7, 7);
            windows.watermark(14);
            assertEquals(List.of("a [0,10) 7 @9", "a [5,15) 7 @14"), fired());
            add("a", 9, 9);
            add("a", 4, 4);
            assertEquals(List.of(), fired());
            assertEquals(2, windows.counter("lateRecordsDropped"));
            add("a", 10, 5);
            windows.watermark(24);
            assertEquals(List.of("a [10,20) 5 @19"), fired());
        }
    }

    @Test
    void shouldFollowWIN19BadSizesAreRefused()
    {
        final Duration second = Duration.ofSeconds(1);
        final Duration minute = Duration.ofMinutes(1);
        refused("size=PT0S of sliding windows must be above 0",
            () -> SlidingEventTimeWindows.of(Duration.ZERO, second));
        refused("size=PT-1S of sliding windows must be above 0",
            () -> SlidingEventTimeWindows.of(second.negated(), second));
        refused("slide=PT0S of sliding windows must be above 0",
            () -> SlidingEventTimeWindows.of(second, Duration.ZERO));
        refused("slide=PT-1S of sliding windows must be above 0",
            () -> SlidingEventTimeWindows.of(second, second.negated()));
        refused("offset=PT1S of sliding windows must be less than slide=PT1S: ",
            () -> SlidingEventTimeWindows.of(minute, second, second));
        refused("offset=PT-1S of sliding windows must be less than slide=PT1S: ",
            () -> SlidingEventTimeWindows.of(minute, second, second.negated()));
        refused("size=" + Long.MAX_VALUE + " slide=1 of sliding windows: at most ",
            () -> new SlidingWindow(Long.MAX_VALUE, 1, 0, 0));
        assertEquals("sliding PT1M by PT1S offset PT0.5S",
            SlidingEventTimeWindows.of(minute, second, Duration.ofMillis(500)).toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 3, Long.MAX_VALUE, Long.MAX_VALUE - 2})
    void shouldRefuseTimestampsAtTheEndsOfTime(final long timestamp)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(5, 2, 0, 0)).open())
        {
            harness = windows;
            final String message =
                assertThrows(IllegalArgumentException.class, () -> add("a", timestamp, 1)).getMessage();
            assertTrue(message.contains("timestamp=" + timestamp) && message.contains("size=5") &&
                message.contains("slide=2") && message.contains("@EventTime"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE + 40, Long.MAX_VALUE - 40})
    void shouldTakeTimestampsNearTheEndsOfTime(final long timestamp)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> windows = text(new SlidingWindow(10, 5, 0, 3)).open())
        {
            harness = windows;
            windows.watermark(Long.MIN_VALUE + 1);
            add("a", timestamp, 1);
            windows.watermark(timestamp);
            add("a", timestamp, 2);
            windows.finish();
            assertEquals(2, fired().size());
        }
    }

    private static void refused(final String message, final Runnable action)
    {
        final String actual = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(actual.startsWith(message), actual);
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

    private static OperatorHarness<ReadingFlyweight, Summary> text(final SlidingWindow window)
    {
        return text(window, "late").sideOutput("late", ReadingFlyweight.TYPE);
    }

    private static OperatorHarness<ReadingFlyweight, Summary> text(final SlidingWindow window, final String lateTag)
    {
        final Function<Reading, CharSequence> key = Reading::place;
        final WindowFunction<CharSequence, Summary, SummaryFlyweight> result = (place, bounds, sum, out) ->
            out.place(place).count(bounds.start()).windowEnd(bounds.end()).sum(sum.sum());
        final Digits digits = new Digits();
        final OperatorFactory<Operator> factory = Operators.factory(SlidingWindowOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            Operators.encoder(TextKeyEncoder.class, ReadingFlyweight.TYPE, key), Operators.keyView(TextKeyView.class),
            digits, false, SlidingWindowedStream.combiner(digits, SummaryFlyweight.TYPE, window), result, window, lateTag);
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
    }

    /** Numbers written one behind the other; the count is that of the digits. */
    private record Digits() implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.count(sum.count() + 1).sum(sum.sum() * 10 + reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            long shifted = sum.sum();
            for (long i = 0; i < other.count(); i++)
            {
                shifted *= 10;
            }
            sum.count(sum.count() + other.count()).sum(shifted + other.sum());
        }
    }
}
