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
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.TextKeyEncoder;
import io.millrace.operators.selection.DeduplicateOperator;
import io.millrace.operators.selection.DistinctOperator;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeduplicateTest
{
    private static final long HORIZON = 10;
    private static final int RECORDS = 20_000;
    private static final int RESTORED_RECORDS = 400;

    @Test
    void shouldPassTheFirstOfAKeyAndTheNextBehindTheHorizon()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(within(HORIZON)).open())
        {
            push(harness, 3, 1, 100);
            push(harness, 3, 2, 101);
            push(harness, 12, 1, 102);
            push(harness, 13, 1, 103);
            push(harness, 13, 2, 104);
            push(harness, 22, 1, 105);
            assertEquals(List.of(new Emitted<>(3, 0, 100L), new Emitted<>(3, 1, 101L), new Emitted<>(13, 3, 103L),
                new Emitted<>(13, 4, 104L)), harness.emitted(Reading::value));
            assertEquals(2, harness.counter("duplicatesDropped"));
            assertEquals(0, harness.counter("lateRecordsDropped"));
        }
    }

    @Test
    void shouldRefuseWhatIsLessThanTheHorizonBeforeOneThatPassed()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(within(HORIZON)).open())
        {
            push(harness, 105, 1, 0);
            push(harness, 96, 1, 1);
            push(harness, 95, 1, 2);
            push(harness, 85, 1, 3);
            push(harness, 1_000_000, 1, 4);
            push(harness, 115, 1, 5);
            assertEquals(List.of(0L, 2L, 3L, 4L, 5L), harness.results(Reading::value));
        }
    }

    @Test
    void shouldRememberAcrossTheEpochAndTheEndsOfSlices()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(within(HORIZON)).open())
        {
            push(harness, -1, 1, 0);
            push(harness, 8, 1, 1);
            push(harness, 9, 1, 2);
            push(harness, 10, 1, 3);
            push(harness, 18, 1, 4);
            push(harness, 19, 1, 5);
            push(harness, -11, 1, 6);
            push(harness, -10, 1, 7);
            assertEquals(List.of(0L, 2L, 5L, 6L), harness.results(Reading::value));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDropOrSendAsideWhatIsLate(final boolean aside)
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(within(HORIZON)))
        {
            if (aside)
            {
                harness.sideOutput("late", ReadingFlyweight.TYPE);
            }
            harness.batches(3).open();
            push(harness, 3, 1, 0);
            harness.watermark(20);
            push(harness, 20, 2, 1);
            push(harness, 21, 2, 2);
            push(harness, 4, 1, 3);
            harness.watermark(Long.MAX_VALUE);
            push(harness, 50, 2, 4);
            push(harness, Long.MAX_VALUE - 1, 2, 5);
            push(harness, 50, 3, 6);
            assertEquals(List.of(0L, 2L), harness.results(Reading::value));
            assertEquals(aside ? 0 : 5, harness.counter("lateRecordsDropped"));
            if (aside)
            {
                assertEquals(List.of(1L, 3L, 4L, 5L, 6L), harness.emitted("late", ReadingFlyweight.TYPE, Reading::value)
                    .stream().map(Emitted::value).toList());
            }
        }
    }

    @Test
    void shouldForgetSlicesWhenNoRecordToComeIsNearToOneOfTheirs()
    {
        final WatchedState state = new WatchedState(false);
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(within(HORIZON)).stateBackend(state).open())
        {
            for (long time = 0; time < 20; time++)
            {
                push(harness, time, time, time);
            }
            harness.watermark(17);
            assertEquals(0, state.windows("passed").firstSlice(Long.MIN_VALUE));
            harness.watermark(27);
            assertEquals(10, state.windows("passed").firstSlice(Long.MIN_VALUE));
            push(harness, 28, 19, 100);
            harness.watermark(28);
            assertEquals(20, state.windows("passed").firstSlice(Long.MIN_VALUE));
            push(harness, 29, 19, 101);
            harness.watermark(Long.MAX_VALUE);
            assertEquals(Long.MAX_VALUE, state.windows("passed").firstSlice(Long.MIN_VALUE));
            assertEquals(21, harness.results(Reading::value).size());
        }
    }

    @Test
    void shouldRefuseASnapshotOfAnotherHorizon()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(within(HORIZON)).open();
            OperatorHarness<ReadingFlyweight, Reading> other = harness(within(HORIZON + 1)))
        {
            final String message =
                assertThrows(IllegalStateException.class, () -> other.restore(harness.barrier())).getMessage();
            assertTrue(message.contains("apart by 11, its snapshot by 10") && message.contains("uid"), message);
        }
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775808", "9223372036854775807", "9223372036854775770"})
    void shouldRefuseTimesAtTheEndsOfTime(final long time)
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = harness(within(HORIZON)).open())
        {
            final String message = assertThrows(IllegalArgumentException.class, () ->
                harness.push(time, reading -> reading.sensor(1))).getMessage();
            assertTrue(message.contains("timestamp=" + time) && message.contains("@EventTime"), message);
            push(harness, 5, 1, 1);
            assertEquals(List.of(1L), harness.results(Reading::value));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE / 8})
    void shouldRefuseHorizonsThatAreNone(final long horizon)
    {
        assertTrue(assertThrows(RuntimeException.class, () -> harness(within(horizon))).toString().contains("time=" + horizon));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldPassWhatAModelPassesInAnyBatches(final long seed)
    {
        final List<String> expected = expected(seed, RECORDS, HORIZON);
        assertTrue(expected.size() > 1_000 && expected.size() < RECORDS * 3 / 4, "passed=" + expected.size());
        assertEquals(expected, run(seed, RECORDS, 1, false, false));
        assertEquals(expected, run(seed, RECORDS, 7, false, false));
        assertEquals(expected, run(seed, RECORDS, 128, false, false));
        assertEquals(expected, run(seed, RECORDS, 5, false, true));
        assertNotEquals(expected(seed, RECORDS, HORIZON + 1), expected);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true"})
    void shouldPassTheSameWhenRestoredAfterEachRecord(final long seed, final boolean copying)
    {
        assertEquals(expected(seed, RESTORED_RECORDS, HORIZON), run(seed, RESTORED_RECORDS, 1, true, copying));
    }

    private static List<String> expected(final long seed, final int records, final long horizon)
    {
        final Map<Long, NavigableSet<Long>> passed = new HashMap<>();
        final List<String> lines = new ArrayList<>();
        final Stream stream = new Stream(seed);
        for (int number = 0; number < records; number++)
        {
            stream.next();
            model(passed, stream, horizon, stream.time <= stream.watermark, number, lines);
        }
        return lines;
    }

    private static void model(
        final Map<Long, NavigableSet<Long>> passed, final Stream stream, final long horizon, final boolean late, final long number,
        final List<String> lines)
    {
        if (late)
        {
            lines.add("late " + number);
            return;
        }
        final NavigableSet<Long> times = passed.computeIfAbsent(stream.key, key -> new TreeSet<>());
        if (times.subSet(stream.time - horizon, false, stream.time + horizon, false).isEmpty())
        {
            times.add(stream.time);
            lines.add("passed " + number);
        }
    }

    private static List<String> run(
        final long seed, final int records, final int batch, final boolean restored, final boolean copying)
    {
        final List<String> lines = new ArrayList<>();
        final Stream stream = new Stream(seed);
        OperatorHarness<ReadingFlyweight, Reading> harness = opened(batch, copying).open();
        for (int number = 0; number < records; number++)
        {
            final long watermark = stream.watermark;
            stream.next();
            if (stream.watermark != watermark)
            {
                take(harness, lines);
                harness.watermark(stream.watermark);
            }
            push(harness, stream.time, stream.key, number);
            if (restored)
            {
                take(harness, lines);
                final OperatorHarness<ReadingFlyweight, Reading> old = harness;
                harness = opened(batch, copying).restore(old.barrier());
                old.close();
            }
        }
        take(harness, lines);
        harness.close();
        lines.sort((left, right) -> Long.compare(number(left), number(right)));
        return lines;
    }

    private static OperatorHarness<ReadingFlyweight, Reading> opened(final int batch, final boolean copying)
    {
        final OperatorHarness<ReadingFlyweight, Reading> harness =
            harness(within(HORIZON)).sideOutput("late", ReadingFlyweight.TYPE).room(1).batches(batch);
        return copying ? harness.stateBackend(CopyingBackend.factory()) : harness;
    }

    private static long number(final String line)
    {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }

    private static void take(final OperatorHarness<ReadingFlyweight, Reading> harness, final List<String> lines)
    {
        final List<Long> passed = harness.results(Reading::value);
        assertEquals(passed.stream().sorted().toList(), passed);
        passed.forEach(value -> lines.add("passed " + value));
        harness.emitted("late", ReadingFlyweight.TYPE, Reading::value).forEach(line -> lines.add("late " + line.value()));
    }

    @ParameterizedTest
    @CsvSource({"1, false", "9, false", "128, false", "1, true", "9, true"})
    void shouldPassTheFirstOfAKeyForEver(final int batch, final boolean copying)
    {
        final Function<Reading, CharSequence> key = Reading::place;
        final OperatorFactory<Operator> factory = Operators.factory(DistinctOperator.class, ReadingFlyweight.TYPE,
            Operators.encoder(TextKeyEncoder.class, ReadingFlyweight.TYPE, key));
        final SplittableRandom random = new SplittableRandom(7);
        final Set<String> seen = new HashSet<>();
        final List<Long> expected = new ArrayList<>();
        final List<Long> results = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Reading> harness = distinct(factory, batch, copying).open();
        for (int number = 0; number < 800; number++)
        {
            final long value = number;
            final String place = "p" + random.nextInt(1 + number / 2);
            if (seen.add(place))
            {
                expected.add(value);
            }
            harness.push(random.nextLong(), reading -> reading.place(place).value(value));
            if (number % 53 == 0)
            {
                results.addAll(harness.results(Reading::value));
                harness.watermark(Long.MAX_VALUE);
                final OperatorHarness<ReadingFlyweight, Reading> old = harness;
                harness = distinct(factory, batch, copying).restore(old.barrier());
                old.close();
            }
        }
        results.addAll(harness.results(Reading::value));
        harness.close();
        assertEquals(expected, results);
    }

    private static OperatorHarness<ReadingFlyweight, Reading> distinct(
        final OperatorFactory<Operator> factory, final int batch, final boolean copying)
    {
        final OperatorHarness<ReadingFlyweight, Reading> harness = harness(factory).batches(batch).room(1);
        return copying ? harness.stateBackend(CopyingBackend.factory()) : harness;
    }

    @Test
    void shouldBeHadFromAKeyedStream() throws Exception
    {
        final OutputTag<Reading, ReadingFlyweight> late = new OutputTag<>("late", ReadingFlyweight.TYPE);
        final long[] times = {0, 500, 999, 1_000, 2_500, 5_000, 400, 5_999};
        final List<Long> within = new ArrayList<>();
        final List<Long> behind = new ArrayList<>();
        final List<Long> ever = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("deduplicate");
        final KeyedStream<CharSequence, Reading> keyed = pipeline.source(
            Generator.of(ReadingFlyweight.TYPE, times.length, (number, out) ->
                out.time(times[(int)number]).place("x").value(number)),
            WatermarkStrategy.<Reading>forMonotonousTimestamps(), "readings").keyBy(Reading::place);
        final SingleOutputStream<Reading> passed = keyed.deduplicate(Duration.ofSeconds(1), late).name("within");
        passed.sink(CallbackSink.of(reading -> within.add(reading.value())), "passed");
        passed.sideOutput(late).sink(CallbackSink.of(reading -> behind.add(reading.value())), "late");
        keyed.deduplicate().name("ever").sink(CallbackSink.of(reading -> ever.add(reading.value())), "ever passed");
        TestJobs.run(pipeline);
        assertEquals(List.of(0L, 3L, 4L, 5L), within);
        assertEquals(List.of(6L), behind);
        assertEquals(List.of(0L), ever);
    }

    private static OperatorFactory<Operator> within(final long horizon)
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        return Operators.factory(DeduplicateOperator.class, ReadingFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key), horizon, "late");
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

    /** Records in disorder over several slices, of few keys, with a watermark that makes some late. */
    private static final class Stream
    {
        private final SplittableRandom random;
        private long number;
        private long time;
        private long key;
        private long watermark = -100;

        private Stream(final long seed)
        {
            random = new SplittableRandom(seed);
        }

        private void next()
        {
            number++;
            time = number / 16 + random.nextLong(60) - 50;
            key = random.nextInt(3) == 0 ? random.nextLong() : random.nextLong(40);
            if (random.nextInt(50) == 0)
            {
                watermark = Math.max(watermark, number / 16 - 30 - random.nextLong(20));
            }
        }
    }
}
