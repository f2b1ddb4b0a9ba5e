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

import io.millrace.benchmarks.workload.BarrierPause;
import io.millrace.benchmarks.workload.CheckpointedSpeed;
import io.millrace.benchmarks.workload.DeltaSizes;
import io.millrace.benchmarks.workload.KeyChoice;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * How long does a barrier stop a task, whatever the size of its state, and how long do events take that come after it? Times
 * barriers of a job with many keys, in turn with those of one that holds nothing and so has nothing to do, on one thread. Then:
 * how much slower are events while checkpoints are made, and what do these write for each entry that was touched?
 */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Times the barriers of a running sum over many keys, in turn with barriers that do nothing; then compares its " +
        "throughput with and without checkpoints.")
final class PauseCommand implements Callable<Integer>
{
    private static final double BAR = 99.9;
    private static final int WARM_PAIRS = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--keys", paramLabel = "N", description = "keys of the state; default: ${DEFAULT-VALUE}")
    private long keys = 10_000_000;

    @Option(names = "--barriers", paramLabel = "N", description = "barriers of each kind; default: ${DEFAULT-VALUE}")
    private int barriers = 2_000;

    @Option(
        names = "--warmup",
        paramLabel = "N",
        description = "barriers of each kind that do not count; default: ${DEFAULT-VALUE}")
    private int warmup = 300;

    @Option(
        names = "--updates",
        paramLabel = "N",
        description = "events from one barrier to the next; default: ${DEFAULT-VALUE}")
    private int updates = 50_000;

    @Option(
        names = "--latency-every",
        paramLabel = "N",
        description = "latency is measured for 200 ms after every N-th barrier of each kind; default: ${DEFAULT-VALUE}")
    private int latencyEvery = 8;

    @Option(
        names = "--rate",
        paramLabel = "N",
        description = "events a second while latency is measured; default: ${DEFAULT-VALUE}")
    private long rate = 500_000;

    @Option(
        names = "--skew",
        paramLabel = "CHOICE",
        converter = KeyChoiceConverter.class,
        description = "how the keys of updates are chosen: uniform, or zipf (exponent 7/8: a fifth of the keys gets 82 %% of " +
            "the updates); default: uniform")
    private KeyChoice choice = KeyChoice.UNIFORM;

    @Option(names = "--skewed", description = "the same as --skew=zipf")
    private boolean skewed;

    @Option(
        names = "--pairs",
        paramLabel = "N",
        description = "stretches of an interval with and without checkpoints, in turn, for the throughput; 0 for none; " +
            "default: ${DEFAULT-VALUE}")
    private int pairs = 15;

    @Option(
        names = "--interval",
        paramLabel = "TIME",
        converter = IntervalConverter.class,
        description = "from a checkpoint to the next while throughput is measured, say 1s or 200ms; default: 1s")
    private Duration interval = Duration.ofSeconds(1);

    @Option(names = "--dir", paramLabel = "DIR", description = "where to put the checkpoints; default: among temporary files")
    private Path directory;

    @Override
    public Integer call()
    {
        if (keys < 1 || barriers < 0 || warmup < 0 || updates < 0 || latencyEvery < 1 || rate < 1 || pairs < 0)
        {
            throw new ParameterException(spec.commandLine(), "keys=" + keys + " barriers=" + barriers + " warmup=" +
                warmup + " updates=" + updates + " latencyEvery=" + latencyEvery + " rate=" + rate + " pairs=" + pairs +
                ": must be 1 or more; barriers, warm-up, updates and pairs 0 or more");
        }
        if (skewed)
        {
            choice = KeyChoice.ZIPF;
        }
        final PrintWriter out = spec.commandLine().getOut();
        if (barriers != 0)
        {
            timeBarriers(out);
        }
        if (pairs != 0)
        {
            compareSpeed(out);
        }
        return 0;
    }

