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

import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.join.IntervalBounds;
import io.millrace.operators.join.IntervalJoinOperator;
import io.millrace.operators.oracle.Script.Element;
import io.millrace.operators.oracle.Script.Step;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Interval joins: which pairs, at which time, in which step; an element at the watermark is late (JOIN-4), and so kept
 * from Flink.
 */
class JoinOracleTest
{
    private static final TypeInformation<Tuple3<Long, Long, Long>> ELEMENT = Types.TUPLE(Types.LONG, Types.LONG, Types.LONG);

    @Test
    void shouldJoinIntervalsAsFlinkDoes() throws Exception
    {
        Oracle.compare("interval joins", 2, 40, seed ->
        {
            final Random random = new Random(~seed);
            final long lower = random.nextInt(16) - 10;
            final long upper = lower + random.nextInt(12);
            return new Oracle.Run[] {new Flink(lower, upper), new Millrace(lower, upper)};
        });
    }

    /**
     * Flink's operator.
     *
     * @param lower bound
     * @param upper bound
     */
    private record Flink(long lower, long upper) implements Oracle.Run
    {
        @Override
        public List<List<String>> outputs(final Script script) throws Exception
        {
            final TypeSerializer<Tuple3<Long, Long, Long>> serializer = ELEMENT.createSerializer(new ExecutionConfig());
            final List<List<String>> outputs = new ArrayList<>();
            long watermark = Long.MIN_VALUE;
            try (KeyedTwoInputStreamOperatorTestHarness<Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, String>
                harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                    new org.apache.flink.streaming.api.operators.co.IntervalJoinOperator<>(lower, upper, true, true, null,
                        null, serializer, serializer, new Pairs()), element -> element.f0, element -> element.f0, Types.LONG))
            {
                harness.open();
                for (final Step step : script.steps())
                {
                    if (step instanceof Element element)
                    {
                        final StreamRecord<Tuple3<Long, Long, Long>> record = new StreamRecord<>(
                            Tuple3.of(element.key(), element.timestamp(), 1L << element.number()), element.timestamp());
                        if (element.timestamp() != watermark && element.input() == 0)
                        {
                            harness.processElement1(record);
                        }
                        else if (element.timestamp() != watermark)
                        {
                            harness.processElement2(record);
                        }
                    }
                    else
                    {
                        watermark = ((Script.Watermark)step).timestamp();
                        harness.processWatermark1(new Watermark(watermark));
                        harness.processWatermark2(new Watermark(watermark));
                    }
                    outputs.add(take(harness));
                }
            }
            return outputs;
        }

        private static List<String> take(final KeyedTwoInputStreamOperatorTestHarness<Long, Tuple3<Long, Long, Long>,
            Tuple3<Long, Long, Long>, String> harness)
        {
            final List<String> results = new ArrayList<>();
            for (final Object output : harness.getOutput())
            {
                if (output instanceof StreamRecord<?> record)
                {
                    results.add(record.getValue() + "@" + record.getTimestamp());
                }
            }
            harness.getOutput().clear();
            return results;
        }
    }

    /** A text of each pair. */
    private static final class Pairs extends ProcessJoinFunction<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, String>
    {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(
            final Tuple3<Long, Long, Long> left,
            final Tuple3<Long, Long, Long> right,
            final Context context,
            final Collector<String> out)
        {
            out.collect(left.f2 + " " + right.f2);
        }
    }

    /**
     * Ours.
     *
     * @param lower bound
     * @param upper bound
     */
    private record Millrace(long lower, long upper) implements Oracle.Run
    {
        @Override
        public List<List<String>> outputs(final Script script)
        {
            final JoinFunction<Reading, Reading, SummaryFlyweight> pairs =
                (left, right, out) -> out.sum(left.value()).count(right.value());
            final List<List<String>> outputs = new ArrayList<>();
            try (OperatorHarness<ReadingFlyweight, Summary> harness = OperatorHarness.of(
                WindowOracleTest.factory(IntervalJoinOperator.class, ReadingFlyweight.TYPE, ReadingFlyweight.TYPE,
                    SummaryFlyweight.TYPE, WindowOracleTest.encoder(), WindowOracleTest.encoder(), pairs,
                    new IntervalBounds(lower, upper), "", ""), ReadingFlyweight.TYPE, SummaryFlyweight.TYPE).open())
            {
                for (final Step step : script.steps())
                {
                    if (step instanceof Element element)
                    {
                        harness.push(element.input(), ReadingFlyweight.TYPE, element.timestamp(), reading ->
                            reading.time(element.timestamp()).sensor(element.key()).value(1L << element.number()));
                    }
                    else
                    {
                        harness.watermark(((Script.Watermark)step).timestamp());
                    }
                    final List<String> results = new ArrayList<>();
                    for (final Emitted<String> emitted : harness.emitted(pair -> pair.sum() + " " + pair.count()))
                    {
                        results.add(emitted.value() + "@" + emitted.timestamp());
                    }
                    outputs.add(results);
                }
            }
            return outputs;
        }

        @Override
        public String toString()
        {
            return "interval join lower=" + lower + " upper=" + upper;
        }
    }
}
