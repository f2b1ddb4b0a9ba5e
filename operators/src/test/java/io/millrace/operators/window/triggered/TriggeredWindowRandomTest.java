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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.TextKeyEncoder;
import io.millrace.operators.keyed.TextKeyView;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.window.TumblingWindow;
import io.millrace.operators.window.TumblingWindowOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Random records, watermarks and restarts: against the operator for tumbling windows alone, and for other windows and
 * triggers against maps and lists.
 */
class TriggeredWindowRandomTest
{
    private static final int STEPS = 6_000;
    private static final int RESTARTS = 6;
    private static final long NONE = Long.MIN_VALUE;

    @ParameterizedTest
    @CsvSource({"1, true, 1000000", "2, true, 3", "3, false, 1000000", "4, false, 1", "5, false, 2"})
    void shouldFireTumblingWindowsAsTheirOwnOperatorDoes(final long seed, final boolean buffered, final int room)
    {
        final Supplier<OperatorHarness<ReadingFlyweight, Summary>> tumbling = () -> OperatorHarness.of(
            tumblingOperator(new TumblingWindow(10, 3, 15)), ReadingFlyweight.TYPE, SummaryFlyweight.TYPE)
            .room(room).sideOutput("late", ReadingFlyweight.TYPE);
        final Supplier<OperatorHarness<ReadingFlyweight, Summary>> triggered = () -> new WindowHarness.Setup(
            new TimeWindowAssigner(10, 10, 3), EventTimeTrigger.create()).lateness(15).buffered(buffered).room(room)
            .closed().harness();
        final List<String> expected = run(seed, tumbling);
        assertTrue(expected.stream().filter(line -> line.startsWith("late")).count() > 100, "few are late");
        assertEquals("", firstDifference(expected, run(seed, triggered)));
        assertNotEquals("", firstDifference(expected, run(seed + 1, triggered)));
    }

    private static String firstDifference(final List<String> expected, final List<String> lines)
    {
        for (int i = 0; i < Math.min(expected.size(), lines.size()); i++)
        {
            if (!expected.get(i).equals(lines.get(i)))
            {
                return "line=" + i + ": expected " + expected.get(i) + " but was " + lines.get(i);
            }
        }
        return expected.size() == lines.size() ? "" : "lines=" + lines.size() + " but expected " + expected.size();
    }

