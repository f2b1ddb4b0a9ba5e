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
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * T4: SIGKILL at random instants, while the job starts, restores, runs, makes checkpoints. Nothing is lost, nothing comes
 * twice or out of order, what was said to be complete is there, and each life gets on.
 */
@Tag("laboratory")
class KillTest
{
    /** Kills on each backend; a third of what {@code millrace.lab.kills} says. */
    private static final int KILLS = (Laboratory.size("kills", 51, 1_000) + 2) / 3;
    /** Kills of one directory: journals grow, and are read from their start after each. */
    private static final int KILLS_OF_A_CAMPAIGN = 50;
    /** Kills after which a fault must have been noticed. */
    private static final int KILLS_OF_A_CONTROL = 8;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(State.class)
    void shouldBeExactWheneverItIsKilled(final State state)
    {
        final long seed = Laboratory.seed("T4 " + state);
        final SplittableRandom random = new SplittableRandom(seed);
        final long start = System.nanoTime();
        long records = 0;
        for (int done = 0; done < KILLS; done += KILLS_OF_A_CAMPAIGN)
        {
            final Path directory = Directories.create(temporary, "campaign-" + done);
            try (CrashCampaign campaign = new CrashCampaign(directory, random))
            {
                for (int kill = done; kill < Math.min(KILLS, done + KILLS_OF_A_CAMPAIGN); kill++)
                {
                    campaign.kill(job(directory, state, random, JobFault.NONE));
                }
                campaign.finish(job(directory, state, random, JobFault.NONE));
                records += campaign.checker().accepted();
            }
            Directories.delete(directory);
        }
        Laboratory.report("T4 " + state, "kills=%d records=%,d seconds=%d: lost 0, duplicates 0, out of order 0", KILLS,
            records, (System.nanoTime() - start) / 1_000_000_000L);
    }

    @Test
    void shouldNoticeStateThatNoCheckpointSees()
    {
        control(JobFault.STATE_ON_THE_HEAP);
    }

    @Test
    void shouldNoticeOutputThatComesAgain()
    {
        control(JobFault.OUTPUT_COMES_AGAIN);
    }

    private void control(final JobFault fault)
    {
        final long seed = Laboratory.seed("T4 " + fault);
        final SplittableRandom random = new SplittableRandom(seed);
        try (CrashCampaign campaign = new CrashCampaign(temporary, random))
        {
            for (int kill = 0; kill < KILLS_OF_A_CONTROL; kill++)
            {
                campaign.kill(job(temporary, State.OFF_HEAP, random, fault));
            }
            campaign.finish(job(temporary, State.OFF_HEAP, random, fault));
        }
        catch (final AssertionError noticed)
        {
            assertTrue(fault.isNoticedBy(noticed), noticed::toString);
            Laboratory.report("T4 " + fault, "noticed: %s", noticed.getMessage().lines().findFirst().orElse(""));
            return;
        }
        fail("seed=" + seed + ": the fault " + fault + " was not noticed in kills=" + KILLS_OF_A_CONTROL);
    }

    private static CrashJob job(
        final Path directory, final State state, final SplittableRandom random, final JobFault fault)
    {
        return new CrashJob(directory, state, random.nextBoolean() ? ThreadingMode.DEDICATED : ThreadingMode.SHARED,
            random.nextInt(3) == 0 ? SyncLevel.DURABLE : SyncLevel.PROCESS, fault);
    }
}
