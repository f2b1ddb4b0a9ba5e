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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Runs the contenders of each workload in turn, and prints a line for each against the first. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    subcommands = PauseCommand.class,
    description = "Runs workloads by hand-written loops and by Millrace, in JVMs of their own, in turn.")
public final class CompareCommand implements Callable<Integer>
{
    private final List<String> flags;

    @Parameters(
        paramLabel = "WORKLOAD",
        description = "W1 filter + map, W2 running sum, W3 tumbling windows; default: all")
    private List<Workload> workloads = List.of(Workload.values());

    @Mixin
    private TrialOptions options;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each contender; default: ${DEFAULT-VALUE}")
    private int pairs = 5;

    @Option(names = "--jdk", paramLabel = "HOME", description = "JDK to run on; default: the one that runs this")
    private Path jdk = Path.of(System.getProperty("java.home"));

    @Option(names = "--jvm", paramLabel = "FLAG", description = "flag for all JVMs; may be repeated")
    private List<String> jvmFlags = List.of();

    /**
     * The command.
     *
     * @param flags that every JVM gets
     */
    public CompareCommand(final List<String> flags)
    {
        this.flags = flags;
    }

    @Override
    public Integer call()
    {
        final List<String> allFlags = new ArrayList<>(flags);
        allFlags.addAll(jvmFlags);
        final ForkedTrial trial = new ForkedTrial(jdk, allFlags);
        for (final Workload workload : workloads)
        {
            compare(workload, trial);
        }
        return 0;
    }

    private void compare(final Workload workload, final ForkedTrial trial)
    {
        final List<Contender> contenders = options.checkpoints == null ? workload.contenders() :
            List.of(Contender.MILLRACE, Contender.CHECKPOINTED);
        final Contender baseline = contenders.get(0);
        final Map<Contender, Pairs> series = new EnumMap<>(Contender.class);
        for (final Contender contender : contenders.subList(1, contenders.size()))
        {
            series.put(contender, new Pairs(workload.name(), baseline.label(), contender.label()));
        }
        final List<Contender> order = new ArrayList<>(contenders);
        for (int pair = 0; pair < pairs; pair++)
        {
            final Map<Contender, TrialResult> results = new EnumMap<>(Contender.class);
            for (final Contender contender : order)
            {
                results.put(contender, trial.run(workload, contender, options));
            }
            series.forEach((contender, runs) -> runs.add(results.get(baseline), results.get(contender)));
            // Whoever went first goes last: a machine that slows down favours nobody.
            Collections.reverse(order);
        }
        series.values().forEach(runs -> System.out.println(runs.toLine()));
    }
}
