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
import org.junit.jupiter.api.Test;
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
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * T5: the process ends at every kill point of the engine, at more than one of its occurrences, at both levels of
 * durability. Each next life begins from what was left there, is checked, and ends at the next point. The fast tier
 * looks that a life comes by every point, and ends at some, which the seed chooses.
 */
class KillPointTest
{
    /** Occurrences of a point at which a life ends there. */
    private static final int OCCURRENCES = Laboratory.size("occurrences", 2, 40);
    /** Points of a level at which a life ends in the fast tier. */
    private static final int POINTS = Laboratory.size("points", 4, 4);
    private static final long SURVEY_MILLIS = 1_500;
    /** The first has nothing to restore; a busy machine needs more of them, each longer than the one before. */
    private static final int MAX_SURVEYS = 6;
    private static final int LATEST_OCCURRENCE = 30;
    /** Kills after which a fault must have been noticed. */
    private static final int KILLS_OF_A_CONTROL = 4;

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
    @Tag("laboratory")
    void shouldBeExactAtPointsThatTheSeedChooses(final SyncLevel level)
    {
        run(level, POINTS, 1);
    }

    @ParameterizedTest
    @EnumSource(SyncLevel.class)
    @Tag("long")
    void shouldBeExactWhereverItEnds(final SyncLevel level)
    {
        run(level, Integer.MAX_VALUE, OCCURRENCES);
    }

    /** The output of a life that ends between its being shown and its checkpoint comes again. */
    @Test
    @Tag("laboratory")
    void shouldNoticeOutputThatComesAgain()
    {
        final long seed = Laboratory.seed("T5 control");
        final SplittableRandom random = new SplittableRandom(seed);
        final JobFault fault = JobFault.OUTPUT_COMES_AGAIN;
        final CrashJob job = new CrashJob(directory, State.OFF_HEAP, ThreadingMode.SHARED, SyncLevel.PROCESS, fault);
        try (CrashCampaign campaign = new CrashCampaign(directory, random))
        {
            for (int kill = 0; kill < KILLS_OF_A_CONTROL; kill++)
            {
                campaign.killAt(job, "before complete checkpoint", 5 + random.nextInt(LATEST_OCCURRENCE));
            }
            campaign.finish(job);
        }
        catch (final AssertionError noticed)
        {
            assertTrue(fault.isNoticedBy(noticed), noticed::toString);
            Laboratory.report("T5 control", "noticed: %s", noticed.getMessage().lines().findFirst().orElse(""));
            return;
        }
        fail("seed=" + seed + ": the fault " + fault + " was not noticed in kills=" + KILLS_OF_A_CONTROL);
    }

    private void run(final SyncLevel level, final int limit, final int times)
    {
        final long seed = Laboratory.seed("T5 " + level);
        final SplittableRandom random = new SplittableRandom(seed);
        final long start = System.nanoTime();
        try (CrashCampaign campaign = new CrashCampaign(directory, random))
        {
            final CrashJob job = new CrashJob(directory, State.OFF_HEAP, ThreadingMode.SHARED, level, JobFault.NONE);
            final Map<String, Integer> points = survey(campaign, job);
            int kills = 0;
            final List<String> missed = new ArrayList<>();
            for (final String point : choose(random, points.keySet(), limit))
            {
                for (final int occurrence : occurrences(random, points.get(point), times))
                {
                    if (campaign.killAt(job, point, occurrence))
                    {
                        kills++;
                    }
                    else
                    {
                        missed.add(occurrence + " x " + point);
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

    /** The points that lives come by, and how often at most; fails unless these are all of the list. */
    private static Map<String, Integer> survey(final CrashCampaign campaign, final CrashJob job)
    {
        final Map<String, Integer> points = new TreeMap<>();
        final Set<String> missing = expected(job.durability());
        for (int survey = 1; survey <= MAX_SURVEYS && !missing.isEmpty(); survey++)
        {
            campaign.survey(job, survey * SURVEY_MILLIS);
            campaign.points().forEach((point, hits) -> points.merge(point, hits, Math::max));
            missing.removeAll(points.keySet());
        }
        assertEquals(Set.of(), missing, "kill points that a life does not come by: " + points);
        return points;
    }

    /** All points in the order of their names, or as many as the limit says. */
    private static List<String> choose(final SplittableRandom random, final Set<String> points, final int limit)
    {
        final List<String> chosen = new ArrayList<>(points);
        while (chosen.size() > limit)
        {
            chosen.remove(random.nextInt(chosen.size()));
        }
        return chosen;
    }

    private static Set<Integer> occurrences(final SplittableRandom random, final int hits, final int times)
    {
        final Set<Integer> occurrences = new LinkedHashSet<>(Set.of(1));
        final int latest = Math.min(LATEST_OCCURRENCE, hits / 3);
        while (occurrences.size() < Math.min(times, latest))
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
