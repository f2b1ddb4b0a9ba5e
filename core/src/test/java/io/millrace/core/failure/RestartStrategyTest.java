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
package io.millrace.core.failure;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.stream.LongStream;

import static io.millrace.core.failure.RestartDelays.NO_RESTART;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Flink's rules, by the nanosecond. */
class RestartStrategyTest
{
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long S = 1_000_000_000;

    @Test
    void shouldNeverRestart()
    {
        assertEquals(NO_RESTART, RestartStrategy.none().newDelays().afterFailure(0));
    }

    @Test
    void shouldRestartSoOftenAfterTheSameDelay()
    {
        final RestartStrategy strategy = RestartStrategy.fixedDelay(2, SECOND);
        final RestartDelays delays = strategy.newDelays();
        assertEquals(S, delays.afterFailure(0));
        assertEquals(S, delays.afterFailure(1_000_000 * S));
        assertEquals(NO_RESTART, delays.afterFailure(2_000_000 * S));
        assertEquals(S, strategy.newDelays().afterFailure(0));
        assertEquals(NO_RESTART, RestartStrategy.fixedDelay(0, SECOND).newDelays().afterFailure(0));
    }

    @Test
    void shouldDoubleTheDelayUpToTheLongest()
    {
        final RestartDelays delays =
            RestartStrategy.exponentialDelay(SECOND, Duration.ofSeconds(10), 2, 0, HOUR, 0).newDelays();
        assertArrayEquals(new long[] {S, 2 * S, 4 * S, 8 * S, 10 * S, 10 * S},
            LongStream.range(0, 6).map(i -> delays.afterFailure(i * 20 * S)).toArray());
    }

    @Test
    void shouldBeginAnewWhenTheJobRanWellForLongEnough()
    {
        final RestartDelays delays =
            RestartStrategy.exponentialDelay(SECOND, HOUR, 3, 0, Duration.ofSeconds(60), 0).newDelays();
        long now = -5 * S;
        assertEquals(S, delays.afterFailure(now));
        // It ran from a second after the failure on, for one nanosecond too short a time.
        now += 61 * S - 1;
        assertEquals(3 * S, delays.afterFailure(now));
        now += 63 * S;
        assertEquals(S, delays.afterFailure(now));
    }

    @Test
    void shouldJitterByTheSeed()
    {
        final long[] first = jittered(1);
        assertArrayEquals(first, jittered(1));
        assertNotEquals(LongStream.of(first).sum(), LongStream.of(jittered(2)).sum());
        for (int i = 0; i < first.length; i++)
        {
            final long delay = Math.min(64, 1L << i) * S;
            assertTrue(first[i] >= delay * 3 / 4 && first[i] <= Math.min(64 * S, delay * 5 / 4), i + ": " + first[i]);
        }
    }

    private static long[] jittered(final long seed)
    {
        final RestartDelays delays =
            RestartStrategy.exponentialDelay(SECOND, Duration.ofSeconds(64), 2, 0.25, HOUR, seed).newDelays();
        return LongStream.range(0, 20).map(delays::afterFailure).toArray();
    }

    @Test
    void shouldNotOverflow()
    {
        final RestartDelays delays = RestartStrategy.exponentialDelay(
            SECOND, Duration.ofNanos(Long.MAX_VALUE), 1e9, 0, Duration.ofNanos(Long.MAX_VALUE), 0).newDelays();
        assertEquals(S, delays.afterFailure(0));
        assertEquals(S * S, delays.afterFailure(1));
        assertEquals(Long.MAX_VALUE, delays.afterFailure(2));
        assertEquals(Long.MAX_VALUE, delays.afterFailure(3));
    }

    @Test
    void shouldRestartWhileTheRateIsBorne()
    {
        final RestartDelays delays = RestartStrategy.failureRate(2, Duration.ofSeconds(10), SECOND).newDelays();
        assertEquals(S, delays.afterFailure(0));
        assertEquals(S, delays.afterFailure(5 * S));
        // More than ten seconds after the first.
        assertEquals(S, delays.afterFailure(10 * S + 1));
        assertEquals(NO_RESTART, delays.afterFailure(15 * S));
    }

    @Test
    void shouldRefuseWhatCannotBe()
    {
        assertFails("attempts=-1", () -> RestartStrategy.fixedDelay(-1, SECOND));
        assertFails("delay=PT-1S of a restart strategy must be 0 or more",
            () -> RestartStrategy.fixedDelay(1, Duration.ofSeconds(-1)));
        assertFails("delay=PT" + Long.MAX_VALUE / 3600 + "H", () -> RestartStrategy.fixedDelay(1,
            Duration.ofHours(Long.MAX_VALUE / 3600)));
        assertFails("initial=PT0S", () -> exponential(Duration.ZERO, SECOND, 2, 0));
        assertFails("max=PT1S of a restart strategy is below initial=PT1H", () -> exponential(HOUR, SECOND, 2, 0));
        assertFails("multiplier=1.0", () -> exponential(SECOND, HOUR, 1, 0));
        assertFails("multiplier=NaN", () -> exponential(SECOND, HOUR, Double.NaN, 0));
        assertFails("jitter=1.1", () -> exponential(SECOND, HOUR, 2, 1.1));
        assertFails("maxFailures=0", () -> RestartStrategy.failureRate(0, SECOND, SECOND));
        assertFails("interval=PT0S", () -> RestartStrategy.failureRate(1, Duration.ZERO, SECOND));
    }

    private static void exponential(
        final Duration initial, final Duration max, final double multiplier, final double jitter)
    {
        RestartStrategy.exponentialDelay(initial, max, multiplier, jitter, HOUR, 0);
    }

    private static void assertFails(final String expected, final Runnable attempt)
    {
        final String message = assertThrows(IllegalArgumentException.class, attempt::run).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
