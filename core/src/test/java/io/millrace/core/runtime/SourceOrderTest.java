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
package io.millrace.core.runtime;

import io.millrace.core.ordering.SourceFault;
import io.millrace.core.runtime.SteppedJob.SteppedPlan;
import io.millrace.core.testing.Shown;
import io.millrace.memory.DebugMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The causes that sources give to records, watermarks, barriers and ends, under random schedules (ORDERING invariants
 * I1, I3, I6, I8): they never decrease, on a ring or behind a merge, nothing stalls, and a replay gives the same.
 */
@Tag("laboratory")
class SourceOrderTest
{
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 4);

    static List<SteppedPlan> plans()
    {
        return List.of(new SteppedPlan(2, 1), new SteppedPlan(2, 4), new SteppedPlan(3, 2));
    }

    @Test
    void shouldHaveCausesCheckedOnEachRing()
    {
        assertTrue(DebugMode.ENABLED);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldComeToItsEndWithoutAFallingCause(final SteppedPlan plan)
    {
        for (int seed = 0; seed < 5 * SEEDS; seed++)
        {
            run(plan, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldEndBehindTheOtherSources(final SteppedPlan plan)
    {
        for (int seed = 0; seed < 10 * SEEDS; seed++)
        {
            run(plan.records(4), seed);
            run(plan.records(4).checkpoints(3), seed);
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldReplayTheSameUnderAnySchedule(final SteppedPlan plan)
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            replay(plan.checkpoints(40), seed);
            replay(plan.checkpoints(40).showing(), seed);
        }
    }

    /** SEMANTICS WM-13: who waits is a matter of the schedule, and so of the log. */
    @ParameterizedTest
    @MethodSource("plans")
    void shouldReplayTheSameWhereSourcesWaitForEachOther(final SteppedPlan plan)
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            replay(plan.aligning().checkpoints(40), seed);
            replay(plan.aligning().checkpoints(40).showing(), seed);
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldComeToItsEndWhereSourcesWaitForEachOther(final SteppedPlan plan)
    {
        for (int seed = 0; seed < 5 * SEEDS; seed++)
        {
            run(plan.aligning(), seed);
            run(plan.aligning().checkpoints(40), seed);
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldReplayTheEndsOfSourcesThatShowTheirOutput(final SteppedPlan plan)
    {
        for (int seed = 0; seed < 10 * SEEDS; seed++)
        {
            replay(plan.records(4).checkpoints(3).showing(), seed);
        }
    }

    @Test
    void shouldGiveTheSameFromOneSourceUnderAnySchedule()
    {
        // It is its own clock: causes, watermarks and barriers follow from its records alone.
        final SteppedPlan plan = new SteppedPlan(1, 4);
        final List<String> expected = run(plan, 0);
        for (int seed = 1; seed < 10 * SEEDS; seed++)
        {
            assertEquals(expected, run(plan, seed));
            assertEquals(expected, run(plan.checkpoints(40), seed));
        }
    }

    @Test
    void shouldNotNeedAnIdleSource()
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            try (SteppedJob job = new SteppedJob(new SteppedPlan(2, 2).idle(1), seed, null))
            {
                assertFalse(job.runUntilQuiet());
                // 120 records of each source; besides, there is what fired.
                assertTrue(job.shown.records().size() > 240, () -> "shown=" + job.shown.records().size());
            }
        }
    }

    @Test
    void shouldDependOnTheScheduleWithoutALog()
    {
        // The negative control of the replay test: two live runs differ.
        final SteppedPlan plan = new SteppedPlan(2, 2);
        assertFalse(run(plan, 1).equals(run(plan, 2)));
    }

    @Test
    void shouldTakeTheSameStepsForTheSameSeed()
    {
        final SteppedPlan plan = new SteppedPlan(3, 2);
        for (int seed = 0; seed < SEEDS; seed++)
        {
            assertEquals(run(plan, seed), run(plan, seed));
        }
    }

    @ParameterizedTest
    @EnumSource(value = SourceFault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldNoticeWhenASourceBreaksARule(final SourceFault fault)
    {
        for (int seed = 0; seed < 400; seed++)
        {
            try
            {
                final SteppedPlan plan = plans().get(seed % plans().size()).records(4 + seed % 2 * 56);
                run(plan.checkpoints(seed / 6 % 2 * 3L).fault(fault), seed);
            }
            catch (final AssertionError noticed)
            {
                return;
            }
        }
        throw new AssertionError("fault=" + fault + " was not noticed");
    }

    private static List<String> run(final SteppedPlan plan, final long seed)
    {
        try (SteppedJob job = new SteppedJob(plan, seed, null))
        {
            job.run();
            return job.shown.records();
        }
    }

    private static void replay(final SteppedPlan plan, final long seed)
    {
        try (SteppedJob live = new SteppedJob(plan, seed, null))
        {
            live.run();
            // With checkpoints of its own, and without.
            for (final SteppedPlan replayed : List.of(plan, plan.checkpoints(0)))
            {
                try (SteppedJob replay = new SteppedJob(replayed, seed + 1_000, live.order.recording()))
                {
                    replay.run();
                    assertEquals(live.shown.records(), replay.shown.records(), () -> "seed=" + seed + " plan=" + replayed);
                    assertEquals(records(live), records(replay), () -> "seed=" + seed + " plan=" + replayed);
                }
            }
        }
    }

    private static List<List<String>> records(final SteppedJob job)
    {
        return job.shownBySources.stream().map(Shown::records).toList();
    }
}
