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

import io.millrace.operators.oracle.Script.Element;
import io.millrace.operators.oracle.Script.Step;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** Runs a script of two streams through an operator of Flink's, under Flink's harness; results are texts. */
final class FlinkInputs
{
    private FlinkInputs()
    {
    }

    private static StreamRecord<Tuple3<Long, Long, Long>> record(final Element element)
    {
        return new StreamRecord<>(
            Tuple3.of(element.key(), element.timestamp(), 1L << element.number()), element.timestamp());
    }

    private static List<String> take(final Collection<?> outputs)
    {
        final List<String> results = new ArrayList<>();
        for (final Object output : outputs)
        {
            if (output instanceof StreamRecord<?> record)
            {
                results.add(record.getValue() + "@" + record.getTimestamp());
            }
        }
        outputs.clear();
        return results;
    }

    /**
     * Two streams with keys.
     *
     * @param operators makes the operator
     */
    record Connected(Supplier<
        KeyedCoProcessOperator<Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, String>> operators)
        implements Oracle.Run
    {
        @Override
        public List<List<String>> outputs(final Script script) throws Exception
        {
            final List<List<String>> outputs = new ArrayList<>();
            try (KeyedTwoInputStreamOperatorTestHarness<Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, String>
                harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                    operators.get(), element -> element.f0, element -> element.f0, Types.LONG))
            {
                harness.open();
                for (final Step step : script.steps())
                {
                    if (step instanceof Element element && element.input() == 0)
                    {
                        harness.processElement1(record(element));
                    }
                    else if (step instanceof Element element)
                    {
                        harness.processElement2(record(element));
                    }
                    else
                    {
                        harness.processWatermark1(new Watermark(((Script.Watermark)step).timestamp()));
                        harness.processWatermark2(new Watermark(((Script.Watermark)step).timestamp()));
                    }
                    outputs.add(take(harness.getOutput()));
                }
            }
            return outputs;
        }
    }

    /**
     * A stream with keys, and one that is broadcast.
     *
     * @param operators makes the operator
     */
    record Broadcast(Supplier<
        CoBroadcastWithKeyedOperator<Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, String>> operators)
        implements Oracle.Run
    {
        @Override
        public List<List<String>> outputs(final Script script) throws Exception
        {
            final List<List<String>> outputs = new ArrayList<>();
            try (KeyedBroadcastOperatorTestHarness<Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, String>
                harness = new KeyedBroadcastOperatorTestHarness<>(
                    operators.get(), element -> element.f0, Types.LONG, 128, 1, 0))
            {
                harness.open();
                for (final Step step : script.steps())
                {
                    if (step instanceof Element element && element.input() == 0)
                    {
                        harness.processElement(record(element));
                    }
                    else if (step instanceof Element element)
                    {
                        harness.processBroadcastElement(record(element));
                    }
                    else
                    {
                        harness.processWatermark(new Watermark(((Script.Watermark)step).timestamp()));
                        harness.processBroadcastWatermark(new Watermark(((Script.Watermark)step).timestamp()));
                    }
                    outputs.add(take(harness.getOutput()));
                }
            }
            return outputs;
        }
    }
}
