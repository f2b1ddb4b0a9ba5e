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

import io.millrace.benchmarks.workload.TableChurn;
import io.millrace.benchmarks.workload.TableGrowth;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Does any single operation of the engine's table take long while it grows, beyond what the machine itself stalls for? And does
 * its memory stay the same when all keys are replaced again and again?
 */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    description = "Times every insertion into a table that grows, in turn with a loop that does nothing; then replaces all its " +
        "keys again and again, and prints its memory.")
final class GrowthCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Option(names = "--keys", paramLabel = "N", description = "keys to grow to; default: ${DEFAULT-VALUE}")
    private int keys = 10_000_000;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        description = "how often a table grows; what is the table's own comes back in every round; default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--warmup", paramLabel = "N", description = "rounds that do not count; default: ${DEFAULT-VALUE}")
    private int warmup = 1;

    @Option(
        names = "--turnovers",
        paramLabel = "N",
        description = "how often all keys are replaced by new ones; 0 for not at all; default: ${DEFAULT-VALUE}")
    private int turnovers = 10;

    @Option(
        names = "--barrier-every",
        paramLabel = "N",
        description = "operations from a snapshot of the table to the next, which is swept meanwhile and thrown away; 0 for no " +
            "snapshots; default: ${DEFAULT-VALUE}")
    private long barrierEvery;

    @Override
    public Integer call()
    {
        if (keys < 1 || rounds < 0 || warmup < 0 || turnovers < 0 || barrierEvery < 0)
        {
            throw new ParameterException(spec.commandLine(), "keys=" + keys + " rounds=" + rounds + " warmup=" +
                warmup + " turnovers=" + turnovers + " barrierEvery=" + barrierEvery + ": keys must be 1 or more, the others 0 or more");
        }
        final PrintWriter out = spec.commandLine().getOut();
        if (rounds != 0)
        {
            grow(out);
        }
        if (turnovers != 0)
        {
            turnOver(out);
        }
        return 0;
    }

    private void grow(final PrintWriter out)
    {
        final TableGrowth growth = new TableGrowth(keys, barrierEvery);
        for (int i = 0; i < warmup + rounds; i++)
        {
            growth.round(i >= warmup);
        }
        final TableGrowth.Times ofNothing = growth.nothing();
        final TableGrowth.Times ofInsertions = growth.insertions();
        print(out, "growth insertion", ofInsertions);
        print(out, "growth nothing", ofNothing);
        out.printf(Locale.ROOT, "growth keys=%d rounds=%d barriers=%d us above nothing: p99.99=%.1f max=%.1f " +
            "in-every-round=%.1f; bytes/key=%.1f%n", keys, rounds, growth.barriers(),
            above(ofInsertions.histogram(), ofNothing.histogram(), 99.99),
            above(ofInsertions.histogram(), ofNothing.histogram(), 100),
            (ofInsertions.inEveryRound() - ofNothing.inEveryRound()) / 1e3, (double)growth.usedBytes() / keys);
        out.flush();
    }

    private static double above(final Histogram insertions, final Histogram nothing, final double percentile)
    {
        return (insertions.getValueAtPercentile(percentile) - nothing.getValueAtPercentile(percentile)) / 1e3;
    }

    private static void print(final PrintWriter out, final String what, final TableGrowth.Times times)
    {
        out.printf(Locale.ROOT, "%s over-500us=%d in-every-round=%.1f at-key=%d%n", line(what, times.histogram()),
            times.overBar(), times.inEveryRound() / 1e3, times.atKey());
    }

    private static String line(final String what, final Histogram nanos)
    {
        return String.format(Locale.ROOT, "%-16s n=%d us p50=%.2f p99=%.2f p99.9=%.2f p99.99=%.2f p99.999=%.1f max=%.1f", what,
            nanos.getTotalCount(), nanos.getValueAtPercentile(50) / 1e3, nanos.getValueAtPercentile(99) / 1e3,
            nanos.getValueAtPercentile(99.9) / 1e3, nanos.getValueAtPercentile(99.99) / 1e3,
            nanos.getValueAtPercentile(99.999) / 1e3, nanos.getMaxValue() / 1e3);
    }

    private void turnOver(final PrintWriter out)
    {
        try (TableChurn churn = new TableChurn(keys, barrierEvery))
        {
            print(out, 0, churn);
            churn.turnOver();
            print(out, 1, churn);
            final long first = churn.usedBytes();
            long most = first;
            for (int number = 2; number <= turnovers; number++)
            {
                churn.turnOver();
                print(out, number, churn);
                most = Math.max(most, churn.usedBytes());
            }
            out.println(line("churn insertion", churn.insertions()));
            out.println(line("churn removal", churn.removals()));
            out.printf(Locale.ROOT, "churn keys=%d turnovers=%d memory after the last, in parts of that after the first: %.3f; " +
                "the most: %.3f%n", keys, turnovers, (double)churn.usedBytes() / first, (double)most / first);
            out.flush();
        }
    }

    private void print(final PrintWriter out, final int number, final TableChurn churn)
    {
        out.printf(Locale.ROOT, "turnover %d used=%.1fMB held=%.1fMB bytes/key=%.1f%n", number, churn.usedBytes() / 1e6,
            churn.heldBytes() / 1e6, (double)churn.usedBytes() / keys);
        out.flush();
    }
}
