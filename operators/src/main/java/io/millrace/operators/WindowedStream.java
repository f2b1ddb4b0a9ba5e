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
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.Evictor;
import io.millrace.operators.trigger.ProcessWindowFunction;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.window.triggered.WindowAssigner;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

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

    /**
     * Fires windows when a trigger says so, instead of when the watermark reaches their end.
     *
     * @param trigger that says when
     * @return the stream with that trigger
     * @throws UnsupportedOperationException where windows merge
     */
    public TriggeredWindowedStream<K, V> trigger(final Trigger<? super V> trigger)
    {
        return triggered().trigger(trigger);
    }

    /**
     * Keeps all records of a window, and removes some when it fires.
     *
     * @param evictor that says which
     * @return the stream with that evictor
     * @throws UnsupportedOperationException where windows merge
     */
    public TriggeredWindowedStream<K, V> evictor(final Evictor<V> evictor)
    {
        return triggered().evictor(evictor);
    }

    /**
     * Keeps all records of a window, and runs a function over them when it fires. An aggregate needs less memory.
     *
     * @param outputType of the results
     * @param functions  make one function for each parallel instance
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes the results
     * @return the stream of the results; the timestamp of each is the last of its window
     * @throws UnsupportedOperationException where windows merge
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> outputType, final Supplier<? extends ProcessWindowFunction<K, V, W>> functions)
    {
        return triggered().process(outputType, functions);
    }

    TriggeredWindowedStream<K, V> triggered()
    {
        final TriggeredWindowedStream<K, V> triggered =
            new TriggeredWindowedStream<>(input, assigner(), EventTimeTrigger.create()).allowedLateness(lateness);
        return lateTag == null ? triggered : triggered.sideOutputLateData(lateTag);
    }

    /** The windows of a record, for triggers; windows that merge have none such (SEMANTICS WIN-11). */
    WindowAssigner assigner()
    {
        throw new UnsupportedOperationException(
            "these windows take no trigger, evictor or process function: use aggregate, or windows that do not merge");
    }

    /** Whether records belong to windows by their event time. */
    boolean usesEventTime()
    {
        return true;
    }

    /** Whether windows or their trigger use the engine's clock. */
    boolean usesProcessingTime()
    {
        return false;
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
        final PlanNode node = input.attach("window", factory, outputType).withState();
        if (usesEventTime())
        {
            node.withEventTime();
        }
        if (usesProcessingTime())
        {
            node.withProcessingTime();
        }
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
