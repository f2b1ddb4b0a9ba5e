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

import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.OperatorTrial;
import io.millrace.core.testing.Script;
import io.millrace.core.testing.TrialMode;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.SingleOutputStream;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

/** An operator over random readings, of one input or two. */
public final class OperatorCase
{
    private final String name;
    private final OperatorTrial trial;
    private final int inputs;
    private boolean late = true;
    private boolean clock;

    private OperatorCase(final String name, final OperatorTrial trial, final int inputs)
    {
        this.name = name;
        this.trial = trial;
        this.inputs = inputs;
    }

    static OperatorCase one(final String name, final Consumer<SingleOutputStream<Reading>> operator)
    {
        return new OperatorCase(name, StreamTrial.of(ReadingFlyweight.TYPE, operator), 1);
    }

    static OperatorCase two(
        final String name, final BiConsumer<SingleOutputStream<Reading>, SingleOutputStream<Reading>> operator)
    {
        return new OperatorCase(name, StreamTrial.of(ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, operator), 2);
    }

    /** Results depend on the order of arrival. */
    OperatorCase byArrival()
    {
        trial.without(TrialMode.SHUFFLED);
        return this;
    }

    /** Results depend on the order of arrival of records with the same time. */
    OperatorCase byTies()
    {
        trial.keepingTies();
        return this;
    }

    /** What becomes of late records depends on the order of arrival of others. */
    OperatorCase onTime()
    {
        late = false;
        return this;
    }

    /** Results depend on the clock. */
    OperatorCase byClock()
    {
        clock = true;
        return this;
    }

    /** A sink, with what it hands over. */
    OperatorCase observing(final List<?> seen)
    {
        trial.observing(() ->
        {
            final List<?> taken = List.copyOf(seen);
            seen.clear();
            return taken;
        });
        return this;
    }

    /** A sink that prints. */
    OperatorCase observing(final ByteArrayOutputStream printed)
    {
        trial.observing(() ->
        {
            final List<String> lines = printed.toString(UTF_8).lines().toList();
            printed.reset();
            return lines;
        });
        return this;
    }

    /**
     * Keeps state there.
     *
     * @param factory of the backend
     * @return this
     */
    public OperatorCase on(final StateBackendFactory factory)
    {
        trial.stateBackend(factory);
        return this;
    }

    /**
     * Leaves modes out.
     *
     * @param omitted any but {@link TrialMode#ONE_AT_A_TIME}
     * @return this
     */
    public OperatorCase without(final TrialMode... omitted)
    {
        trial.without(omitted);
        return this;
    }

    /**
     * Runs all modes.
     *
     * @param seed of the records
     * @return how many results there were
     */
    public int run(final long seed)
    {
        final Script script = RandomScript.of(seed, inputs, late, clock);
        return trial.seed(seed).run(script).size();
    }

    @Override
    public String toString()
    {
        return name;
    }
}
