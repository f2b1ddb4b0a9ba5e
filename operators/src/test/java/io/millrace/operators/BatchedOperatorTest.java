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
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.AccumulateOperator;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.window.TumblingWindow;
import io.millrace.operators.window.TumblingWindowOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Keyed operators put out the same, in the same order, whatever batches their records come in. */
class BatchedOperatorTest
{
    private static final int RECORDS = 20_000;
    private static final int WINDOW = 50;
    private static final int LATENESS = 70;
    /** Order counts in it, so it tells a window's records in another order. */
    private static final AccumulateFunction<Reading, SummaryFlyweight> MIXED = (sum, reading) ->
        sum.sensor(reading.sensor()).count(sum.count() + 1).sum(sum.sum() * 31 + reading.value());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldFireWindowsAlikeInAnyBatches(final long seed)
    {
        final List<String> oneByOne = windows(seed, 1, false);
        assertTrue(oneByOne.stream().filter(line -> line.startsWith("late")).count() > 10);
        assertEquals(oneByOne, windows(seed, 7, false));
        assertEquals(oneByOne, windows(seed, 128, false));
        assertEquals(oneByOne, windows(seed, 128, true));
        assertNotEquals(oneByOne, windows(seed + 1, 1, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAccumulateAlikeInAnyBatches(final boolean startWithFirst)
    {
        final List<String> oneByOne = sums(3, 1, startWithFirst, false);
        assertEquals(RECORDS, oneByOne.size());
        assertEquals(oneByOne, sums(3, 7, startWithFirst, false));
        assertEquals(oneByOne, sums(3, 128, startWithFirst, false));
        assertEquals(oneByOne, sums(3, 128, startWithFirst, true));
        assertNotEquals(oneByOne, sums(3, 1, !startWithFirst, false));
    }

    /** Windows of records in disorder that spans several of them, some of them late and some too late. */
    private static List<String> windows(final long seed, final int batch, final boolean barriers)
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        final WindowFunction<LongKey, Summary, SummaryFlyweight> result = (sensor, bounds, sum, out) ->
            out.sensor(sensor.value()).count(sum.count()).windowEnd(bounds.end()).sum(sum.sum());
        final OperatorFactory<Operator> factory = Operators.factory(TumblingWindowOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key), Operators.keyView(LongKeyView.class),
            MIXED, result, new TumblingWindow(WINDOW, 0, LATENESS), "late");
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> lines = new ArrayList<>();
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE).sideOutput("late", ReadingFlyweight.TYPE)
                .batches(batch).open())
        {
            for (int number = 0; number < RECORDS; number++)
            {
                final long time = number / 8 + random.nextLong(200) - 150;
                final long sensor = random.nextInt(4) == 0 ? random.nextLong() : random.nextLong(60);
                final long value = number;
                harness.push(time, reading -> reading.time(time).sensor(sensor).value(value));
                if (random.nextInt(200) == 0)
                {
                    final long watermark = number / 8 - random.nextLong(20);
                    take(harness, lines);
                    harness.watermark(watermark);
                    take(harness, lines);
                    if (barriers)
                    {
                        harness.barrier();
                    }
                }
            }
            harness.finish();
            take(harness, lines);
        }
        return lines;
    }

    private static void take(final OperatorHarness<ReadingFlyweight, Summary> harness, final List<String> lines)
    {
        harness.emitted(BatchedOperatorTest::text).forEach(line -> lines.add(text(line)));
        harness.emitted("late", ReadingFlyweight.TYPE, reading -> "late " + reading.value())
            .forEach(line -> lines.add(text(line)));
    }

    private static List<String> sums(
        final long seed, final int batch, final boolean startWithFirst, final boolean barriers)
    {
        final ToLongFunction<Summary> key = Summary::sensor;
        final AccumulateFunction<Summary, SummaryFlyweight> add = (sum, summary) ->
            sum.sensor(summary.sensor()).count(sum.count() + 1).sum(sum.sum() * 31 + summary.sum());
        final OperatorFactory<Operator> factory = Operators.factory(AccumulateOperator.class, SummaryFlyweight.TYPE,
            SummaryFlyweight.TYPE, Operators.encoder(LongKeyEncoder.class, SummaryFlyweight.TYPE, key), add,
            startWithFirst);
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> lines = new ArrayList<>();
        try (OperatorHarness<SummaryFlyweight, Summary> harness =
            OperatorHarness.of(factory, SummaryFlyweight.TYPE, SummaryFlyweight.TYPE).batches(batch).open())
        {
            for (int number = 0; number < RECORDS; number++)
            {
                final long sensor = random.nextInt(3) == 0 ? random.nextLong() : random.nextLong(2_000);
                final long value = number;
                harness.push(number, summary -> summary.sensor(sensor).sum(value));
                if (random.nextInt(500) == 0)
                {
                    harness.emitted(BatchedOperatorTest::text).forEach(line -> lines.add(text(line)));
                    if (barriers)
                    {
                        harness.barrier();
                    }
                }
            }
            harness.emitted(BatchedOperatorTest::text).forEach(line -> lines.add(text(line)));
        }
        return lines;
    }

    private static String text(final Summary summary)
    {
        return "fired " + summary.sensor() + " " + summary.windowEnd() + " " + summary.count() + " " + summary.sum();
    }

    private static String text(final Emitted<String> emitted)
    {
        return emitted.value() + " @" + emitted.timestamp() + " cause=" + emitted.cause();
    }
}
