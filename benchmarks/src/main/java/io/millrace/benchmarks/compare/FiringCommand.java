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

import io.millrace.benchmarks.workload.FiringSteps;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** For how long does a watermark that closes many windows at once keep other tasks of the thread waiting? */
@Command(
    name = "firing",
    mixinStandardHelpOptions = true,
    description = "Times the steps of a task in which a watermark closes many windows, or makes many timers due.")
final class FiringCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Option(
        names = "--kinds",
        split = ",",
        paramLabel = "KIND",
        description = "${COMPLETION-CANDIDATES}; default: all")
    private List<FiringSteps.Kind> kinds = List.of(FiringSteps.Kind.values());

    @Option(names = "--keys", paramLabel = "N", description = "keys whose windows close at once; default: ${DEFAULT-VALUE}")
    private long keys = 1_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "how often; default: ${DEFAULT-VALUE}")
    private int rounds = 20;

    @Option(names = "--warmup", paramLabel = "N", description = "rounds that do not count; default: ${DEFAULT-VALUE}")
    private int warmup = 5;

    @Override
    public Integer call()
    {
        if (keys < 2 || rounds < 1 || warmup < 0)
        {
            throw new ParameterException(spec.commandLine(), "keys=" + keys + " rounds=" + rounds + " warmup=" + warmup +
                ": keys must be 2 or more, rounds 1 or more, warm-up 0 or more");
        }
        final PrintWriter out = spec.commandLine().getOut();
        for (final FiringSteps.Kind kind : kinds)
        {
            try (FiringSteps firing = new FiringSteps(kind, keys))
            {
                for (int i = 0; i < warmup + rounds; i++)
                {
                    firing.round(i >= warmup);
                }
                print(out, kind, firing.steps());
            }
        }
        return 0;
    }

    private void print(final PrintWriter out, final FiringSteps.Kind kind, final Histogram nanos)
    {
        out.printf(Locale.ROOT, "%-8s keys=%d rounds=%d steps=%d us p50=%.1f p99=%.1f p99.9=%.1f max=%.1f%n", kind, keys,
            rounds, nanos.getTotalCount(), nanos.getValueAtPercentile(50) / 1e3, nanos.getValueAtPercentile(99) / 1e3,
            nanos.getValueAtPercentile(99.9) / 1e3, nanos.getMaxValue() / 1e3);
        out.flush();
    }
}
