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
package io.millrace.samples.marketdata;

import io.millrace.core.runtime.ThreadingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Kills the sample from outside with SIGKILL: while it starts, restores, runs. Whenever that is, the rows are the same
 * at the end.
 */
class MarketDataKillTest
{
    /** Lines of a life before it is killed, at most: what it prints at its start, then progress. */
    private static final int MAX_LINES = 40;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldBeExactAfterKills(final ThreadingMode mode)
    {
        kill(mode, MarketDataOptions.State.OFF_HEAP, 4, 25_000);
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    @Tag("slow")
    void shouldBeExactAfterTenKills(final ThreadingMode mode)
    {
        kill(mode, MarketDataOptions.State.OFF_HEAP, 10, 10_000);
    }

    @ParameterizedTest
    @CsvSource({
        "DEDICATED, CHRONICLE_MAP", "SHARED, CHRONICLE_MAP", "INVOKER, CHRONICLE_MAP",
        "DEDICATED, ROCKSDB", "SHARED, ROCKSDB", "INVOKER, ROCKSDB"})
    @Tag("slow")
    void shouldBeExactOnEveryBackendAfterTenKills(final ThreadingMode mode, final MarketDataOptions.State state)
    {
        kill(mode, state, 10, 10_000);
    }

    private void kill(
        final ThreadingMode mode, final MarketDataOptions.State state, final int kills, final int tradesPerSecond)
    {
        final long seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println(
            "seed=" + seed + " mode=" + mode + " state=" + state + ": run again with -Dmillrace.seed=" + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        for (int life = 1; life <= kills; life++)
        {
            try (SampleProcess process = SampleProcess.start(directory, "--threads", mode.toString(),
                "--state", state.toString(), "--rate", Integer.toString(tradesPerSecond), "--progress", "20"))
            {
                final int lines = 1 + random.nextInt(MAX_LINES);
                for (int i = 0; i < lines; i++)
                {
                    assertNotNull(
                        process.nextLine(), "life " + life + " ended before it was killed:\n" + process.output());
                }
                process.kill();
            }
        }
        try (SampleProcess process = SampleProcess.start(
            directory, "--threads", mode.toString(), "--state", state.toString(), "--verify"))
        {
            assertEquals(0, process.exitStatus(), process::output);
            assertTrue(process.output().contains("every row is exact"), process::output);
        }
    }
}
