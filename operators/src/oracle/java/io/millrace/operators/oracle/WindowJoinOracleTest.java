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

import io.millrace.core.operator.OperatorFactory;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.CoGroupFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.RecordList;
import io.millrace.operators.function.WindowJoinFunction;
import io.millrace.operators.join.CoGroupOperator;
import io.millrace.operators.join.JoinKind;
import io.millrace.operators.join.JoinWindow;
import io.millrace.operators.join.SessionGroups;
import io.millrace.operators.join.SessionJoinOperator;
import io.millrace.operators.join.SessionPairs;
import io.millrace.operators.join.WindowJoinOperator;
import io.millrace.operators.window.SessionWindow;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.CoGroupedStreams.TaggedUnion;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Joins and groups of two streams in tumbling and sliding windows, and in sessions: which elements come together, in which
 * order (but for sessions, where it is not defined, WIN-11), at which time, in which step. Flink's operator is
 * the one that its streams make of {@code join} and {@code coGroup}.
 */
class WindowJoinOracleTest
{
    private static final TypeInformation<Tuple3<Long, Long, Long>> ELEMENT = Types.TUPLE(Types.LONG, Types.LONG, Types.LONG);
    private static final WindowJoinFunction<LongKey, Reading, Reading, SummaryFlyweight> PAIR =
        (key, window, left, right, out) -> out.sensor(key.value()).sum(left.value()).count(right.value());
    private static final CoGroupFunction<LongKey, Reading, Reading, SummaryFlyweight> GROUP =
        (key, window, lefts, rights, out) ->
        {
            out.next().sensor(key.value()).sum(told(lefts)).count(told(rights));
            out.emit();
        };
    private static final CoGroupFunction<LongKey, Reading, Reading, SummaryFlyweight> SESSION_GROUP =
        (key, window, lefts, rights, out) ->
        {
            out.next().sensor(key.value()).sum(united(lefts)).count(united(rights));
            out.emit();
        };

    /**
     * What a case is made of.
     *
     * @param window   of the join
     * @param gap      of sessions, which the window tells the lateness of; 0 for windows of a fixed size
     * @param together whether elements are grouped, not joined
     */
    private record Setup(JoinWindow window, long gap, boolean together)
    {
        private static Setup session(final Random random)
        {
            return new Setup(JoinWindow.tumbling(1, 0, random.nextBoolean() ? 0 : random.nextInt(15)),
                1 + random.nextInt(8), random.nextBoolean());
        }

        private static Setup random(final Random random)
        {
            final long size = 1 + random.nextInt(10);
            final long slide = random.nextBoolean() ? size : 1 + random.nextInt(10);
            return new Setup(new JoinWindow(size, slide, random.nextInt((int)slide),
                random.nextBoolean() ? 0 : random.nextInt(15)), 0, random.nextBoolean());
        }
    }

    @Test
    void shouldJoinWindowsAsFlinkDoes() throws Exception
    {
        Oracle.compare("window joins", 2, 30, seed ->
        {
            final Setup setup = Setup.random(new Random(~seed));
            return new Oracle.Run[] {new Flink(setup), millrace(setup)};
        });
    }

    @Test
    void shouldJoinSessionsAsFlinkDoes() throws Exception
    {
        Oracle.compare("session joins", 2, 30, seed ->
        {
            final Setup setup = Setup.session(new Random(~seed));
            return new Oracle.Run[] {new Flink(setup), sessions(setup)};
        });
    }

    private static long united(final RecordList<Reading> elements)
    {
        long united = 0;
        for (int i = 0; i < elements.size(); i++)
        {
            united = told(false, united, elements.get(i).value());
        }
        return united;
    }

    /** Takes an element to those before it. */
    private static long told(final boolean inOrder, final long before, final long element)
    {
        return inOrder ? before * 31 + element : before | element;
    }

    private static Oracle.Run sessions(final Setup setup)
    {
        final OperatorFactory<?> results = setup.together ?
            OperatorFactory.of(SessionGroups.class, ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE,
                WindowOracleTest.keyView(), SESSION_GROUP) :
            OperatorFactory.of(SessionPairs.class, ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE,
                WindowOracleTest.keyView(), PAIR, JoinKind.INNER);
        return new MillraceInputs(setup.toString(), WindowOracleTest.factory(SessionJoinOperator.class,
            ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, WindowOracleTest.encoder(), WindowOracleTest.encoder(), results,
            new SessionWindow(setup.gap, setup.window.lateness()), "", ""),
            result -> result.sensor() + " " + result.sum() + " " + result.count());
    }

    private static long told(final RecordList<Reading> elements)
    {
        long told = 0;
        for (int i = 0; i < elements.size(); i++)
        {
            told = told(true, told, elements.get(i).value());
        }
        return told;
    }

