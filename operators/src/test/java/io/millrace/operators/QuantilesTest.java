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
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.RunningFunction;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.keyed.RunningOperator;
import io.millrace.operators.quantile.Histogram;
import io.millrace.operators.quantile.Quantiles;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.trigger.EventTimeTrigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class QuantilesTest
{
    private static final Quantiles<Reading> QUANTILES = Quantiles.<Reading>of(Reading::value).between(1, 100_000).withinPercent(2);

    @ParameterizedTest
    @CsvSource({"1, 3000, 1, false, false", "2, 3000, 9, false, false", "3, 3000, 128, false, false",
        "4, 1000, 9, false, true", "5, 200, 1, true, false", "6, 200, 1, true, true"})
    void shouldGiveRunningQuantilesWithinTheError(
        final long seed, final int records, final int batch, final boolean restored, final boolean copying)
    {
        final Map<Long, List<Long>> values = new HashMap<>();
        final SplittableRandom random = new SplittableRandom(seed);
        final List<long[]> expected = new ArrayList<>();
        final List<long[]> results = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Summary> harness = harness(batch, copying).open();
        for (int number = 0; number < records; number++)
        {
            final long sensor = random.nextLong(5);
            final long value = 1 + random.nextLong(99_999) >>> random.nextInt(10);
            harness.push(number, reading -> reading.sensor(sensor).value(value));
            final List<Long> sorted = values.computeIfAbsent(sensor, key -> new ArrayList<>());
            sorted.add(Math.max(1, value));
            sorted.sort(null);
            expected.add(new long[] {sensor, sorted.size(), sorted.get((sorted.size() + 1) / 2 - 1)});
            if (restored)
            {
                results.addAll(take(harness));
                final OperatorHarness<ReadingFlyweight, Summary> old = harness;
                harness = harness(batch, copying).restore(old.barrier());
                old.close();
            }
        }
        results.addAll(take(harness));
        harness.close();
        assertEquals(records, results.size());
        int exact = 0;
        for (int i = 0; i < records; i++)
        {
            final long[] result = results.get(i);
            final long[] model = expected.get(i);
            assertEquals(model[0], result[0]);
            assertEquals(model[1], result[1]);
            assertTrue(Math.abs(result[2] - model[2]) <= model[2] * 0.015625, result[2] + " for " + model[2]);
            exact += result[2] == model[2] ? 1 : 0;
        }
        assertTrue(exact < records, "the error shows");
    }

    private static List<long[]> take(final OperatorHarness<ReadingFlyweight, Summary> harness)
    {
        return harness.results(summary -> new long[] {summary.sensor(), summary.count(), summary.sum()});
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(final int batch, final boolean copying)
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        final RunningFunction<LongKey, Histogram, SummaryFlyweight> result = (sensor, histogram, out) ->
            out.sensor(sensor.value()).count(histogram.count()).sum(histogram.valueAt(0.5));
        final OperatorFactory<Operator> factory = Operators.factory(RunningOperator.class, ReadingFlyweight.TYPE,
            QUANTILES.type(), SummaryFlyweight.TYPE, Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key),
            Operators.keyView(LongKeyView.class), QUANTILES.aggregate(), result);
        final OperatorHarness<ReadingFlyweight, Summary> harness =
            OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE).batches(batch).room(1);
        return copying ? harness.stateBackend(CopyingBackend.factory()) : harness;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tumbling", "sliding", "session", "triggered"})
    void shouldGiveTheQuantilesOfEachWindow(final String kind) throws Exception
    {
        final int records = 4_000;
        final long[] times = new long[records];
        final long[] values = new long[records];
        final SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < records; i++)
        {
            times[i] = (i == 0 ? 1_000 : times[i - 1]) + random.nextInt(3) + (random.nextInt(100) == 0 ? 40 : 0);
            values[i] = 1 + random.nextLong(90_000);
        }
        final List<long[]> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("quantiles");
        final KeyedStream<CharSequence, Reading> keyed = pipeline.source(Generator.of(ReadingFlyweight.TYPE, records,
            (number, out) -> out.time(times[(int)number]).place("a").value(values[(int)number])),
            WatermarkStrategy.<Reading>forMonotonousTimestamps(), "readings").keyBy(Reading::place);
        final WindowedStream<CharSequence, Reading, ?> windowed = switch (kind)
        {
            case "tumbling" -> keyed.window(TumblingEventTimeWindows.of(Duration.ofMillis(100)));
            case "sliding" -> keyed.window(SlidingEventTimeWindows.of(Duration.ofMillis(100), Duration.ofMillis(30)));
            case "session" -> keyed.window(EventTimeSessionWindows.withGap(Duration.ofMillis(20)));
            default -> keyed.window(TumblingEventTimeWindows.of(Duration.ofMillis(100))).trigger(EventTimeTrigger.create());
        };
        windowed.quantiles(QUANTILES, SummaryFlyweight.TYPE, (key, window, histogram, out) ->
            out.place(key).windowEnd(window.end()).sensor(window.start()).count(histogram.count()).sum(histogram.valueAt(0.9)))
            .sink(CallbackSink.of(summary -> results.add(
                new long[] {summary.sensor(), summary.windowEnd(), summary.count(), summary.sum()})));
        TestJobs.run(pipeline);
        assertTrue(results.size() > 30, "windows=" + results.size());
        for (final long[] result : results)
        {
            final List<Long> sorted = new ArrayList<>();
            for (int i = 0; i < records; i++)
            {
                if (times[i] >= result[0] && times[i] < result[1])
                {
                    sorted.add(values[i]);
                }
            }
            sorted.sort(null);
            assertEquals(sorted.size(), result[2]);
            final long expected = sorted.get((int)Math.ceil(0.9 * sorted.size()) - 1);
            assertTrue(Math.abs(result[3] - expected) <= expected * 0.015625, result[3] + " for " + expected);
        }
    }

    @Test
    void shouldBeHadFromAKeyedStream() throws Exception
    {
        final List<Long> medians = new ArrayList<>();
        final List<Long> counts = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("running");
        final KeyedStream<LongKey, Reading> keyed = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 5, (number, out) ->
            out.time(number).sensor(4).value(number + 10)), WatermarkStrategy.noWatermarks(), "readings")
            .keyByLong(Reading::sensor);
        keyed.quantiles(QUANTILES, SummaryFlyweight.TYPE, (key, histogram, out) ->
            out.sensor(key.value()).sum(histogram.valueAt(0.5)))
            .sink(CallbackSink.of(summary -> medians.add(summary.sum() + 1_000 * summary.sensor())), "medians");
        keyed.accumulate(SummaryFlyweight.TYPE, ReadingFlyweight.TYPE, (sum, reading) -> sum.count(sum.count() + 1),
            (key, sum, out) -> out.sensor(key.value()).value(sum.count()))
            .sink(CallbackSink.of(reading -> counts.add(reading.value())), "counts");
        TestJobs.run(pipeline);
        assertEquals(List.of(4_010L, 4_010L, 4_011L, 4_011L, 4_012L), medians);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), counts);
    }
}
