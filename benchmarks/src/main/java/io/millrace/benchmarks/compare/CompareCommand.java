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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What is the engine's speed in parts of that of a hand-written program? Runs both in JVMs of their own, in turn, and
 * prints a line for each workload:
 * <pre>
 *   W2 loop=84.02 millrace=80.13 ratio=0.95 added=0.58 spread=0.91..0.97 pairs=5 allocated=0.000
 * </pre>
 * Speeds in million events a second, medians; {@code ratio} the median of the pairs; {@code added} nanoseconds that an
 * event takes more, the median of the pairs; {@code spread} the least and the largest ratio; {@code allocated} bytes on
 * the heap for each event by the engine's threads.
 */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    subcommands = {
        PauseCommand.class, FiringCommand.class, GrowthCommand.class, TableCommand.class, RecoveryCommand.class},
    description = "Runs workloads by hand-written programs and by Millrace, in JVMs of their own, in turn.")
public final class CompareCommand implements Callable<Integer>
{
    private static final List<Workload> COMPARED =
        Arrays.stream(Workload.values()).filter(workload -> workload != Workload.FLAT_MAP).toList();
    private static final List<Workload> NEIGHBOURS =
        List.of(Workload.W1, Workload.W2, Workload.W3, Workload.FLAT_MAP);
    private static final List<Contender> FUSED =
        List.of(Contender.LOOP, Contender.MILLRACE, Contender.SEGMENTED, Contender.LOOKAHEAD);
    /** The tables of off-heap memory are no part of what has its state elsewhere. */
    private static final List<Contender> ELSEWHERE = List.of(Contender.LOOP, Contender.MILLRACE);
    private static final List<Contender> EXCHANGED = List.of(Contender.DISRUPTOR, Contender.EXCHANGED);
    private static final List<Contender> CHECKPOINTED = List.of(Contender.MILLRACE, Contender.CHECKPOINTED);

    private final List<String> flags;

    @Spec
    private CommandSpec spec;

    @Parameters(
        paramLabel = "WORKLOAD",
        description = "W1 filter + map, W2 running sum, W3 tumbling windows, W4 sliding windows, W5 sessions, " +
            "W6 window join, W6I interval join, W7 deduplication, W8 pattern; default: all, W2 and W3 with --checkpoints")
    private List<Workload> workloads;

    @Mixin
    private TrialOptions options;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each contender; default: ${DEFAULT-VALUE}")
    private int pairs = 5;

    @Option(
        names = "--exchange",
        description = "over two threads: the source on one, the operators on the other, against a Disruptor program")
    private boolean exchange;

    @Option(
        names = "--pipelines",
        paramLabel = "N",
        description = "so many different pipelines warm in one JVM, 2 to 4, each against itself alone in one")
    private int pipelines;

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
        check();
        final PrintWriter out = spec.commandLine().getOut();
        for (final Comparison comparison : comparisons(new ForkedTrial(jvm())))
        {
            for (int number = 0; number < pairs; number++)
            {
                comparison.round(number);
            }
            comparison.pairs().forEach(runs -> out.println(runs.toLine()));
            out.flush();
        }
        return 0;
    }

    /** A JVM of its own, for a subcommand too. */
    ForkedJvm jvm()
    {
        final List<String> allFlags = new ArrayList<>(flags);
        allFlags.addAll(jvmFlags);
        return new ForkedJvm(jdk, allFlags);
    }

    private void check()
    {
        final boolean checkpoints = options.checkpoints != null;
        final int kinds = (exchange ? 1 : 0) + (checkpoints ? 1 : 0) + (pipelines != 0 ? 1 : 0);
        if (kinds > 1)
        {
            throw invalid("--exchange, --checkpoints and --pipelines are comparisons of their own: run one at a time");
        }
        if (exchange && options.cpuTime)
        {
            throw invalid("--cpu-time counts one thread, and --exchange has two: leave it out");
        }
        if (pipelines != 0 && (pipelines < 2 || pipelines > NEIGHBOURS.size() || workloads != null))
        {
            throw invalid("--pipelines=" + pipelines + " must be 2 to " + NEIGHBOURS.size() +
                ", and goes without workloads: it takes the first so many of them");
        }
        if (pairs < 1)
        {
            throw invalid("--pairs=" + pairs + " must be 1 or more: 5 by default");
        }
    }

    private ParameterException invalid(final String message)
    {
        return new ParameterException(spec.commandLine(), message);
    }

    private List<Comparison> comparisons(final ForkedTrial trial)
    {
        if (pipelines != 0)
        {
            return List.of(
                new NeighbourComparison(NEIGHBOURS.subList(0, pipelines), options, trial));
        }
        final boolean checkpoints = options.checkpoints != null;
        final boolean tables = options.state == StatePlace.OFF_HEAP;
        final List<Contender> contenders =
            exchange ? EXCHANGED : checkpoints ? CHECKPOINTED : tables ? FUSED : ELSEWHERE;
        final List<Workload> compared =
            workloads != null ? workloads : checkpoints ? List.of(Workload.W2, Workload.W3) : COMPARED;
        return compared.stream()
            .<Comparison>map(workload -> new ContenderComparison(workload,
                contenders.stream().filter(workload.contenders()::contains).toList(), options, trial))
            .toList();
    }
}
