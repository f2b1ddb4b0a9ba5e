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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** What a child process of {@link CompareCommand} runs: one trial. */
@Command(name = "trial", description = "times one contender at workloads")
public final class TrialCommand implements Callable<Integer>
{
    @Parameters(index = "0", paramLabel = "WORKLOAD", split = ",")
    private List<Workload> workloads;

    @Parameters(index = "1", paramLabel = "CONTENDER")
    private Contender contender;

    @Mixin
    private TrialOptions options;

    private TrialCommand()
    {
    }

    /**
     * Runs the trial.
     *
     * @param args workloads, contender and options
     */
    public static void main(final String[] args)
    {
        System.exit(new CommandLine(new TrialCommand()).execute(args));
    }

    @Override
    public Integer call()
    {
        new Trial(workloads, contender, options).run().forEach(result -> System.out.println(result.toLine()));
        return 0;
    }
}
