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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The whole sample, as a user runs it. */
class MarketDataSystemTest
{
    private static final String EXACT =
        "verified: 100,000 trades, 58,699 seconds, 9,399 minutes, volume 175778.65435677: every row is exact";
    private static final Pattern GOING_ON = Pattern.compile("going on from checkpoint ([0-9]+)");
    private static final Pattern STATE_HASH = Pattern.compile("states at [0-9]+ checkpoints, hash ([0-9a-f]+)");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldComputeEveryBarExactly(final ThreadingMode mode)
    {
        final String output = run(0, "--verify", "--threads", mode.toString());

        assertContains(output, "starting afresh");
        assertContains(output, EXACT);
        assertContains(output, "100,000 trades and 68,098 bars");
        // One each 10,000 trades, and one at the end.
        assertContains(output, "latest checkpoint 11");
        assertContains(output, "latency");
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldGoOnFromACheckpointAfterACrash(final ThreadingMode mode)
    {
        final String crashed = run(137, "--threads", mode.toString(), "--crash-at", "77777");
        assertContains(crashed, "crash at trade 77777");

        final String output = run(0, "--verify", "--threads", mode.toString(), "--crash-at", "77777");

        assertTrue(restoredCheckpoint(output) >= 1, output);
        assertContains(output, EXACT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chronicle-map", "rocksdb"})
    void shouldBeExactOnEveryBackendAfterACrash(final String backend)
    {
        assertContains(run(137, "--state", backend, "--crash-at", "66666"), "crash at trade 66666");

        final String output = run(0, "--verify", "--state", backend, "--crash-at", "66666");

        assertTrue(restoredCheckpoint(output) >= 1, output);
        assertContains(output, EXACT);
    }

    @Test
    void shouldGoOnWithAnotherBackend()
    {
        run(137, "--state", "rocksdb", "--crash-at", "60000");

        final String output = run(0, "--verify", "--state", "chronicle-map");

        assertTrue(restoredCheckpoint(output) >= 1, output);
        assertContains(output, EXACT);
    }

    @Test
    @Tag("slow")
    void shouldReplayToTheSameStateOnEveryBackend()
    {
        final Set<String> hashes = new HashSet<>();
        for (final String backend : List.of("off-heap", "chronicle-map", "rocksdb"))
        {
            final Matcher matcher = STATE_HASH.matcher(run(0, "--replay", "--state", backend));
            assertTrue(matcher.find(), backend);
            hashes.add(matcher.group(1));
        }
        assertEquals(1, hashes.size(), hashes::toString);
    }

    @Test
    void shouldDoNothingTwiceWhenAFinishedRunIsStartedAgain()
    {
        run(0);

        final String output = run(0, "--verify");

        assertEquals(11, restoredCheckpoint(output), output);
        assertContains(output, "0 trades and");
        assertContains(output, EXACT);
    }

    @Test
    void shouldStartOverWhenAskedTo()
    {
        run(137, "--crash-at", "50000");

        final String output = run(0, "--fresh", "--verify");

        assertContains(output, "starting afresh");
        assertContains(output, EXACT);
    }

    @Test
    void shouldPlayTheTapeSeveralTimes()
    {
        final String output = run(0, "--repeat", "3", "--verify");

        assertContains(output, "verified: 300,000 trades, 176,097 seconds, 28,197 minutes, volume 527335.96307031");
    }

    @Test
    void shouldReplayToTheSameOutputAndState()
    {
        final String output = run(0, "--replay");

        // Source, two windows and two sinks at each.
        assertContains(output, "55 states at 11 checkpoints");
        assertContains(output, "replayed twice: output and state are the same");
    }

    private String run(final int expectedStatus, final String... options)
    {
        try (SampleProcess process = SampleProcess.start(directory, options))
        {
            final int status = process.exitStatus();
            assertEquals(expectedStatus, status, process::output);
            return process.output();
        }
    }

    static long restoredCheckpoint(final String output)
    {
        final Matcher matcher = GOING_ON.matcher(output);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static void assertContains(final String output, final String text)
    {
        assertTrue(output.contains(text), () -> "expected \"" + text + "\" in\n" + output);
    }
}
