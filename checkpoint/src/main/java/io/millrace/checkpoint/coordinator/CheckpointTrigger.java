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
package io.millrace.checkpoint.coordinator;

import java.util.function.LongSupplier;

/**
 * Says when time has come for a checkpoint, or to give one up. It never decides what a record becomes. The I/O thread,
 * but for {@link #requested()}.
 */
final class CheckpointTrigger
{
    private final CheckpointPolicy policy;
    private final LongSupplier nanoClock;
    private volatile long requested;
    private long begun;
    private long settled;
    private boolean pausing;

    CheckpointTrigger(final CheckpointPolicy policy)
    {
        this.policy = policy;
        this.nanoClock = policy.nanoClock();
        this.requested = nanoClock.getAsLong();
    }

    boolean isDue()
    {
        if (policy.intervalNanos() == CheckpointPolicy.NEVER)
        {
            return false;
        }
        final long now = nanoClock.getAsLong();
        return now - requested >= policy.intervalNanos() && (!pausing || now - settled >= policy.minimumPauseNanos());
    }

    /** Any thread. */
    void requested()
    {
        requested = nanoClock.getAsLong();
    }

    void begun()
    {
        begun = nanoClock.getAsLong();
    }

    /** How long the checkpoint that was begun last has taken so far. */
    long elapsedNanos()
    {
        return nanoClock.getAsLong() - begun;
    }

    boolean isTimedOut()
    {
        return policy.timeoutNanos() != CheckpointPolicy.NEVER && elapsedNanos() > policy.timeoutNanos();
    }

    void settled()
    {
        settled = nanoClock.getAsLong();
        pausing = true;
    }
}
