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
package io.millrace.operators.oracle;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.InvertibleAggregateFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.window.DeductingSliceCombiner;
import io.millrace.operators.window.SessionWindow;
import io.millrace.operators.window.SessionWindowOperator;
import io.millrace.operators.window.SliceCombiner;
import io.millrace.operators.window.SlidingWindow;
import io.millrace.operators.window.SlidingWindowOperator;
import io.millrace.operators.window.StackingSliceCombiner;
import io.millrace.operators.window.TumblingWindow;
import io.millrace.operators.window.TumblingWindowOperator;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.operators.windowing.WindowOperatorBuilder;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Random;
import java.util.function.ToLongFunction;

/** Windows: what elements each result has, at which time, in which step; which elements are late. */
class WindowOracleTest
{
    private static final TypeInformation<Tuple3<Long, Long, Long>> ELEMENT = Types.TUPLE(Types.LONG, Types.LONG, Types.LONG);
    private static final OutputTag<Tuple3<Long, Long, Long>> LATE = new OutputTag<>("late", ELEMENT);
    private static final AccumulateFunction<Reading, SummaryFlyweight> ADD =
        (sum, reading) -> sum.sum(sum.sum() | reading.value());
    private static final WindowFunction<LongKey, Summary, SummaryFlyweight> RESULT =
        (key, window, sum, out) -> out.sensor(key.value()).windowEnd(window.end()).count(window.start()).sum(sum.sum());

    @Test
    void shouldFireTumblingWindowsAsFlinkDoes() throws Exception
    {
        Oracle.compare("tumbling windows", 1, 40, seed ->
        {
            final Random random = new Random(~seed);
            final long size = 1 + random.nextInt(10);
            final long offset = random.nextInt((int)size);
            final long lateness = random.nextBoolean() ? 0 : random.nextInt(15);
            return new Oracle.Run[] {
                flink(TumblingEventTimeWindows.of(Duration.ofMillis(size), Duration.ofMillis(offset)), lateness),
                millrace("tumbling size=" + size + " offset=" + offset + " lateness=" + lateness,
                    factory(TumblingWindowOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                        encoder(), keyView(), ADD, RESULT, new TumblingWindow(size, offset, lateness), "late"))};
        });
    }

    @Test
    void shouldMergeAndFireSessionsAsFlinkDoes() throws Exception
    {
        Oracle.compare("session windows", 1, 40, seed ->
        {
            final Random random = new Random(~seed);
            final long gap = 1 + random.nextInt(8);
            final long lateness = random.nextBoolean() ? 0 : random.nextInt(15);
            return new Oracle.Run[] {
                flink(EventTimeSessionWindows.withGap(Duration.ofMillis(gap)), lateness),
                millrace("session gap=" + gap + " lateness=" + lateness,
                    factory(SessionWindowOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                        encoder(), keyView(), new Union(), RESULT, new SessionWindow(gap, lateness), false, "late"))};
        });
    }

    @ParameterizedTest
    @ValueSource(classes = {StackingSliceCombiner.class, DeductingSliceCombiner.class})
    void shouldFireSlidingWindowsAsFlinkDoes(final Class<? extends SliceCombiner> combiner) throws Exception
    {
        Oracle.compare("sliding windows by " + combiner.getSimpleName(), 1, 40, seed ->
        {
            final Random random = new Random(~seed);
            final long size = 1 + random.nextInt(12);
            final long slide = 1 + random.nextInt(12);
            final long offset = random.nextInt((int)slide);
            final SlidingWindow window =
                new SlidingWindow(size, slide, offset, random.nextBoolean() ? 0 : random.nextInt(15));
            final Union union = new Union();
            final OperatorFactory<SliceCombiner> combiners =
                OperatorFactory.of(combiner, union, SummaryFlyweight.TYPE, window);
            return new Oracle.Run[] {
                flink(SlidingEventTimeWindows.of(Duration.ofMillis(size), Duration.ofMillis(slide),
                    Duration.ofMillis(offset)), window.lateness()),
                millrace(window.toString(), factory(SlidingWindowOperator.class, ReadingFlyweight.TYPE,
                    SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, encoder(), keyView(), union, false, combiners, RESULT,
                    window, "late"))};
        });
    }

    /** The elements of both; each element is in one of them, so that their bits can be taken away again. */
    private static final class Union implements InvertibleAggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.sum(sum.sum() | reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.sum(sum.sum() | other.sum());
        }

        @Override
        public void deduct(final SummaryFlyweight sum, final Summary other)
        {
            sum.sum(sum.sum() & ~other.sum());
        }
    }

    private static Oracle.Run flink(final WindowAssigner<Object, TimeWindow> windows, final long lateness)
    {
        return new FlinkRun(() ->
        {
            final WindowOperatorBuilder<Tuple3<Long, Long, Long>, Long, TimeWindow> builder = new WindowOperatorBuilder<>(
                windows, EventTimeTrigger.create(), new ExecutionConfig(), ELEMENT, element -> element.f0, Types.LONG);
            builder.allowedLateness(Duration.ofMillis(lateness));
            builder.sideOutputLateData(LATE);
            return builder.reduce((left, right) -> Tuple3.of(left.f0, left.f1, left.f2 | right.f2),
                (key, window, elements, out) -> elements.forEach(element ->
                    out.collect(key + " [" + window.getStart() + "," + window.getEnd() + ") " + element.f2)));
        }, LATE);
    }

    private static Oracle.Run millrace(final String name, final OperatorFactory<Operator> factory)
    {
        return new MillraceRun(name, factory, result -> result.sensor() + " [" + result.count() + "," + result.windowEnd() +
            ") " + result.sum(), "late");
    }

    static OperatorFactory<Operator> factory(final Class<? extends Operator> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    static OperatorFactory<KeyEncoder> encoder()
    {
        final ToLongFunction<Reading> sensor = Reading::sensor;
        return OperatorFactory.of(LongKeyEncoder.class, ReadingFlyweight.TYPE, sensor);
    }

    static OperatorFactory<KeyView<LongKey>> keyView()
    {
        return OperatorFactory.of(LongKeyView.class);
    }
}
