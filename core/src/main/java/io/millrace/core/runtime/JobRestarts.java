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

import io.millrace.core.failure.JobFailure;
import io.millrace.core.failure.RestartDelays;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * When a job is restarted, and what it failed with before. Decided by who looks after the job; the history may be read
 * by any thread.
 */
final class JobRestarts
{
    /** Failures that are kept. */
    static final int HISTORY = 32;

    private final RestartDelays delays;
    private final LongSupplier nanoClock;
    private final long started;
    private final Deque<JobFailure> history = new ArrayDeque<>();
    private long failures;
    /** What the job waits to be restarted after; null when it does not. */
    private JobFailedException waitingAfter;
    private long dueAt;

    JobRestarts(final JobConfig config)
    {
        this.delays = config.restartStrategy().newDelays();
        this.nanoClock = config.nanoClock();
        this.started = nanoClock.getAsLong();
    }

    /**
     * Decides what becomes of a failure.
     *
     * @return false when it ends the job; true when the job waits from now on until {@link #isDue()}
     */
    boolean restartsAfter(final JobFailedException failure)
    {
        final long now = nanoClock.getAsLong();
        final long delay = delays.afterFailure(now);
        final boolean restarts = delay != RestartDelays.NO_RESTART;
        add(failure, now, restarts, delay);
        waitingAfter = restarts ? failure : null;
        dueAt = now + delay;
        return restarts;
    }

    private synchronized void add(
        final JobFailedException failure, final long now, final boolean restarts, final long delay)
    {
        failures++;
        history.add(new JobFailure(failures, Duration.ofNanos(now - started), failure, restarts,
            restarts ? Duration.ofNanos(delay) : Duration.ZERO));
        if (history.size() > HISTORY)
        {
            history.removeFirst();
        }
    }

    boolean isWaiting()
    {
        return waitingAfter != null;
    }

    boolean isDue()
    {
        return nanoClock.getAsLong() - dueAt >= 0;
    }

    /** Ends the wait; what the job is restarted after. */
    JobFailedException take()
    {
        final JobFailedException cause = waitingAfter;
        waitingAfter = null;
        return cause;
    }

    /** What is left of the wait, for messages. */
    Duration delay()
    {
        return Duration.ofNanos(Math.max(0, dueAt - nanoClock.getAsLong()));
    }

    synchronized List<JobFailure> failures()
    {
        return List.copyOf(history);
    }
}
