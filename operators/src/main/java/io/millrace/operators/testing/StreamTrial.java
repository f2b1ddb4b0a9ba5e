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
package io.millrace.operators.testing;

import io.millrace.core.plan.PlanNode;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.testing.OperatorTrial;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.source.Generator;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Makes trials of operators as streams declare them, with all of their side outputs.
 *
 * <pre>
 *   StreamTrial.of(TradeFlyweight.TYPE, trades -&gt; trades.keyBy(Trade::instrument).process(BarFlyweight.TYPE, Bars::new))
 *       .run(new Script().push(TradeFlyweight.TYPE, 10, trade -&gt; trade.instrument("A").price(2)).watermark(20));
 * </pre>
 */
public final class StreamTrial
{
    private StreamTrial()
    {
    }

    /**
     * A trial of an operator with one input.
     *
     * @param type   of the records of the script
     * @param stream puts one operator, or a sink, behind the stream
     * @param <V>    read-only view of the records
     * @return the trial
     */
    public static <V> OperatorTrial of(
        final RecordType<V, ?> type, final Consumer<? super SingleOutputStream<V>> stream)
    {
        final Pipeline pipeline = Pipeline.create("trial");
        stream.accept(source(pipeline, type, "first"));
        return trial(pipeline);
    }

    /**
     * A trial of an operator with two inputs.
     *
     * @param first   type of the records of the script for input 0
     * @param second  type of the records of the script for input 1
     * @param streams puts one operator behind both streams
     * @param <V>     read-only view of the first records
     * @param <U>     read-only view of the second records
     * @return the trial
     */
    public static <V, U> OperatorTrial of(
        final RecordType<V, ?> first,
        final RecordType<U, ?> second,
        final BiConsumer<? super SingleOutputStream<V>, ? super SingleOutputStream<U>> streams)
    {
        final Pipeline pipeline = Pipeline.create("trial");
        streams.accept(source(pipeline, first, "first"), source(pipeline, second, "second"));
        return trial(pipeline);
    }

    private static <V, W extends Flyweight> SingleOutputStream<V> source(
        final Pipeline pipeline, final RecordType<V, W> type, final String name)
    {
        return pipeline.source(Generator.of(type, 0, (number, out) -> out.clear()),
            WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(record -> 0), name);
    }

    private static OperatorTrial trial(final Pipeline pipeline)
    {
        final List<PlanNode> operators = pipeline.plan(new JobConfig()).nodes().stream()
            .filter(node -> node.operator() != null).toList();
        if (operators.size() != 1)
        {
            throw new IllegalArgumentException("operators=" + operators + " in a trial, which is of one: " +
                "put each into a trial of its own, and all together under a PipelineHarness");
        }
        final PlanNode operator = operators.get(0);
        final OperatorTrial trial = OperatorTrial.of(operator.operator(), operator.outputType(null));
        operator.sideOutputs().forEach(trial::sideOutput);
        return trial;
    }
}
