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
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.WindowTables;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.InvertibleAggregateFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.window.DeductingSliceCombiner;
import io.millrace.operators.window.SliceCombiner;
import io.millrace.operators.window.SlidingWindow;
import io.millrace.operators.window.SlidingWindowOperator;
import io.millrace.operators.window.StackingSliceCombiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every way to combine slices gives what {@link SlidingWindowModel} gives, in the same order: whatever the batches, with
 * a full output after every result, on a backend that gives copies, and with a new life in the middle.
 */
class SlidingWindowModelTest
{
    private static final int RECORDS = 600;
    private static final int SEEDS = 40;

    /** A way to combine slices. */
    private enum Way
    {
        DEDUCTING, STACKING, RECOMBINING;

        AggregateFunction<Reading, Summary, SummaryFlyweight> aggregate()
        {
            return this == DEDUCTING ? new Sums() : new SumsAndMaxima();
        }

        OperatorFactory<SliceCombiner> combiner(final SlidingWindow window)
        {
            return this == RECOMBINING ?
                OperatorFactory.of(RecombiningSliceCombiner.class, aggregate(), SummaryFlyweight.TYPE, window) :
                SlidingWindowedStream.combiner(aggregate(), SummaryFlyweight.TYPE, window);
        }

        /** Sums have no maximum. */
        String expected(final String line)
        {
            return this == DEDUCTING ? line.replaceAll("(\\)) (\\S+) (\\S+) \\S+ @", "$1 $2 $3 0 @") : line;
        }
    }

