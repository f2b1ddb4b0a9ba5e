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
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.join.AsOfJoinOperator;
import io.millrace.operators.keyed.LongKeyEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Records joined with the version in force at their time. A result shows as {@code record-version@timestamp}. */
class AsOfJoinSemanticsTest
{
    private static final JoinFunction<Reading, Summary, SummaryFlyweight> VERSIONED = (record, version, out) ->
        out.sensor(record.sensor()).count(record.value()).sum(version == null ? -1 : version.sum());

    private OperatorHarness<ReadingFlyweight, Summary> harness;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void shouldJoinWithTheLatestVersionAtOrBeforeTheRecordsTime(final int room)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness("late").room(room).open())
        {
            harness = joins;
            record(1, 25, 3);
            record(1, 9, 1);
            version(1, 20, 200);
            version(1, 10, 100);
            record(1, 10, 2);
            record(1, 25, 4);
            version(1, 30, 300);
            version(2, 1, 1);
            joins.watermark(8);
            assertEquals(List.of(), results());
            joins.watermark(24);
            assertEquals(List.of("1--1@9", "2-100@10"), results());
            joins.watermark(25);
            assertEquals(List.of("3-200@25", "4-200@25"), results());
            record(1, 29, 5);
            record(1, 1_000, 6);
            joins.finish();
            assertEquals(List.of("5-200@29", "6-300@1000"), results());
        }
    }

    @Test
    void shouldTakeTheLaterOfTwoVersionsOfOneTime()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness("late").open())
        {
            harness = joins;
            version(1, 10, 100);
            version(1, 10, 101);
            record(1, 10, 1);
            joins.finish();
            assertEquals(List.of("1-101@10"), results());
        }
    }

    @Test
    void shouldTakeLateRecordsAsideAndLateVersionsFromTheWatermarkOn()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness("late").open())
        {
            harness = joins;
            version(1, 10, 100);
            joins.watermark(20);
            record(1, 20, 1);
            assertEquals(List.of(1L), joins.emitted("late", ReadingFlyweight.TYPE, Reading::value).stream()
                .map(Emitted::value).toList());
            version(1, 5, 50);
            record(1, 21, 2);
            joins.watermark(21);
            assertEquals(List.of("2-100@21"), results());
            version(1, 15, 150);
            record(1, 22, 3);
            joins.watermark(22);
            assertEquals(List.of("3-150@22"), results());
        }
    }

    @Test
    void shouldCountLateRecordsWithoutASideOutput()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness("").open())
        {
            harness = joins;
            joins.watermark(20);
            record(1, 20, 1);
            assertEquals(1, joins.counter("lateRecordsDropped"));
        }
    }

    @Test
    void shouldRemoveVersionsThatAreOutOfForceAlsoWhereNoRecordComes()
    {
        final long few;
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness("late").open())
        {
            harness = joins;
            version(1, 1_000, 1);
            joins.watermark(2_000);
            few = joins.barrier().tableLength();
        }
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness("late").open())
        {
            harness = joins;
            for (int time = 0; time < 1_000; time++)
            {
                version(1, time * 7 % 1_000, time);
            }
            joins.watermark(2_000);
            final long many = joins.barrier().tableLength();
            assertTrue(many < 2 * few, () -> "bytes=" + many + " for one version that is left, not few=" + few);
            record(1, 2_001, 1);
            joins.finish();
            assertEquals(List.of("1-857@2001"), results());
        }
    }

    @Test
    void shouldLetOthersOnTheThreadHaveTheirTurn()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness("late").open())
        {
            harness = joins;
            final int records = 3 * Operator.MAX_FIRINGS / 2;
            for (int i = 0; i < records; i++)
            {
                record(i % 100, i % 50, i);
            }
            assertEquals(2, joins.watermark(50));
            assertEquals(records, results().size());
        }
    }

    @Test
    void shouldRefuseRecordsAndVersionsWithoutTimestamp()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> joins = harness("late").open())
        {
            harness = joins;
            assertThrows(IllegalArgumentException.class, () -> record(1, Long.MIN_VALUE, 1));
            assertThrows(IllegalArgumentException.class, () -> version(1, Long.MIN_VALUE, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldJoinAsAModelOnTheHeap(final long seed)
    {
        final List<String> expected = run(seed, true, null, 0);
        assertTrue(expected.size() > 1_000, () -> "lines=" + expected.size());
        assertTrue(expected.stream().filter(line -> line.startsWith("late")).count() > 10);
        assertTrue(expected.stream().filter(line -> line.contains("--1@")).count() > 10);
        assertEquals(expected, run(seed, true, OffHeapBackend.factory(), 0));
        assertEquals(expected, run(seed, true, OffHeapBackend.factory(), 30));
        assertEquals(expected, run(seed, true, CopyingBackend.factory(), 10));
        assertNotEquals(expected, run(seed, false, OffHeapBackend.factory(), 0));
    }

    /** Random records, versions and watermarks through the model, or through the operator with some restarts. */
    private static List<String> run(
        final long seed, final boolean allVersions, final StateBackendFactory backend, final int restarts)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final SplittableRandom chance = new SplittableRandom(seed + 1);
        final int records = 3_000;
        final Model model = new Model();
        final List<String> lines = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Summary> joins =
            backend == null ? null : harness("late").stateBackend(backend).room(1).open();
        long watermark = Long.MIN_VALUE;
        for (int number = 0; number < records; number++)
        {
            final long base = number / 10;
            final long time = base + random.nextLong(60) - 50;
            final long sensor = random.nextInt(4) == 0 ? 7 : random.nextLong(60);
            final boolean isRecord = random.nextInt(3) != 0;
            final long value = number;
            if (!isRecord && !allVersions && number > records / 2)
            {
                continue;
            }
            if (joins == null)
            {
                model.add(isRecord, sensor, time, value, lines);
            }
            else if (isRecord)
            {
                joins.push(0, ReadingFlyweight.TYPE, time, reading -> reading.sensor(sensor).value(value));
            }
            else
            {
                joins.push(1, SummaryFlyweight.TYPE, time, summary -> summary.sensor(sensor).sum(value));
            }
            if (random.nextInt(30) == 0)
            {
                watermark = Math.max(watermark, base - 20 - random.nextLong(20));
                if (joins == null)
                {
                    model.watermark(watermark, lines);
                }
                else
                {
                    joins.watermark(watermark);
                }
            }
            take(joins, lines);
            if (chance.nextInt(records) < restarts && joins != null)
            {
                final OperatorSnapshot snapshot = joins.barrier();
                joins.close();
                joins = harness("late").stateBackend(backend).room(1).restore(snapshot);
            }
        }
        if (joins == null)
        {
            model.watermark(Long.MAX_VALUE, lines);
        }
        else
        {
            joins.finish();
            take(joins, lines);
            joins.close();
        }
        return lines;
    }

    private static void take(final OperatorHarness<ReadingFlyweight, Summary> joins, final List<String> lines)
    {
        if (joins != null)
        {
            joins.emitted("late", ReadingFlyweight.TYPE, Reading::value).forEach(late -> lines.add("late " + late.value()));
            joins.emitted(result -> result.sensor() + " " + result.count() + "-" + result.sum())
                .forEach(result -> lines.add(result.value() + "@" + result.timestamp()));
        }
    }

    /** Keeps every version. */
    private static final class Model
    {
        private final Map<Long, TreeMap<Long, Long>> versions = new HashMap<>();
        private final List<long[]> waiting = new ArrayList<>();
        private final Map<String, Long> first = new HashMap<>();
        private long watermark = Long.MIN_VALUE;

        void add(final boolean isRecord, final long sensor, final long time, final long value, final List<String> lines)
        {
            if (!isRecord)
            {
                versions.computeIfAbsent(sensor, key -> new TreeMap<>()).put(time, value);
            }
            else if (time <= watermark)
            {
                lines.add("late " + value);
            }
            else
            {
                waiting.add(new long[] {sensor, time, value});
                first.putIfAbsent(sensor + " " + time, value);
            }
        }

        void watermark(final long now, final List<String> lines)
        {
            waiting.stream().filter(record -> record[1] <= now)
                .sorted(Comparator.<long[]>comparingLong(record -> record[1])
                    .thenComparingLong(record -> first.get(record[0] + " " + record[1])))
                .forEach(record ->
                {
                    final Map.Entry<Long, Long> version =
                        versions.getOrDefault(record[0], new TreeMap<>()).floorEntry(record[1]);
                    lines.add(record[0] + " " + record[2] + "-" + (version == null ? -1 : version.getValue()) + "@" + record[1]);
                });
            waiting.removeIf(record -> record[1] <= now);
            watermark = now;
        }
    }

    private void record(final long sensor, final long time, final long value)
    {
        harness.push(0, ReadingFlyweight.TYPE, time, reading -> reading.sensor(sensor).value(value));
    }

    private void version(final long sensor, final long time, final long value)
    {
        harness.push(1, SummaryFlyweight.TYPE, time, summary -> summary.sensor(sensor).sum(value));
    }

    private List<String> results()
    {
        return harness.emitted(result -> result.count() + "-" + result.sum()).stream()
            .map(result -> result.value() + "@" + result.timestamp()).toList();
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(final String lateTag)
    {
        final ToLongFunction<Reading> recordKey = Reading::sensor;
        final ToLongFunction<Summary> versionKey = Summary::sensor;
        final OperatorFactory<Operator> factory = Operators.factory(AsOfJoinOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, recordKey),
            Operators.encoder(LongKeyEncoder.class, SummaryFlyweight.TYPE, versionKey), VERSIONED, lateTag, 10L);
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE)
            .sideOutput("late", ReadingFlyweight.TYPE);
    }
}
