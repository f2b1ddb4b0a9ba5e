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
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * How long does a barrier stop a task, whatever the size of its state? Times barriers of a job with many keys, in turn with those of
 * one that holds nothing and so has nothing to do, on one thread.
 */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Times the barriers of a running sum over many keys, in turn with barriers that do nothing.")
final class PauseCommand implements Callable<Integer>
{
    @Option(names = "--keys", paramLabel = "N", description = "keys of the state; default: ${DEFAULT-VALUE}")
    private long keys = 10_000_000;

    @Option(names = "--barriers", paramLabel = "N", description = "barriers of each kind; default: ${DEFAULT-VALUE}")
    private int barriers = 2_000;

    @Option(
        names = "--updates",
        paramLabel = "N",
        description = "events from one barrier to the next; default: ${DEFAULT-VALUE}")
    private int updates = 50_000;

    @Override
    public Integer call()
    {
        try (BarrierPause pause = new BarrierPause(keys))
        {
            pause.fill();
            for (int i = 0; i < barriers; i++)
            {
                pause.measure(updates);
            }
            print("barrier of " + keys + " keys", pause.pauses());
            print("barrier that does nothing", pause.emptyPauses());
            print("steps of the next 200 ms", pause.stepsAfter());
            System.out.printf(Locale.ROOT, "p99.9 of the barrier above that of one that does nothing: %.1f us%n",
                (pause.pauses().getValueAtPercentile(99.9) - pause.emptyPauses().getValueAtPercentile(99.9)) / 1e3);
        }
        return 0;
    }

    private static void print(final String what, final Histogram nanos)
    {
        System.out.printf(Locale.ROOT, "%-28s n=%d us p50=%.1f p90=%.1f p99=%.1f p99.9=%.1f max=%.1f%n", what,
            nanos.getTotalCount(), nanos.getValueAtPercentile(50) / 1e3, nanos.getValueAtPercentile(90) / 1e3,
            nanos.getValueAtPercentile(99) / 1e3, nanos.getValueAtPercentile(99.9) / 1e3, nanos.getMaxValue() / 1e3);
    }
}
