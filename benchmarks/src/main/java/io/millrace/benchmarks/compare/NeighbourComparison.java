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
import io.millrace.benchmarks.workload.Workload;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The engine's pipelines alone in a JVM against the same pipelines warm together in one. */
final class NeighbourComparison implements Comparison
{
    private final List<Workload> workloads;
    private final TrialOptions options;
    private final ForkedTrial trial;
    private final Map<Workload, Pairs> pairs = new EnumMap<>(Workload.class);

    NeighbourComparison(final List<Workload> workloads, final TrialOptions options, final ForkedTrial trial)
    {
        this.workloads = workloads;
        this.options = options;
        this.trial = trial;
        workloads.forEach(workload -> pairs.put(workload, new Pairs(workload.name(), "alone", "together")));
    }

    @Override
    public void round(final int number)
    {
        final boolean togetherFirst = (number & 1) == 1;
        final List<TrialResult> early = togetherFirst ? together() : List.of();
        final List<TrialResult> alone =
            workloads.stream().map(workload -> trial.run(workload, Contender.MILLRACE, options)).toList();
        final List<TrialResult> together = togetherFirst ? early : together();
        for (int i = 0; i < workloads.size(); i++)
        {
            pairs.get(workloads.get(i)).add(alone.get(i), together.get(i));
        }
    }

    private List<TrialResult> together()
    {
        return trial.run(workloads, Contender.MILLRACE, options);
    }

    @Override
    public List<Pairs> pairs()
    {
        return List.copyOf(pairs.values());
    }
}