    private static List<String> run(
        final long seed, final Supplier<OperatorHarness<ReadingFlyweight, Summary>> harnesses)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> lines = new ArrayList<>();
        long watermark = NONE;
        OperatorHarness<ReadingFlyweight, Summary> harness = harnesses.get().open();
        try
        {
            for (int step = 0; step < STEPS; step++)
            {
                final long time = step / 20 + random.nextLong(60) - 40;
                final String key = "key-" + random.nextInt(30);
                final long digit = random.nextInt(10);
                harness.push(time, reading -> reading.time(time).place(key).value(digit));
                take(harness, lines);
                if (random.nextInt(40) == 0)
                {
                    watermark = Math.max(watermark, step / 20 - random.nextInt(5));
                    lines.add("watermark=" + watermark + " in one call: " + (harness.watermark(watermark) == 1));
                    take(harness, lines);
                }
                if (random.nextInt(STEPS / RESTARTS) == 0)
                {
                    final OperatorSnapshot snapshot = harness.barrier();
                    harness.close();
                    harness = harnesses.get().restore(snapshot);
                }
            }
            harness.finish();
            take(harness, lines);
        }
        finally
        {
            harness.close();
        }
        return lines;
    }

    private static void take(final OperatorHarness<ReadingFlyweight, Summary> harness, final List<String> lines)
    {
        final Function<Summary, String> text = summary ->
            summary.place() + " [" + summary.count() + "," + summary.windowEnd() + ") " + summary.sum();
        harness.emitted(text).forEach(line ->
            lines.add(line.value() + " @" + line.timestamp() + " #" + line.cause()));
        harness.emitted("late", ReadingFlyweight.TYPE, reading -> "late " + reading.place() + "@" + reading.time())
            .forEach(line -> lines.add(line.value() + " @" + line.timestamp() + " #" + line.cause()));
    }

    private static OperatorFactory<Operator> tumblingOperator(final TumblingWindow window)
    {
        final Function<Reading, CharSequence> place = Reading::place;
        final OperatorFactory<KeyEncoder> encoder =
            OperatorFactory.of(TextKeyEncoder.class, ReadingFlyweight.TYPE, place);
        final OperatorFactory<KeyView<CharSequence>> view = OperatorFactory.of(TextKeyView.class);
        final AccumulateFunction<Reading, SummaryFlyweight> accumulate = (sum, reading) ->
            sum.sum(sum.sum() * 10 + reading.value());
        final WindowFunction<CharSequence, Summary, SummaryFlyweight> result = (key, bounds, sum, out) ->
            out.place(key).count(bounds.start()).windowEnd(bounds.end()).sum(sum.sum());
        return WindowHarness.Setup.operator(TumblingWindowOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE,
            SummaryFlyweight.TYPE, encoder, view, accumulate, result, window, "late");
    }

    /** When a window of the model fires. */
    private enum Kind
    {
        EVENT_TIME, PURGING_EVENT_TIME, COUNT, PURGING_COUNT, CONTINUOUS, PURGING_CONTINUOUS;

        private boolean purges()
        {
            return this == PURGING_EVENT_TIME || this == PURGING_COUNT || this == PURGING_CONTINUOUS;
        }

        private boolean counts()
        {
            return this == COUNT || this == PURGING_COUNT;
        }

        private boolean isContinuous()
        {
            return this == CONTINUOUS || this == PURGING_CONTINUOUS;
        }

        private Trigger<Object> trigger()
        {
            final Trigger<Object> trigger = counts() ? CountTrigger.of(3) :
                isContinuous() ? ContinuousEventTimeTrigger.of(Duration.ofMillis(4)) : EventTimeTrigger.create();
            return purges() ? PurgingTrigger.of(trigger) : trigger;
        }
    }

    /** What a model knows of a key and window. */
    private static final class Window
    {
        private String digits = "";
        private int count;
        /** Next firing of a continuous trigger. */
        private long next = NONE;
    }

    /** Sliding windows in a map, sorted by start and key. */
    private static final class Model
    {
        private static final long SIZE = 20;
        private static final long SLIDE = 6;
        private static final long LATENESS = 9;

        private final Kind kind;
        private final TreeMap<Long, TreeMap<String, Window>> windows = new TreeMap<>();
        private final List<String> fired = new ArrayList<>();
        private final List<String> late = new ArrayList<>();
        private long watermark = -1_000;

        private Model(final Kind kind)
        {
            this.kind = kind;
        }

        private void add(final String key, final long time, final long digit)
        {
            boolean taken = false;
            for (long start = -60; start <= time; start += SLIDE)
            {
                if (start + SIZE > time && start + SIZE - 1 + LATENESS > watermark)
                {
                    taken = true;
                    final Window window = windows.computeIfAbsent(start, unused -> new TreeMap<>())
                        .computeIfAbsent(key, unused -> new Window());
                    window.digits += digit;
                    onElement(key, start, window, time);
                }
            }
            if (!taken && time + LATENESS <= watermark)
            {
                late.add(key + "@" + time + " " + digit);
            }
        }

        private void onElement(final String key, final long start, final Window window, final long time)
        {
            final boolean past = start + SIZE - 1 <= watermark;
            if (kind.counts())
            {
                window.count++;
                if (window.count == 3)
                {
                    window.count = 0;
                    fire(key, start, window);
                }
            }
            else if (past)
            {
                fire(key, start, window);
            }
            else if (window.next == NONE)
            {
                window.next = Math.min(time - Math.floorMod(time, 4L) + 4, start + SIZE - 1);
            }
        }

        private void fire(final String key, final long start, final Window window)
        {
            if (!window.digits.isEmpty())
            {
                fired.add(key + " [" + start + "," + (start + SIZE) + ") " + Long.parseLong(window.digits) + " @" +
                    (start + SIZE - 1));
            }
            if (kind.purges())
            {
                window.digits = "";
            }
        }

        private void advance(final long now)
        {
            windows.forEach((start, keys) -> keys.forEach((key, window) -> advance(now, start, key, window)));
            watermark = now;
            windows.headMap(now - SIZE + 1 - LATENESS, true).clear();
        }

        private void advance(final long now, final long start, final String key, final Window window)
        {
            final long last = start + SIZE - 1;
            if (kind.counts())
            {
                return;
            }
            if (kind.isContinuous())
            {
                while (window.next != NONE && window.next <= now && window.next < last)
                {
                    fire(key, start, window);
                    window.next = Math.min(window.next + 4, last);
                }
            }
            if (last > watermark && last <= now)
            {
                fire(key, start, window);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"EVENT_TIME, true", "EVENT_TIME, false", "PURGING_EVENT_TIME, true", "PURGING_EVENT_TIME, false",
        "COUNT, true", "PURGING_COUNT, false", "CONTINUOUS, false", "CONTINUOUS, true", "PURGING_CONTINUOUS, true"})
    void shouldFireWhatMapsWould(final Kind kind, final boolean buffered)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            final Model model = new Model(kind);
            assertEquals("", replay(seed, kind, buffered, model), "seed=" + seed);
        }
    }

    @Test
    void shouldNoticeAnotherTrigger()
    {
        assertNotEquals("", replay(1, Kind.COUNT, true, new Model(Kind.PURGING_COUNT)));
        assertNotEquals("", replay(1, Kind.CONTINUOUS, true, new Model(Kind.EVENT_TIME)));
    }

    /** The first difference from the model, or nothing. */
    private static String replay(final long seed, final Kind kind, final boolean buffered, final Model model)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final WindowHarness.Setup setup = WindowHarness.sliding(Model.SIZE, Model.SLIDE, kind.trigger())
            .lateness(Model.LATENESS).buffered(buffered).room(2);
        WindowHarness windows = setup.open();
        try
        {
            windows.watermark(-1_000);
            for (int step = 0; step < 1_500; step++)
            {
                final long time = step / 6 + random.nextLong(50) - 40;
                final String key = "k" + random.nextInt(3);
                final long digit = 1 + random.nextLong(9);
                // The digits of a window are to fit into a long.
                if (random.nextInt(8) == 0)
                {
                    model.add(key, time, digit);
                    windows.add(key, time, digit);
                }
                if (random.nextInt(12) == 0)
                {
                    final long now = Math.max(model.watermark, step / 6 - random.nextInt(15));
                    model.advance(now);
                    windows.harness().watermark(now);
                }
                final String difference = check(windows, model);
                if (!difference.isEmpty())
                {
                    return "step=" + step + ": " + difference;
                }
                if (step % 500 == 250)
                {
                    final OperatorSnapshot snapshot = windows.harness().barrier();
                    windows.close();
                    windows = setup.inPlace(seed % 2 == 0).restore(snapshot);
                }
            }
            windows.harness().watermark(10_000);
            model.advance(10_000);
            return check(windows, model) + windows.state();
        }
        finally
        {
            windows.close();
        }
    }

    private static String check(final WindowHarness windows, final Model model)
    {
        final List<String> fired = new ArrayList<>(windows.fired());
        Collections.sort(fired);
        Collections.sort(model.fired);
        final String difference = !fired.equals(model.fired) ? "expected " + model.fired + " but fired " + fired :
            windows.late().equals(model.late) ? "" : "late: expected " + model.late;
        model.fired.clear();
        model.late.clear();
        return difference;
    }
}
