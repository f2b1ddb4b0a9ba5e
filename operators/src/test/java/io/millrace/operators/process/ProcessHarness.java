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
package io.millrace.operators.process;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Keyed functions of readings, by sensor, under the harness. */
final class ProcessHarness
{
    /** The function under test. */
    interface ReadingFunction extends KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
    {
    }

    private ProcessHarness()
    {
    }

    static OperatorHarness<ReadingFlyweight, Summary> of(final Supplier<? extends ReadingFunction> functions)
    {
        return OperatorHarness.of(factory(functions), ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
    }

    private static OperatorFactory<Operator> factory(final Supplier<? extends ReadingFunction> functions)
    {
        final ToLongFunction<Reading> sensor = Reading::sensor;
        final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(LongKeyEncoder.class, ReadingFlyweight.TYPE, sensor);
        final OperatorFactory<KeyView<LongKey>> view = OperatorFactory.of(LongKeyView.class);
        return raw(KeyedProcessOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, encoder, view, functions);
    }

    static OperatorFactory<Operator> raw(final Class<? extends Operator> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    static void emit(final Collector<SummaryFlyweight> out, final LongKey key, final long value)
    {
        out.next().sensor(key.value()).sum(value);
        out.emit();
    }

    /** What was emitted: key:value@time. */
    static List<String> results(final OperatorHarness<ReadingFlyweight, Summary> harness)
    {
        final Function<Summary, String> text = summary -> summary.sensor() + ":" + summary.sum();
        return harness.emitted(text).stream().map(result -> result.value() + "@" + result.timestamp()).toList();
    }
}
