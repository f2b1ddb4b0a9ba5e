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

import io.millrace.benchmarks.workload.KeyChoice;
import io.millrace.benchmarks.workload.TableUpdates;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What does it cost to read, change and write a value in the engine's table, in parts of a flat table that is as full? The
 * question of {@code TableBenchmark}, in a minute, and with the ratio of runs that were next to each other.
 */
@Command(
    name = "table",
    mixinStandardHelpOptions = true,
    description = "Times updates in the engine's table and in a flat one that is as full, in turn.")
final class TableCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Option(names = "--keys", split = ",", paramLabel = "N", description = "keys; default: 100000,1000000,10000000")
    private List<Integer> keys = List.of(100_000, 1_000_000, 10_000_000);

    @Option(
        names = "--skew",
        split = ",",
        paramLabel = "CHOICE",
        converter = KeyChoiceConverter.class,
        description = "how the keys of updates are chosen: uniform, or zipf (exponent 7/8); default: both")
    private List<KeyChoice> choices = List.of(KeyChoice.values());

    @Option(
        names = "--rounds",
        paramLabel = "N",
        description = "how often each table takes 4 million updates; default: ${DEFAULT-VALUE}")
    private int rounds = 11;

    @Option(names = "--warmup", paramLabel = "N", description = "rounds that do not count; default: ${DEFAULT-VALUE}")
    private int warmup = 3;

    @Override
    public Integer call()
    {
        if (keys.stream().anyMatch(number -> number < 1) || rounds < 1 || warmup < 0)
        {
            throw new ParameterException(spec.commandLine(), "keys=" + keys + " rounds=" + rounds + " warmup=" + warmup +
                ": keys and rounds must be 1 or more, warm-up 0 or more");
        }
        for (final KeyChoice choice : choices)
        {
            for (final int number : keys)
            {
                compare(number, choice);
            }
        }
        return 0;
    }

    private void compare(final int number, final KeyChoice choice)
    {
        final Map<TableUpdates.Way, double[]> nanos = new EnumMap<>(TableUpdates.Way.class);
        final TableUpdates.Way[] ways = TableUpdates.Way.values();
        for (final TableUpdates.Way way : ways)
        {
            nanos.put(way, new double[rounds]);
        }
        try (TableUpdates updates = new TableUpdates(number, choice))
        {
            for (int round = -warmup; round < rounds; round++)
            {
                for (int i = 0; i < ways.length; i++)
                {
                    // Whoever went first goes last.
                    final TableUpdates.Way way = ways[(round & 1) == 0 ? i : ways.length - 1 - i];
                    final double each = updates.nanos(way);
                    if (round >= 0)
                    {
                        nanos.get(way)[round] = each;
                    }
                }
            }
            updates.check(number);
            final PrintWriter out = spec.commandLine().getOut();
            out.printf(Locale.ROOT, "table %s keys=%d load=%.2f ns flat=%.1f %s %s rounds=%d%n",
                choice.name().toLowerCase(Locale.ROOT), number, updates.load(),
                Pairs.median(nanos.get(TableUpdates.Way.FLAT)), part(nanos, TableUpdates.Way.SEGMENTED),
                part(nanos, TableUpdates.Way.LOOKAHEAD), rounds);
            out.flush();
        }
    }

    private static String part(final Map<TableUpdates.Way, double[]> nanos, final TableUpdates.Way way)
    {
        final double[] flat = nanos.get(TableUpdates.Way.FLAT);
        final double[] other = nanos.get(way);
        final double[] ratios = new double[flat.length];
        for (int i = 0; i < ratios.length; i++)
        {
            ratios[i] = other[i] / flat[i];
        }
        return String.format(Locale.ROOT, "%s=%.1f ratio=%.2f spread=%.2f..%.2f", way.name().toLowerCase(Locale.ROOT),
            Pairs.median(other), Pairs.median(ratios), Arrays.stream(ratios).min().orElseThrow(),
            Arrays.stream(ratios).max().orElseThrow());
    }
}
