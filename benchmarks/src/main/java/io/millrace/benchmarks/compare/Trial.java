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

/**
 * Times a contender at one workload, or at several of which each has a program of its own in this JVM. All are warmed
 * first, taking turns, so that none is compiled before the others were seen; then each is timed by itself.
 */
final class Trial
{
    private final List<Workload> workloads;
    private final Contender contender;
    private final TrialOptions options;

    Trial(final List<Workload> workloads, final Contender contender, final TrialOptions options)
    {
        this.workloads = workloads;
        this.contender = contender;
        this.options = options;
    }

    /** Results in the order of the workloads. */
    List<TrialResult> run()
    {
        final List<TimedProgram> programs = new ArrayList<>();
        try
        {
            for (final Workload workload : workloads)
            {
                programs.add(new TimedProgram(workload, contender, options));
            }
            boolean cold = true;
            while (cold)
            {
                cold = false;
                for (final TimedProgram program : programs)
                {
                    cold |= !program.warm();
                }
            }
            return programs.stream().map(TimedProgram::time).toList();
        }
        finally
        {
            programs.forEach(TimedProgram::close);
        }
    }
}
