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

import java.util.Random;

/** Delays that grow from failure to failure, and begin anew when the job has run well for long enough. */
final class ExponentialDelay implements RestartDelays
{
    private final long initial;
    private final long max;
    private final double multiplier;
    private final double jitter;
    private final long resetThreshold;
    private final Random random;
    private long current;
    private long lastFailure;

    ExponentialDelay(
        final long initial,
        final long max,
        final double multiplier,
        final double jitter,
        final long resetThreshold,
        final long seed)
    {
        this.initial = initial;
        this.max = max;
        this.multiplier = multiplier;
        this.jitter = jitter;
        this.resetThreshold = resetThreshold;
        this.random = new Random(seed);
    }

    @Override
    public long afterFailure(final long now)
    {
        // The job began to run again when the delay after the last failure was past.
        if (current == 0 || now - lastFailure - current >= resetThreshold)
        {
            current = initial;
        }
        else
        {
            // A product beyond the range of a long is its end.
            current = Math.min(max, (long)(current * multiplier));
        }
        lastFailure = now;
        return Math.min(max, current + jitter());
    }

    private long jitter()
    {
        return jitter == 0 ? 0 : (long)((2 * random.nextDouble() - 1) * jitter * current);
    }
}
