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

import io.millrace.core.chain.IsolatedLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * T1 of the crash laboratory: as many random schedules of whole jobs as fit into the time, each on one thread and with up to
 * three crashes and restarts; {@code -Dmillrace.lab.seeds} says how many instead, {@code -Dmillrace.seed} where they begin.
 */
@Tag("laboratory")
class CrashScheduleTest
{
    private static final boolean LONG = "long".equals(System.getProperty("millrace.lab.tier"));
    private static final long SEEDS = Long.getLong("millrace.lab.seeds", LONG ? 1_000_000 : Long.MAX_VALUE);
    private static final int SECONDS =
        Integer.getInteger("millrace.lab.seconds", SEEDS == Long.MAX_VALUE ? 40 : Integer.MAX_VALUE);
    private static final int SEEDS_OF_A_CONTROL = 10_000;
    private static final int ISOLATED_SEEDS = 100;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    @BeforeEach
    void shareClasses()
    {
        System.setProperty(IsolatedLoader.ISOLATION_PROPERTY, "false");
    }

    @AfterEach
    void isolateClasses()
    {
        System.clearProperty(IsolatedLoader.ISOLATION_PROPERTY);
    }

    @Test
    void shouldBeExactUnderEverySchedule() throws Exception
    {
        final long first = Long.getLong("millrace.seed", System.nanoTime() >>> 8);
        System.out.println("T1: first seed=" + first + ", run again with -Dmillrace.seed=" + first);
        final long start = System.nanoTime();
        final LongAdder crashes = new LongAdder();
        final AtomicLong next = new AtomicLong();
        final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try
        {
            final List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < THREADS; i++)
            {
                runs.add(threads.submit(() -> schedules(first, next, start, crashes)));
            }
            for (final Future<?> run : runs)
            {
                run.get();
            }
        }
        finally
        {
            threads.shutdownNow();
        }
        final double seconds = (System.nanoTime() - start) / 1e9;
        final long seeds = Math.min(SEEDS, next.get());
        System.out.printf(Locale.ROOT, "T1: schedules=%,d crashes=%,d seconds=%.0f schedules/s=%,.0f: no violation%n", seeds,
            crashes.sum(), seconds, seeds / seconds);
        assertTrue(crashes.sum() > seeds / 4, "crashes=" + crashes + " seeds=" + seeds);
    }

    private static void schedules(final long first, final AtomicLong next, final long start, final LongAdder crashes)
    {
        while (System.nanoTime() - start < SECONDS * 1_000_000_000L && !Thread.currentThread().isInterrupted())
        {
            final long number = next.getAndIncrement();
            if (number >= SEEDS)
            {
                return;
            }
            final CrashSchedule schedule = new CrashSchedule(first + number, ScheduleFault.NONE);
            schedule.run();
            crashes.add(schedule.crashes());
        }
    }

    /** As in production: each instance from a class of its own. */
    @Test
    void shouldBeExactWithIsolatedClasses()
    {
        isolateClasses();
        int crashes = 0;
        for (long seed = 0; seed < ISOLATED_SEEDS; seed++)
        {
            final CrashSchedule schedule = new CrashSchedule(seed, ScheduleFault.NONE);
            schedule.run();
            crashes += schedule.crashes();
        }
        assertTrue(crashes > 0);
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
