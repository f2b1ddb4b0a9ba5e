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
package io.millrace.operators.window.triggered;

import io.millrace.core.operator.Operator;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.Reading;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.TimeWindow;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.trigger.TriggerContext;
import io.millrace.operators.trigger.TriggerResult;
import io.millrace.operators.trigger.WindowContext;
import io.millrace.operators.trigger.WindowElements;
import io.millrace.operators.window.triggered.WindowHarness.ReadingFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The vectors of SEMANTICS.md for windows, under the general operator. */
class TriggerSemanticsTest
{
    private static final Trigger<Object> EVENT_TIME = EventTimeTrigger.create();

    /** Fires when an element's value is 0, else does what the value says: 7 purges, 8 fires and purges, 9 nothing. */
    private static final class Commanded implements Trigger<Reading>
    {
        @Override
        public TriggerResult onElement(
            final Reading element, final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            return switch ((int)element.value())
            {
                case 0 -> TriggerResult.FIRE;
                case 7 -> TriggerResult.PURGE;
                case 8 -> TriggerResult.FIRE_AND_PURGE;
                default -> TriggerResult.CONTINUE;
            };
        }

        @Override
        public TriggerResult onEventTime(
            final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            return TriggerResult.CONTINUE;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN2FiresWhenTheWatermarkReachesTheLastTimestamp(final boolean buffered)
    {
        try (WindowHarness windows = WindowHarness.tumbling(5, EVENT_TIME).buffered(buffered).open())
        {
            windows.add("a", 0, 1);
            assertEquals(List.of(), windows.watermark(3));
            assertEquals(List.of("a [0,5) 1 @4"), windows.watermark(4));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN4AnElementBehindTheWatermarkIsTakenWhileItsWindowIsOpen()
    {
        try (WindowHarness windows = WindowHarness.tumbling(5, EVENT_TIME).open())
        {
            windows.watermark(3);
            windows.add("a", 2, 1);
            assertEquals(List.of("a [0,5) 1 @4"), windows.watermark(4));
            windows.add("a", 4, 2);
            assertEquals(List.of("a@4 2"), windows.late());
            assertEquals(List.of(), windows.fired());
        }
    }

    @Test
    void shouldFollowWIN4CleanupTimeSaturates()
    {
        try (WindowHarness windows = WindowHarness.tumbling(5, EVENT_TIME).lateness(Long.MAX_VALUE).open())
        {
            windows.add("a", 0, 1);
            assertEquals(List.of("a [0,5) 1 @4"), windows.watermark(Long.MAX_VALUE - 1));
            windows.add("a", 0, 2);
            assertEquals(List.of("a [0,5) 12 @4"), windows.fired());
            assertEquals(List.of(), windows.watermark(Long.MAX_VALUE));
            assertEquals("window elements=2 windows=1", windows.state());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN5LateElementsFireAnewUntilCleanup(final boolean buffered)
    {
        try (WindowHarness windows = WindowHarness.tumbling(5, EVENT_TIME).lateness(2).buffered(buffered).open())
        {
            windows.add("a", 0, 1);
            assertEquals(List.of("a [0,5) 1 @4"), windows.watermark(4));
            windows.add("a", 1, 2);
            assertEquals(List.of("a [0,5) 12 @4"), windows.fired());
            assertEquals(List.of(), windows.watermark(5));
            windows.add("a", 2, 3);
            assertEquals(List.of("a [0,5) 123 @4"), windows.fired());
            windows.add("b", 2, 9);
            assertEquals(List.of("b [0,5) 9 @4"), windows.fired());
            assertEquals(List.of(), windows.watermark(6));
            assertEquals("", windows.state());
            windows.add("a", 3, 4);
            assertEquals(List.of(), windows.fired());
            assertEquals(List.of("a@3 4"), windows.late());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN6APurgedWindowFiresWithTheLateElementOnly(final boolean buffered)
    {
        try (WindowHarness windows =
            WindowHarness.tumbling(5, PurgingTrigger.of(EVENT_TIME)).lateness(2).buffered(buffered).open())
        {
            windows.add("a", 0, 1);
            windows.add("a", 1, 2);
            assertEquals(List.of("a [0,5) 12 @4"), windows.watermark(4));
            windows.add("a", 1, 3);
            windows.add("a", 1, 4);
            assertEquals(List.of("a [0,5) 3 @4", "a [0,5) 4 @4"), windows.fired());
            assertEquals(List.of(), windows.watermark(6));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN7AnElementIsLateWhenNoWindowTakesIt()
    {
        try (WindowHarness windows = WindowHarness.sliding(10, 5, EVENT_TIME).open())
        {
            windows.add("a", 7, 7);
            assertEquals(List.of("a [0,10) 7 @9"), windows.watermark(9));
            windows.add("a", 8, 8);
            assertEquals(List.of(), windows.fired());
            assertEquals(List.of(), windows.late());
            windows.add("a", 3, 3);
            assertEquals(List.of("a@3 3"), windows.late());
            assertEquals(List.of("a [5,15) 78 @14"), windows.watermark(14));
            windows.add("a", 9, 9);
            assertEquals(List.of("a@9 9"), windows.late());
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN7AnElementBetweenWindowsIsLostWithoutTrace()
    {
        try (WindowHarness windows = WindowHarness.sliding(3, 5, EVENT_TIME).dropping().open())
        {
            windows.add("a", 2, 2);
            windows.add("a", 3, 3);
            windows.add("a", 4, 4);
            assertEquals(0, windows.harness().counter("lateRecordsDropped"));
            assertEquals(List.of("a [0,3) 2 @2"), windows.watermark(4));
            windows.add("a", 4, 4);
            assertEquals(1, windows.harness().counter("lateRecordsDropped"));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFireTheWindowsOfALateElementFromTheEarliestOn()
    {
        try (WindowHarness windows = WindowHarness.sliding(6, 2, EVENT_TIME).lateness(100).open())
        {
            windows.watermark(20);
            windows.add("a", 4, 1);
            assertEquals(List.of("a [0,6) 1 @5", "a [2,8) 1 @7", "a [4,10) 1 @9"), windows.fired());
            assertEquals(List.of(), windows.watermark(200));
            assertEquals("", windows.state());
        }
    }

    /** Clears its states when windows are cleaned up, and says so. */
    private static final class Telling implements ReadingFunction
    {
        private final List<String> calls;
        private LongState firings;
        private LongState all;

        private Telling(final List<String> calls)
        {
            this.calls = calls;
        }

        @Override
        public void open(final StateStore windowStates, final StateStore globalStates)
        {
            firings = windowStates.longValue("firings");
            all = globalStates.longValue("all");
        }

        @Override
        public void process(
            final CharSequence key,
            final WindowContext context,
            final WindowElements<Reading> elements,
            final Collector<SummaryFlyweight> out)
        {
            firings.add(1);
            all.add(1);
            calls.add("fire " + key + " " + context.window() + " W" + context.currentWatermark() + " count=" +
                elements.count() + " firings=" + firings.get() + " of " + all.get());
        }

        @Override
        public void clear(final CharSequence key, final WindowContext context)
        {
            calls.add("clear " + key + " " + context.window() + " firings=" + firings.get());
            firings.clear();
        }

        @Override
        public void close()
        {
            calls.add("close");
        }
    }

    @Test
    void shouldFollowWIN12APurgeIsNoCleanup()
    {
        final List<String> calls = new ArrayList<>();
        try (WindowHarness windows =
            WindowHarness.tumbling(5, new Commanded()).lateness(3).functions(() -> new Telling(calls)).open())
        {
            windows.add("a", 0, 1);
            windows.add("a", 0, 8);
            windows.add("a", 1, 7);
            windows.add("a", 2, 0);
            windows.add("a", 6, 8);
            windows.watermark(6);
            assertEquals(List.of("fire a [0, 5) W-9223372036854775808 count=2 firings=1 of 1",
                "fire a [0, 5) W-9223372036854775808 count=1 firings=2 of 2",
                "fire a [5, 10) W-9223372036854775808 count=1 firings=1 of 3"), calls);
            calls.clear();
            windows.watermark(7);
            assertEquals(List.of("clear a [0, 5) firings=2"), calls);
            calls.clear();
            windows.watermark(12);
            assertEquals(List.of("clear a [5, 10) firings=1"), calls);
            assertEquals("user/all=1", windows.state());
        }
        assertEquals("close", calls.get(calls.size() - 1));
    }

    /** Fires with every second element, and purges with every third: what it counts outlives the purge. */
    private static final class Counting implements Trigger<Object>
    {
        @Override
        public int stateLength()
        {
            return 2;
        }

        @Override
        public TriggerResult onElement(
            final Object element, final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            context.state(1, context.state(1) + 1);
            if (context.state(1) % 3 == 0)
            {
                return TriggerResult.PURGE;
            }
            return context.state(1) % 2 == 0 ? TriggerResult.FIRE : TriggerResult.CONTINUE;
        }

        @Override
        public TriggerResult onEventTime(
            final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            return TriggerResult.CONTINUE;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN12APurgeKeepsTheTriggersState(final boolean buffered)
    {
        try (WindowHarness windows = WindowHarness.tumbling(100, new Counting()).buffered(buffered).open())
        {
            for (int i = 1; i <= 8; i++)
            {
                windows.add("a", i, i);
            }
            assertEquals(List.of(12L, 4L, 78L), windows.digits());
            assertEquals(List.of(), windows.watermark(99));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN14ACountTriggerDropsWhatIsLeftAtTheEnd()
    {
        try (WindowHarness windows = WindowHarness.tumbling(5, CountTrigger.of(2)).open())
        {
            windows.add("a", 0, 1);
            windows.add("a", 1, 2);
            windows.add("b", 1, 5);
            windows.add("a", 2, 3);
            assertEquals(List.of("a [0,5) 12 @4"), windows.fired());
            assertEquals(List.of(), windows.watermark(Long.MAX_VALUE));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN15AContinuousTriggerFiresOncePerMissedInterval()
    {
        final Trigger<Object> trigger = ContinuousEventTimeTrigger.of(Duration.ofMillis(2));
        try (WindowHarness windows = WindowHarness.tumbling(10, trigger).open())
        {
            windows.add("a", 0, 1);
            assertEquals(List.of("a [0,10) 1 @9", "a [0,10) 1 @9"), windows.watermark(4));
            final String fired = "a [0,10) 1 @9";
            assertEquals(List.of(fired, fired, fired), windows.watermark(9));
            assertEquals(List.of(), windows.watermark(20));
            assertEquals("", windows.state());
        }
    }

    @ParameterizedTest
    @CsvSource({"-3, -2", "-4, -2", "-1, 0"})
    void shouldFollowWIN15FiringsAreMultiplesOfTheIntervalBeforeTheEpochToo(final long timestamp, final long first)
    {
        final Trigger<Object> trigger = ContinuousEventTimeTrigger.of(Duration.ofMillis(2));
        try (WindowHarness windows = new WindowHarness.Setup(new TimeWindowAssigner(10, 10, -5), trigger).open())
        {
            windows.add("a", timestamp, 1);
            assertEquals(List.of(), windows.watermark(first - 1));
            assertEquals(List.of("a [-5,5) 1 @4"), windows.watermark(first));
        }
    }

    @Test
    void shouldFollowWIN15ALateElementFiresAtOnce()
    {
        final Trigger<Object> trigger = ContinuousEventTimeTrigger.of(Duration.ofMillis(4));
        try (WindowHarness windows = WindowHarness.tumbling(10, trigger).lateness(5).open())
        {
            windows.add("a", 5, 1);
            assertEquals(List.of("a [0,10) 1 @9", "a [0,10) 1 @9"), windows.watermark(12));
            windows.add("a", 5, 2);
            assertEquals(List.of("a [0,10) 12 @9"), windows.fired());
            assertEquals(List.of(), windows.watermark(14));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowTIM4TimersOfATriggerFireInTheSameAdvanceAndCanBeTakenBack()
    {
        final Trigger<Object> trigger = new Trigger<>()
        {
            @Override
            public TriggerResult onElement(
                final Object element, final long timestamp, final TimeWindow window, final TriggerContext context)
            {
                context.registerEventTimeTimer(timestamp);
                context.registerEventTimeTimer(timestamp);
                context.registerEventTimeTimer(timestamp + 1);
                context.deleteEventTimeTimer(timestamp + 1);
                context.deleteEventTimeTimer(99);
                context.registerEventTimeTimer(100);
                return TriggerResult.CONTINUE;
            }

            @Override
            public TriggerResult onEventTime(
                final long timestamp, final TimeWindow window, final TriggerContext context)
            {
                if (timestamp == 20)
                {
                    context.registerEventTimeTimer(15);
                    context.registerEventTimeTimer(25);
                }
                return TriggerResult.FIRE;
            }
        };
        try (WindowHarness windows = WindowHarness.tumbling(100, trigger).open())
        {
            windows.add("a", 20, 1);
            windows.add("b", 22, 2);
            assertEquals(List.of(), windows.watermark(19));
            final String a = "a [0,100) 1 @99";
            final String b = "b [0,100) 2 @99";
            assertEquals(List.of(a, a, b, a), windows.watermark(30));
            // The cleanup calls the trigger, too, and cannot be taken back; no timer is left behind it.
            assertEquals(2, windows.watermark(99).size());
            assertEquals("", windows.state());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void shouldFollowWIN18WindowsOfOneEndFireInOneOrderWhateverTheRoomAndTheRestart(final int room)
    {
        final List<String> expected;
        try (WindowHarness windows = WindowHarness.tumbling(5, EVENT_TIME).open())
        {
            addKeys(windows);
            expected = windows.watermark(20);
        }
        final OperatorSnapshot snapshot;
        try (WindowHarness windows = WindowHarness.tumbling(5, EVENT_TIME).inPlace(true).open())
        {
            addKeys(windows);
            snapshot = windows.harness().barrier();
        }
        try (WindowHarness windows = WindowHarness.tumbling(5, EVENT_TIME).room(room).restore(snapshot))
        {
            final int calls = windows.harness().watermark(20);
            assertTrue(calls >= expected.size() / room, "calls=" + calls);
            assertEquals(expected, windows.fired());
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldLetOthersOnTheThreadHaveTheirTurnWhileAWatermarkFiresManyWindows()
    {
        try (WindowHarness windows = WindowHarness.tumbling(5, EVENT_TIME).inPlace(true).open())
        {
            final int many = 3 * Operator.MAX_FIRINGS / 2;
            for (int i = 0; i < many; i++)
            {
                windows.add("k" + i, i % 10, 1);
            }
            assertEquals(2, windows.harness().watermark(9));
            assertEquals(many, windows.fired().size());
        }
    }

    private static void addKeys(final WindowHarness windows)
    {
        for (int i = 0; i < 40; i++)
        {
            windows.add("key-" + i, i % 10, i % 10);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 3, Long.MAX_VALUE, Long.MAX_VALUE - 2})
    void shouldRefuseTimestampsAtTheEndsOfTime(final long timestamp)
    {
        try (WindowHarness windows = WindowHarness.sliding(5, 2, EVENT_TIME).open())
        {
            final String message =
                assertThrows(IllegalArgumentException.class, () -> windows.add("a", timestamp, 1)).getMessage();
            assertTrue(message.contains("timestamp=" + timestamp) && message.contains("size=5") &&
                message.contains("@EventTime"), message);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0, size=0", "1, 0, 0, slide=0", "-5, 5, 0, size=-5", "5, 5, 5, offset=5", "9, 3, -3, offset=-3",
        "20000, 1, 0, windows=20000", "9223372036854775807, 1, 0, size=9223372036854775807"})
    void shouldFollowWIN19BadSizesAreRefused(final long size, final long slide, final long offset, final String part)
    {
        final String message = assertThrows(IllegalArgumentException.class,
            () -> new TimeWindowAssigner(size, slide, offset)).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void shouldFollowWIN19BadTriggersAreRefused()
    {
        refused("count=0 of a trigger", () -> CountTrigger.of(0));
        refused("count=-1 of a trigger", () -> CountTrigger.of(-1));
        refused("interval=PT0S of a trigger", () -> ContinuousEventTimeTrigger.of(Duration.ZERO));
        refused("interval=PT-1S of a trigger", () -> ContinuousEventTimeTrigger.of(Duration.ofSeconds(-1)));
    }

    private static void refused(final String message, final Runnable action)
    {
        assertTrue(assertThrows(IllegalArgumentException.class, action::run).getMessage().startsWith(message));
    }

    /** A trigger that does something wrong with each element. */
    private static final class Wrong implements Trigger<Object>
    {
        private final String what;
        private TriggerContext kept;

        private Wrong(final String what)
        {
            this.what = what;
        }

        @Override
        public TriggerResult onElement(
            final Object element, final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            kept = context;
            if ("state".equals(what))
            {
                context.state(0, 1);
            }
            return "null".equals(what) ? null : TriggerResult.CONTINUE;
        }

        @Override
        public TriggerResult onEventTime(
            final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            return TriggerResult.CONTINUE;
        }
    }

    @Test
    void shouldSayWhatIsWrongWithATrigger()
    {
        try (WindowHarness windows = WindowHarness.tumbling(5, new Wrong("null")).open())
        {
            final String message =
                assertThrows(IllegalStateException.class, () -> windows.add("a", 1, 1)).getMessage();
            assertTrue(message.contains("says null for key=a window [0, 5)"), message);
        }
        try (WindowHarness windows = WindowHarness.tumbling(5, new Wrong("state")).open())
        {
            final String message =
                assertThrows(IndexOutOfBoundsException.class, () -> windows.add("a", 1, 1)).getMessage();
            assertTrue(message.contains("index=0") && message.contains("stateLength=0"), message);
        }
        final Wrong keeping = new Wrong("keep");
        try (WindowHarness windows = WindowHarness.tumbling(5, keeping).open())
        {
            windows.add("a", 1, 1);
            final String message =
                assertThrows(IllegalStateException.class, () -> keeping.kept.registerEventTimeTimer(1)).getMessage();
            assertTrue(message.contains("outside of a callback"), message);
        }
    }
}
