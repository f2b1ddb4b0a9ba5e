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
package io.millrace.operators.testing;

import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.Emitted;
import io.millrace.operators.DataStream;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.TumblingEventTimeWindows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PipelineHarnessTest
{
    /** What a user tests: a pipeline that is declared as a function of its streams. */
    private static DataStream<Summary> sums(final DataStream<Reading> readings)
    {
        return readings
            .filter(reading -> reading.value() > 0)
            .keyBy(Reading::place)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1).sum(sum.sum() + reading.value()),
                (key, window, sum, out) -> out.place(key).windowEnd(window.end()).count(sum.count()).sum(sum.sum()));
    }

    private static String text(final Summary sum)
    {
        return sum.place() + " " + sum.windowEnd() + " " + sum.sum();
    }

    @Test
    void shouldRunAPipelineStepByStep()
    {
        try (PipelineHarness harness = new PipelineHarness("sums"))
        {
            final TestInput<Reading, ReadingFlyweight> readings = harness.input("readings", ReadingFlyweight.TYPE);
            final TestOutput<String> sums = harness.output(sums(readings.stream()), PipelineHarnessTest::text);
            harness.start();
            readings.push(1, reading -> reading.place("a").value(3)).push(2, reading -> reading.place("a").value(4))
                .push(11, reading -> reading.place("b").value(5)).watermark(8);
            harness.runUntilIdle();
            assertEquals(List.of(), sums.take());
            readings.watermark(9);
            harness.runUntilIdle();
            assertEquals(List.of("a 10 7"), sums.take());
            assertEquals(List.of(), sums.take());
            readings.push(9, reading -> reading.place("a").value(1));
            harness.finish();
            assertEquals(1, harness.counter("lateRecordsDropped"));
            final List<Emitted<String>> last = sums.takeEmitted();
            assertEquals(List.of("b 20 5"), last.stream().map(Emitted::value).toList());
            assertEquals(19, last.get(0).timestamp());
            assertEquals(List.of("a 10 7", "b 20 5"), sums.all());
        }
    }

    @Test
    void shouldLetOneEnterAtATime()
    {
        try (PipelineHarness harness = new PipelineHarness("single"))
        {
            final TestInput<Reading, ReadingFlyweight> readings = harness.input("readings", ReadingFlyweight.TYPE);
            final TestOutput<Long> values = harness.output(readings.stream(), Reading::value);
            harness.start();
            readings.push(1, reading -> reading.value(3)).push(2, reading -> reading.value(4));
            assertEquals(List.of(), values.take());
            assertTrue(harness.runNext());
            assertEquals(List.of(3L), values.take());
            assertTrue(harness.runNext());
            assertEquals(List.of(4L), values.take());
            assertFalse(harness.runNext());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRestoreASnapshotAtAnyStep(final boolean chaining)
    {
        final List<String> expected = random(chaining, 0);
        assertTrue(expected.size() > 20, "results=" + expected);
        for (long seed = 1; seed < 8; seed++)
        {
            assertEquals(expected, random(chaining, seed), "seed=" + seed);
        }
    }

    /** Two streams of records in the order of the test, with snapshots and restores between some. */
    private static List<String> random(final boolean chaining, final long restores)
    {
        final SplittableRandom records = new SplittableRandom(5);
        final SplittableRandom steps = new SplittableRandom(restores);
        try (PipelineHarness harness = new PipelineHarness("restored"))
        {
            harness.config().chaining(chaining).stateBackend(CopyingBackend.factory());
            final List<TestInput<Reading, ReadingFlyweight>> inputs = List.of(
                harness.input("first", ReadingFlyweight.TYPE), harness.input("second", ReadingFlyweight.TYPE));
            final DataStream<Reading> all = inputs.get(0).stream().union(inputs.get(1).stream());
            final TestOutput<String> seen =
                harness.output(all, reading -> "seen " + reading.place() + " " + reading.value());
            final TestOutput<String> sums = harness.output(sums(all), PipelineHarnessTest::text);
            harness.start();
            PipelineSnapshot snapshot = null;
            for (int number = 1; number <= 60; number++)
            {
                final long value = number;
                final String place = "place-" + records.nextInt(3);
                inputs.get(records.nextInt(2)).push(
                    number + records.nextInt(12), reading -> reading.place(place).value(value));
                if (number % 10 == 0)
                {
                    final long watermark = (long)number - records.nextInt(5);
                    inputs.forEach(input -> input.watermark(watermark));
                }
                switch (restores == 0 ? 0 : steps.nextInt(6))
                {
                    case 1 -> harness.runNext();
                    case 2 -> snapshot = harness.snapshot();
                    case 3 -> snapshot = snapshot == null ? null : restored(harness, snapshot);
                    default -> harness.runUntilIdle();
                }
            }
            harness.finish();
            final List<String> results = new ArrayList<>(seen.all());
            results.addAll(sums.all());
            return results;
        }
    }

    private static PipelineSnapshot restored(final PipelineHarness harness, final PipelineSnapshot snapshot)
    {
        harness.restore(snapshot);
        return snapshot;
    }

    @Test
    void shouldThrowWhatThePipelineFailsWith()
    {
        try (PipelineHarness harness = new PipelineHarness("failing"))
        {
            final TestInput<Reading, ReadingFlyweight> readings = harness.input("readings", ReadingFlyweight.TYPE);
            harness.output(readings.stream().filter(reading -> 1 / reading.value() > 0), Reading::value);
            harness.start();
            readings.push(7, reading -> reading.value(0));
            final JobFailedException failure = assertThrows(JobFailedException.class, harness::runUntilIdle);
            assertTrue(failure.getMessage().contains("filter"), failure.getMessage());
        }
    }

    @Test
    void shouldRefuseWhatCannotBe()
    {
        try (PipelineHarness harness = new PipelineHarness("refusing"))
        {
            final TestInput<Reading, ReadingFlyweight> readings = harness.input("readings", ReadingFlyweight.TYPE);
            harness.output(readings.stream(), Reading::value);
            assertThrows(IllegalStateException.class, harness::runUntilIdle);
            harness.start();
            assertThrows(IllegalStateException.class, harness::start);
            readings.watermark(5);
            assertThrows(IllegalArgumentException.class, () -> readings.watermark(5));
            assertThrows(IllegalArgumentException.class, () -> readings.watermark(Long.MAX_VALUE));
            harness.finish();
            assertThrows(IllegalStateException.class, () -> readings.push(6, reading -> reading.value(1)));
        }
    }
}
