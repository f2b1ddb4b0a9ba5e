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
package io.millrace.benchmarks.compare;

import io.millrace.benchmarks.workload.Contender;
import io.millrace.benchmarks.workload.StatePlace;
import io.millrace.benchmarks.workload.Workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Contenders at one workload, each against the first, which is the baseline. */
final class ContenderComparison implements Comparison
{
    private final Workload workload;
    private final List<Contender> contenders;
    private final TrialOptions options;
    private final ForkedTrial trial;
    private final Map<Contender, Pairs> pairs = new EnumMap<>(Contender.class);

    ContenderComparison(
        final Workload workload, final List<Contender> contenders, final TrialOptions options, final ForkedTrial trial)
    {
        this.workload = workload;
        this.contenders = contenders;
        this.options = options;
        this.trial = trial;
        for (final Contender contender : contenders.subList(1, contenders.size()))
        {
            pairs.put(contender, new Pairs(name(), baselineLabel(contender), contender.label()));
        }
    }

    private String name()
    {
        return options.state == StatePlace.OFF_HEAP ? workload.name() : workload + " on " + options.state.label();
    }

    private String baselineLabel(final Contender contender)
    {
        // What the loop is to the engine's table is a flat one.
        return contender == Contender.SEGMENTED || contender == Contender.LOOKAHEAD ? "flat" :
            contenders.get(0).label();
    }

    @Override
    public void round(final int number)
    {
        // Whoever went first goes last: a machine that slows down favours nobody.
        final List<Contender> order = new ArrayList<>(contenders);
        if ((number & 1) == 1)
        {
            Collections.reverse(order);
        }
        final Map<Contender, TrialResult> results = new EnumMap<>(Contender.class);
        for (final Contender contender : order)
        {
            results.put(contender, trial.run(workload, contender, options));
        }
        pairs.forEach((contender, runs) -> runs.add(results.get(contenders.get(0)), results.get(contender)));
    }

    @Override
    public List<Pairs> pairs()
    {
        return List.copyOf(pairs.values());
    }
}
