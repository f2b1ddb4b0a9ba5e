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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.oracle.Script.Element;
import io.millrace.operators.oracle.Script.Step;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Runs a script of two streams through an operator of ours. An element is a reading (sensor is the key, value the bit of its
 * number); results are summaries that a function makes texts of.
 *
 * @param name    of the operator with its parameters, for messages
 * @param factory of the operator
 * @param text    of a result
 */
record MillraceInputs(String name, OperatorFactory<? extends Operator> factory, Function<Summary, String> text)
    implements Oracle.Run
{
    @Override
    public List<List<String>> outputs(final Script script)
    {
        final List<List<String>> outputs = new ArrayList<>();
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE).open())
        {
            for (final Step step : script.steps())
            {
                if (step instanceof Element element)
                {
                    harness.push(element.input(), ReadingFlyweight.TYPE, element.timestamp(), (ReadingFlyweight reading) ->
                        fill(reading, element));
                }
                else
                {
                    harness.watermark(((Script.Watermark)step).timestamp());
                }
                final List<String> results = new ArrayList<>();
                for (final Emitted<String> emitted : harness.emitted(text))
                {
                    results.add(emitted.value() + "@" + emitted.timestamp());
                }
                outputs.add(results);
            }
        }
        return outputs;
    }

    private static Reading fill(final ReadingFlyweight reading, final Element element)
    {
        return reading.time(element.timestamp()).sensor(element.key()).value(1L << element.number());
    }

    @Override
    public String toString()
    {
        return name;
    }
}
