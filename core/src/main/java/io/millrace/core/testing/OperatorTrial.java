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
package io.millrace.core.testing;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.memory.record.RecordType;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs an operator over a script in every {@link TrialMode}: in each it must put out what it does when records come one at
 * a time.
 *
 * <pre>
 *   final Script script = new Script()
 *       .push(TradeFlyweight.TYPE, 10, trade -&gt; trade.symbol("A").price(2).size(3))
 *       .watermark(59_999);
 *   final List&lt;String&gt; results = OperatorTrial.of(factory, VwapFlyweight.TYPE).run(script);
 * </pre>
 *
 * Results are compared as text, with their event times and causes: the order within each output counts, that between
 * outputs does not. An {@link AssertionError} names the mode, the seed and the first difference, and shows the script up to
 * there. For one thread.
 */
public final class OperatorTrial
{
    private final OperatorFactory<? extends Operator> factory;
    private final RecordType<?, ?> outputType;
    private final Map<String, RecordType<?, ?>> sideOutputs = new LinkedHashMap<>();
    private final Set<TrialMode> modes = EnumSet.allOf(TrialMode.class);
    private Function<Object, String> text = String::valueOf;
    private Supplier<? extends List<?>> observed = List::of;
    private StateBackendFactory backend;
    private boolean keepTies;
    private long seed = 1;

    private OperatorTrial(final OperatorFactory<? extends Operator> factory, final RecordType<?, ?> outputType)
    {
        this.factory = factory;
        this.outputType = outputType;
    }

    /**
     * A trial.
     *
     * @param factory    of the operator
     * @param outputType of its results, or null for a sink
     * @return the trial, to be set up, then run
     */
    public static OperatorTrial of(
        final OperatorFactory<? extends Operator> factory, final RecordType<?, ?> outputType)
    {
        return new OperatorTrial(factory, outputType);
    }

    /**
     * Compares a side output too.
     *
     * @param tag  of the side output
     * @param type of its records
     * @return this
     */
    public OperatorTrial sideOutput(final String tag, final RecordType<?, ?> type)
    {
        sideOutputs.put(tag, type);
        return this;
    }

    /**
     * Compares what the operator does besides: what a sink has handed over.
     *
     * @param taken gives what was observed since it was last asked, in its order
     * @return this
     */
    public OperatorTrial observing(final Supplier<? extends List<?>> taken)
    {
        observed = taken;
        return this;
    }

    /**
     * Leaves modes out: {@link TrialMode#SHUFFLED} where results depend on the order of arrival, as running sums do.
     *
     * @param omitted any but {@link TrialMode#ONE_AT_A_TIME}
     * @return this
     */
    public OperatorTrial without(final TrialMode... omitted)
    {
        modes.removeAll(List.of(omitted));
        return this;
    }

    /**
     * Keeps the order of records with the same timestamp in {@link TrialMode#SHUFFLED}, for operators that put records into
     * the order of their times.
     *
     * @return this
     */
    public OperatorTrial keepingTies()
    {
        keepTies = true;
        return this;
    }

    /**
     * Compares results by what a function makes of their text.
     *
     * @param newText of the text of a view
     * @return this
     */
    public OperatorTrial shownAs(final Function<String, String> newText)
    {
        text = value -> newText.apply(String.valueOf(value));
        return this;
    }

    /**
     * Keeps state there, in every mode but {@link TrialMode#ONE_AT_A_TIME}; in {@link TrialMode#RESTORED} in turn with
     * OFF_HEAP, and restores now and then, since a backend with files takes long to open.
     *
     * @param factory of the backend
     * @return this
     */
    public OperatorTrial stateBackend(final StateBackendFactory factory)
    {
        backend = factory;
        return this;
    }

    /**
     * Varies batches, snapshots and orders.
     *
     * @param newSeed by default 1
     * @return this
     */
    public OperatorTrial seed(final long newSeed)
    {
        seed = newSeed;
        return this;
    }

    /**
     * Runs the operator in every mode.
     *
     * @param script that it is put through
     * @return its results when records come one at a time: the main output's, then those of each side output, as texts like
     *     {@code Vwap[symbol=A, price=2] @59999}, behind the tag of a side output
     * @throws AssertionError when a mode gives other results, or fails
     */
    public List<String> run(final Script script)
    {
        final TrialRun expected = new TrialRun(this, TrialMode.ONE_AT_A_TIME, script).run();
        for (final TrialMode mode : modes)
        {
            if (mode != TrialMode.ONE_AT_A_TIME)
            {
                new TrialRun(this, mode, script).run().checkAgainst(expected);
            }
        }
        final List<String> results = new ArrayList<>();
        expected.results().forEach((output, lines) -> lines.forEach(line ->
            results.add((output.equals(TrialRun.MAIN) ? "" : output + ": ") + line.value())));
        return results;
    }

    OperatorFactory<? extends Operator> factory()
    {
        return factory;
    }

    RecordType<?, ?> outputType()
    {
        return outputType;
    }

    Map<String, RecordType<?, ?>> sideOutputs()
    {
        return sideOutputs;
    }

    Function<Object, String> text()
    {
        return text;
    }

    Supplier<? extends List<?>> observed()
    {
        return observed;
    }

    /** Null for those of the modes. */
    StateBackendFactory backend()
    {
        return backend;
    }

    boolean keepTies()
    {
        return keepTies;
    }

    long seed()
    {
        return seed;
    }
}
