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

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RunningAggregateTest
{
    private static final long MAX = Long.MAX_VALUE;
    private static final long MIN = Long.MIN_VALUE;
    private static final double NAN = Double.NaN;

    @ParameterizedTest
    @EnumSource(LongAggregate.class)
    void shouldAggregateWholeNumbersAndDecimals(final LongAggregate aggregate) throws Exception
    {
        for (final boolean decimal : new boolean[] {false, true})
        {
            final List<Long> results = new ArrayList<>();
            final Pipeline pipeline = Pipeline.create("longs");
            final KeyedStream<?, Measure> keyed = measures(pipeline, aggregate.in, new double[0], decimal)
                .keyByLong(Measure::sensor);
            final SingleOutputStream<Measure> stream = decimal ? aggregate.decimal(keyed) : aggregate.amount(keyed);
            stream.sink(CallbackSink.of(measure -> results.add(decimal ? measure.price() : measure.amount())));
            TestJobs.run(pipeline);
            assertEquals(LongStream.of(aggregate.out).boxed().toList(), results);
        }
    }

    @ParameterizedTest
    @EnumSource(DoubleAggregate.class)
    void shouldAggregateFloatingPoint(final DoubleAggregate aggregate) throws Exception
    {
        final List<Double> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("doubles");
        aggregate.of(measures(pipeline, new long[aggregate.in.length], aggregate.in, false).keyByLong(Measure::sensor))
            .sink(CallbackSink.of(measure -> results.add(measure.level())));
        TestJobs.run(pipeline);
        // As objects, so that -0.0 is not 0.0 and NaN is NaN.
        assertEquals(DoubleStream.of(aggregate.out).boxed().toList(), results);
    }

    @Test
    void shouldKeepTheFirstRecordsOtherFieldsOrTakeTheWholeRecord() throws Exception
    {
        assertEquals(List.of("0:5", "0:3", "0:3", "0:1"), times(keyed ->
            keyed.minLong(MeasureFlyweight.TYPE, Measure::amount, MeasureFlyweight::amount)));
        assertEquals(List.of("0:5", "1:3", "1:3", "3:1"), times(keyed ->
            keyed.minByLong(MeasureFlyweight.TYPE, Measure::amount)));
        assertEquals(List.of("0:5", "0:8", "0:11", "0:12"), times(keyed ->
            keyed.sumLong(MeasureFlyweight.TYPE, Measure::amount, MeasureFlyweight::amount)));
        assertEquals(List.of("0:5", "1:3", "2:3", "3:1"), times(keyed ->
            keyed.reduce(MeasureFlyweight.TYPE, (last, measure) -> last.time(measure.time()).amount(measure.amount()))));
        assertEquals(List.of("0:1", "0:2", "0:3", "0:4"), times(keyed ->
            keyed.accumulate(MeasureFlyweight.TYPE, (count, measure) -> count.amount(count.amount() + 1))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"long", "text", "composite"})
    void shouldKeepKeysApart(final String kind) throws Exception
    {
        final List<Long> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("keys");
        final DataStream<Measure> measures = pipeline.source(Generator.of(MeasureFlyweight.TYPE, 5_000, (number, out) ->
            out.time(number).sensor(number % 97 - 48).place("p" + number % 97).amount(1)),
            WatermarkStrategy.noWatermarks(), "measures");
        final KeyedStream<?, Measure> keyed = switch (kind)
        {
            case "long" -> measures.keyByLong(Measure::sensor);
            case "text" -> measures.keyBy(Measure::place);
            default -> measures.keyByComposite((measure, key) ->
                key.putText(measure.place()).putInt((int)measure.sensor()).putLong(measure.sensor()));
        };
        keyed.sumLong(MeasureFlyweight.TYPE, Measure::amount, MeasureFlyweight::amount)
            .sink(CallbackSink.of(measure -> results.add(measure.amount())));
        TestJobs.run(pipeline);
        assertEquals(LongStream.range(0, 5_000).map(i -> i / 97 + 1).boxed().toList(), results);
    }

    @Test
    void shouldTellCompositeKeysApartWhosePartsJoinToTheSameText() throws Exception
    {
        final List<Long> counts = new ArrayList<>();
        final String[][] parts = {{"ab", "c"}, {"a", "bc"}, {"", "abc"}, {"abc", ""}, {"ab", "c"}};
        final Pipeline pipeline = Pipeline.create("parts");
        pipeline.source(Generator.of(MeasureFlyweight.TYPE, parts.length, (number, out) -> out.time(number).amount(1)),
            WatermarkStrategy.noWatermarks(), "measures")
            .keyByComposite((measure, key) ->
                key.putText(parts[(int)measure.time()][0]).putText(parts[(int)measure.time()][1]))
            .sumLong(MeasureFlyweight.TYPE, Measure::amount, MeasureFlyweight::amount)
            .sink(CallbackSink.of(measure -> counts.add(measure.amount())));
        TestJobs.run(pipeline);
        assertEquals(List.of(1L, 1L, 1L, 1L, 2L), counts);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void shouldFailWhenASumIsMoreThanALongHolds(final long sign)
    {
        final long extreme = sign > 0 ? MAX : MIN;
        for (final boolean decimal : new boolean[] {false, true})
        {
            final List<Long> results = new ArrayList<>();
            final Pipeline pipeline = Pipeline.create("overflow");
            final KeyedStream<?, Measure> keyed = measures(pipeline, new long[] {extreme, -sign, sign, sign}, new double[0],
                decimal).keyByLong(Measure::sensor);
            (decimal ? LongAggregate.SUM.decimal(keyed) : LongAggregate.SUM.amount(keyed))
                .sink(CallbackSink.of(measure -> results.add(measure.time())));
            try (Job job = pipeline.start(TestJobs.stepped()))
            {
                final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
                assertTrue(message.contains("operator=sum record at position=3 timestamp=3 record=Measure[time=3,") &&
                    message.contains("sum=" + extreme + " and value=" + sign + " are more than a long holds") &&
                    message.contains("coarser unit"), message);
            }
        }
    }

    private static List<String> times(
        final Function<KeyedStream<?, Measure>, SingleOutputStream<Measure>> aggregate) throws Exception
    {
        final List<String> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("fields");
        aggregate.apply(measures(pipeline, new long[] {5, 3, 3, 1}, new double[0], false).keyByLong(Measure::sensor))
            .sink(CallbackSink.of(measure -> results.add(measure.time() + ":" + measure.amount())));
        TestJobs.run(pipeline);
        return results;
    }

    private static SingleOutputStream<Measure> measures(
        final Pipeline pipeline, final long[] longs, final double[] doubles, final boolean decimal)
    {
        return pipeline.source(Generator.of(MeasureFlyweight.TYPE, longs.length, (number, out) ->
        {
            final int i = (int)number;
            out.time(number).sensor(7).amount(decimal ? 0 : longs[i]).price(decimal ? longs[i] : 0)
                .level(doubles.length == 0 ? 0 : doubles[i]);
        }), WatermarkStrategy.<Measure>forMonotonousTimestamps(), "measures");
    }

    @SuppressWarnings("ImmutableEnumChecker")
    private enum LongAggregate
    {
        SUM(new long[] {5, -3, MAX - 2, -1, 0, MIN}, new long[] {5, 2, MAX, MAX - 1, MAX - 1, -2}),
        MIN_OF(new long[] {5, 6, -3, 0, MAX, MIN}, new long[] {5, 5, -3, -3, -3, MIN}),
        MAX_OF(new long[] {-5, -6, 3, 0, MIN, MAX}, new long[] {-5, -5, 3, 3, 3, MAX}),
        MIN_BY(new long[] {5, 6, -3, 0, MAX, MIN}, new long[] {5, 5, -3, -3, -3, MIN}),
        MAX_BY(new long[] {-5, -6, 3, 0, MIN, MAX}, new long[] {-5, -5, 3, 3, 3, MAX});

        private final long[] in;
        private final long[] out;

        LongAggregate(final long[] in, final long[] out)
        {
            this.in = in;
            this.out = out;
        }

        private SingleOutputStream<Measure> amount(final KeyedStream<?, Measure> keyed)
        {
            return switch (this)
            {
                case SUM -> keyed.sumLong(MeasureFlyweight.TYPE, Measure::amount, MeasureFlyweight::amount);
                case MIN_OF -> keyed.minLong(MeasureFlyweight.TYPE, Measure::amount, MeasureFlyweight::amount);
                case MAX_OF -> keyed.maxLong(MeasureFlyweight.TYPE, Measure::amount, MeasureFlyweight::amount);
                case MIN_BY -> keyed.minByLong(MeasureFlyweight.TYPE, Measure::amount);
                case MAX_BY -> keyed.maxByLong(MeasureFlyweight.TYPE, Measure::amount);
            };
        }

        private SingleOutputStream<Measure> decimal(final KeyedStream<?, Measure> keyed)
        {
            return switch (this)
            {
                case SUM -> keyed.sumLong(MeasureFlyweight.TYPE, Measure::price, MeasureFlyweight::price);
                case MIN_OF -> keyed.minLong(MeasureFlyweight.TYPE, Measure::price, MeasureFlyweight::price);
                case MAX_OF -> keyed.maxLong(MeasureFlyweight.TYPE, Measure::price, MeasureFlyweight::price);
                case MIN_BY -> keyed.minByLong(MeasureFlyweight.TYPE, Measure::price);
                case MAX_BY -> keyed.maxByLong(MeasureFlyweight.TYPE, Measure::price);
            };
        }
    }

    @SuppressWarnings("ImmutableEnumChecker")
    private enum DoubleAggregate
    {
        SUM(new double[] {0.5, -0.25, 1e300, 1e300, NAN, 1}, new double[] {0.5, 0.25, 1e300, 2e300, NAN, NAN}),
        SUM_OF_ZEROS(new double[] {-0.0, -0.0, 0.0}, new double[] {-0.0, -0.0, 0.0}),
        MIN_OF(new double[] {NAN, 3, NAN, 0.0, -0.0, 0.0, -1}, new double[] {NAN, 3, 3, 0.0, -0.0, -0.0, -1}),
        MAX_OF(new double[] {-1, -0.0, 0.0, -0.0, 3, NAN, 9}, new double[] {-1, -0.0, 0.0, 0.0, 3, NAN, NAN}),
        MIN_BY(new double[] {NAN, 3, NAN, 0.0, -0.0, 0.0, -1}, new double[] {NAN, 3, 3, 0.0, -0.0, -0.0, -1}),
        MAX_BY(new double[] {-1, -0.0, 0.0, -0.0, 3, NAN, 9}, new double[] {-1, -0.0, 0.0, 0.0, 3, NAN, NAN});

        private final double[] in;
        private final double[] out;

        DoubleAggregate(final double[] in, final double[] out)
        {
            this.in = in;
            this.out = out;
        }

        private SingleOutputStream<Measure> of(final KeyedStream<?, Measure> keyed)
        {
            return switch (this)
            {
                case SUM, SUM_OF_ZEROS -> keyed.sumDouble(MeasureFlyweight.TYPE, Measure::level, MeasureFlyweight::level);
                case MIN_OF -> keyed.minDouble(MeasureFlyweight.TYPE, Measure::level, MeasureFlyweight::level);
                case MAX_OF -> keyed.maxDouble(MeasureFlyweight.TYPE, Measure::level, MeasureFlyweight::level);
                case MIN_BY -> keyed.minByDouble(MeasureFlyweight.TYPE, Measure::level);
                case MAX_BY -> keyed.maxByDouble(MeasureFlyweight.TYPE, Measure::level);
            };
        }
    }
}
