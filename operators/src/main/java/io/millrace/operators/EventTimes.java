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
import io.millrace.core.time.BoundedOutOfOrdernessWatermarks;
import io.millrace.core.time.WatermarkGenerator;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.transform.TimestampsAndWatermarksOperator;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Operators that give event time anew, from the strategies that say how. */
final class EventTimes
{
    private EventTimes()
    {
    }

    static <V> OperatorFactory<Operator> factory(
        final RecordType<V, ?> type, final WatermarkStrategy<? super V> strategy, final TimeUnit unit)
    {
        if (strategy.alignment() != null)
        {
            throw new IllegalArgumentException("alignment group=" + strategy.alignment().group() +
                " of a stream in the middle of the pipeline: only a source can wait, give it to the strategy of the source");
        }
        final ToLongFunction<?> assigner = strategy.timestampAssigner();
        final int offset = assigner != null ? TimestampsAndWatermarksOperator.ASSIGNED : type.eventTime() == null ?
            TimestampsAndWatermarksOperator.KEPT : SlotDescriptor.HEADER_LENGTH + type.eventTime().offset();
        final ToLongFunction<Object> unasked = view -> Long.MIN_VALUE;
        return Operators.factory(TimestampsAndWatermarksOperator.class, type, offset, assigner == null ? unasked : assigner,
            generators(strategy, unit), unit.convert(strategy.step()));
    }

    private static Supplier<?> generators(final WatermarkStrategy<?> strategy, final TimeUnit unit)
    {
        if (strategy.generators() != null)
        {
            return strategy.generators();
        }
        final WatermarkGenerator<Object> silent = (view, timestamp, output) ->
        {
        };
        return strategy.emitsWatermarks() ?
            () -> new BoundedOutOfOrdernessWatermarks(unit.convert(strategy.outOfOrderness())) : () -> silent;
    }
}