    private static Oracle.Run millrace(final Setup setup)
    {
        return new MillraceInputs(setup.toString(), setup.together ?
            WindowOracleTest.factory(CoGroupOperator.class, ReadingFlyweight.TYPE, ReadingFlyweight.TYPE,
                SummaryFlyweight.TYPE, WindowOracleTest.encoder(), WindowOracleTest.encoder(), WindowOracleTest.keyView(),
                GROUP, setup.window, "", "") :
            WindowOracleTest.factory(WindowJoinOperator.class, ReadingFlyweight.TYPE, ReadingFlyweight.TYPE,
                SummaryFlyweight.TYPE, WindowOracleTest.encoder(), WindowOracleTest.encoder(), WindowOracleTest.keyView(),
                PAIR, JoinKind.INNER, setup.window, "", ""),
            result -> result.sensor() + " " + result.sum() + " " + result.count());
    }

    /**
     * Flink's.
     *
     * @param setup of the case
     */
    private record Flink(Setup setup) implements Oracle.Run
    {
        @Override
        @SuppressWarnings("unchecked")
        public List<List<String>> outputs(final Script script) throws Exception
        {
            final OneInputTransformation<TaggedUnion<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>>, String> made =
                (OneInputTransformation<TaggedUnion<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>>, String>)
                    transformation(setup);
            final List<List<String>> outputs = new ArrayList<>();
            try (KeyedOneInputStreamOperatorTestHarness<Long,
                TaggedUnion<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>>, String> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                    made.getOperator(),
                    (KeySelector<TaggedUnion<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>>, Long>)
                        made.getStateKeySelector(), Types.LONG))
            {
                harness.open();
                for (final Script.Step step : script.steps())
                {
                    if (step instanceof Script.Element element)
                    {
                        final Tuple3<Long, Long, Long> value =
                            Tuple3.of(element.key(), element.timestamp(), 1L << element.number());
                        harness.processElement(new StreamRecord<>(
                            element.input() == 0 ? TaggedUnion.one(value) : TaggedUnion.two(value), element.timestamp()));
                    }
                    else
                    {
                        harness.processWatermark(new Watermark(((Script.Watermark)step).timestamp()));
                    }
                    final List<String> results = new ArrayList<>();
                    for (final Object output : harness.getOutput())
                    {
                        if (output instanceof StreamRecord<?> record)
                        {
                            results.add(record.getValue() + "@" + record.getTimestamp());
                        }
                    }
                    harness.getOutput().clear();
                    outputs.add(results);
                }
            }
            return outputs;
        }
    }

    private static Object transformation(final Setup setup)
    {
        final StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        final DataStream<Tuple3<Long, Long, Long>> lefts = environment.fromData(ELEMENT, Tuple3.of(0L, 0L, 0L));
        final DataStream<Tuple3<Long, Long, Long>> rights = environment.fromData(ELEMENT, Tuple3.of(0L, 0L, 0L));
        final Duration size = Duration.ofMillis(setup.window.size());
        final Duration slide = Duration.ofMillis(setup.window.slide());
        final Duration offset = Duration.ofMillis(setup.window.offset());
        final boolean inOrder = setup.gap == 0;
        final WindowAssigner<Object, TimeWindow> windows = !inOrder ?
            EventTimeSessionWindows.withGap(Duration.ofMillis(setup.gap)) : setup.window.slide() == setup.window.size() ?
            TumblingEventTimeWindows.of(size, offset) : SlidingEventTimeWindows.of(size, slide, offset);
        final Duration lateness = Duration.ofMillis(setup.window.lateness());
        final DataStream<String> results = setup.together ?
            lefts.coGroup(rights).where(left -> left.f0, Types.LONG).equalTo(right -> right.f0, Types.LONG).window(windows)
                .allowedLateness(lateness).apply((ones, others, out) ->
                {
                    long key = 0;
                    long left = 0;
                    for (final Tuple3<Long, Long, Long> element : ones)
                    {
                        key = element.f0;
                        left = told(inOrder, left, element.f2);
                    }
                    long right = 0;
                    for (final Tuple3<Long, Long, Long> element : others)
                    {
                        key = element.f0;
                        right = told(inOrder, right, element.f2);
                    }
                    out.collect(key + " " + left + " " + right);
                }, Types.STRING) :
            lefts.join(rights).where(left -> left.f0, Types.LONG).equalTo(right -> right.f0, Types.LONG).window(windows)
                .allowedLateness(lateness).apply(
                    (final Tuple3<Long, Long, Long> left, final Tuple3<Long, Long, Long> right) ->
                        left.f0 + " " + left.f2 + " " + right.f2, Types.STRING);
        return results.getTransformation();
    }
}
