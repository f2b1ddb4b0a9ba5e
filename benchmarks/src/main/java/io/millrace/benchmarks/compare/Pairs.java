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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Trials of a contender, each next to one of the baseline. A machine that others share swings more from minute to
 * minute than contenders differ, and so only the ratio within a pair means something.
 */
final class Pairs
{
    private final String workload;
    private final String baselineLabel;
    private final String contenderLabel;
    private final List<TrialResult> baselines = new ArrayList<>();
    private final List<TrialResult> contenders = new ArrayList<>();

    Pairs(final String workload, final String baselineLabel, final String contenderLabel)
    {
        this.workload = workload;
        this.baselineLabel = baselineLabel;
        this.contenderLabel = contenderLabel;
    }

    void add(final TrialResult baseline, final TrialResult contender)
    {
        if (baseline.checksum() != contender.checksum())
        {
            throw new IllegalStateException(workload + ": checksum=" + baseline.checksum() + " of " + baselineLabel +
                " differs from checksum=" + contender.checksum() + " of " + contenderLabel +
                ": they do not do the same work");
        }
        baselines.add(baseline);
        contenders.add(contender);
    }

    /** Median of the contender's speed in parts of the baseline's. */
    double ratio()
    {
        return median(ratios());
    }

    String toLine()
    {
        final double[] ratios = ratios();
        final double[] added = new double[ratios.length];
        for (int i = 0; i < added.length; i++)
        {
            added[i] = contenders.get(i).nanosPerEvent() - baselines.get(i).nanosPerEvent();
        }
        final String line = String.format(Locale.ROOT,
            "%s %s=%.2f %s=%.2f ratio=%.2f added=%.2f spread=%.2f..%.2f pairs=%d allocated=%.3f",
            workload, baselineLabel, median(baselines, TrialResult::millionsPerSecond),
            contenderLabel, median(contenders, TrialResult::millionsPerSecond),
            median(ratios), median(added), Arrays.stream(ratios).min().orElseThrow(),
            Arrays.stream(ratios).max().orElseThrow(), ratios.length,
            median(contenders, TrialResult::allocatedPerEvent));
        final double checkpoints = median(contenders, TrialResult::checkpoints);
        return checkpoints == 0 ? line : line + String.format(Locale.ROOT, " checkpoints=%.0f written=%.1fMB",
            checkpoints, median(contenders, TrialResult::checkpointBytes) / 1e6);
    }

    private double[] ratios()
    {
        final double[] ratios = new double[baselines.size()];
        for (int i = 0; i < ratios.length; i++)
        {
            ratios[i] = contenders.get(i).millionsPerSecond() / baselines.get(i).millionsPerSecond();
        }
        return ratios;
    }

    private static double median(final List<TrialResult> results, final ToDoubleFunction<TrialResult> measure)
    {
        return median(results.stream().mapToDouble(measure).toArray());
    }

    static double median(final double[] values)
    {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