    /** What a run does besides taking records. */
    private record Run(SlidingWindow window, long seed, int batch, int room, boolean restarts, int keys, boolean sparse,
        boolean copying)
    {
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldDoAsTheModelDoes(final Way way)
    {
        int lates = 0;
        int refired = 0;
        for (long seed = 0; seed < SEEDS; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            final long slide = 1 + random.nextLong(20);
            final long size = 1 + random.nextLong(random.nextBoolean() ? 20 : 100);
            final long lateness = random.nextInt(3) == 0 ? 0 : random.nextInt(60);
            final SlidingWindow window =
                new SlidingWindow(size, slide, random.nextLong(2 * slide - 1) - slide + 1, lateness);
            final Run run = new Run(window, seed, new int[]{1, 7, 128}[random.nextInt(3)],
                random.nextBoolean() ? 1 : 1_000_000, random.nextBoolean(), 1 + random.nextInt(30),
                random.nextBoolean(), random.nextInt(3) == 0);
            final SlidingWindowModel model = new SlidingWindowModel(size, slide, window.offset(), lateness);
            final List<String> fired = new ArrayList<>();
            final List<String> late = new ArrayList<>();
            run(run, way.aggregate(), way.combiner(window), model, fired, late);
            assertLines(model.fired().stream().map(way::expected).toList(), fired, run);
            assertLines(model.late(), late, run);
            lates += late.size();
            refired += fired.size() - (int)fired.stream().map(line -> line.replaceAll("\\) .*", "")).distinct().count();
        }
        assertTrue(lates > 500, "lates=" + lates);
        assertTrue(refired > 500, "refired=" + refired);
    }

    /** A late record of a slice that is only in fired windows, one of which would have been the next with records. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldForgetSlicesOfWindowsThatHadNoRecordsWhenTheyWereDue(final Way way)
    {
        final SlidingWindow window = new SlidingWindow(10, 2, 0, 1);
        final SlidingWindowModel model = new SlidingWindowModel(10, 2, 0, 1);
        final List<String> fired = new ArrayList<>();
        final Run run = new Run(window, 0, 1, 1, false, 1, false, false);
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            harness(run, way.aggregate(), way.combiner(window)).open())
        {
            final long[] recordsAndWatermarks = {8, 17, 0, 19, 10, 20, 13, 21, 0, Long.MAX_VALUE};
            for (int i = 0; i < recordsAndWatermarks.length; i += 2)
            {
                final long time = recordsAndWatermarks[i];
                harness.push(time, reading -> reading.time(time).sensor(time).value(time));
                model.add(time, time, time);
                harness.watermark(recordsAndWatermarks[i + 1]);
                model.watermark(recordsAndWatermarks[i + 1]);
            }
            take(harness, fired, new ArrayList<>());
        }
        assertLines(model.fired().stream().map(way::expected).toList(), fired, run);
    }

    /** Negative control: what the model must notice. */
    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"DEDUCTING", "STACKING"})
    void shouldNoticeACombinerThatDoesNotHearOfLateRecords(final Way way)
    {
        final SlidingWindow window = new SlidingWindow(50, 10, 0, 20);
        final List<String> fired = new ArrayList<>();
        final SlidingWindowModel model = new SlidingWindowModel(50, 10, 0, 20);
        run(new Run(window, 3, 7, 1, false, 10, false, false), way.aggregate(),
            OperatorFactory.of(DeafCombiner.class, way.combiner(window).type() == DeductingSliceCombiner.class,
                way.aggregate(), SummaryFlyweight.TYPE, window), model, fired, new ArrayList<>());
        assertNotEquals(model.fired().stream().map(way::expected).toList(), fired);
        assertEquals(model.fired().size(), fired.size());
    }

    private static void assertLines(final List<String> expected, final List<String> actual, final Run run)
    {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++)
        {
            assertEquals(expected.get(i), actual.get(i), "line " + i + " of " + run);
        }
        assertEquals(expected.size(), actual.size(), run::toString);
    }

    @ParameterizedTest
    @EnumSource(names = {"DEDUCTING", "STACKING"})
    void shouldLetOthersOnTheThreadHaveTheirTurnWhileAWatermarkCombinesAndFires(final Way way)
    {
        final int keys = 2 * Operator.MAX_FIRINGS;
        final SlidingWindow window = new SlidingWindow(40, 10, 0, 0);
        final Run run = new Run(window, 1, 128, 1_000_000, false, keys, false, false);
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            harness(run, way.aggregate(), way.combiner(window)).open())
        {
            for (int number = 0; number < 4 * keys; number++)
            {
                final long time = number / keys * 10L;
                final long sensor = number % keys;
                harness.push(time, reading -> reading.time(time).sensor(sensor).value(1));
            }
            // Slices 0 to 30 are in windows from -30 to 30, those of each window are combined, then it fires.
            final int calls = harness.watermark(100);
            final List<Long> counts = harness.results(Summary::count);
            assertEquals(7 * keys, counts.size());
            assertEquals(16L * keys, counts.stream().mapToLong(Long::longValue).sum());
            assertTrue(calls > (7 + 4) * keys / Operator.MAX_FIRINGS, () -> "calls=" + calls);
        }
    }

    private static void run(
        final Run run,
        final AggregateFunction<Reading, Summary, SummaryFlyweight> aggregate,
        final OperatorFactory<SliceCombiner> combiner,
        final SlidingWindowModel model,
        final List<String> fired,
        final List<String> late)
    {
        final SplittableRandom random = new SplittableRandom(run.seed);
        OperatorHarness<ReadingFlyweight, Summary> harness = harness(run, aggregate, combiner).open();
        try
        {
            long now = -500;
            for (int number = 0; number < RECORDS; number++)
            {
                now += run.sparse ? random.nextLong(random.nextInt(50) == 0 ? 200 : 30) : random.nextLong(8) / 7;
                final long time = now + 20 - random.nextLong(random.nextInt(5) == 0 ? 150 : 30);
                final long sensor = random.nextLong(run.keys);
                final long value = random.nextLong(1_000) - 500;
                harness.push(time, reading -> reading.time(time).sensor(sensor).value(value));
                model.add(time, sensor, value);
                if (random.nextInt(run.sparse ? 2 : 20) == 0)
                {
                    final long watermark = now - random.nextLong(8);
                    harness.watermark(watermark);
                    model.watermark(watermark);
                    take(harness, fired, late);
                }
                if (run.restarts && random.nextInt(100) == 0)
                {
                    take(harness, fired, late);
                    final OperatorSnapshot snapshot = harness.barrier();
                    if (random.nextBoolean())
                    {
                        harness.close();
                        harness = harness(run, aggregate, combiner).restore(snapshot);
                        model.restarted();
                    }
                }
            }
            harness.finish();
            model.watermark(Long.MAX_VALUE);
            take(harness, fired, late);
        }
        finally
        {
            harness.close();
        }
    }

    private static OperatorHarness<ReadingFlyweight, Summary> harness(
        final Run run,
        final AggregateFunction<Reading, Summary, SummaryFlyweight> aggregate,
        final OperatorFactory<SliceCombiner> combiner)
    {
        final ToLongFunction<Reading> key = Reading::sensor;
        final WindowFunction<LongKey, Summary, SummaryFlyweight> result = (sensor, bounds, sum, out) ->
            out.place(sensor.value() + " [" + bounds.start()).windowEnd(bounds.end()).count(sum.count()).sum(sum.sum())
                .sensor(sum.sensor());
        final OperatorFactory<Operator> factory = Operators.factory(SlidingWindowOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            Operators.encoder(LongKeyEncoder.class, ReadingFlyweight.TYPE, key), Operators.keyView(LongKeyView.class),
            aggregate, false, combiner, result, run.window, "late");
        return OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE)
            .stateBackend(run.copying ? CopyingBackend.factory() : OffHeapBackend.factory())
            .sideOutput("late", ReadingFlyweight.TYPE).room(run.room).batches(run.batch);
    }

    private static void take(
        final OperatorHarness<ReadingFlyweight, Summary> harness, final List<String> fired, final List<String> late)
    {
        final Function<Summary, String> text = summary -> summary.place() + "," + summary.windowEnd() + ") " +
            summary.count() + " " + summary.sum() + " " + summary.sensor();
        harness.emitted(text).forEach(line -> fired.add(stamped(line)));
        harness.emitted("late", ReadingFlyweight.TYPE, reading -> "" + reading.value())
            .forEach(line -> late.add(stamped(line)));
    }

    private static String stamped(final Emitted<String> emitted)
    {
        return emitted.value() + " @" + emitted.timestamp() + " cause=" + emitted.cause();
    }

    /** Count and sum. */
    private record Sums() implements InvertibleAggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.count(sum.count() + 1).sum(sum.sum() + reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.count(sum.count() + other.count()).sum(sum.sum() + other.sum());
        }

        @Override
        public void deduct(final SummaryFlyweight sum, final Summary other)
        {
            sum.count(sum.count() - other.count()).sum(sum.sum() - other.sum());
        }
    }

    /** Count, sum, and maximum in the sensor. */
    private record SumsAndMaxima() implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.sensor(sum.count() == 0 ? reading.value() : Math.max(sum.sensor(), reading.value()));
            sum.count(sum.count() + 1).sum(sum.sum() + reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.sensor(sum.count() == 0 ? other.sensor() : Math.max(sum.sensor(), other.sensor()));
            sum.count(sum.count() + other.count()).sum(sum.sum() + other.sum());
        }
    }

    /** A combiner with a mistake. */
    public static final class DeafCombiner implements SliceCombiner
    {
        private final SliceCombiner combiner;

        /** A combiner that works but for late records. */
        public DeafCombiner(
            final Boolean deducting,
            final AggregateFunction<Reading, Summary, SummaryFlyweight> aggregate,
            final RecordType<Summary, SummaryFlyweight> type,
            final SlidingWindow window)
        {
            combiner = deducting ? new DeductingSliceCombiner<>(
                (InvertibleAggregateFunction<Reading, Summary, SummaryFlyweight>)aggregate, type, window) :
                new StackingSliceCombiner<>(aggregate, type, window);
        }

        @Override
        public void open(final OperatorContext context, final WindowTables slices, final int keyLength)
        {
            combiner.open(context, slices, keyLength);
        }

        @Override
        public void moveTo(final long windowStart)
        {
            combiner.moveTo(windowStart);
        }

        @Override
        public int proceed(final int most)
        {
            return combiner.proceed(most);
        }

        @Override
        public KeyedCursor cursor()
        {
            return combiner.cursor();
        }

        @Override
        public void forgetBefore(final long start)
        {
            combiner.forgetBefore(start);
        }

        @Override
        public void late(final long slice, final boolean created, final long hash, final long key, final long value)
        {
            // The mistake; a new key is passed on, else a slice would leave that never entered.
            if (created)
            {
                combiner.late(slice, true, hash, key, value);
            }
        }

        @Override
        public void merge(final long target, final long source)
        {
            combiner.merge(target, source);
        }

        @Override
        public void snapshot(final BlobWriter blob)
        {
            combiner.snapshot(blob);
        }

        @Override
        public void restore(final BlobReader blob)
        {
            combiner.restore(blob);
        }

        @Override
        public void close()
        {
            combiner.close();
        }
    }
}
