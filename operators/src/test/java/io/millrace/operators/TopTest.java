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
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.function.RankFunction;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.ranking.Ranking;
import io.millrace.operators.ranking.TopOperator;
import io.millrace.operators.ranking.TopRecords;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.trigger.EventTimeTrigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TopTest
{
    private static final int SIZE = 3;
    private static final Ranking<Reading> GREATEST = Ranking.greatest(Reading::value);
    private static final RankFunction<Reading, SummaryFlyweight> RESULT = (rank, reading, out) ->
        out.place(reading.place()).sensor(reading.sensor()).count(rank).sum(reading.value()).windowEnd(reading.time());
    private static final Comparator<Row> BY_VALUE = Comparator.comparingLong(Row::value).reversed();

    /** What a reading holds. */
    private record Row(long time, long sensor, long value)
    {
    }

    @Test
    void shouldEmitTheRanksThatChange()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(GREATEST, 1, false).open())
        {
            assertEquals(List.of("1:5@0"), push(harness, new Row(0, 1, 5)));
            assertEquals(List.of("1:7@1", "2:5@0"), push(harness, new Row(1, 1, 7)));
            assertEquals(List.of("3:5@2"), push(harness, new Row(2, 1, 5)));
            assertEquals(List.of(), push(harness, new Row(3, 1, 5)));
            assertEquals(List.of("1:5@4"), push(harness, new Row(4, 2, 5)));
            assertEquals(List.of("2:6@5", "3:5@0"), push(harness, new Row(5, 1, 6)));
            assertEquals(List.of(), push(harness, new Row(6, 1, Long.MIN_VALUE)));
            assertEquals(List.of("1:" + Long.MAX_VALUE + "@7", "2:7@1", "3:6@5"),
                push(harness, new Row(7, 1, Long.MAX_VALUE)));
        }
    }

    @Test
    void shouldRankByLeastAndByComparators()
    {
        assertEquals(List.of("1:-9@2", "2:3@0", "3:4@1"), ranked(Ranking.least(Reading::value), 3, 4, -9, 8));
        assertEquals(List.of("1:8@1", "2:3@0", "3:2@3"),
            ranked(Ranking.by(Comparator.comparingLong(Reading::value).reversed()), 3, 8, -9, 2));
        assertEquals(List.of("1:8@3", "2:2@1", "3:3@0"), ranked(Ranking.<Reading>greatest(reading -> reading.value() % 2 == 0 ? 1 : 0)
            .then(Comparator.comparingLong(reading -> -reading.value())), 3, 2, 1, 8));
        assertEquals(List.of("1:4@3", "2:2@1", "3:6@2"), ranked(Ranking.by(Comparator.comparingLong((Reading reading) ->
            reading.value() % 2)).then(Comparator.comparingLong(reading -> reading.value() % 3 == 0 ? 1 : 0))
            .then(Comparator.comparingLong(reading -> -reading.value())), 3, 2, 6, 4));
    }

    @Test
    void shouldRankFloatingPointAsDoubleCompareDoes()
    {
        final double[] values = {0.0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, 1e-300, -1e300};
        final ToLongFunction<Reading> number = Reading::value;
        assertEquals(List.of("1:2@2", "2:4@4", "3:0@0"),
            ranked(Ranking.greatestDouble(reading -> values[(int)number.applyAsLong(reading)]), 0, 1, 2, 3, 4, 5));
        assertEquals(List.of("1:3@3", "2:5@5", "3:1@1"),
            ranked(Ranking.leastDouble(reading -> values[(int)number.applyAsLong(reading)]), 0, 1, 2, 3, 4, 5));
    }

    /** What all ranks are after the values. */
    private static List<String> ranked(final Ranking<Reading> ranking, final long... values)
    {
        final Map<String, String> ranks = new TreeMap<>();
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(ranking, 1, false).open())
        {
            for (int i = 0; i < values.length; i++)
            {
                push(harness, new Row(i, 1, values[i])).forEach(line -> ranks.put(line.substring(0, 1), line));
            }
        }
        return List.copyOf(ranks.values());
    }

    @ParameterizedTest
    @CsvSource({"1, 5000, 1, false, false", "2, 5000, 7, false, false", "3, 5000, 128, false, false",
        "4, 5000, 9, false, true", "5, 400, 1, true, false", "6, 400, 1, true, true"})
    void shouldRankAsAModelDoes(
        final long seed, final int records, final int batch, final boolean restored, final boolean copying)
    {
        final Map<Long, List<Row>> tops = new HashMap<>();
        final List<String> expected = new ArrayList<>();
        final List<String> results = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(seed);
        OperatorHarness<ReadingFlyweight, Summary> harness = harness(GREATEST, batch, copying).room(1).open();
        for (int number = 0; number < records; number++)
        {
            final Row row = new Row(number, random.nextLong(50), random.nextLong(40) + number / 50);
            final List<Row> top = tops.computeIfAbsent(row.sensor, key -> new ArrayList<>());
            top.add(row);
            top.sort(BY_VALUE);
            for (int i = top.indexOf(row); i < Math.min(SIZE, top.size()); i++)
            {
                expected.add((i + 1) + ":" + top.get(i).value + "@" + top.get(i).time);
            }
            harness.push(row.time, reading -> reading.time(row.time).sensor(row.sensor).value(row.value));
            if (restored)
            {
                results.addAll(harness.results(TopTest::text));
                final OperatorHarness<ReadingFlyweight, Summary> old = harness;
                harness = harness(GREATEST, batch, copying).room(1).restore(old.barrier());
                old.close();
            }
        }
        results.addAll(harness.results(TopTest::text));
        harness.close();
        assertEquals(expected, results);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tumbling", "sliding", "session", "triggered", "all"})
    void shouldRankTheRecordsOfEachWindow(final String kind) throws Exception
    {
        final List<Row> rows = rows(kind.equals("session"));
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("top");
        final DataStream<Reading> readings = pipeline.source(Generator.of(ReadingFlyweight.TYPE, rows.size(), (number, out) ->
        {
            final Row row = rows.get((int)number);
            out.time(row.time).sensor(row.sensor).value(row.value);
        }), WatermarkStrategy.<Reading>forMonotonousTimestamps(), "readings");
        final KeyedStream<?, Reading> keyed = readings.keyByLong(Reading::sensor);
        final WindowedStream<?, Reading, ?> windowed = switch (kind)
        {
            case "tumbling" -> keyed.window(TumblingEventTimeWindows.of(Duration.ofMillis(100)));
            case "sliding" -> keyed.window(SlidingEventTimeWindows.of(Duration.ofMillis(100), Duration.ofMillis(40)));
            case "session" -> keyed.window(EventTimeSessionWindows.withGap(Duration.ofMillis(20)));
            case "triggered" -> keyed.window(TumblingEventTimeWindows.of(Duration.ofMillis(100)))
                .trigger(EventTimeTrigger.create());
            default -> readings.windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(100)));
        };
        windowed.topN(SIZE, GREATEST, SummaryFlyweight.TYPE, (window, rank, reading, out) ->
            out.sensor(reading.sensor()).count(rank).sum(reading.value()).windowEnd(window.end()))
            .sink(CallbackSink.of(top -> results.add(line(kind, top.windowEnd(), top.sensor(), (int)top.count(), top.sum()))),
                "top");
        TestJobs.run(pipeline);
        final List<String> expected = expected(rows, kind, BY_VALUE);
        assertTrue(results.size() > 80, "results=" + results.size());
        final List<String> sorted = new ArrayList<>(results);
        sorted.sort(null);
        assertEquals(expected, sorted);
        assertNotEquals(expected(rows, kind, BY_VALUE.reversed()), sorted);
        // Ranks of a window and key come one after the other.
        for (int i = 1; i < results.size(); i++)
        {
            final String[] words = results.get(i).split(" ", -1);
            final String[] before = results.get(i - 1).split(" ", -1);
            assertTrue(words[2].equals("1") || words[0].equals(before[0]) && words[1].equals(before[1]) &&
                Integer.parseInt(words[2]) == Integer.parseInt(before[2]) + 1, results.get(i));
        }
    }

    private static String line(final String kind, final long end, final long sensor, final int rank, final long value)
    {
        return String.format(Locale.ROOT, "%06d %02d %d %d", end, kind.equals("all") ? 0 : sensor, rank, value);
    }

    private static List<Row> rows(final boolean withGaps)
    {
        final SplittableRandom random = new SplittableRandom(3);
        final List<Row> rows = new ArrayList<>();
        long time = 1_000;
        for (int i = 0; i < 3_000; i++)
        {
            time += random.nextInt(3) + (withGaps && random.nextInt(40) == 0 ? 30 : 0);
            rows.add(new Row(time, random.nextLong(withGaps ? 2 : 10), random.nextLong(30)));
        }
        return rows;
    }

    private static List<String> expected(final List<Row> rows, final String kind, final Comparator<Row> order)
    {
        final Map<List<Long>, List<Row>> windows = new HashMap<>();
        final Map<Long, List<Row>> sessions = new HashMap<>();
        final long slide = kind.equals("sliding") ? 40 : 100;
        for (final Row row : rows)
        {
            if (kind.equals("session"))
            {
                final List<Row> open = sessions.computeIfAbsent(row.sensor, key -> new ArrayList<>());
                if (!open.isEmpty() && row.time - open.get(open.size() - 1).time > 20)
                {
                    windows.put(List.of(open.get(open.size() - 1).time + 20, row.sensor), List.copyOf(open));
                    open.clear();
                }
                open.add(row);
                continue;
            }
            for (long start = Math.floorDiv(row.time, slide) * slide; start > row.time - 100; start -= slide)
            {
                windows.computeIfAbsent(List.of(start + 100, kind.equals("all") ? 0 : row.sensor), key -> new ArrayList<>())
                    .add(row);
            }
        }
        sessions.forEach((sensor, open) -> windows.put(List.of(open.get(open.size() - 1).time + 20, sensor), open));
        final List<String> lines = new ArrayList<>();
        windows.forEach((window, elements) ->
        {
            final List<Row> ranking = elements.stream().sorted(order).limit(SIZE).toList();
            for (int i = 0; i < ranking.size(); i++)
            {
                lines.add(line(kind, window.get(0), window.get(1), i + 1, ranking.get(i).value));
            }
        });
        lines.sort(null);
        return lines;
    }

    @Test
    void shouldRankWhatRanksAlikeByTimeWhereWindowsAreDivided() throws Exception
    {
        // In windows [0, 100) and [50, 150) the record of time 60 that comes first is behind that of time 40 or 55.
        final long[] times = {60, 40, 55, 120};
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("ties");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, times.length, (number, out) ->
            out.time(times[(int)number]).sensor(number).value(1)),
            WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofMillis(50)), "readings")
            .windowAll(SlidingEventTimeWindows.of(Duration.ofMillis(100), Duration.ofMillis(50)))
            .topN(2, GREATEST, SummaryFlyweight.TYPE, (window, rank, reading, out) ->
                out.count(rank).sum(reading.time()).windowEnd(window.end()))
            .sink(CallbackSink.of(top -> results.add(top.windowEnd() + " " + top.count() + " " + top.sum())));
        TestJobs.run(pipeline);
        assertEquals(List.of("50 1 40", "100 1 40", "100 2 55", "150 1 55", "150 2 60", "200 1 120"), results);
    }

    @Test
    void shouldTakeNameParallelismAndLateRecordsAsOneOperator() throws Exception
    {
        final OutputTag<Reading, ReadingFlyweight> late = new OutputTag<>("late", ReadingFlyweight.TYPE);
        final List<Long> tops = new ArrayList<>();
        final List<Long> lates = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("one");
        final KeyedStream<?, Reading> keyed = pipeline.source(Generator.of(ReadingFlyweight.TYPE, 40, (number, out) ->
            out.time(number == 30 ? 1 : number).sensor(number % 3).value(number)),
            WatermarkStrategy.<Reading>forMonotonousTimestamps(), "readings").keyByLong(Reading::sensor);
        for (final String name : new String[] {"one", "other"})
        {
            final SingleOutputStream<Summary> top = keyed.window(TumblingEventTimeWindows.of(Duration.ofMillis(20)))
                .sideOutputLateData(late).topN(1, GREATEST, SummaryFlyweight.TYPE, (window, rank, reading, out) ->
                    out.sum(reading.value())).name(name).uid(name + "-uid").parallelism(2);
            top.rebalance().sink(CallbackSink.of(summary -> tops.add(summary.sum())), name + " tops").parallelism(1);
            top.sideOutput(late).rebalance().sink(CallbackSink.of(reading -> lates.add(reading.value())), name + " late")
                .parallelism(1);
        }
        TestJobs.run(pipeline);
        tops.sort(null);
        assertEquals(List.of(17L, 17L, 18L, 18L, 19L, 19L, 37L, 37L, 38L, 38L, 39L, 39L), tops);
        assertEquals(List.of(30L, 30L), lates);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_000})
    void shouldSayHowManyRecordsFit(final int size)
    {
        final String message = assertThrows(IllegalArgumentException.class, () ->
            TopRecords.type(size, ReadingFlyweight.TYPE, GREATEST, false)).getMessage();
        final int most = (AggregateFunction.MAX_ACCUMULATOR_LENGTH - 24) / (16 + ReadingFlyweight.TYPE.blockLength());
        assertTrue(message.contains("size=" + size) && message.contains("from 1 to " + most), message);
        final RecordType<?, ?> type = TopRecords.type(most, ReadingFlyweight.TYPE, GREATEST, false);
        assertTrue(type.blockLength() <= AggregateFunction.MAX_ACCUMULATOR_LENGTH);
        type.checkReadable(type.schema());
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(
        final Ranking<Reading> ranking, final int batch, final boolean copying)
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        final OperatorFactory<Operator> factory = Operators.factory(TopOperator.class, ReadingFlyweight.TYPE,
            TopRecords.type(SIZE, ReadingFlyweight.TYPE, ranking, false), SummaryFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key), RESULT);
        final OperatorHarness<ReadingFlyweight, Summary> harness =
            OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE).batches(batch);
        return copying ? harness.stateBackend(CopyingBackend.factory()) : harness;
    }

    private static List<String> push(final OperatorHarness<ReadingFlyweight, Summary> harness, final Row row)
    {
        harness.push(row.time, reading -> reading.time(row.time).sensor(row.sensor).value(row.value));
        return harness.results(TopTest::text);
    }

    private static String text(final Summary summary)
    {
        return summary.count() + ":" + summary.sum() + "@" + summary.windowEnd();
    }
}
