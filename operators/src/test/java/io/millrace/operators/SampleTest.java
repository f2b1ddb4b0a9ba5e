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
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.selection.EveryNthOperator;
import io.millrace.operators.selection.HashSample;
import io.millrace.operators.selection.LimitOperator;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SampleTest
{
    private static final long INTERVAL = 10;
    private static final long MOST = 3;

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "3, 7", "3, 128", "128, 128", "300, 128", "200, 1"})
    void shouldKeepOneRecordInSoMany(final long step, final int batch)
    {
        final OperatorFactory<Operator> factory = Operators.factory(EveryNthOperator.class, step);
        final List<Long> results = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Reading> harness = harness(factory).batches(batch).room(1).open();
        for (long number = 1; number <= 900; number++)
        {
            final long value = number;
            harness.push(number, reading -> reading.value(value));
            if (number % 37 == 0)
            {
                results.addAll(harness.results(Reading::value));
                final OperatorHarness<ReadingFlyweight, Reading> old = harness;
                harness = harness(factory).batches(batch).room(1).restore(old.barrier());
                old.close();
            }
        }
        results.addAll(harness.results(Reading::value));
        harness.close();
        assertEquals(LongStream.rangeClosed(1, 900).filter(value -> value % step == 0).boxed().toList(), results);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE})
    void shouldRefuseStepsThatAreNone(final long step)
    {
        assertTrue(assertThrows(RuntimeException.class, () -> harness(Operators.factory(EveryNthOperator.class, step)))
            .toString().contains("step=" + step));
    }

    @Test
    void shouldKeepTheSameRecordsByHashForAnyNumberOfThreads() throws Exception
    {
        final List<Long> one = sampled(1, 0.1, 5);
        assertEquals(one, sampled(3, 0.1, 5));
        assertNotEquals(one, sampled(1, 0.1, 6));
        assertTrue(one.size() > 1_600 && one.size() < 2_400, "kept=" + one.size());
        assertEquals(0, sampled(2, 0, 5).size());
        assertEquals(20_000, sampled(2, 1, 5).size());
    }

    /** Values of the texts that are kept by text, of which also the number is kept by number. */
    private static List<Long> sampled(final int threads, final double fraction, final long seed) throws Exception
    {
        final List<Long> kept = Collections.synchronizedList(new ArrayList<>());
        final Pipeline pipeline = Pipeline.create("sample");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, 20_000, (number, out) ->
            out.time(number).place("p" + number).value(number)), WatermarkStrategy.noWatermarks(), "readings")
            .rebalance().sample(fraction, seed, Reading::place).parallelism(threads)
            .rebalance().sink(CallbackSink.of(reading -> kept.add(reading.value())), "kept").parallelism(1);
        TestJobs.run(pipeline);
        kept.sort(null);
        return kept;
    }

    @Test
    void shouldKeepAllOrNoneOfOneNumber()
    {
        final HashSample<Long> sample = HashSample.ofLong(0.25, 0, Long::longValue);
        final HashSample<Long> other = HashSample.ofLong(0.25, 1, Long::longValue);
        int kept = 0;
        int both = 0;
        for (long number = -20_000; number < 20_000; number++)
        {
            assertEquals(sample.test(number), sample.test(number));
            kept += sample.test(number) ? 1 : 0;
            both += sample.test(number) && other.test(number) ? 1 : 0;
        }
        assertTrue(kept > 9_600 && kept < 10_400, "kept=" + kept);
        assertTrue(both > 2_300 && both < 2_700, "both=" + both);
        for (final double fraction : new double[] {-0.1, 1.1, Double.NaN})
        {
            assertTrue(assertThrows(IllegalArgumentException.class, () ->
                HashSample.ofText(fraction, 1, text -> "x")).getMessage().contains("fraction=" + fraction));
        }
    }

    @Test
    void shouldLetTheFirstOfAnIntervalPass()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness =
            harness(limit()).sideOutput("late", ReadingFlyweight.TYPE).open())
        {
            for (int i = 0; i < 5; i++)
            {
                push(harness, -10 + i, 1, i);
            }
            push(harness, 0, 1, 5);
            harness.watermark(3);
            push(harness, 9, 1, 6);
            push(harness, -1, 1, 7);
            push(harness, 1, 1, 8);
            push(harness, 2, 1, 9);
            push(harness, 2, 2, 10);
            harness.watermark(9);
            push(harness, 9, 2, 11);
            assertEquals(List.of(0L, 1L, 2L, 5L, 6L, 8L, 10L), harness.results(Reading::value));
            assertEquals(3, harness.counter("recordsOverLimitDropped"));
            assertEquals(List.of(7L, 11L), harness.emitted("late", ReadingFlyweight.TYPE, Reading::value)
                .stream().map(Emitted::value).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldLimitAsAModelDoes(final long seed)
    {
        final List<Long> expected = limited(seed, 10_000, MOST);
        assertTrue(expected.size() > 1_000 && expected.size() < 9_000, "passed=" + expected.size());
        assertNotEquals(expected, limited(seed, 10_000, MOST + 1));
        assertEquals(expected, limit(seed, 10_000, 1, false, false));
        assertEquals(expected, limit(seed, 10_000, 128, false, false));
        assertEquals(expected, limit(seed, 10_000, 9, false, true));
        assertEquals(limited(seed, 300, MOST), limit(seed, 300, 1, true, false));
        assertEquals(limited(seed, 300, MOST), limit(seed, 300, 1, true, true));
    }

    private static List<Long> limited(final long seed, final int records, final long most)
    {
        final Map<List<Long>, Integer> counts = new HashMap<>();
        final List<Long> passed = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(seed);
        long watermark = Long.MIN_VALUE;
        for (long number = 0; number < records; number++)
        {
            final long time = number / 20 + random.nextLong(50) - 60;
            final long key = random.nextLong(15);
            final long interval = Math.floorDiv(time, INTERVAL);
            if ((interval + 1) * INTERVAL - 1 > watermark && counts.merge(List.of(key, interval), 1, Integer::sum) <= most)
            {
                passed.add(number);
            }
            if (random.nextInt(60) == 0)
            {
                watermark = number / 20 - 50;
            }
        }
        return passed;
    }

    private static List<Long> limit(
        final long seed, final int records, final int batch, final boolean restored, final boolean copying)
    {
        final List<Long> passed = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(seed);
        OperatorHarness<ReadingFlyweight, Reading> harness = opened(batch, copying).open();
        for (long number = 0; number < records; number++)
        {
            final long time = number / 20 + random.nextLong(50) - 60;
            push(harness, time, random.nextLong(15), number);
            if (restored)
            {
                passed.addAll(harness.results(Reading::value));
                final OperatorHarness<ReadingFlyweight, Reading> old = harness;
                harness = opened(batch, copying).restore(old.barrier());
                old.close();
            }
            if (random.nextInt(60) == 0)
            {
                harness.watermark(number / 20 - 50);
            }
        }
        passed.addAll(harness.results(Reading::value));
        harness.close();
        return passed;
    }

    private static OperatorHarness<ReadingFlyweight, Reading> opened(final int batch, final boolean copying)
    {
        final OperatorHarness<ReadingFlyweight, Reading> harness = harness(limit()).batches(batch).room(1);
        return copying ? harness.stateBackend(CopyingBackend.factory()) : harness;
    }

    @Test
    void shouldBeHadFromStreams() throws Exception
    {
        final List<Long> limited = new ArrayList<>();
        final List<Long> every = new ArrayList<>();
        final List<Long> byNumber = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("selections");
        final DataStream<Reading> readings = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 1_000, (number, out) ->
            out.time(number).sensor(number % 2).value(number)), WatermarkStrategy.<Reading>forMonotonousTimestamps(), "readings");
        readings.keyByLong(Reading::sensor).limit(1, Duration.ofMillis(400))
            .sink(CallbackSink.of(reading -> limited.add(reading.value())), "limited");
        readings.sampleEvery(400).name("every").sink(CallbackSink.of(reading -> every.add(reading.value())), "every kept");
        readings.sampleByLong(0.5, 1, Reading::sensor).name("by number")
            .sink(CallbackSink.of(reading -> byNumber.add(reading.value())), "by number kept");
        assertTrue(assertThrows(IllegalArgumentException.class, () ->
            readings.keyByLong(Reading::sensor).limit(0, Duration.ofMillis(400))).getMessage().contains("most=0"));
        TestJobs.run(pipeline);
        assertEquals(List.of(0L, 1L, 400L, 401L, 800L, 801L), limited);
        assertEquals(List.of(399L, 799L), every);
        assertTrue(byNumber.size() % 500 == 0, "kept=" + byNumber.size());
    }

    private static OperatorFactory<Operator> limit()
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        return Operators.factory(LimitOperator.class, ReadingFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key), MOST, INTERVAL, "late");
    }

    private static OperatorHarness<ReadingFlyweight, Reading> harness(final OperatorFactory<Operator> factory)
    {
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, ReadingFlyweight.TYPE);
    }

    private static void push(
        final OperatorHarness<ReadingFlyweight, Reading> harness, final long time, final long key, final long value)
    {
        harness.push(time, reading -> reading.time(time).sensor(key).value(value));
    }
}
