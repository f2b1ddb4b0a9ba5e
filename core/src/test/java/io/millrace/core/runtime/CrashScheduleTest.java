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

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * T1 of the crash laboratory: as many random schedules of whole jobs as fit into the time, each with up to three crashes
 * and restarts; {@code -Dmillrace.lab.seeds} says how many instead, {@code -Dmillrace.seed} where they begin.
 */
@Tag("laboratory")
class CrashScheduleTest
{
    private static final boolean LONG = "long".equals(System.getProperty("millrace.lab.tier"));
    private static final int SECONDS = Integer.getInteger("millrace.lab.seconds", LONG ? 3_600 : 40);
    private static final long SEEDS = Long.getLong("millrace.lab.seeds", Long.MAX_VALUE);
    private static final int SEEDS_OF_A_CONTROL = 10_000;

    @Test
    void shouldBeExactUnderEverySchedule()
    {
        final long first = Long.getLong("millrace.seed", System.nanoTime() >>> 8);
        System.out.println("T1: first seed=" + first + ", run again with -Dmillrace.seed=" + first);
        final long start = System.nanoTime();
        long seeds = 0;
        long crashes = 0;
        while (seeds < SEEDS && System.nanoTime() - start < SECONDS * 1_000_000_000L)
        {
            final CrashSchedule schedule = new CrashSchedule(first + seeds, ScheduleFault.NONE);
            schedule.run();
            crashes += schedule.crashes();
            seeds++;
        }
        final double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "T1: schedules=%,d crashes=%,d seconds=%.0f schedules/s=%,.0f: no violation%n", seeds,
            crashes, seconds, seeds / seconds);
        assertTrue(crashes > seeds / 4, "crashes=" + crashes + " seeds=" + seeds);
    }

    @ParameterizedTest
    @EnumSource(value = ScheduleFault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldFindEveryFault(final ScheduleFault fault)
    {
        for (long seed = 0; seed < SEEDS_OF_A_CONTROL; seed++)
        {
            final CrashSchedule schedule = new CrashSchedule(seed, fault);
            try
            {
                schedule.run();
            }
            catch (final AssertionError | IllegalStateException found)
            {
                System.out.println("T1: fault=" + fault + " found at seed=" + seed + ": " +
                    found.getMessage().lines().findFirst().orElse(""));
                return;
            }
        }
        fail("fault=" + fault + " was not found in seeds=" + SEEDS_OF_A_CONTROL);
    }
}
