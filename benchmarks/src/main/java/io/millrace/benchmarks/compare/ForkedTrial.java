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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs trials in JVMs of their own, all with the same flags. */
final class ForkedTrial
{
    private final ForkedJvm jvm;

    /**
     * A way to run trials.
     *
     * @param jvm that runs each
     */
    ForkedTrial(final ForkedJvm jvm)
    {
        this.jvm = jvm;
    }

    /** Times a contender at a workload. */
    TrialResult run(final Workload workload, final Contender contender, final TrialOptions options)
    {
        return run(List.of(workload), contender, options).get(0);
    }

    /** Times a contender at workloads, each warm in the same JVM; results in their order. */
    List<TrialResult> run(final List<Workload> workloads, final Contender contender, final TrialOptions options)
    {
        final List<String> arguments = new ArrayList<>();
        arguments.add(workloads.stream().map(Workload::name).collect(Collectors.joining(",")));
        arguments.add(contender.name());
        arguments.addAll(options.toArguments());
        final List<TrialResult> results = new ArrayList<>();
        for (final String line : jvm.run(TrialCommand.class, arguments))
        {
            final TrialResult parsed = TrialResult.parse(line);
            if (parsed == null)
            {
                System.out.println(line);
            }
            else
            {
                results.add(parsed);
            }
        }
        if (results.size() != workloads.size())
        {
            throw new IllegalStateException("results=" + results.size() + " of workloads=" + workloads.size() +
                " by arguments=" + arguments + ": see its messages above");
        }
        return results;
    }
}
