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

import io.millrace.operators.Reading;
import io.millrace.operators.function.TimeWindow;
import io.millrace.operators.trigger.CountEvictor;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.DeltaEvictor;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.EvictableElements;
import io.millrace.operators.trigger.Evictor;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.trigger.TimeEvictor;
import io.millrace.operators.trigger.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** SEMANTICS WIN-16. */
class EvictorSemanticsTest
{
    private static final Trigger<Object> EVENT_TIME = EventTimeTrigger.create();

    private static WindowHarness.Setup tumbling(final long size, final Evictor<Reading> evictor)
    {
        return WindowHarness.tumbling(size, EVENT_TIME).lateness(100).evictor(evictor);
    }

    private static void add(final WindowHarness windows, final long... digits)
    {
        for (final long digit : digits)
        {
            windows.add("a", digit, digit);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN16ACountEvictorKeepsTheLastForGood(final boolean buffered)
    {
        try (WindowHarness windows = tumbling(10, CountEvictor.of(2)).buffered(buffered).open())
        {
            add(windows, 1, 2, 3, 4);
            assertEquals(List.of("a [0,10) 34 @9"), windows.watermark(9));
            add(windows, 9);
            assertEquals(List.of("a [0,10) 49 @9"), windows.fired());
            assertEquals("window elements=2 window timers=1 windows=1", windows.state());
            assertEquals(List.of(), windows.watermark(109));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN16AnEvictorMayBeAtWorkAfterwards()
    {
        try (WindowHarness windows = tumbling(10, CountEvictor.of(2, true)).open())
        {
            add(windows, 1, 2, 3, 4);
            assertEquals(List.of("a [0,10) 1234 @9"), windows.watermark(9));
            add(windows, 9);
            assertEquals(List.of("a [0,10) 349 @9"), windows.fired());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN16ATimeEvictorRemovesWhatIsAsOldAsItsDuration(final boolean after)
    {
        try (WindowHarness windows = tumbling(10, TimeEvictor.of(Duration.ofMillis(2), after)).open())
        {
            add(windows, 1, 3, 2);
            assertEquals(List.of(after ? "a [0,10) 132 @9" : "a [0,10) 32 @9"), windows.watermark(9));
            add(windows, 1);
            assertEquals(List.of(after ? "a [0,10) 321 @9" : "a [0,10) 32 @9"), windows.fired());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN16ADeltaEvictorRemovesAtItsThreshold(final boolean after)
    {
        final Evictor<Reading> evictor =
            DeltaEvictor.of(3, (element, last) -> Math.abs(element.value() - last.value()), after);
        try (WindowHarness windows = tumbling(10, evictor).open())
        {
            add(windows, 1, 5, 2, 8, 4);
            assertEquals(List.of(after ? "a [0,10) 15284 @9" : "a [0,10) 524 @9"), windows.watermark(9));
            add(windows, 7);
            assertEquals(List.of(after ? "a [0,10) 5247 @9" : "a [0,10) 57 @9"), windows.fired());
        }
    }

    @Test
    void shouldNotFireAWindowWhoseElementsAreAllEvicted()
    {
        final Evictor<Reading> evictor = DeltaEvictor.of(0, (element, last) -> 0);
        try (WindowHarness windows = tumbling(10, evictor).open())
        {
            add(windows, 1, 5);
            assertEquals(List.of(), windows.watermark(9));
            assertEquals("window timers=1", windows.state());
            assertEquals(List.of(), windows.watermark(109));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN6APurgeBehindAnEvictorLeavesNothing()
    {
        try (WindowHarness windows = WindowHarness.tumbling(10, PurgingTrigger.of(EVENT_TIME)).lateness(5)
            .evictor(CountEvictor.of(2)).open())
        {
            add(windows, 1, 2, 3);
            assertEquals(List.of("a [0,10) 23 @9"), windows.watermark(9));
            add(windows, 4);
            assertEquals(List.of("a [0,10) 4 @9"), windows.fired());
        }
    }

    @Test
    void shouldRefuseBadEvictors()
    {
        refused("count=0 of an evictor", () -> CountEvictor.of(0));
        refused("duration=PT0S of an evictor", () -> TimeEvictor.of(Duration.ZERO));
        refused("duration=PT-1S of an evictor", () -> TimeEvictor.of(Duration.ofSeconds(-1)));
        refused("threshold=NaN of an evictor", () -> DeltaEvictor.of(Double.NaN, (element, last) -> 0));
    }

    private static void refused(final String message, final Runnable action)
    {
        assertTrue(assertThrows(IllegalArgumentException.class, action::run).getMessage().startsWith(message));
    }

    /** Evicts what its lists say, and keeps a view. */
    private static final class Listed implements Evictor<Reading>
    {
        private final List<Long> before = new ArrayList<>();
        private final List<Long> after = new ArrayList<>();
        private final List<Reading> kept = new ArrayList<>();

        @Override
        public void evictBefore(
            final EvictableElements<Reading> elements, final TimeWindow window, final long currentWatermark)
        {
            kept.clear();
            kept.add(elements.get(0));
            kept.add(elements.last());
            assertEquals(kept.get(0), elements.get(0));
            before.forEach(elements::evict);
        }

        @Override
        public void evictAfter(
            final EvictableElements<Reading> elements, final TimeWindow window, final long currentWatermark)
        {
            after.forEach(elements::evict);
        }
    }

    @Test
    void shouldFailViewsAndIndexesThatAreOfNoUse()
    {
        final Listed evictor = new Listed();
        try (WindowHarness windows = tumbling(10, evictor).open())
        {
            add(windows, 1, 2);
            windows.watermark(9);
            for (final Reading view : evictor.kept)
            {
                final String message = assertThrows(IllegalStateException.class, view::value).getMessage();
                assertTrue(message.contains("operator=operator"), message);
            }
            evictor.before.add(3L);
            final String message =
                assertThrows(IndexOutOfBoundsException.class, () -> add(windows, 3)).getMessage();
            assertTrue(message.contains("index=3") && message.contains("count=3"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldEvictWhatAListWould(final long seed)
    {
        final Random random = new Random(seed);
        final Listed evictor = new Listed();
        final List<Long> model = new ArrayList<>();
        final List<List<Long>> fired = new ArrayList<>();
        try (WindowHarness windows = WindowHarness.global(CountTrigger.of(200)).evictor(evictor)
            .inPlace(seed % 2 == 0).functions(() -> (key, context, elements, out) ->
            {
                final List<Long> values = new ArrayList<>();
                for (long i = 0; i < elements.count(); i++)
                {
                    values.add(elements.get(i).value());
                }
                fired.add(values);
            }).open())
        {
            for (long value = 0; value < 4_000; value++)
            {
                model.add(value);
                evictor.before.clear();
                evictor.after.clear();
                final List<List<Long>> expected = new ArrayList<>();
                if ((value + 1) % 200 == 0)
                {
                    evict(model, evictor.before, random);
                    if (!model.isEmpty())
                    {
                        expected.add(List.copyOf(model));
                        evict(model, evictor.after, random);
                    }
                }
                final long added = value;
                windows.harness().push(0, reading -> reading.place("a").value(added));
                assertEquals(expected, fired, "seed=" + seed + " value=" + value);
                fired.clear();
            }
        }
    }

    private static void evict(final List<Long> model, final List<Long> indexes, final Random random)
    {
        final int bound = 1 + random.nextInt(5);
        final boolean prefix = random.nextBoolean();
        final List<Long> left = new ArrayList<>();
        for (int i = 0; i < model.size(); i++)
        {
            if (prefix ? i < model.size() / bound : random.nextInt(bound) == 0)
            {
                indexes.add((long)i);
                indexes.add((long)i);
            }
            else
            {
                left.add(model.get(i));
            }
        }
        model.clear();
        model.addAll(left);
    }
}
