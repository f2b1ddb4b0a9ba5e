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
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.OutputTag;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A keyed stream cut into windows.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 * @param <S> the stream's own class
 */
public abstract class WindowedStream<K, V, S extends WindowedStream<K, V, S>>
{
    private final KeyedStream<K, V> input;
    private Duration lateness = Duration.ZERO;
    private OutputTag<V, ?> lateTag;

    WindowedStream(final KeyedStream<K, V> input)
    {
        this.input = input;
    }

    /**
     * Keeps windows for some time after the watermark has passed their end; a late record fires its window anew.
     *
     * @param time 0 or more
     * @return this
     */
    public final S allowedLateness(final Duration time)
    {
        if (time.isNegative())
        {
            throw new IllegalArgumentException("allowedLateness=" + time + " must be 0 or more");
        }
        lateness = time;
        return self();
    }

    /**
     * Sends records that are too late to a side output, instead of dropping and counting them.
     *
     * @param tag of the side output
     * @return this
     */
    public final S sideOutputLateData(final OutputTag<V, ?> tag)
    {
        lateTag = tag;
        return self();
    }

    abstract S self();

    final KeyedStream<K, V> input()
    {
        return input;
    }

    /** How late a record may be, in the pipeline's time unit. */
    final long lateness()
    {
        return units("allowedLateness", lateness);
    }

    /** Name of the side output for records that are too late; empty to drop and count them. */
    final String lateTag()
    {
        return lateTag == null ? "" : lateTag.name();
    }

    final <R> SingleOutputStream<R> then(final OperatorFactory<Operator> factory, final RecordType<R, ?> outputType)
    {
        final PlanNode node = input.attach("window", factory, outputType).withState().withEventTime();
        if (lateTag != null)
        {
            node.sideOutput(lateTag.name(), lateTag.type());
        }
        return new SingleOutputStream<>(input.input().pipeline(), node, outputType);
    }

    final long units(final String what, final Duration duration)
    {
        return units(input.input().pipeline(), what, duration);
    }

    static long units(final Pipeline pipeline, final String what, final Duration duration)
    {
        final TimeUnit unit = pipeline.timeUnit();
        final long units = unit.convert(duration);
        if (!Duration.of(units, unit.toChronoUnit()).equals(duration))
        {
            throw new IllegalArgumentException(what + "=" + duration + " is no whole number of " + unit +
                ": choose another, or a finer unit in Pipeline.create(name, unit)");
        }
        return units;
    }
}
