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
import io.millrace.operators.SessionModel.Bug;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.window.SessionWindow;
import io.millrace.operators.window.SessionWindowOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Sessions of random records against {@link SessionModel}: what is put out, in which order, and what is late. */
class SessionWindowRandomTest
{
    private static final int STEPS = 12_000;
    private static final long GAP = 20;
    private static final int HOT_KEYS = 12;
    private static final long CHURN = 1_000_000;
    /** Multiplied with the hash's golden ratio it gives 1. */
    private static final long INVERSE = inverse(0x9E3779B97F4A7C15L);

    /** What happens next: a record, or a watermark, or a snapshot. */
    private record Step(long key, long time, long value, boolean watermark, boolean snapshot)
    {
    }

    /** How the operator is run. */
    private record Run(int batch, int room, boolean restored, boolean copying)
    {
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 0", "2, 1, 0", "3, 1, 7", "4, 1, 60", "5, 1, 1000", "6, 1, 9223372036854775807",
        "7, 1000, 0", "8, 1000, 35000", "9, 777777, 0", "10, 777777, 50000000"})
    void shouldDoAsTheModelDoes(final long seed, final long scale, final long lateness)
    {
        final List<Step> steps = steps(seed, scale);
        final List<String> expected = modelled(steps, scale, lateness, false, Bug.NONE);
        assertTrue(expected.size() > STEPS / 10, () -> expected.size() + " lines");
        assertEquals(expected, operated(steps, scale, lateness, new Run(1, Integer.MAX_VALUE, false, false)));
        assertEquals(expected, operated(steps, scale, lateness, new Run(7, 1, false, false)));
        assertEquals(expected, operated(steps, scale, lateness, new Run(128, 3, false, false)));
        assertEquals(expected, operated(steps, scale, lateness, new Run(7, 1, false, true)));
        final List<String> restored = modelled(steps, scale, lateness, true, Bug.NONE);
        assertEquals(restored, operated(steps, scale, lateness, new Run(1, 1, true, false)));
        assertEquals(restored, operated(steps, scale, lateness, new Run(128, Integer.MAX_VALUE, true, false)));
        assertEquals(restored, operated(steps, scale, lateness, new Run(128, 1, true, true)));
    }

    @ParameterizedTest
    @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldNoticeABug(final Bug bug)
    {
        final List<Step> steps = steps(3, 1);
        assertNotEquals(modelled(steps, 1, 7, false, bug),
            operated(steps, 1, 7, new Run(128, Integer.MAX_VALUE, false, false)));
    }

    @ParameterizedTest
    @CsvSource({"21, 0", "22, 50"})
    void shouldHoldTheSameStateWhateverTheRun(final long seed, final long lateness)
    {
        final List<Step> steps = steps(seed, 1);
        final List<Long> expected = new ArrayList<>();
        operated(steps, 1, lateness, new Run(1, Integer.MAX_VALUE, false, false), expected);
        assertTrue(expected.stream().distinct().count() > 100);
        for (final Run run : List.of(new Run(128, 1, false, false), new Run(128, 1, true, false), new Run(7, 3, true, true)))
        {
            final List<Long> hashes = new ArrayList<>();
            operated(steps, 1, lateness, run, hashes);
            assertEquals(expected, hashes, run::toString);
        }
    }

    @Test
    void shouldPutEachRecordOutOnceWhereNoneMayBeLate()
    {
        final List<Step> steps = steps(31, 1);
        final SessionModel model = new SessionModel(GAP, 0, Bug.NONE);
        run(model, steps, false);
        assertEquals(steps.stream().filter(step -> !step.watermark && !step.snapshot).count(), model.records());
        long records = 0;
        for (final String line : operated(steps, 1, 0, new Run(128, 1, true, false)))
        {
            records += line.contains("[") ? Long.parseLong(line.split(" ", -1)[2]) : 1;
        }
        assertEquals(model.records(), records);
    }

    @Test
    void shouldKeepNothingOfKeysThatAreGone()
    {
        final WatchedState state = new WatchedState(false);
        long count = 0;
        long most = 0;
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            harness(GAP, 100).stateBackend(state).batches(128).open())
        {
            for (long number = 0; number < CHURN; number++)
            {
                final long sensor = number;
                harness.push(number / 10, reading -> reading.sensor(sensor).value(1));
                if (number % 1_000 == 999)
                {
                    harness.watermark(number / 10 - 1);
                    count += harness.results(Summary::count).stream().mapToLong(Long::longValue).sum();
                    most = Math.max(most, state.table("latestSessions").size());
                }
            }
            // A watermark of its own, as the last one of an input removes all there is.
            harness.watermark(CHURN);
            count += harness.results(Summary::count).stream().mapToLong(Long::longValue).sum();
            assertEquals(0, state.table("latestSessions").size());
            assertEquals(Long.MAX_VALUE, state.windows("earlierSessions").firstSlice(Long.MIN_VALUE));
        }
        assertEquals(CHURN, count);
        assertTrue(most < 10 * (GAP + 100 + 200), "most=" + most);
    }

    private static List<Step> steps(final long seed, final long scale)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Step> steps = new ArrayList<>();
        long now = -50 * GAP;
        long watermark = Long.MIN_VALUE;
        for (int number = 0; number < STEPS; number++)
        {
            final int choice = random.nextInt(400);
            if (choice < 12)
            {
                if (random.nextInt(30) == 0)
                {
                    now += 1L << random.nextInt(20);
                }
                watermark = Math.max(watermark, now - random.nextLong(3 * GAP));
                steps.add(new Step(0, watermark * scale - (scale == 1 ? 0 : random.nextLong(3)), 0, true, false));
            }
            else if (choice == 12)
            {
                steps.add(new Step(0, 0, 0, false, true));
            }
            else
            {
                now += random.nextInt(4) == 0 ? random.nextLong(5) : 0;
                final int disorder = random.nextInt(20);
                final long back = random.nextLong(disorder < 12 ? GAP / 2 : disorder < 19 ? 4 * GAP : 30 * GAP);
                final long time = (now - back) * scale + (scale == 1 ? 0 : random.nextLong(3) - 1);
                steps.add(new Step(key(random), time, random.nextLong(1_000), false, false));
            }
        }
        // Watermarks never go back.
        long last = Long.MIN_VALUE;
        for (int i = 0; i < steps.size(); i++)
        {
            final Step step = steps.get(i);
            if (step.watermark)
            {
                last = Math.max(last, step.time);
                steps.set(i, new Step(0, last, 0, true, false));
            }
        }
        return steps;
    }

    /** Some keys often, of which a few have hashes that differ in the lower half only; others once. */
    private static long key(final SplittableRandom random)
    {
        final long hot = random.nextLong(HOT_KEYS);
        if (random.nextInt(8) == 0)
        {
            return random.nextLong();
        }
        return hot < HOT_KEYS / 2 ? hot : ofHash(0xABCD_EF01_0000_0000L | hot << 30 | hot);
    }

    private static long ofHash(final long hash)
    {
        final long folded = hash * INVERSE;
        return folded ^ folded >>> 32;
    }

    private static long inverse(final long odd)
    {
        long inverse = odd;
        for (int i = 0; i < 6; i++)
        {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    private static List<String> modelled(
        final List<Step> steps, final long scale, final long lateness, final boolean restored, final Bug bug)
    {
        return run(new SessionModel(GAP * scale, saturated(lateness), bug), steps, restored);
    }

    /** So large that nothing is late, without an overflow. */
    private static long saturated(final long lateness)
    {
        return Math.min(lateness, Long.MAX_VALUE / 4);
    }

    private static List<String> run(final SessionModel model, final List<Step> steps, final boolean restored)
    {
        final List<String> lines = new ArrayList<>();
        long cause = 0;
        for (final Step step : steps)
        {
            if (step.snapshot)
            {
                lines.addAll(model.take());
                cause = restored ? 0 : cause;
            }
            else if (step.watermark)
            {
                lines.addAll(model.take());
                model.watermark(step.time, cause - 1);
                lines.addAll(model.take());
            }
            else
            {
                model.add(step.key, step.time, step.value, cause++);
            }
        }
        lines.addAll(model.take());
        model.watermark(Long.MAX_VALUE / 2, cause - 1);
        lines.addAll(model.take());
        return lines;
    }

    private static List<String> operated(
        final List<Step> steps, final long scale, final long lateness, final Run run)
    {
        return operated(steps, scale, lateness, run, new ArrayList<>());
    }

    private static List<String> operated(
        final List<Step> steps, final long scale, final long lateness, final Run run, final List<Long> hashes)
    {
        final List<String> lines = new ArrayList<>();
        final WatchedState state = new WatchedState(run.copying);
        OperatorHarness<ReadingFlyweight, Summary> harness = newHarness(scale, lateness, run, state).open();
        try
        {
            for (final Step step : steps)
            {
                if (step.snapshot)
                {
                    take(harness, lines);
                    final OperatorSnapshot snapshot = harness.barrier();
                    if (run.restored)
                    {
                        harness.close();
                        harness = newHarness(scale, lateness, run, state).restore(snapshot);
                    }
                }
                else if (step.watermark)
                {
                    take(harness, lines);
                    harness.watermark(step.time);
                    take(harness, lines);
                    hashes.add(state.hash());
                }
                else
                {
                    harness.push(step.time, reading -> reading.time(step.time).sensor(step.key).value(step.value));
                }
            }
            take(harness, lines);
            harness.finish();
            take(harness, lines);
            assertEquals(0, state.table("latestSessions").size());
            assertEquals(Long.MAX_VALUE, state.windows("earlierSessions").firstSlice(Long.MIN_VALUE));
        }
        finally
        {
            harness.close();
        }
        return lines;
    }

    private static OperatorHarness<ReadingFlyweight, Summary> newHarness(
        final long scale, final long lateness, final Run run, final WatchedState state)
    {
        return harness(GAP * scale, lateness).sideOutput("late", ReadingFlyweight.TYPE).stateBackend(state)
            .room(run.room).batches(run.batch);
    }

    private static void take(final OperatorHarness<ReadingFlyweight, Summary> harness, final List<String> lines)
    {
        harness.emitted(summary -> SessionModel.line(summary.sensor(), Long.parseLong(summary.place().toString()),
            summary.windowEnd(), summary.count(), summary.sum())).forEach(line -> lines.add(text(line)));
        harness.emitted("late", ReadingFlyweight.TYPE, reading -> reading.sensor() + "@" + reading.time() + " " +
            reading.value()).forEach(line -> lines.add(text(line)));
    }

    private static String text(final Emitted<String> emitted)
    {
        return emitted.value() + " @" + emitted.timestamp() + " cause=" + emitted.cause();
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(final long gap, final long lateness)
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        final WindowFunction<LongKey, Summary, SummaryFlyweight> result = (sensor, window, sum, out) ->
            out.sensor(sensor.value()).place(Long.toString(window.start())).windowEnd(window.end()).count(sum.count())
                .sum(sum.sum());
        final OperatorFactory<Operator> factory = Operators.factory(SessionWindowOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key), Operators.keyView(LongKeyView.class),
            new CountAndSum(), result, new SessionWindow(gap, lateness), false, "late");
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
    }

    /** Comes to the same in any order. */
    private static final class CountAndSum implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight accumulator, final Reading record)
        {
            accumulator.count(accumulator.count() + 1).sum(accumulator.sum() + SessionModel.weight(record.value()));
        }

        @Override
        public void merge(final SummaryFlyweight accumulator, final Summary other)
        {
            accumulator.count(accumulator.count() + other.count()).sum(accumulator.sum() + other.sum());
        }
    }
}
