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
 * Runs a script through an operator of ours. An element is a reading (sensor is the key, value the bit of its number);
 * results are summaries that a function makes texts of.
 *
 * @param name     of the operator with its parameters, for messages
 * @param factory  of the operator
 * @param text     of a result
 * @param late     side output for late elements
 * @param timedOut side output for what timed out, of summaries too; empty for none
 * @param byClock  whether a script's watermarks are times of the clock; results then have no times
 */
record MillraceRun(
    String name,
    OperatorFactory<? extends Operator> factory,
    Function<Summary, String> text,
    String late,
    String timedOut,
    boolean byClock) implements Oracle.Run
{
    MillraceRun(
        final String name,
        final OperatorFactory<? extends Operator> factory,
        final Function<Summary, String> text,
        final String late)
    {
        this(name, factory, text, late, "", false);
    }

    /** By a clock that begins at 0; a script's watermarks must be above that. */
    static MillraceRun byClock(
        final String name, final OperatorFactory<? extends Operator> factory, final Function<Summary, String> text)
    {
        return new MillraceRun(name, factory, text, "late", "", true);
    }

    @Override
    public List<List<String>> outputs(final Script script)
    {
        final List<List<String>> outputs = new ArrayList<>();
        final OperatorHarness<ReadingFlyweight, Summary> built =
            OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE)
                .sideOutput(late, ReadingFlyweight.TYPE);
        if (!timedOut.isEmpty())
        {
            built.sideOutput(timedOut, SummaryFlyweight.TYPE);
        }
        if (byClock)
        {
            built.processingTime(0);
        }
        try (OperatorHarness<ReadingFlyweight, Summary> harness = built.open())
        {
            for (final Step step : script.steps())
            {
                if (step instanceof Element element)
                {
                    harness.push(element.timestamp(), reading -> reading.time(element.timestamp()).sensor(element.key())
                        .value(1L << element.number()));
                }
                else if (byClock)
                {
                    harness.processingTime(((Script.Watermark)step).timestamp());
                }
                else
                {
                    harness.watermark(((Script.Watermark)step).timestamp());
                }
                outputs.add(take(harness));
            }
        }
        return outputs;
    }

    private List<String> take(final OperatorHarness<ReadingFlyweight, Summary> harness)
    {
        final List<String> results = new ArrayList<>();
        for (final Emitted<String> emitted : harness.emitted(text))
        {
            results.add(emitted.value() + (byClock ? "" : "@" + emitted.timestamp()));
        }
        for (final Emitted<Long> emitted : harness.emitted(late, ReadingFlyweight.TYPE, Reading::value))
        {
            results.add("late " + emitted.value() + "@" + emitted.timestamp());
        }
        if (!timedOut.isEmpty())
        {
            for (final Emitted<String> emitted : harness.emitted(timedOut, SummaryFlyweight.TYPE, text))
            {
                results.add("timedOut " + emitted.value() + "@" + emitted.timestamp());
            }
        }
        return results;
    }

    @Override
    public String toString()
    {
        return name;
    }
}
