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
package io.millrace.laboratory;

import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.laboratory.CrashJob.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * T5: the process ends at every kill point of the engine, at more than one of its occurrences, at both levels of
 * durability. Each next life begins from what was left there, is checked, and ends at the next point.
 */
@Tag("long")
class KillPointTest
{
    /** Occurrences of a point at which a life ends there. */
    private static final int OCCURRENCES = Laboratory.size("occurrences", 2, 40);
    private static final long SURVEY_MILLIS = 2_500;
    private static final int LATEST_OCCURRENCE = 30;

    /** At both levels. */
    private static final List<String> STEPS = List.of(
        "create checkpoint", "write checkpoint", "delete checkpoint",
        "create manifest", "write manifest", "rename manifest", "delete manifest",
        "create order", "write order", "delete order", "sync of directory order",
        "append frame", "begin incarnation", "begin checkpoint", "complete checkpoint", "acknowledge", "pre-commit",
        "commit");
    /** At level DURABLE. */
    private static final List<String> SYNCS = List.of(
        "sync checkpoint", "sync manifest", "sync of directory checkpoints", "sync order", "sync frame",
        "roll journal");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(SyncLevel.class)
    void shouldBeExactWhereverItEnds(final SyncLevel level)
    {
        final long seed = Laboratory.seed("T5 " + level);
        final SplittableRandom random = new SplittableRandom(seed);
        final long start = System.nanoTime();
        try (CrashCampaign campaign = new CrashCampaign(directory, random))
        {
            final CrashJob job = new CrashJob(directory, State.OFF_HEAP, ThreadingMode.SHARED, level, JobFault.NONE);
            campaign.survey(job, SURVEY_MILLIS);
            campaign.survey(job, SURVEY_MILLIS);
            final Map<String, Integer> points = new TreeMap<>(campaign.points());
            final Set<String> missing = new TreeSet<>(expected(level));
            missing.removeAll(points.keySet());
            assertEquals(Set.of(), missing, "kill points that a life does not come by: " + points);
            int kills = 0;
            final List<String> missed = new ArrayList<>();
            for (final Map.Entry<String, Integer> point : points.entrySet())
            {
                for (final int occurrence : occurrences(random, point.getValue()))
                {
                    if (campaign.killAt(job, point.getKey(), occurrence))
                    {
                        kills++;
                    }
                    else
                    {
                        missed.add(occurrence + " x " + point.getKey());
                    }
                }
            }
            campaign.finish(job);
            Laboratory.report("T5 " + level, "points=%d kills=%d records=%,d seconds=%d, not come by in time: %s",
                points.size(), kills, campaign.checker().accepted(), (System.nanoTime() - start) / 1_000_000_000L,
                missed);
            assertEquals(List.of(), missed.stream().filter(miss -> miss.startsWith("1 x ")).toList());
        }
    }

    private static Set<Integer> occurrences(final SplittableRandom random, final int hits)
    {
        final Set<Integer> occurrences = new LinkedHashSet<>(Set.of(1));
        final int latest = Math.min(LATEST_OCCURRENCE, hits / 3);
        while (occurrences.size() < Math.min(OCCURRENCES, latest))
        {
            occurrences.add(1 + random.nextInt(latest));
        }
        return occurrences;
    }

    private static Set<String> expected(final SyncLevel level)
    {
        final Set<String> points = new TreeSet<>(Set.of("middle of write checkpoint", "middle of write manifest",
            "middle of write order", "middle of append frame", "middle of begin incarnation", "middle of restore",
            "after restore"));
        final List<String> steps = new ArrayList<>(STEPS);
        if (level == SyncLevel.DURABLE)
        {
            steps.addAll(SYNCS);
            points.add("middle of roll journal");
        }
        steps.forEach(step -> points.addAll(List.of("before " + step, "after " + step)));
        return points;
    }
}
