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
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Runs a script through an operator of Flink's, under Flink's harness. An element is (key, timestamp, bit of its number);
 * results are texts.
 *
 * @param operators makes the operator
 * @param late      side output for late elements, or null
 * @param timedOut  side output for what timed out, or null
 * @param byClock   whether a script's watermarks are times of the clock
 */
record FlinkRun(
    Supplier<? extends OneInputStreamOperator<Tuple3<Long, Long, Long>, String>> operators,
    OutputTag<Tuple3<Long, Long, Long>> late,
    OutputTag<String> timedOut,
    boolean byClock) implements Oracle.Run
{
    FlinkRun(
        final Supplier<? extends OneInputStreamOperator<Tuple3<Long, Long, Long>, String>> operators,
        final OutputTag<Tuple3<Long, Long, Long>> late)
    {
        this(operators, late, null, false);
    }

    FlinkRun(
        final Supplier<? extends OneInputStreamOperator<Tuple3<Long, Long, Long>, String>> operators,
        final OutputTag<Tuple3<Long, Long, Long>> late,
        final OutputTag<String> timedOut)
    {
        this(operators, late, timedOut, false);
    }

    /** By a clock that begins at 0; a script's watermarks must be above that. */
    static FlinkRun byClock(final Supplier<? extends OneInputStreamOperator<Tuple3<Long, Long, Long>, String>> operators)
    {
        return new FlinkRun(operators, null, null, true);
    }

    @Override
    public List<List<String>> outputs(final Script script) throws Exception
    {
        final List<List<String>> outputs = new ArrayList<>();
        try (KeyedOneInputStreamOperatorTestHarness<Long, Tuple3<Long, Long, Long>, String> harness =
            new KeyedOneInputStreamOperatorTestHarness<>(operators.get(), element -> element.f0, Types.LONG))
        {
            harness.open();
            for (final Step step : script.steps())
            {
                if (step instanceof Element element)
                {
                    harness.processElement(
                        Tuple3.of(element.key(), element.timestamp(), 1L << element.number()), element.timestamp());
                }
                else
                {
                    advance(harness, ((Script.Watermark)step).timestamp());
                }
                outputs.add(take(harness));
            }
        }
        return outputs;
    }

    private void advance(
        final KeyedOneInputStreamOperatorTestHarness<Long, Tuple3<Long, Long, Long>, String> harness, final long time)
        throws Exception
    {
        if (byClock)
        {
            harness.setStateTtlProcessingTime(time);
            harness.setProcessingTime(time);
        }
        else
        {
            harness.processWatermark(new Watermark(time));
        }
    }

    private List<String> take(
        final KeyedOneInputStreamOperatorTestHarness<Long, Tuple3<Long, Long, Long>, String> harness)
    {
        final List<String> results = new ArrayList<>();
        for (final Object output : harness.getOutput())
        {
            if (output instanceof StreamRecord<?> record)
            {
                results.add(record.getValue() + (byClock ? "" : "@" + record.getTimestamp()));
            }
        }
        harness.getOutput().clear();
        final Queue<StreamRecord<Tuple3<Long, Long, Long>>> lates = late == null ? null : harness.getSideOutput(late);
        if (lates != null)
        {
            lates.forEach(record -> results.add("late " + record.getValue().f2 + "@" + record.getTimestamp()));
            lates.clear();
        }
        final Queue<StreamRecord<String>> over = timedOut == null ? null : harness.getSideOutput(timedOut);
        if (over != null)
        {
            over.forEach(record -> results.add("timedOut " + record.getValue() + "@" + record.getTimestamp()));
            over.clear();
        }
        return results;
    }
}
