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
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.window.TumblingWindow;
import io.millrace.operators.window.TumblingWindowOperator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A keyed stream cut into windows.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 */
public final class WindowedStream<K, V>
{
    private final KeyedStream<K, V> input;
    private final TumblingEventTimeWindows windows;
    private Duration lateness = Duration.ZERO;
    private OutputTag<V, ?> lateTag;

    WindowedStream(final KeyedStream<K, V> input, final TumblingEventTimeWindows windows)
    {
        this.input = input;
        this.windows = windows;
    }

    /**
     * Keeps windows for some time after the watermark has passed their end; a late record fires its window anew.
     *
     * @param time 0 or more
     * @return this
     */
    public WindowedStream<K, V> allowedLateness(final Duration time)
    {
        if (time.isNegative())
        {
            throw new IllegalArgumentException("allowedLateness=" + time + " must be 0 or more");
        }
        lateness = time;
        return this;
    }

    /**
     * Sends records that are too late to a side output, instead of dropping and counting them.
     *
     * @param tag of the side output
     * @return this
     */
    public WindowedStream<K, V> sideOutputLateData(final OutputTag<V, ?> tag)
    {
        lateTag = tag;
        return this;
    }

    /**
     * Adds the records of each key and window up, and makes a result of the sum when the window closes.
     *
     * @param accumulatorType of what is kept for a key and window, of fixed length
     * @param outputType      of the results
     * @param accumulate      adds a record to an accumulator, all zeros at first
     * @param result          makes the result of a window
     * @param <B>             read-only view of the accumulator
     * @param <A>             flyweight that writes the accumulator
     * @param <R>             read-only view of the results
     * @param <W>             flyweight that writes the results
     * @return the stream of the results; the timestamp of each is the last of its window
     */
    public <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> aggregate(
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AccumulateFunction<? super V, ? super A> accumulate,
        final WindowFunction<? super K, ? super B, ? super W> result)
    {
        KeyedStream.checkFixedLength("aggregate", accumulatorType);
        final TumblingWindow window = new TumblingWindow(
            units("size", windows.size()), units("offset", windows.offset()), units("allowedLateness", lateness));
        final OperatorFactory<Operator> factory = Operators.factory(TumblingWindowOperator.class, input.input().type(),
            accumulatorType, outputType, input.encoder(), input.keyView(), accumulate, result, window,
            lateTag == null ? "" : lateTag.name());
        final PlanNode node = input.attach("window", factory, outputType).withState().withEventTime();
        if (lateTag != null)
        {
            node.sideOutput(lateTag.name(), lateTag.type());
        }
        return new SingleOutputStream<>(input.input().pipeline(), node, outputType);
    }

    private long units(final String what, final Duration duration)
    {
        final TimeUnit unit = input.input().pipeline().timeUnit();
        final long units = unit.convert(duration);
        if (!Duration.of(units, unit.toChronoUnit()).equals(duration))
        {
            throw new IllegalArgumentException(what + "=" + duration + " is no whole number of " + unit +
                ": choose another, or a finer unit in Pipeline.create(name, unit)");
        }
        return units;
    }
}