    private void timeBarriers(final PrintWriter out)
    {
        try (BarrierPause pause = new BarrierPause(keys, choice, rate, directory))
        {
            pause.fill();
            out.printf(Locale.ROOT, "%d keys, updates %s, off-heap %.1f MB, first checkpoint %.1f MB%n", keys,
                label(), pause.offHeapBytes() / 1e6, pause.checkpointBytes() / 1e6);
            out.flush();
            for (int i = 0; i < warmup + barriers; i++)
            {
                pause.measure(updates, i >= warmup, i % latencyEvery == 0);
            }
            report(out, "barrier", pause.ofSums().pauses(), pause.ofNothing().pauses());
            report(out, "latency after", pause.ofSums().latencies(), pause.ofNothing().latencies());
            out.printf(Locale.ROOT, "snapshots %.1f MB%n", pause.checkpointBytes() / 1e6);
            print(out, pause.sizes());
        }
    }

    private void compareSpeed(final PrintWriter out)
    {
        try (CheckpointedSpeed speed = new CheckpointedSpeed(keys, choice, interval.toNanos(), directory))
        {
            speed.fill();
            for (int i = 0; i < WARM_PAIRS + pairs; i++)
            {
                // Whoever went first goes last.
                speed.measure((i & 1) == 0, i >= WARM_PAIRS);
            }
            final double[] with = speed.pairs().stream().mapToDouble(CheckpointedSpeed.Pair::with).toArray();
            final double[] without = speed.pairs().stream().mapToDouble(CheckpointedSpeed.Pair::without).toArray();
            final double[] ratios =
                speed.pairs().stream().mapToDouble(pair -> pair.with() / pair.without()).sorted().toArray();
            out.printf(Locale.ROOT, "throughput %s keys=%d interval=%dms without=%.2f with=%.2f ratio=%.2f spread=%.2f..%.2f " +
                "pairs=%d%n", label(), keys, interval.toMillis(), Pairs.median(without) / 1e6, Pairs.median(with) / 1e6,
                Pairs.median(ratios), ratios[0], ratios[ratios.length - 1], ratios.length);
            print(out, speed.sizes());
        }
    }

    private static void print(final PrintWriter out, final DeltaSizes sizes)
    {
        out.printf(Locale.ROOT, "written deltas=%d touched p50=%d MB p50=%.2f bytes/entry p50=%.1f p99=%.1f max=%.1f bases=%d; " +
            "ms until complete p50=%.1f p99=%.1f max=%.1f%n", sizes.touched().getTotalCount(),
            sizes.touched().getValueAtPercentile(50), sizes.bytes().getValueAtPercentile(50) / 1e6,
            sizes.bytesPerEntry(50), sizes.bytesPerEntry(99), sizes.bytesPerEntry(100), sizes.bases(),
            sizes.durations().getValueAtPercentile(50) / 1e6, sizes.durations().getValueAtPercentile(99) / 1e6,
            sizes.durations().getMaxValue() / 1e6);
        out.flush();
    }

    private String label()
    {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private static void report(
        final PrintWriter out, final String what, final Histogram ofSums, final Histogram ofNothing)
    {
        print(out, what, "with state", ofSums);
        print(out, what, "that does nothing", ofNothing);
        out.printf(Locale.ROOT, "%s: p%s above that of barriers that do nothing: %.1f us%n", what, BAR,
            (ofSums.getValueAtPercentile(BAR) - ofNothing.getValueAtPercentile(BAR)) / 1e3);
    }

    private static void print(final PrintWriter out, final String what, final String kind, final Histogram nanos)
    {
        out.printf(Locale.ROOT, "%-13s %-17s n=%d us p50=%.1f p90=%.1f p99=%.1f p99.9=%.1f max=%.1f%n", what, kind,
            nanos.getTotalCount(), nanos.getValueAtPercentile(50) / 1e3, nanos.getValueAtPercentile(90) / 1e3,
            nanos.getValueAtPercentile(99) / 1e3, nanos.getValueAtPercentile(BAR) / 1e3, nanos.getMaxValue() / 1e3);
    }
}
