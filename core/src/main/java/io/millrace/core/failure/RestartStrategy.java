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

import java.time.Duration;
import java.util.Objects;

/**
 * Whether a failed job is restarted in place from its latest checkpoint, and when. Names and rules are Flink's. A strategy
 * keeps nothing: each job has {@link RestartDelays} of its own.
 */
@FunctionalInterface
public interface RestartStrategy
{
    /**
     * Begins with a job that has not failed yet.
     *
     * @return decides for that job
     */
    RestartDelays newDelays();

    /**
     * Never restarts.
     *
     * @return the strategy
     */
    static RestartStrategy none()
    {
        return () -> now -> RestartDelays.NO_RESTART;
    }

    /**
     * Restarts so often, each time after the same delay. Attempts are never given back, however long the job ran well.
     *
     * @param attempts restarts in the life of the job, 0 or more
     * @param delay    from the failure to the restart, 0 or more
     * @return the strategy
     * @throws IllegalArgumentException when one of them cannot be
     */
    static RestartStrategy fixedDelay(final int attempts, final Duration delay)
    {
        final long nanos = nanos("delay", delay, 0);
        if (attempts < 0)
        {
            throw new IllegalArgumentException("attempts=" + attempts + " of a restart strategy must be 0 or more: " +
                "Integer.MAX_VALUE restarts without end");
        }
        return () -> new FixedDelay(attempts, nanos);
    }

    /**
     * Restarts without end, each time after a longer delay, until the job has run well for long enough.
     *
     * @param initial        delay after the first failure, above 0
     * @param max            the longest delay, {@code initial} or more
     * @param multiplier     of the delay from failure to failure, above 1
     * @param jitter         part of the delay by which it is lengthened or shortened at random, from 0 to 1
     * @param resetThreshold how long the job must run from its restart on for the next delay to be the initial one again,
     *                       above 0
     * @param seed           of the jitter: jobs on machines that fail together are given different ones
     * @return the strategy
     * @throws IllegalArgumentException when one of them cannot be
     */
    static RestartStrategy exponentialDelay(
        final Duration initial,
        final Duration max,
        final double multiplier,
        final double jitter,
        final Duration resetThreshold,
        final long seed)
    {
        final long initialNanos = nanos("initial", initial, 1);
        final long maxNanos = nanos("max", max, 1);
        final long resetNanos = nanos("resetThreshold", resetThreshold, 1);
        if (maxNanos < initialNanos)
        {
            throw new IllegalArgumentException("max=" + max + " of a restart strategy is below initial=" + initial +
                ": raise max");
        }
        if (!(multiplier > 1) || Double.isInfinite(multiplier))
        {
            throw new IllegalArgumentException("multiplier=" + multiplier +
                " of a restart strategy must be above 1: fixedDelay has the same delay each time");
        }
        if (!(jitter >= 0 && jitter <= 1))
        {
            throw new IllegalArgumentException("jitter=" + jitter + " of a restart strategy must be from 0 to 1");
        }
        return () -> new ExponentialDelay(initialNanos, maxNanos, multiplier, jitter, resetNanos, seed);
    }

    /**
     * Restarts as long as there are at most so many failures within an interval.
     *
     * @param maxFailures that are borne within the interval, above 0
     * @param interval    in which they are counted, above 0
     * @param delay       from the failure to the restart, 0 or more
     * @return the strategy
     * @throws IllegalArgumentException when one of them cannot be
     */
    static RestartStrategy failureRate(final int maxFailures, final Duration interval, final Duration delay)
    {
        final long intervalNanos = nanos("interval", interval, 1);
        final long delayNanos = nanos("delay", delay, 0);
        if (maxFailures < 1)
        {
            throw new IllegalArgumentException("maxFailures=" + maxFailures +
                " of a restart strategy must be above 0: none() never restarts");
        }
        return () -> new FailureRate(maxFailures, intervalNanos, delayNanos);
    }

    private static long nanos(final String name, final Duration duration, final long least)
    {
        Objects.requireNonNull(duration, name);
        final long nanos;
        try
        {
            nanos = duration.toNanos();
        }
        catch (final ArithmeticException exception)
        {
            throw new IllegalArgumentException(
                name + "=" + duration + " of a restart strategy is above 292 years: lower it", exception);
        }
        if (nanos < least)
        {
            throw new IllegalArgumentException(name + "=" + duration + " of a restart strategy must be " +
                (least == 0 ? "0 or more" : "above 0"));
        }
        return nanos;
    }
}
