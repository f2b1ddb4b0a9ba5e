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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.function.FilterFunction;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.join.EnrichOperator;
import io.millrace.operators.keyed.TextKeyEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Records joined with the latest of a table. A result shows as {@code record-latest@timestamp}. */
class EnrichSemanticsTest
{
    private static final JoinFunction<Reading, Summary, SummaryFlyweight> ENRICHED = (reading, latest, out) ->
        out.place(reading.place()).count(reading.value()).sum(latest == null ? -1 : latest.sum());

    private static OperatorFactory<Operator> raw(final Class<? extends Operator> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(final boolean outer)
    {
        final Function<Reading, CharSequence> key = Reading::place;
        final Function<Summary, CharSequence> tableKey = Summary::place;
        final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(TextKeyEncoder.class, ReadingFlyweight.TYPE, key);
        final OperatorFactory<KeyEncoder> tableEncoder =
            OperatorFactory.of(TextKeyEncoder.class, SummaryFlyweight.TYPE, tableKey);
        final FilterFunction<Summary> removal = summary -> summary.count() == -1;
        return OperatorHarness.of(raw(EnrichOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE,
            SummaryFlyweight.TYPE, encoder, tableEncoder, removal, ENRICHED, outer),
            ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
    }

    private static void record(
        final OperatorHarness<ReadingFlyweight, Summary> harness, final long time, final String place, final long value)
    {
        harness.push(0, ReadingFlyweight.TYPE, time, reading -> reading.place(place).value(value));
    }

    private static void latest(
        final OperatorHarness<ReadingFlyweight, Summary> harness, final long time, final String place, final long sum)
    {
        harness.push(1, SummaryFlyweight.TYPE, time, summary -> summary.place(place).sum(sum).count(sum == 0 ? -1 : 0));
    }

    private static List<String> results(final OperatorHarness<ReadingFlyweight, Summary> harness)
    {
        final List<String> results = new ArrayList<>();
        for (final Emitted<String> result : harness.emitted(summary -> summary.count() + "-" + summary.sum()))
        {
            results.add(result.value() + "@" + result.timestamp());
        }
        return results;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldJoinWithTheLatestRecordThatHasCome(final boolean outer)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(outer).open())
        {
            record(harness, 100, "a", 1);
            assertEquals(outer ? List.of("1--1@100") : List.of(), results(harness));
            latest(harness, 50, "a", 10);
            record(harness, 1, "a", 2);
            record(harness, 2, "b", 3);
            assertEquals(outer ? List.of("2-10@1", "3--1@2") : List.of("2-10@1"), results(harness));
            latest(harness, 40, "a", 11);
            latest(harness, 40, "b", 12);
            record(harness, 3, "a", 4);
            record(harness, 4, "b", 5);
            assertEquals(List.of("4-11@3", "5-12@4"), results(harness));
            latest(harness, 41, "a", 0);
            latest(harness, 41, "c", 0);
            record(harness, 5, "a", 6);
            assertEquals(outer ? List.of("6--1@5") : List.of(), results(harness));
            latest(harness, 42, "a", 13);
            record(harness, 6, "a", 7);
            assertEquals(List.of("7-13@6"), results(harness));
            assertEquals(outer ? 0 : 3, harness.counter("recordsWithoutMatch"));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true, 0", "1, true, 1", "2, false, 0.1"})
    void shouldAgreeWithAMap(final long seed, final boolean outer, final double restarts)
    {
        for (final StateBackendFactory backend : List.of(OffHeapBackend.factory(), CopyingBackend.factory()))
        {
            assertEquals(model(seed, outer, true), run(seed, outer, backend, restarts));
        }
        assertNotEquals(model(seed, outer, false), run(seed, outer, OffHeapBackend.factory(), restarts),
            "a model that never removes is another one");
    }

    private static List<String> model(final long seed, final boolean outer, final boolean removing)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final Map<String, Long> map = new HashMap<>();
        final List<String> results = new ArrayList<>();
        for (int i = 0; i < 200; i++)
        {
            final String place = "place" + random.nextInt(20);
            final long sum = random.nextInt(5);
            if (random.nextBoolean())
            {
                if (sum != 0)
                {
                    map.put(place, sum);
                }
                else if (removing)
                {
                    map.remove(place);
                }
            }
            else if (outer || map.containsKey(place))
            {
                results.add(i + "-" + map.getOrDefault(place, -1L) + "@" + (1_000 - i));
            }
        }
        return results;
    }

    private static List<String> run(
        final long seed, final boolean outer, final StateBackendFactory backend, final double restarts)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final SplittableRandom chance = new SplittableRandom(9);
        final List<String> results = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Summary> harness = harness(outer).subtask(1, 2).stateBackend(backend).open();
        for (int i = 0; i < 200; i++)
        {
            final String place = "place" + random.nextInt(20);
            final long sum = random.nextInt(5);
            if (random.nextBoolean())
            {
                latest(harness, i, place, sum);
            }
            else
            {
                record(harness, 1_000 - i, place, i);
            }
            results.addAll(results(harness));
            if (chance.nextDouble() < restarts)
            {
                final OperatorSnapshot snapshot = harness.barrier();
                harness.close();
                harness = harness(outer).subtask(1, 2).stateBackend(backend).restore(snapshot);
            }
        }
        harness.close();
        return results;
    }

    @Test
    void shouldRefuseRecordsWithoutKey()
    {
        for (final boolean table : new boolean[] {false, true})
        {
            try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(true).open())
            {
                final String message = assertThrows(IllegalArgumentException.class, () ->
                {
                    if (table)
                    {
                        latest(harness, 1, "", 1);
                    }
                    else
                    {
                        record(harness, 1, "", 1);
                    }
                }).getMessage();
                assertTrue(message.contains("key is missing (empty) in record="), message);
            }
        }
    }
}
