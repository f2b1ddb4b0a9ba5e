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
import io.millrace.operators.keyed.TextKeyEncoder;
import io.millrace.operators.selection.ConflateOperator;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConflateTest
{
    @Test
    void shouldPassOnTheLatestOfAnInterval() throws Exception
    {
        final long[][] readings = {{0, 1, 10}, {40, 1, 11}, {30, 1, 12}, {40, 1, 13}, {50, 2, 20}, {99, 2, 21}, {100, 1, 14},
            {70, 2, 22}, {180, 1, 15}, {20, 1, 16}, {350, 1, 17}};
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("conflate");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, readings.length, (number, out) ->
        {
            final long[] reading = readings[(int)number];
            out.time(reading[0]).sensor(reading[1]).place("p" + reading[1]).value(reading[2]);
        }), WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofMillis(50)), "readings")
            .keyByLong(Reading::sensor).conflate(Duration.ofMillis(100))
            .sink(CallbackSink.of(reading -> results.add(reading.place() + "=" + reading.value() + "@" + reading.time())));
        TestJobs.run(pipeline);
        results.sort(null);
        assertEquals(List.of("p1=13@40", "p1=15@180", "p1=17@350", "p2=21@99"), results);
    }

    @Test
    void shouldPassOnWhatIsAskedForAndTheLastOfWhatWaits()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(false).open())
        {
            push(harness, "a", 1);
            push(harness, "b", 2);
            push(harness, "a", 3);
            push(harness, "c", 4);
            assertEquals(List.of(), harness.results(Reading::value));
            ask(harness, 2);
            assertEquals(List.of(new Emitted<>(3, 4, 3L), new Emitted<>(2, 4, 2L)), harness.emitted(Reading::value));
            push(harness, "a", 5);
            push(harness, "c", 6);
            ask(harness, 0);
            ask(harness, 1);
            assertEquals(List.of(6L), harness.results(Reading::value));
            ask(harness, 3);
            assertEquals(List.of(5L), harness.results(Reading::value));
            push(harness, "a", 7);
            push(harness, "a", 8);
            push(harness, "a", 9);
            push(harness, "a", 10);
            assertEquals(List.of(7L, 8L), harness.results(Reading::value));
            assertEquals(3, harness.counter("recordsConflated"));
            harness.watermark(1_000);
            assertEquals(List.of(), harness.results(Reading::value));
            push(harness, "b", 11);
            harness.finish();
            assertEquals(List.of(10L, 11L), harness.results(Reading::value));
        }
    }

    @Test
    void shouldRefuseToTakeBackWhatWasAskedFor()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(false).open())
        {
            final String message =
                assertThrows(IllegalArgumentException.class, () -> ask(harness, -1)).getMessage();
            assertTrue(message.contains("demand=-1 of record=Summary[") && message.contains("0 or more"), message);
            ask(harness, Long.MAX_VALUE);
            ask(harness, Long.MAX_VALUE);
            push(harness, "a", 1);
            assertEquals(List.of(1L), harness.results(Reading::value));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 5000, false, false", "2, 300, true, false", "3, 300, true, true", "4, 5000, false, true"})
    void shouldPassOnWhatAModelPassesOn(
        final long seed, final int steps, final boolean restored, final boolean copying)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final Map<String, Long> waiting = new LinkedHashMap<>();
        final List<Long> expected = new ArrayList<>();
        final List<Long> all = new ArrayList<>();
        final List<Long> results = new ArrayList<>();
        long credits = 0;
        OperatorHarness<ReadingFlyweight, Reading> harness = harness(copying).open();
        for (long number = 0; number < steps; number++)
        {
            if (random.nextInt(4) == 0)
            {
                final long more = random.nextLong(6);
                ask(harness, more);
                credits += more;
                while (credits > 0 && !waiting.isEmpty())
                {
                    final String first = waiting.keySet().iterator().next();
                    expected.add(waiting.remove(first));
                    credits--;
                }
            }
            else
            {
                final String key = "k" + random.nextInt(20);
                push(harness, key, number);
                all.add(number);
                if (credits > 0)
                {
                    expected.add(number);
                    credits--;
                }
                else
                {
                    waiting.put(key, number);
                }
            }
            if (restored)
            {
                results.addAll(harness.results(Reading::value));
                final OperatorHarness<ReadingFlyweight, Reading> old = harness;
                harness = harness(copying).restore(old.barrier());
                old.close();
            }
        }
        expected.addAll(waiting.values());
        harness.finish();
        results.addAll(harness.results(Reading::value));
        harness.close();
        assertEquals(expected, results);
        assertNotEquals(all, results);
    }

    @Test
    void shouldBeDrivenByDemandFromASource() throws Exception
    {
        final List<String> first = conflated();
        assertTrue(first.size() >= 10 && first.size() < 500, "passed=" + first.size());
        assertEquals(first, conflated());
        final Pipeline pipeline = Pipeline.create("one");
        final Pipeline other = Pipeline.create("other");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> readings(pipeline, 1).keyByLong(Reading::sensor)
            .conflate(readings(other, 1), Reading::value)).getMessage().contains("both must be of one pipeline"));
    }

    private static List<String> conflated() throws Exception
    {
        final List<String> passed = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("demand");
        final DataStream<Summary> demand = pipeline.source(Generator.of(SummaryFlyweight.TYPE, 40, (number, out) ->
            out.count(number % 2)), WatermarkStrategy.noWatermarks(), "demand");
        readings(pipeline, 2_000).keyByLong(Reading::sensor).conflate(demand, Summary::count)
            .sink(CallbackSink.of(reading -> passed.add(reading.sensor() + ":" + reading.value())));
        TestJobs.run(pipeline);
        return passed;
    }

    private static DataStream<Reading> readings(final Pipeline pipeline, final int count)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, count, (number, out) ->
            out.time(number).sensor(number * 31 % 10).value(number)),
            WatermarkStrategy.<Reading>forMonotonousTimestamps(), "readings");
    }

    private static OperatorHarness<ReadingFlyweight, Reading> harness(final boolean copying)
    {
        final Function<Reading, CharSequence> key = Reading::place;
        final ToLongFunction<Summary> amount = Summary::count;
        final OperatorFactory<Operator> factory = Operators.factory(ConflateOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, Operators.encoder(TextKeyEncoder.class, ReadingFlyweight.TYPE, key), amount);
        final OperatorHarness<ReadingFlyweight, Reading> harness =
            OperatorHarness.of(factory, ReadingFlyweight.TYPE, ReadingFlyweight.TYPE).room(1);
        return copying ? harness.stateBackend(CopyingBackend.factory()) : harness;
    }

    private static void push(final OperatorHarness<ReadingFlyweight, Reading> harness, final String key, final long value)
    {
        harness.push(0, ReadingFlyweight.TYPE, value, reading -> reading.place(key).value(value));
    }

    private static void ask(final OperatorHarness<ReadingFlyweight, Reading> harness, final long more)
    {
        harness.push(1, SummaryFlyweight.TYPE, 0, demand -> demand.count(more));
    }
}
